package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// The opcodes of the gateway.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

const (
	answerWithin = 30 * time.Second // with the next step up to READY or RESUMED
	writeWithin  = 5 * time.Second
	mostSilence  = 5 * time.Minute // for a read; heartbeats find a dead connection before

	// None is privileged. Without that for contents, messages come empty but for those
	// that mention the bot, and direct messages.
	intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessageReactions | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
)

var (
	errReconnect = errors.New("the gateway asks for a new connection")
	errInvalid   = errors.New("the gateway calls the session invalid")
	errSilent    = errors.New("the gateway does not answer")
)

// A connection is one connection to the gateway. One goroutine reads; all else
// is done by the one that serves.
type connection struct {
	*gateway
	ws      *websocket.Conn
	address string
	silence *time.Timer // runs until READY or RESUMED
	beat    *time.Timer // the next heartbeat
	every   time.Duration
	alive   bool      // the last heartbeat was acknowledged
	since   time.Time // of READY or RESUMED
}

func newConnection(g *gateway, ws *websocket.Conn, address string) *connection {
	// Without a handler of its own the library would say goodbye to a code of
	// Discord's with 1000 or 1001, and that would end the session.
	ws.SetCloseHandler(func(int, string) error { return nil })
	c := &connection{gateway: g, ws: ws, address: address, silence: time.NewTimer(g.chat.answers), beat: time.NewTimer(0)}
	c.beat.Stop()
	return c
}

// serve takes what is said until the connection ends, and says why it did.
func (c *connection) serve(ctx context.Context) (stood time.Duration, err error) {
	ctx, end := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer c.ws.Close()
	defer end()
	defer c.silence.Stop()
	defer c.beat.Stop()
	said, broke := make(chan discordgo.Event), make(chan error, 1)
	reading.Go(func() { broke <- c.read(ctx, said) })
	for err == nil {
		select {
		case <-ctx.Done():
			code := websocket.CloseNormalClosure
			if _, anew := errors.AsType[*resharding](context.Cause(ctx)); c.chat.opt.Sessions != nil && !anew {
				code = left
			}
			c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(writeWithin))
			err = ctx.Err()
		case e := <-said:
			err = c.take(ctx, e)
		case err = <-broke:
			if closed, ok := errors.AsType[*websocket.CloseError](err); ok && (closed.Code == 4007 || closed.Code == 4009) {
				c.session = session{} // heard too much, or too late: it cannot be resumed
			}
		case <-c.silence.C:
			err = errSilent
			if c.every > 0 { // HELLO came: it is RESUME that is not answered
				c.session = session{}
			}
		case <-c.beat.C:
			err = c.heartbeat()
		}
	}
	if !c.since.IsZero() {
		stood = max(1, time.Since(c.since))
	}
	return stood, err
}

// read passes on what is said, in order, until nothing more comes.
func (c *connection) read(ctx context.Context, said chan<- discordgo.Event) error {
	for {
		if err := c.ws.SetReadDeadline(time.Now().Add(mostSilence)); err != nil {
			return err
		}
		var e discordgo.Event
		if err := c.ws.ReadJSON(&e); err != nil {
			return fmt.Errorf("read from the gateway: %w", err)
		}
		select {
		case said <- e:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *connection) take(ctx context.Context, e discordgo.Event) error {
	switch e.Operation {
	case opDispatch:
		return c.dispatch(e)
	case opHeartbeat:
		return c.sayHeartbeat()
	case opHeartbeatAck:
		c.alive = true
	case opReconnect:
		return errReconnect
	case opInvalidSession:
		if string(e.RawData) != "true" {
			c.session = session{}
		}
		return errInvalid
	case opHello:
		return c.hello(ctx, e.RawData)
	}
	return nil
}

// hello answers HELLO with RESUME or IDENTIFY.
func (c *connection) hello(ctx context.Context, data json.RawMessage) error {
	var hello struct {
		Every int64 `json:"heartbeat_interval"` // ms
	}
	if err := json.Unmarshal(data, &hello); err != nil || hello.Every <= 0 {
		return fmt.Errorf("read HELLO: %s", data)
	}
	c.every, c.alive = time.Duration(hello.Every)*time.Millisecond, true
	c.beat.Reset(rand.N(c.every)) // so that after an outage not all bots beat at once
	c.silence.Reset(c.chat.answers)
	token := c.chat.opt.token()
	if c.session.id != "" {
		return c.say(opResume, struct {
			Token   string `json:"token"`
			Session string `json:"session_id"`
			Seq     int64  `json:"seq"`
		}{token, c.session.id, c.session.seq})
	}
	if err := c.count(ctx); err != nil {
		return err
	}
	var part []int
	if c.shard.of > 1 {
		part = []int{c.shard.n, c.shard.of}
	}
	defer c.begin()
	defer c.leave()
	return c.say(opIdentify, struct {
		Token      string            `json:"token"`
		Properties map[string]string `json:"properties"`
		Intents    discordgo.Intent  `json:"intents"`
		Shard      []int             `json:"shard,omitempty"`
	}{token, map[string]string{"os": runtime.GOOS, "browser": "tastetest", "device": "tastetest"}, intents, part})
}

// dispatch passes an event on, and keeps what resuming after it needs.
func (c *connection) dispatch(e discordgo.Event) error {
	now, missed := c.session, false
	switch e.Type {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
			Resume  string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(e.RawData, &ready); err != nil {
			return fmt.Errorf("read READY: %w", err)
		}
		now = session{id: ready.Session, address: cmp.Or(ready.Resume, c.address)}
		c.stands()
	case "RESUMED":
		now.tries = 0
		c.stands()
	default:
		if missed = c.since.IsZero(); missed { // what was missed is said before RESUMED
			c.silence.Reset(c.chat.answers)
		}
	}
	now.seq = e.Sequence
	if err := c.hear(now, event{Seq: e.Sequence, Kind: e.Type, Data: e.RawData, Again: missed}); err != nil {
		return err
	}
	c.session = now
	return nil
}

func (c *connection) stands() {
	c.stood.Store(true)
	c.since = time.Now()
	c.silence.Stop()
}

// heartbeat says the next heartbeat. One that was not acknowledged means that
// nobody is there.
func (c *connection) heartbeat() error {
	if !c.alive {
		return errSilent
	}
	c.alive = false
	c.beat.Reset(c.every)
	return c.sayHeartbeat()
}

func (c *connection) sayHeartbeat() error {
	if c.session.seq == 0 {
		return c.say(opHeartbeat, nil)
	}
	return c.say(opHeartbeat, c.session.seq)
}

func (c *connection) say(op int, data any) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	if err := c.ws.WriteJSON(struct {
		Op   int `json:"op"`
		Data any `json:"d"`
	}{op, data}); err != nil {
		return fmt.Errorf("write to the gateway: %w", err)
	}
	return nil
}
