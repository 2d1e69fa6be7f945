package discord_test

import (
	"slices"
	"time"
)

// A moment is when the gateway makes trouble.
type moment int

const (
	beforeHello moment = iota // and HELLO follows
	insteadOfHello
	onIdentify // instead of READY
	onResume   // instead of RESUMED
)

// A trouble is what the gateway does instead of what is due. The zero trouble:
// it does not answer, and goes on acknowledging heartbeats.
type trouble struct {
	op        int  // is said: 7 RECONNECT, 9 INVALID_SESSION, 1 HEARTBEAT
	resumable bool // says INVALID_SESSION
	code      int  // closes the connection
	stall     bool // nothing is said on this connection any more
}

type plan struct {
	what  trouble
	times int // < 0: always
}

// plan makes trouble, so many times: < 0 is always, 0 no longer.
func (f *fake) plan(m moment, times int, what trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.plans[m] = &plan{what, times}
}

// trouble makes the trouble that is planned for a moment, if any.
func (f *fake) trouble(l *line, m moment) bool {
	f.mu.Lock()
	p := f.gateway.plans[m]
	if p == nil || p.times == 0 {
		f.mu.Unlock()
		return false
	}
	p.times--
	what := p.what
	f.mu.Unlock()
	l.suffer(what)
	return true
}

func (l *line) suffer(what trouble) {
	switch {
	case what.code != 0:
		l.close(what.code)
	case what.op != 0:
		l.write(packet{Op: what.op, Data: what.resumable})
	case what.stall:
		l.mu.Lock()
		l.stalled = true
		l.mu.Unlock()
	}
}

// upset makes trouble on every connection that has a session.
func (f *fake) upset(what trouble) {
	f.mu.Lock()
	var all []*line
	for _, s := range f.gateway.sessions {
		if s.line != nil {
			all = append(all, s.line)
		}
	}
	f.mu.Unlock()
	for _, l := range all {
		l.suffer(what)
	}
}

// A count is what came to the gateway so far.
type count struct {
	opened, sessions, resumes int
	dialed                    []string
	beats                     []any
	beatAt                    []time.Time
}

func (f *fake) counted() count {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := &f.gateway
	return count{g.opened, len(g.sessions), g.resumes, slices.Clone(g.dialed), slices.Clone(g.beats), slices.Clone(g.beatAt)}
}

// asked is how often a session was asked for.
func (f *fake) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.gateway.began)
}
