// Package monitor tells those who watch the process how it is: /healthz whether it is
// alive, /readyz whether it can do its work, part by part, and /metrics in numbers.
//
// Nothing here tells which model is where. What depends on which model wrote which
// text, costs and voids, is told of tastings that were revealed, and of no other.
package monitor

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A Part is one thing that must be well.
type Part struct {
	Name  string
	Check func(context.Context) error
}

// Sources are where the numbers come from.
type Sources struct {
	Alive   func() error // why the process is no use any more
	Parts   []Part
	Late    func(ctx context.Context, since time.Time) (jobs int, longest time.Duration, err error)
	Waiting func() int // writes that wait for others
	Ended   func(context.Context) (map[string]Model, error)
	Admits  func(r *http.Request, key string) bool // whether a key lets in from anywhere, after a pause if many were wrong; nil: none does
	Shared  bool                                   // others than who sits at this machine come to the page: then the key alone opens numbers
	Version string
}

// A Model is what is told of one over revealed tastings.
type Model struct {
	Rounds, Void int   // that it was asked for, and of these those without an answer of its
	Pico         int64 // USD · 10⁻¹², as far as it is known
}

// A Monitor counts what goes through the bot. Make one with [New].
type Monitor struct {
	began time.Time

	mu    sync.Mutex
	heard map[string]uint64 // emoji, by platform
	asked map[string]uint64 // commands, buttons and forms, by platform
	posts map[string]uint64 // by what they are
	lag   map[string]*lags  // between a platform's stamp and its arrival here

	ended   map[string]Model
	endedAt time.Time
}

// New returns a Monitor of a process that begins now.
func New() *Monitor {
	return &Monitor{began: time.Now(), heard: make(map[string]uint64), asked: make(map[string]uint64), posts: make(map[string]uint64), lag: make(map[string]*lags)}
}

// Step counts what the engine did: a post that is on record.
func (m *Monitor) Step(name string) {
	if key, ok := strings.CutPrefix(name, "posted "); ok {
		_, what, _ := strings.Cut(key, "/")
		m.mu.Lock()
		defer m.mu.Unlock()
		m.posts[what]++
	}
}

// Hears returns a handler that passes on to h what a platform's people do, and counts it.
func (m *Monitor) Hears(platform string, h bot.Handler) bot.Handler {
	return listener{h, m, platform}
}

type listener struct {
	bot.Handler
	m        *Monitor
	platform string
}

func (l listener) React(ctx context.Context, t bot.Tap) error {
	l.m.count(l.m.heard, l.platform, t.At)
	return l.Handler.React(ctx, t)
}

func (l listener) Command(ctx context.Context, c bot.Command) bot.Reply {
	l.m.count(l.m.asked, l.platform, time.Time{})
	return l.Handler.Command(ctx, c)
}

func (l listener) Press(ctx context.Context, p bot.Press) bot.Reply {
	l.m.count(l.m.asked, l.platform, p.Made)
	return l.Handler.Press(ctx, p)
}

func (l listener) Submit(ctx context.Context, s bot.Submission) bot.Reply {
	l.m.count(l.m.asked, l.platform, time.Time{})
	return l.Handler.Submit(ctx, s)
}

func (m *Monitor) count(of map[string]uint64, platform string, made time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	of[platform]++
	if !made.IsZero() {
		if m.lag[platform] == nil {
			m.lag[platform] = &lags{}
		}
		m.lag[platform].add(time.Since(made))
	}
}

// bounds are those of the lag's histogram. Clocks differ: a stamp may be of the future.
var bounds = [...]time.Duration{250 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second, 5 * time.Minute}

type lags struct {
	upTo  [len(bounds)]uint64 // at most so long
	all   uint64
	total time.Duration
}

func (l *lags) add(d time.Duration) {
	d = max(d, 0)
	l.all++
	l.total += d
	for i, b := range bounds {
		if d <= b {
			l.upTo[i]++
		}
	}
}

// endedFor is for how long the sums over revealed tastings are remembered: they are
// read from all of them.
const endedFor = time.Minute

func (m *Monitor) models(ctx context.Context, s Sources) (map[string]Model, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.endedAt.IsZero() && time.Since(m.endedAt) < endedFor {
		return m.ended, nil
	}
	all, err := s.Ended(ctx)
	if err == nil {
		m.ended, m.endedAt = all, time.Now()
	}
	return all, err
}

// Ended adds up the rounds of tastings that are revealed, by model.
func Ended(ctx context.Context, s bot.Store) (map[string]Model, error) {
	ws, err := s.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Model)
	for _, w := range ws {
		ts, err := s.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			if (!t.OnlyNames() || t.Versions()) && t.Imported == "" {
				add(all, t)
			}
		}
	}
	return all, nil
}

func add(all map[string]Model, t bot.Tasting) {
	if t.Further.N > 0 {
		for i, card := range t.Models {
			m := all[card.Name]
			m.Pico += t.Further.Cost[i].Pico
			all[card.Name] = m
		}
	}
	for _, r := range t.Rounds {
		if r.Kind != bot.Plain {
			continue
		}
		for i := range t.Models {
			name := t.AskedAs(i)
			m := all[name]
			m.Rounds++
			if r.VoidBy&(i+1) != 0 {
				m.Void++
			}
			m.Pico += r.Cost[i].Pico
			all[name] = m
		}
	}
}
