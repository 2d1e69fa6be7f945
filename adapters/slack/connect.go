package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
)

// An inbox takes what Slack delivers while Run runs.
type inbox struct {
	*Chat
	h     bot.Handler
	ctx   context.Context // of Run: long work ends with it
	work  sync.WaitGroup
	taps  atomic.Int64 // in modals, in the order in which they came
	shown cache[int64] // by modal: the tap whose answer it shows
}

// Run connects and passes on what people do until ctx is done. It reconnects
// by itself. An error means that Slack refused every workspace's tokens at first.
// A Chat runs once.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	in := &inbox{Chat: c, h: h, ctx: ctx}
	defer func() {
		stop()
		in.work.Wait()
		c.client.CloseIdleConnections()
	}()

	var asked sync.WaitGroup
	asked.Add(len(c.opt.Workspaces))
	go func() { asked.Wait(); close(c.met) }()

	lines := in.lines()
	ended := make(chan error, len(lines))
	for _, l := range lines {
		if l.token == "" || !in.hasSocket(l.token) {
			l.note(l.name(), errConnecting)
		}
		for _, w := range l.workspaces {
			l.note("workspace "+w.Name, errConnecting)
		}
		in.work.Go(func() { ended <- l.run(ctx, asked.Done) })
	}
	c.note(notRunning, nil)
	var errs []error
	for range lines {
		err := <-ended
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			c.log.Error("a connection to Slack ended for good", "err", err)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Ready says what keeps the chat from hearing every workspace; nil if it does.
func (c *Chat) Ready() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, k := range slices.Sorted(maps.Keys(c.trouble)) {
		errs = append(errs, fmt.Errorf("%s: %w", k, c.trouble[k]))
	}
	return errors.Join(errs...)
}

// note records what keeps something from working; nil: nothing does.
func (c *Chat) note(what string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		delete(c.trouble, what)
		return
	}
	c.trouble[what] = err
}

const notRunning = "Slack" // what has trouble before Run begins

var errConnecting = errors.New("not connected yet")

// beside runs f beside the rest. A panic in it is logged, and ends f alone.
func (in *inbox) beside(doing string, f func()) {
	in.work.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				in.log.Error("panic: "+doing, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
		}()
		f()
	})
}

// A line is a way on which Slack delivers: a socket, or HTTP. Workspaces with
// the same app token share a socket: of two sockets on one token each would be
// sent half of the events.
type line struct {
	*inbox
	token      string // of a socket; empty: HTTP
	workspaces []Workspace
	unmet      atomic.Int32 // workspaces of which Slack has not said yet who they are
}

func (in *inbox) lines() []*line {
	var all []*line
	for _, app := range in.apps() {
		all = append(all, &line{inbox: in, token: app[0].AppToken, workspaces: app})
	}
	return all
}

// apps are the workspaces by their app token. Those that have none come over HTTP.
func (c *Chat) apps() (all [][]Workspace) {
	for _, w := range c.opt.Workspaces {
		i := slices.IndexFunc(all, func(app []Workspace) bool { return app[0].AppToken == w.AppToken })
		if i < 0 {
			i, all = len(all), append(all, nil)
		}
		all[i] = append(all[i], w)
	}
	return all
}

func (l *line) name() string {
	if l.token == "" {
		return "events over HTTP"
	}
	return socketName(l.workspaces)
}

// run meets the line's workspaces and takes what is delivered. It ends with
// ctx, or when Slack refuses the app token, or all of the bot tokens.
func (l *line) run(ctx context.Context, asked func()) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	var refusals []error
	var meeting, first sync.WaitGroup
	l.unmet.Store(int32(len(l.workspaces)))
	for _, w := range l.workspaces {
		first.Add(1)
		meeting.Go(func() {
			err := l.acquaint(ctx, w, func() { asked(); first.Done() })
			l.unmet.Add(-1)
			if err == nil || ctx.Err() != nil {
				return
			}
			l.note("workspace "+w.Name, err)
			l.log.Error("a Slack workspace is left out", "workspace", w.Name, "err", err)
			mu.Lock()
			defer mu.Unlock()
			if refusals = append(refusals, err); len(refusals) == len(l.workspaces) {
				stop(errors.Join(refusals...))
			}
		})
	}
	first.Wait() // so that what was missed is not delivered before it can be taken
	serve := l.take
	if l.token == "" {
		serve = l.http
	}
	err := serve(ctx)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	stop(nil)
	meeting.Wait()
	return err
}

// take takes what is delivered over a socket, this replica's and others', until ctx is done.
// The socket is closed first, and what it delivered is finished. An error means that Slack
// refuses the app token.
func (l *line) take(ctx context.Context) error {
	s := l.opensFor(l, l.token, l.workspaces)
	l.takesHanded(true)
	select {
	case <-ctx.Done():
	case <-s.ended:
	}
	l.takesHanded(false)
	s.close()
	return s.err
}

// connected has open ballots read: what was done meanwhile may not come.
func (l *line) connected(bool) {
	for _, w := range l.workspaces {
		if t := l.knownBy(w.BotToken); t != nil {
			l.resync(t)
		}
	}
}

// missed tells nobody: what the bot itself does not take, it says why.
func (l *line) missed(context.Context, string, []byte, error) bool { return false }

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

// acquaint meets a workspace, however long it takes to reach Slack. It tells
// asked after the first attempt. An error means that Slack refuses the token.
func (l *line) acquaint(ctx context.Context, w Workspace, asked func()) error {
	once := sync.OnceFunc(asked)
	defer once()
	t, err := backoff.Retry(ctx, func() (*team, error) {
		t, err := l.meet(ctx, w)
		switch {
		case hopeless(err):
			err = backoff.Permanent(fmt.Errorf("%w; tastetest doctor says what to click", err))
		case errors.Is(err, errTwice):
			err = backoff.Permanent(err)
		}
		return t, err
	}, backoff.WithBackOff(reconnecting()), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, _ time.Duration) {
		l.note("workspace "+w.Name, err)
		l.log.Warn("cannot reach Slack yet", "workspace", w.Name, "err", err)
		once()
	}))
	if err != nil {
		return err
	}
	l.note("workspace "+w.Name, nil)
	l.log.Info("a Slack workspace is connected", "workspace", w.Name, "team", t.where.ID)
	l.beside("look up who voted", func() { l.vet(t) })
	l.resync(t)
	return nil
}

// of returns the team that a delivery on this line is for. known is false
// while that cannot be told yet: Slack should deliver again.
func (l *line) of(id string) (t *team, known bool) {
	settled := l.unmet.Load() == 0 // before the look: who is met meanwhile is not missed
	if t := l.known(id); t != nil {
		if slices.ContainsFunc(l.workspaces, func(w Workspace) bool { return w.BotToken == t.BotToken }) {
			return t, true
		}
		return nil, true
	}
	return nil, settled
}

// resync has the open ballots of a workspace read, since events may have been
// lost, and again until that works. While that goes on one more request waits;
// others have nothing to add.
func (in *inbox) resync(t *team) {
	if !t.rereading.TryLock() {
		t.again.Store(true)
		return
	}
	in.beside("read open ballots again", func() {
		defer func() {
			t.rereading.Unlock()
			if t.again.Load() && in.ctx.Err() == nil { // asked for between the last look and this
				in.resync(t)
			}
		}()
		waits := reconnecting()
		for {
			t.again.Store(false)
			err := in.h.Resync(in.ctx, t.where)
			switch {
			case in.ctx.Err() != nil, err == nil && !t.again.Load():
				return
			case err == nil:
				waits.Reset()
				continue
			}
			in.log.Warn("open ballots cannot be read again yet", "workspace", t.Name, "err", err)
			select {
			case <-in.ctx.Done():
				return
			case <-time.After(waits.NextBackOff()):
			}
		}
	})
}
