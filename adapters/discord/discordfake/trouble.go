package discordfake

import (
	"slices"
	"time"
)

// A Moment is when the gateway makes trouble.
type Moment int

const (
	BeforeHello Moment = iota // and HELLO follows
	InsteadOfHello
	OnIdentify // instead of READY
	OnResume   // instead of RESUMED
)

// A Trouble is what the gateway does instead of what is due. The zero trouble:
// it does not answer, and goes on acknowledging heartbeats.
type Trouble struct {
	Op        int  // is said: 7 RECONNECT, 9 INVALID_SESSION, 1 HEARTBEAT
	Resumable bool // says INVALID_SESSION
	Code      int  // closes the connection
	Stall     bool // nothing is said on this connection any more
}

type plan struct {
	what  Trouble
	times int // < 0: always
}

// Plan makes trouble, so many times: < 0 is always, 0 no longer.
func (f *Discord) Plan(m Moment, times int, what Trouble) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.Gateway.plans[m] = &plan{what, times}
}

// trouble makes the trouble that is planned for a moment, if any.
func (f *Discord) trouble(l *line, m Moment) bool {
	f.Mu.Lock()
	p := f.Gateway.plans[m]
	if p == nil || p.times == 0 {
		f.Mu.Unlock()
		return false
	}
	p.times--
	what := p.what
	f.Mu.Unlock()
	l.suffer(what)
	return true
}

func (l *line) suffer(what Trouble) {
	switch {
	case what.Code != 0:
		l.close(what.Code)
	case what.Op != 0:
		l.write(packet{Op: what.Op, Data: what.Resumable})
	case what.Stall:
		l.mu.Lock()
		l.stalled = true
		l.mu.Unlock()
	}
}

// Upset makes trouble on every connection that has a session; with shards, of
// these alone.
func (f *Discord) Upset(what Trouble, shards ...int) {
	f.Mu.Lock()
	var all []*line
	for _, s := range f.Gateway.sessions {
		if s.line != nil && (shards == nil || slices.Contains(shards, s.shard.n)) {
			all = append(all, s.line)
		}
	}
	f.Mu.Unlock()
	for _, l := range all {
		l.suffer(what)
	}
}

// A Count is what came to the gateway so far.
type Count struct {
	Opened, Sessions, Resumes int
	Dialed                    []string
	Beats                     []any
	BeatAt                    []time.Time
}

func (f *Discord) Counted() Count {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	g := &f.Gateway
	return Count{g.opened, len(g.sessions), g.resumes, slices.Clone(g.dialed), slices.Clone(g.beats), slices.Clone(g.beatAt)}
}

// Asked is how often a session was asked for.
func (f *Discord) Asked() int {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	return len(f.Gateway.Began)
}
