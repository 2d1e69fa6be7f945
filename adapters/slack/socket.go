package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	handleTime = 10 * time.Second        // for a delivery
	ackTime    = 5 * time.Second         // while a socket is away its acknowledgements wait
	heldFor    = 2500 * time.Millisecond // with what comes early; Slack waits three seconds
)

// finishTime is how long a socket that is closed stays open for what was taken: less
// than a bot has to stop.
const finishTime = 2 * time.Second

// writeTime is for what the library has been given to send: it does not say when that has
// left. What Slack delivers meanwhile comes again.
const writeTime = 20 * time.Millisecond

// A socket is one to Slack with an app token: workspaces with the same app share it. Who
// takes what it delivers may change while it is open: a replica that stood by, and leads
// from now on, goes on with the socket that it has.
type socket struct {
	*Chat
	token      string
	workspaces []Workspace

	closing context.Context // done when no more is to be taken
	stop    context.CancelFunc
	ended   chan struct{} // closed when it is open no more, for good
	err     error         // then: Slack refused the app token at first

	work   sync.WaitGroup // on what was taken
	acked  sync.WaitGroup // until it is acknowledged, or left
	taker  taker          // under mu of the Chat
	opened bool           // it was open once
	again  bool           // the connection that is open is not the first
	hello  time.Time      // since when one is open; zero: none is
	down   time.Time      // since when none can be opened; zero: one is open, or was not tried
}

// A taker takes what a socket delivers.
type taker interface {
	// deliver takes one delivery. A nil error acknowledges it, with answer; after, if
	// any, is done then. An error leaves it to be delivered again.
	deliver(ctx context.Context, kind string, payload []byte) (answer any, after func(), err error)
	// missed is told of what was not taken though Slack waited, and why. It reports whether
	// whoever did it knows that now; then it is acknowledged too.
	missed(ctx context.Context, kind string, payload []byte, why error) bool
	connected(again bool)          // something may have been missed while it was not
	beside(doing string, f func()) // does what comes after a delivery
}

// opensFor returns the socket of an app token, which is opened if it is not, and gives
// what it delivers to t from now on.
func (c *Chat) opensFor(t taker, token string, workspaces []Workspace) *socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sockets[token]
	if s == nil {
		s = &socket{Chat: c, token: token, workspaces: workspaces, ended: make(chan struct{})}
		s.closing, s.stop = context.WithCancel(context.Background())
		c.sockets[token] = s
		defer func() { go s.run() }()
	}
	s.taker = t
	return s
}

// close takes no more, and returns when all that was taken is done. Slack hears what became
// of it before the socket ends, unless that takes long.
func (s *socket) close() {
	s.stop()
	<-s.ended
	s.work.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sockets, s.token)
}

// refused reports whether Slack did not take the app token.
func (s *socket) refused() bool {
	select {
	case <-s.ended:
		return s.err != nil
	default:
		return false
	}
}

// to is who takes what is delivered now.
func (s *socket) to() taker {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taker
}

func (s *socket) name() string { return socketName(s.workspaces) }

func socketName(workspaces []Workspace) string { return "the socket of " + workspaces[0].Name }

// run takes deliveries until the socket is closed. It ends with an error if Slack refuses
// the app token at first. One that is refused later leaves other chats alone: readiness
// shows it.
func (s *socket) run() {
	defer close(s.ended)
	waits := reconnecting()
	for {
		s.hello = time.Time{}
		err := s.plug()
		if s.closing.Err() != nil {
			return
		}
		if hopeless(err) {
			err = fmt.Errorf("%w; tastetest doctor says what to click", explain("open "+s.name(), err))
			s.note(s.name(), err)
			if s.opened {
				s.log.Error("Slack takes the app token no more; the bot must be started again with a new one", "workspace", s.workspaces[0].Name, "err", err)
				<-s.closing.Done()
				return
			}
			s.err = err
			return
		}
		s.note(s.name(), explain("open "+s.name(), err))
		if !s.hello.IsZero() || s.down.IsZero() {
			s.log.Warn("the socket to Slack is gone, and opened again as soon as can be", "workspace", s.workspaces[0].Name, "err", bare(err))
			s.down = time.Now()
		}
		if !s.hello.IsZero() && time.Since(s.hello) > time.Minute {
			waits.Reset()
		}
		wait := waits.NextBackOff()
		if told, tooFast := hurried(err); tooFast {
			wait = max(wait, told)
		}
		select {
		case <-s.closing.Done():
			return
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

// plug opens a connection and reads it, until it ends and the first attempt to open
// another one fails: the library reconnects by itself, but after an outage waits
// for up to five minutes. Nothing here may wait: a reader that stalls for the
// time of a ping loses its events.
func (s *socket) plug() error {
	ctx, cut := context.WithCancel(context.Background()) // it outlasts s.closing by what is under way
	defer cut()
	// Each attempt has a connection of its own: one from before an outage is dead,
	// and does not say so.
	fresh := http.DefaultTransport.(*http.Transport).Clone()
	fresh.DisableKeepAlives = true
	if s.network != nil {
		fresh.DialContext = s.network
	}
	client := socketmode.New(
		s.dial("", api.OptionAppLevelToken(s.token), api.OptionHTTPClient(&http.Client{Timeout: attemptTime, Transport: fresh})),
		socketmode.OptionPingInterval(s.opt.PingEvery),
		socketmode.OptionDialer(&websocket.Dialer{Proxy: http.ProxyFromEnvironment, NetDialContext: s.network, HandshakeTimeout: attemptTime}),
	)
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			return err
		case <-s.closing.Done():
			s.finish()
			cut()
			return <-ended
		case e := <-client.Events:
			if failed, ok := e.Data.(*api.ConnectionErrorEvent); ok {
				cut()
				<-ended
				return failed.ErrorObj
			}
			s.received(ctx, client, e)
		}
	}
}

// finish returns when Slack has heard of all that was taken, or soon.
func (s *socket) finish() {
	if s.hello.IsZero() {
		return
	}
	done := make(chan struct{})
	go func() { defer close(done); s.acked.Wait() }()
	select {
	case <-done:
		time.Sleep(writeTime)
	case <-time.After(finishTime):
	}
}

func (s *socket) received(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnecting:
		s.note(s.name(), errConnecting)
	case socketmode.EventTypeConnected:
		if s.hello = time.Now(); !s.down.IsZero() {
			s.log.Info("the socket to Slack is open again", "workspace", s.workspaces[0].Name, "after", time.Since(s.down).Round(time.Second))
		}
		s.again = s.opened
		s.opened, s.down = true, time.Time{}
		s.note(s.name(), nil)
		s.to().connected(s.again)
	case socketmode.EventTypeHello:
		s.greeted(e)
	case socketmode.EventTypeErrorBadMessage:
		s.unknown(ctx, client, e)
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		s.takeUp(ctx, client, e.Request)
	}
}

// takeUp has a delivery taken beside the others, and acknowledges it. ctx ends with the
// connection.
func (s *socket) takeUp(ctx context.Context, client *socketmode.Client, r *socketmode.Request) {
	select {
	case s.slots <- struct{}{}:
	case <-s.closing.Done():
		return
	}
	s.acked.Add(1)
	s.work.Go(func() {
		acked := sync.OnceFunc(s.acked.Done)
		defer acked()
		free := sync.OnceFunc(func() { <-s.slots })
		defer free()
		// A vote that is being written is written, also when the bot is told to stop.
		work, cancel := context.WithTimeout(context.Background(), handleTime)
		defer cancel()
		answer, after, err := s.to().deliver(work, r.Type, r.Payload)
		if early(err) {
			free() // others need not wait for it
			answer, after, err = s.hold(work, s.closing, err, func() (any, func(), error) { return s.to().deliver(work, r.Type, r.Payload) })
		}
		if err != nil && !s.to().missed(work, r.Type, r.Payload, err) {
			s.untaken(r.Type, r.RetryAttempt, err)
			return
		}
		s.ack(ctx, client, r.EnvelopeID, answer)
		acked()
		if after != nil {
			s.to().beside("answer in Slack", after)
		}
	})
}

func (s *socket) ack(ctx context.Context, client *socketmode.Client, envelope string, answer any) {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	if err := client.AckCtx(ctx, envelope, answer); err != nil && !errors.Is(err, context.Canceled) {
		s.log.Warn("acknowledge a delivery from Slack", "err", err)
	}
}

// unknown acknowledges what the library cannot read: else Slack would send it
// again for ever. An event may still be one of ours.
func (s *socket) unknown(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
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
		s.log.Debug("an unknown delivery from Slack is passed over", "type", r.Type)
		r.Type = ""
	}
	s.takeUp(ctx, client, &r)
}
