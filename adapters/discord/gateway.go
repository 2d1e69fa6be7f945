package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"github.com/tastetest/tastetest/bot"
)

const (
	firstWait   = time.Second
	longestWait = time.Minute
	stable      = time.Minute // a connection that stood so long starts the waits anew
)

// starts pace connecting: Discord takes the token away from a bot that
// identifies itself more than 1,000 times a day.
// https://docs.discord.com/developers/events/gateway#session-start-limit
type starts struct{ next time.Time }

const (
	startEvery = 24 * time.Hour / 600
	startsKept = 300 * startEvery // what is not used is kept for bad times, so much at most
)

// pause takes one start, and returns how long to wait before it.
func (s *starts) pause(now time.Time) time.Duration {
	if earliest := now.Add(-startsKept); s.next.Before(earliest) {
		s.next = earliest
	}
	s.next = s.next.Add(startEvery)
	return max(0, s.next.Sub(now))
}

// Run connects to the gateway, again and again, and passes on what people do.
// An error means that the token, or what it asks for, is refused at the start.
// If that happens later, an error is logged and the chat stays unready: others
// go on.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	c.http.setContext(ctx)
	r := newRunning(ctx, c, h)
	defer c.http.next.CloseIdleConnections()
	defer r.wait()
	defer stop()

	dropped := make(chan struct{}, 1)
	c.session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { r.event(e.Type, e.RawData) })
	c.session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		c.setReady(false)
		select {
		case dropped <- struct{}{}:
		default:
		}
	})
	c.session.Dialer = &websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: 20 * time.Second,
		NetDial: func(network, addr string) (net.Conn, error) {
			return dial(ctx, network, addr, c.opt.Silence)
		},
	}
	var starts starts
	starts.pause(time.Now()) // the first
	connected := false
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		select {
		case <-dropped:
		default:
		}
		began := time.Now()
		if err := c.session.Open(); err == nil {
			connected = true
			<-dropped // also when ctx ends: that closes the connection
		} else if ctx.Err() == nil {
			if err := refusal(err); err != nil {
				if !connected {
					return err
				}
				c.log.Error("Discord is given up until the bot is started again", "err", err)
				<-ctx.Done()
				return nil
			}
			c.log.Warn("connect to Discord", "err", meaning(err))
		}
		if time.Since(began) > stable {
			wait = firstWait
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(max(wait/2+rand.N(wait), starts.pause(time.Now()))):
		}
	}
}

// refusal returns an error if trying again is no use, and says what to do.
func refusal(err error) error {
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		switch closed.Code {
		case 4004:
			return fmt.Errorf("connect to Discord: the token is refused; make a new one under Bot, Reset Token, in the developer portal")
		case 4013, 4014:
			return fmt.Errorf("connect to Discord: the intents are refused (%d), though none is privileged; look whether the developer portal shows a warning about the application", closed.Code)
		case 4010, 4011, 4012:
			return fmt.Errorf("connect to Discord: the gateway refuses this connection for good (%d: %s)", closed.Code, closed.Text)
		}
	}
	if refused, ok := errors.AsType[*discordgo.RESTError](err); ok && refused.Response.StatusCode == http.StatusUnauthorized {
		return fmt.Errorf("connect to Discord: the token is refused; make a new one under Bot, Reset Token, in the developer portal")
	}
	return nil
}

// A quiet connection is a dead one: it ends if nothing is heard for a while.
// Without that, discordgo waits for ever for the answer to a RESUME.
type conn struct {
	net.Conn
	silence time.Duration
	stop    func() bool
}

// dial opens a connection that ctx closes.
func dial(ctx context.Context, network, addr string, silence time.Duration) (net.Conn, error) {
	nc, err := (&net.Dialer{Timeout: 20 * time.Second}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return conn{nc, silence, context.AfterFunc(ctx, func() { nc.Close() })}, nil
}

func (c conn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c conn) Close() error {
	c.stop()
	return c.Conn.Close()
}
