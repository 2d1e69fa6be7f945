package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/tastetest/tastetest/bot"
)

const (
	handleTime = 10 * time.Second        // for a delivery
	ackTime    = 5 * time.Second         // while a socket is away its acknowledgements wait
	heldFor    = 2500 * time.Millisecond // with what comes early; Slack waits three seconds
)

// socket takes deliveries over Socket Mode until ctx is done. It ends with an
// error if Slack refuses the app token at first. One that is refused later
// leaves other chats alone: readiness shows it.
func (l *line) socket(ctx context.Context) error {
	waits := reconnecting()
	for {
		l.hello = time.Time{}
		err := l.plug(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if hopeless(err) {
			err = fmt.Errorf("%w; tastetest doctor says what to click", explain("open "+l.name(), err))
			l.note(l.name(), err)
			if l.opened {
				l.log.Error("Slack takes the app token no more; the bot must be started again with a new one", "workspace", l.workspaces[0].Name, "err", err)
				<-ctx.Done()
				return nil
			}
			return err
		}
		l.note(l.name(), explain("open "+l.name(), err))
		if !l.hello.IsZero() || l.down.IsZero() {
			l.log.Warn("the socket to Slack is gone, and opened again as soon as can be", "workspace", l.workspaces[0].Name, "err", bare(err))
			l.down = time.Now()
		}
		if !l.hello.IsZero() && time.Since(l.hello) > time.Minute {
			waits.Reset()
		}
		wait := waits.NextBackOff()
		if told, tooFast := hurried(err); tooFast {
			wait = max(wait, told)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// hopeless reports whether Slack refuses a token for good.
func hopeless(err error) bool {
	return refused(err, "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired")
}

// attemptTime is how long an attempt to open a socket may take, each of its two
// steps.
const attemptTime = 6 * time.Second

// plug opens a socket and reads it, until it ends and the first attempt to open
// another one fails: the library reconnects by itself, but after an outage waits
// for up to five minutes. Nothing here may wait: a reader that stalls for the
// time of a ping loses its events.
func (l *line) plug(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// Each attempt has a connection of its own: one from before an outage is dead,
	// and does not say so.
	fresh := http.DefaultTransport.(*http.Transport).Clone()
	fresh.DisableKeepAlives = true
	if l.network != nil {
		fresh.DialContext = l.network
	}
	client := socketmode.New(
		l.dial("", api.OptionAppLevelToken(l.token), api.OptionHTTPClient(&http.Client{Timeout: attemptTime, Transport: fresh})),
		socketmode.OptionPingInterval(l.opt.PingEvery),
		socketmode.OptionDialer(&websocket.Dialer{Proxy: http.ProxyFromEnvironment, NetDialContext: l.network, HandshakeTimeout: attemptTime}),
	)
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			return err
		case e := <-client.Events:
			if failed, ok := e.Data.(*api.ConnectionErrorEvent); ok {
				stop()
				<-ended
				return failed.ErrorObj
			}
			l.received(ctx, client, e)
		}
	}
}

func (l *line) received(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnecting:
		l.note(l.name(), errConnecting)
	case socketmode.EventTypeConnected:
		if l.hello = time.Now(); !l.down.IsZero() {
			l.log.Info("the socket to Slack is open again", "workspace", l.workspaces[0].Name, "after", time.Since(l.down).Round(time.Second))
		}
		l.again = l.opened
		l.opened, l.down = true, time.Time{}
		l.note(l.name(), nil)
		for _, w := range l.workspaces {
			if t := l.knownBy(w.BotToken); t != nil {
				l.resync(t)
			}
		}
	case socketmode.EventTypeHello:
		l.greeted(e)
	case socketmode.EventTypeErrorBadMessage:
		l.unknown(ctx, client, e)
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		l.takeUp(ctx, client, e.Request)
	}
}

// takeUp works on a delivery beside the others, and acknowledges it.
func (l *line) takeUp(ctx context.Context, client *socketmode.Client, r *socketmode.Request) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	l.work.Go(func() {
		free := sync.OnceFunc(func() { <-l.slots })
		defer free()
		// A vote that is being written is written, also when the bot is told to stop.
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), handleTime)
		defer cancel()
		answer, after, err := l.deliver(work, r.Type, r.Payload)
		if errors.Is(err, bot.ErrEarly) {
			free() // others need not wait for it
			answer, after, err = l.hold(work, r.Type, r.Payload)
		}
		if err != nil {
			l.untaken(r.Type, r.RetryAttempt, err)
			return
		}
		l.ack(ctx, client, r.EnvelopeID, answer)
		if after != nil {
			l.beside("answer in Slack", after)
		}
	})
}

// untaken logs that a delivery is not acknowledged.
func (l *line) untaken(kind string, attempt any, err error) {
	level := slog.LevelWarn
	if errors.Is(err, bot.ErrEarly) {
		level = slog.LevelDebug // as it should be
	}
	l.log.Log(l.ctx, level, "a delivery from Slack was not taken; it will come again", "type", kind, "attempt", attempt, "err", err)
}

func (l *line) ack(ctx context.Context, client *socketmode.Client, envelope string, answer any) {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	if err := client.AckCtx(ctx, envelope, answer); err != nil && !errors.Is(err, context.Canceled) {
		l.log.Warn("acknowledge a delivery from Slack", "err", err)
	}
}

// unknown acknowledges what the library cannot read: else Slack would send it
// again for ever. An event may still be one of ours.
func (l *line) unknown(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	var r socketmode.Request
	if json.Unmarshal(bad.Message, &r) != nil || r.EnvelopeID == "" {
		var envelope struct {
			ID string `json:"envelope_id"`
		}
		if json.Unmarshal(bad.Message, &envelope) != nil || envelope.ID == "" {
			return
		}
		r = socketmode.Request{EnvelopeID: envelope.ID}
	}
	if r.Type != socketmode.RequestTypeEventsAPI {
		l.log.Debug("an unknown delivery from Slack is passed over", "type", r.Type)
		r.Type = ""
	}
	l.takeUp(ctx, client, &r)
}

// knownBy returns the team that was met with a bot token, or nil.
func (c *Chat) knownBy(token string) *team {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.teams {
		if t.BotToken == token {
			return t
		}
	}
	return nil
}
