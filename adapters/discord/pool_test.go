package discord_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/bot"
)

// A pool shares shards out among replicas, as a database does.
type pool struct {
	mu    sync.Mutex
	terms int64
	there map[*member]time.Time // until when
	lent  map[int]lease
}

type lease struct {
	to    *member
	term  int64
	until time.Time
}

// A member is a replica as the pool knows it.
type member struct {
	*pool
	cut bool // it does not reach the database, and waits for it
}

// enter waits for the database as long as it may.
func (m *member) enter(ctx context.Context) (leave func(), err error) {
	m.mu.Lock()
	if m.cut {
		m.mu.Unlock()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return m.mu.Unlock, nil
}

// isCut has it reach the database no more.
func (m *member) isCut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut = true
}

func (m *member) Share(ctx context.Context, _ string, d time.Duration, parts int, ended []int) (mine map[int]int64, spare bool, err error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, false, err
	}
	defer leave()
	now := time.Now()
	m.there[m] = now.Add(d)
	for x, until := range m.there {
		if until.Before(now) {
			delete(m.there, x)
		}
	}
	for n, l := range m.lent {
		switch {
		case l.until.Before(now), l.to == m && (n >= parts || slices.Contains(ended, n)):
			delete(m.lent, n)
		case l.to == m:
			l.until = now.Add(d)
			m.lent[n] = l
		}
	}
	fewest := parts
	for x := range m.there {
		if x != m {
			fewest = min(fewest, len(m.of(x)))
		}
	}
	free := false
	for n := range parts {
		if _, taken := m.lent[n]; taken {
			continue
		}
		if len(m.of(m)) > fewest {
			free = true
			continue
		}
		m.terms++
		m.lent[n] = lease{m, m.terms, now.Add(d)}
	}
	mine = make(map[int]int64)
	for _, n := range m.of(m) {
		mine[n] = m.lent[n].term
	}
	return mine, !free && len(mine) >= fewest+2, nil
}

func (m *member) Unshare(ctx context.Context, _ string) error {
	leave, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, n := range m.of(m) {
		delete(m.lent, n)
	}
	delete(m.there, m)
	return nil
}

// of are a member's shards. The caller holds the lock.
func (p *pool) of(m *member) (all []int) {
	for n, l := range p.lent {
		if l.to == m {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

// A troupe is several replicas on one Discord that wants several shards. One leads, or
// none; the others reach it as they do over the network.
type troupe struct {
	*piped
	*pool
	on *shelf

	mu    sync.Mutex
	leads http.Handler // nil: nobody
	lost  error        // nobody knows what became of what is handed on, after it was done
	late  int          // events that were handed on by a replica whose lease was over
}

func newTroupe(t *testing.T, shards int) *troupe {
	return &troupe{piped: sharded(t, &adaptertest.Logs{}, shards), pool: &pool{there: make(map[*member]time.Time), lent: make(map[int]lease)}, on: newShelf()}
}

// An actor is a replica, and what it was told when it led.
type actor struct {
	*recorder
	*troupe
	as    *member
	chat  *discord.Chat
	cut   bool // it reaches no other replica; under the troupe's lock
	leave func()
}

func (x *troupe) actor(t *testing.T) *actor {
	a := &actor{recorder: &recorder{}, troupe: x, as: &member{pool: x.pool}}
	a.recorder.reply = bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}}
	a.chat = x.piped.chat(t, func(o *discord.Options) { o.Sessions, o.Shares = x.on, a.as })
	return a
}

// lead runs the replica as the one that leads. stop drains it.
func (a *actor) lead(t *testing.T) (stop func()) {
	stop = adaptertest.Start(t, a.chat, a.recorder)
	a.follow(a.chat.Handed(), nil)
	return stop
}

func (x *troupe) follow(h http.Handler, lost error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.leads, x.lost = h, lost
}

// standBy has the replica stand by until leave is called: then it leads, or is closed.
func (a *actor) standBy(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { a.chat.StandBy(ctx, a.ask) })
	a.leave = sync.OnceFunc(func() { cancel(); done.Wait() })
	t.Cleanup(a.leave)
}

func (a *actor) ask(ctx context.Context, method, uri string, body []byte) (int, []byte, error) {
	a.troupe.mu.Lock()
	to, lost, cut := a.leads, a.lost, a.cut
	a.troupe.mu.Unlock()
	if to == nil || cut {
		return http.StatusServiceUnavailable, nil, nil
	}
	a.watch(body)
	got := httptest.NewRecorder()
	to.ServeHTTP(got, httptest.NewRequestWithContext(ctx, method, uri, bytes.NewReader(body)))
	return got.Code, got.Body.Bytes(), lost
}

// watch notes what is handed on too late.
func (a *actor) watch(body []byte) {
	var said struct {
		Shard  int
		Events []struct{ Kind string }
	}
	_ = json.Unmarshal(body, &said) // a question has none
	a.pool.mu.Lock()
	l := a.lent[said.Shard]
	a.pool.mu.Unlock()
	a.troupe.mu.Lock()
	defer a.troupe.mu.Unlock()
	if l.to != a.as || time.Now().After(l.until) {
		a.late += len(said.Events)
	}
}

// die ends a replica that stands by as a kill does: it says nothing any more, to nobody, and
// its leases run out.
func (a *actor) die() {
	a.as.isCut()
	a.troupe.mu.Lock()
	a.cut = true
	a.troupe.mu.Unlock()
	a.leave()
}

// shards are the actor's.
func (a *actor) shards() []int {
	a.pool.mu.Lock()
	defer a.pool.mu.Unlock()
	return a.pool.of(a.as)
}

// counts are how many shards each has.
func counts(all ...*actor) (n []int) {
	for _, a := range all {
		n = append(n, len(a.shards()))
	}
	return n
}

// once tells whether each shard is listened to just once, and people on all of their
// servers are heard by whoever leads, once each.
func (x *troupe) once(t *testing.T, leader *actor, shards int) {
	t.Helper()
	var want []string
	for n := range shards {
		want = append(want, fmt.Sprintf("%d of %d", n, shards))
	}
	synctest.Wait()
	if got := x.stands(); !slices.Equal(got, want) {
		t.Errorf("connected are the shards %q, not %q", got, want)
	}
	x.hearsAll(t, leader.recorder, leader.chat, shards)
}

// times is how often somebody's emoji was heard.
func (h *recorder) times(user string) (n int) {
	for _, x := range h.tapped() {
		if x.User == user {
			n++
		}
	}
	return n
}
