package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/adapters/relay"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
)

// A door is an address at which a replica is asked, and its name among replicas.
type door struct {
	name, what string // what: in errors of its server
	ln         net.Listener
}

const (
	pageDoor    = "page"
	slackDoor   = "slack"
	socketDoor  = "socket"  // for what came over a replica's own sockets to Slack
	gatewayDoor = "gateway" // and its own connections to Discord
)

// relaySecret is the store's name for the key with which replicas hand requests on.
const relaySecret = "replicas"

// A wiring is the chats that have connections of their own, also on a replica that stands
// by.
type wiring struct {
	slack   *slack.Chat   // nil: none
	discord *discord.Chat // nil: none
	voice   func(context.Context, bot.Place) bot.Voice
}

// standBy hands what comes over the connections to whoever f follows, until ctx is done.
func (w wiring) standBy(ctx context.Context, f *relay.Forwarder) {
	at := func(door string) func(context.Context, string, string, []byte) (int, []byte, error) {
		return func(ctx context.Context, method, uri string, body []byte) (int, []byte, error) {
			return f.Ask(ctx, door, method, uri, body)
		}
	}
	var all sync.WaitGroup
	defer all.Wait()
	if w.slack != nil {
		all.Go(func() { w.slack.StandBy(ctx, at(socketDoor), w.voice) })
	}
	if w.discord != nil {
		all.Go(func() { w.discord.StandBy(ctx, at(gatewayDoor)) })
	}
}

// close ends what a replica that stood by has.
func (w wiring) close() {
	if w.discord != nil {
		w.discord.Close() // first: others wait for it
	}
	if w.slack != nil {
		w.slack.Close()
	}
}

// A lead is what a bot has that may act.
type lead struct {
	replica int64
	key     []byte // nil: it has no replicas
}

// receive answers with own, and what other replicas hand on with the door it came to.
func (l lead) receive(own http.Handler, doors map[string]http.Handler) http.Handler {
	if l.key == nil {
		return own
	}
	return relay.Receive(l.key, l.replica, own, doors)
}

// takeLead returns at once for a file, which is one bot's alone. In a database it
// waits until no other replica acts, and hands what comes to its doors meanwhile to
// the one that does, and what comes over its sockets and its share of Discord's shards, which
// are its own when it leads; reach is where the others reach this one. The context that it returns ends when another may act.
func takeLead(ctx context.Context, log *slog.Logger, kept store.Store, watched *monitor.Monitor, reach string, wires wiring, doors ...door) (context.Context, lead, error) {
	shared, ok := kept.(*postgres.Store)
	if !ok {
		return ctx, lead{}, nil
	}
	key, err := shared.Secret(ctx, relaySecret)
	if err != nil {
		return nil, lead{}, fmt.Errorf("read the key of replicas: %w", err)
	}
	f := relay.New(log, key)
	standing, stop := context.WithCancel(ctx)
	defer stop()
	var lent []*lentListener
	var served, wired sync.WaitGroup
	wired.Go(func() { wires.standBy(standing, f) })
	for _, d := range doors {
		ln := lend(d.ln)
		lent = append(lent, ln)
		h := f.Handler(standing, d.name)
		if d.name == pageDoor {
			h = watched.Handler(log, standingBy(kept, f), h)
		}
		served.Go(func() {
			defer ln.free()
			if err := serve(standing, log, d.what+" of a replica that stands by", ln, h); err != nil {
				log.Error("stand by", "err", err)
			}
		})
	}
	told := sync.OnceFunc(func() {
		log.Info("another replica is at work; this one stands by and takes over when that is gone")
	})
	led, err := shared.Lead(ctx, reach, func(l postgres.Leader) {
		told()
		f.Follow(relay.Leader{Replica: l.Replica, Reach: l.Reach})
	})
	if err != nil { // told to stop: what is under way is finished
		wired.Wait()
		wires.close()
		served.Wait()
		return nil, lead{}, err
	}
	stop()
	f.Close() // the one that led is gone, and answers nothing any more
	wired.Wait()
	for _, ln := range lent {
		if <-ln.freed; err == nil {
			err = ln.SetDeadline(time.Time{})
		}
	}
	return led, lead{shared.Replica(), key}, err
}

// standingBy is how a replica that stands by is: it needs the database, and a
// leader that it reaches.
func standingBy(kept store.Store, f *relay.Forwarder) monitor.Sources {
	return monitor.Sources{
		Alive: kept.Healthy,
		Parts: []monitor.Part{
			{Name: "store", Check: func(context.Context) error { return kept.Healthy() }},
			{Name: "leader", Check: f.Reaches},
		},
		Late: kept.Late, Waiting: kept.Waiting, Version: version(),
		Ended: func(context.Context) (map[string]monitor.Model, error) { return nil, nil }, // told by the leader
	}
}

// A lentListener is closed for whoever serves it, and stays open for who comes next.
type lentListener struct {
	*net.TCPListener
	closed atomic.Bool
	free   func()        // nobody waits for connections any more; may be called again
	freed  chan struct{} // closed then
}

func lend(ln net.Listener) *lentListener {
	freed := make(chan struct{})
	return &lentListener{TCPListener: ln.(*net.TCPListener), free: sync.OnceFunc(func() { close(freed) }), freed: freed}
}

func (l *lentListener) Accept() (net.Conn, error) {
	c, err := l.TCPListener.Accept()
	if err != nil && l.closed.Load() {
		l.free()
	}
	return c, err
}

func (l *lentListener) Close() error {
	l.closed.Store(true)
	return l.SetDeadline(time.Unix(1, 0))
}

// acts is an error from when on a bot may act no more; nil for a file, which is one
// bot's alone.
func acts(kept store.Store) func() error {
	if shared, ok := kept.(*postgres.Store); ok {
		return shared.Leads
	}
	return nil
}

// deposed is an error if ctx ended because another replica may act.
func deposed(ctx context.Context) error {
	if err := context.Cause(ctx); errors.Is(err, postgres.ErrDeposed) {
		return fmt.Errorf("%w; start this one again to let it stand by", err)
	}
	return nil
}

// isReach reports whether other replicas can be told to send requests there.
func isReach(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == ""
}

// canReach is an error if other replicas are told an address at which nobody listens.
func (w webSettings) canReach() error {
	u, err := url.Parse(w.Reach)
	if w.Reach == "" || err != nil || !loopback(w.Listen) || loopback(net.JoinHostPort(u.Hostname(), "0")) {
		return nil
	}
	return fmt.Errorf("other replicas are told to reach this one at %s, and its page listens on %s, for this machine alone; write web: {listen: 0.0.0.0:8080}, with a secret", w.Reach, w.Listen)
}
