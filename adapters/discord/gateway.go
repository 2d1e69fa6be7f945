package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/gorilla/websocket"

	"github.com/tastetest/tastetest/bot"
)

const (
	firstWait   = time.Second
	longestWait = time.Minute
	stable      = time.Minute // a connection that stood so long starts the waits anew
)

// Run connects to the gateway, again and again, and passes on what people do.
// An error means that the token, or what it asks for, is refused at the start.
// If that happens later, an error is logged and the chat stays unready: others
// go on. Surprising: a refusal counts only before the first connection stood;
// later ones are taken for an outage of Discord's.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	c.http.setContext(ctx)
	f := &fleet{running: newRunning(ctx, c, h), starts: newStarts(c.opt.Starts, c.askAdmission)}
	defer c.http.next.CloseIdleConnections()
	defer func() {
		stop()
		f.wait()
		f.end(ctx)
		if f.anew != nil {
			c.Close()
		}
	}()
	shards, err := f.shards(ctx)
	for err == nil && ctx.Err() == nil {
		err = f.serve(ctx, shards)
		if more, ok := errors.AsType[*resharding](err); ok {
			c.log.Warn("Discord's sessions end", "err", err)
			shards, err = more.shards, nil
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// run connects again and again until ctx is done. An error ends all shards: Discord
// refuses the first connection of all for good, or wants a [resharding].
func (g *gateway) run(ctx context.Context) error {
	for waits := reconnecting(); ; {
		stood, err := g.connect(ctx)
		g.begin()
		g.away()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok && closed.Code == shardingRequired {
			err = g.few(ctx, err)
		}
		if ctx.Err() != nil {
			return nil
		}
		if more, ok := errors.AsType[*resharding](err); ok {
			return more
		}
		if refused := refusal(err); refused != nil {
			if !g.stood.Load() {
				return refused
			}
			g.log.Error("Discord is given up until the bot is started again", "err", refused)
			<-ctx.Done()
			return nil
		}
		if stood > 0 {
			g.log.Info("the connection to Discord ended; it is made again", "err", meaning(err))
		} else {
			g.log.Warn("connect to Discord", "err", meaning(err))
		}
		if stood > stable {
			waits.Reset()
		}
		wait := waits.NextBackOff()
		if errors.Is(err, errInvalid) {
			wait = max(wait, time.Second+rand.N(4*time.Second)) // as Discord asks
		}
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// reconnecting is for how long to wait before another attempt to reach Discord,
// longer each time.
func reconnecting() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: firstWait, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: longestWait}
}

// sleep returns early, with an error, when ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// A gateway makes one connection after another for a shard, and keeps the session
// that outlasts them. Who it tells what is said stands in its functions: the replica
// that leads has them here, one that stands by asks it.
type gateway struct {
	chat    *Chat
	log     *slog.Logger
	shard   shard
	may     func() error               // connect; an error: not now
	hear    func(session, event) error // must not wait for anything; an error ends the connection
	away    func()                     // no connection stands
	admit   func(context.Context) (address string, leave func(), err error)
	count   func(context.Context) error        // a session that is asked for now
	few     func(context.Context, error) error // what comes of Discord's wanting more shards
	stood   *atomic.Bool                       // a connection of any shard has
	begun   chan struct{}                      // closed once a session was asked for, or could not be
	begin   func()                             // closes it
	leave   func()                             // lets the next shard ask for a session
	session session
}

// An event is one that the gateway tells, in a session.
type event struct {
	Seq  int64           `json:"seq"`
	Kind string          `json:"kind,omitempty"` // empty: it is nothing to us
	Data json.RawMessage `json:"data,omitempty"`

	// Again: it may have been done by whoever led before.
	Again bool `json:"again,omitempty"`
}

// A session is what a new connection goes on with. The zero session: none, one
// is to be begun.
type session struct {
	id      string
	address string // where to resume it
	seq     int64  // of the event heard last
	tries   int    // to resume it, in a row
}

// mostResumes is how often resuming is tried before a new session is begun.
const mostResumes = 5

// connect makes a connection and serves it until it ends. stood is how long
// events came, 0 if they never did. The error is never nil.
func (g *gateway) connect(ctx context.Context) (stood time.Duration, err error) {
	if g.session.tries == mostResumes {
		g.session = session{}
	}
	if err := g.may(); err != nil {
		return 0, err
	}
	address := g.session.address
	if g.session.id == "" {
		address, g.leave, err = g.admit(ctx)
		defer g.leave()
		if err != nil {
			return 0, err
		}
	} else {
		g.session.tries++
	}
	u, err := url.Parse(address)
	if err != nil {
		return 0, fmt.Errorf("read the gateway's address: %w", err)
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, NetDialContext: g.chat.dial, HandshakeTimeout: 20 * time.Second}
	ws, _, err := dialer.DialContext(ctx, u.String(), nil)
	if err != nil {
		return 0, fmt.Errorf("open a connection to the gateway: %w", err)
	}
	return newConnection(g, ws, address).serve(ctx)
}

// An admission is where new sessions are begun, how many Discord wants at the same
// time, and how many it grants.
type admission struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"` // 1 or more
	Starts struct {
		Total      int   `json:"total"`
		Remaining  int   `json:"remaining"`
		ResetAfter int64 `json:"reset_after"`     // ms
		AtOnce     int   `json:"max_concurrency"` // in five seconds
	} `json:"session_start_limit"`
}

// spent reports whether no session may be begun before ResetAfter.
func (a admission) spent() bool {
	return a.Starts.Total > 0 && a.Starts.Remaining <= startsLeftAlone
}

func (c *Chat) askAdmission(ctx context.Context) (a admission, err error) {
	err = c.call(ctx, request{doing: "ask for the gateway", method: "GET", path: "gateway/bot"}, &a)
	a.Shards = max(1, a.Shards)
	return a, err
}

// shardingRequired is the code with which Discord closes a connection that would
// have to tell of too many servers: 2,500 at most.
const shardingRequired = 4011

// refusal returns an error if trying again is no use, and says what to do.
func refusal(err error) error {
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		switch closed.Code {
		case 4004:
			return fmt.Errorf("connect to Discord: the token is refused; make a new one under Bot, Reset Token, in the developer portal")
		case 4013, 4014:
			return fmt.Errorf("connect to Discord: the intents are refused (%d), though none is privileged; look whether the developer portal shows a warning about the application", closed.Code)
		case 4010, shardingRequired, 4012:
			return fmt.Errorf("connect to Discord: the gateway refuses this connection for good (%d: %s)", closed.Code, closed.Text)
		}
	}
	if refused, ok := errors.AsType[*apiError](err); ok && refused.status == http.StatusUnauthorized {
		return fmt.Errorf("connect to Discord: the token is refused; make a new one under Bot, Reset Token, in the developer portal")
	}
	return nil
}
