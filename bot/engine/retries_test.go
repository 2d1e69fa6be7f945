package engine_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
)

// A step that fails is tried again after pauses that grow to a minute, and
// taken within a minute once it can be.
func TestPausesGrow(t *testing.T) {
	var tries []time.Time
	works := false
	play(t, func(s *stage) {
		s.room.noPosts = func(string) error {
			tries = append(tries, time.Now())
			if works {
				return nil
			}
			return errCut
		}
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=5h`)
		s.sleep(20 * time.Minute)
		var seen []time.Time
		s.room.now(func(*room) { seen, works = tries, true })
		var pauses []time.Duration
		for i := 1; i < len(seen); i++ {
			pauses = append(pauses, seen[i].Sub(seen[i-1]).Round(time.Second))
		}
		longest := time.Duration(0)
		for i, p := range pauses {
			if longest = max(longest, p); i > 0 && p < pauses[i-1] {
				s.Errorf("a pause is shorter than the one before: %v", pauses)
				break
			}
		}
		if longest < 59*time.Second || longest > 61*time.Second || len(pauses) < 20 {
			s.Errorf("in twenty minutes it is tried %d times, after pauses of %v; they should grow to a minute", len(seen), pauses)
		}
		s.sleep(61 * time.Second)
		s.room.called(s.T, "1.1/ballot")
	})
}

// A step that panics stops neither the bot nor other tastings. It is logged
// with where it happened, and tried again.
func TestPanicInAStep(t *testing.T) {
	var log lockedBuffer
	panics := true
	play(t, func(s *stage) {
		s.log = &log
		s.room.noPosts = func(key string) error {
			if panics && key == "1.1/ballot" {
				panic("a renderer's slice is too short")
			}
			return nil
		}
	}, func(s *stage) {
		s.start(`start kestrel nova prompt="One?" until=2h`)
		s.start(`start kestrel nova prompt="Two?" until=2h`)
		s.sleep(time.Minute)
		if keys := s.room.keys(); len(keys) != 1 || keys[0] != "2.1/ballot" {
			s.Errorf("while the first tasting's post panics there are %v; want the second's", keys)
		}
		if said := log.String(); !strings.Contains(said, "a renderer's slice is too short") || !strings.Contains(said, "retries_test.go") {
			s.Errorf("the log does not say what panicked, and where:\n%s", said)
		}
		s.room.now(func(*room) { panics = false })
		s.sleep(2 * time.Minute)
		s.room.called(s.T, "1.1/ballot")
		for _, id := range []uint64{1, 2} {
			if got := s.tasting(bot.TastingID{Workspace: team, N: id}).State; got != bot.Open {
				s.Errorf("in the end tasting %d is %v", id, got)
			}
		}
	})
}

// A model that panics gave no answer: its round is void, the others are tasted,
// and the log says where it happened.
func TestPanicOfAModel(t *testing.T) {
	var log lockedBuffer
	play(t, func(s *stage) {
		s.log = &log
		s.models[0].price, s.models[1].price = &bot.Price{Input: 1e6, Output: 100e6}, &bot.Price{}
		var n atomic.Int32
		s.models[0].ask = func() {
			if n.Add(1) == 1 {
				panic("an answer without choices")
			}
		}
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 until=2h")
		got := s.tasting(id)
		if live := got.Live(); got.State != bot.Open || len(live) != 2 {
			s.Errorf("it is %v with rounds %v; want it open with two of three", got.State, live)
		}
		if said := log.String(); !strings.Contains(said, "an answer without choices") || !strings.Contains(said, "retries_test.go") {
			s.Errorf("the log does not say what panicked, and where:\n%s", said)
		}
		if told := strings.Join(s.room.heard(), " "); !strings.Contains(told, "kestrel gave no answer") {
			s.Errorf("the starter is told %q", told)
		}
		s.press(starter, "1/cancel")
		s.wait()
		// It may have been billed, as often as a model is asked at most; the other five answers cost 1e9 each.
		if got, err := s.store.Reserved(s.Context(), "usd/"+time.Now().UTC().Format(time.DateOnly)); err != nil || got < 2*2*100e6*100+5e9 {
			s.Errorf("%d pico-USD stay reserved, %v: the answer at which it panicked counts as nothing", got, err)
		}
	})
}

// Nor does it end the bot when a count cannot be laid out.
func TestPanicInACount(t *testing.T) {
	var log lockedBuffer
	play(t, func(s *stage) { s.log = &log }, func(s *stage) {
		s.start(`start kestrel nova prompt="One?" until=2h`)
		s.room.now(func(c *room) { c.refuses = func(bot.Place, bot.Post) bool { panic("a bar is too long") } })
		s.tap(s.room.called(s.T, "1.1/ballot").Ref, "bo", bot.Left, true)
		s.sleep(time.Minute)
		if said := log.String(); !strings.Contains(said, "a bar is too long") {
			s.Errorf("the log does not say what panicked:\n%s", said)
		}
		s.room.now(func(c *room) { c.refuses = nil })
		s.tap(s.room.called(s.T, "1.1/ballot").Ref, "cy", bot.Left, true)
		s.sleep(time.Minute)
		if got := s.room.called(s.T, "1.1/ballot").now().(bot.Ballot).Progress; !strings.HasPrefix(got.String(), "2 voted") {
			s.Errorf("in the end the ballot says %q", got)
		}
	})
}

// A lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.String()
}

// A step may take longer than a lease lasts. The lease is renewed meanwhile, so
// that a second replica does not do the same at the same time: here it would
// ask, and pay, every model twice.
func TestLeasesAreRenewed(t *testing.T) {
	play(t, func(s *stage) {
		s.models[0].ask = func() { time.Sleep(5 * time.Minute) }
	}, func(s *stage) {
		second := engine.New(s.logger(), s.store, s.opt)
		second.Add(s.room)
		ctx, cancel := context.WithCancel(s.Context())
		ended := make(chan error, 1)
		go func() { ended <- second.Run(ctx) }()
		defer func() { cancel(); <-ended }()
		s.start(`start kestrel nova prompt="Hello?" until=5h`)
		s.sleep(20 * time.Minute)
		for _, m := range s.models {
			m.mu.Lock()
			if n := m.asked["Hello?"]; n != 1 {
				s.Errorf("%s is asked %d times by two replicas, want once", m.name, n)
			}
			m.mu.Unlock()
		}
		s.room.called(s.T, "1.1/ballot")
	})
}
