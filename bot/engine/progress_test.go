package engine_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// While models are asked the starter is told how long it has taken, and that one
// of the two is slow: never which, nor how many rounds are ready. Ballots come at
// a full minute, also after a restart.
func TestAskingShowsNothingButTheTime(t *testing.T) {
	for _, tt := range []struct {
		takes, comes time.Duration
		restart      bool
	}{
		{2 * time.Second, time.Minute, false},
		{2 * time.Second, time.Minute, true},
		{50 * time.Second, time.Minute, false},
		{90 * time.Second, 2 * time.Minute, false},
		{130 * time.Second, 4 * time.Minute, false},
	} {
		for slow := range 2 {
			play(t, func(s *stage) {
				s.opt.Hold = time.Minute
				s.models[slow].ask = func() { time.Sleep(tt.takes) }
			}, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=3 until=5h") // which waits for a while
				says := func(want string, after time.Duration) {
					s.Helper()
					said := s.notice(s.command("bo", "status")).Text
					if when := "Ballots come at " + s.tasting(id).Asked.UTC().Add(after).Format("15:04") + " at the earliest."; !strings.Contains(said.String(), when) {
						s.Errorf("after %v status says %q, want %q", time.Since(s.tasting(id).Asked), said, when)
					}
					if !strings.Contains(said.String(), want) || strings.Contains(said.String(), "kestrel") || strings.Contains(said.String(), "nova") || strings.Contains(said.String(), "ready") {
						s.Errorf("after %v status says %q, want %q and nothing of one model", time.Since(s.tasting(id).Asked), said, want)
					}
				}
				says("Asking both models for 3 answers each. That takes a minute at least", time.Minute)
				if tt.restart {
					s.stop()
					s.sleep(10 * time.Second)
					s.begin()
				}
				s.sleep(time.Until(s.tasting(id).Asked.Add(time.Minute + time.Millisecond)))
				if tt.comes > time.Minute {
					says("One of the two is slow, or is asked again.", 2*time.Minute)
				}
				s.sleep(time.Until(s.tasting(id).Asked.Add(tt.comes - time.Second)))
				if keys := s.room.keys(); len(keys) > 0 && tt.comes > time.Minute {
					s.Errorf("what took %v is posted before %v: %q", tt.takes, tt.comes, keys)
				}
				s.sleep(2 * time.Second)
				if got := s.tasting(id); got.State != bot.Open || got.Opened.Sub(got.Asked) != tt.comes {
					s.Errorf("what took %v is %v, after %v; want it open after %v", tt.takes, got.State, got.Opened.Sub(got.Asked), tt.comes)
				}
			})
		}
	}
}

// However often the bot is started again meanwhile, ballots come when they would have
// come, or as soon as it runs.
func TestHeldOverRestarts(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.Hold = time.Minute
		s.models[0].ask = func() { time.Sleep(2 * time.Second) }
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 until=5h")
		until := func(after time.Duration) { s.sleep(time.Until(s.tasting(id).Asked.Add(after))) }
		for _, after := range []time.Duration{20 * time.Second, 50 * time.Second} {
			until(after)
			s.stop()
			s.sleep(5 * time.Second)
			s.begin()
		}
		until(59 * time.Second)
		if keys := s.room.keys(); len(keys) > 0 {
			s.Fatalf("what was asked less than a minute ago is posted: %q", keys)
		}
		s.stop() // when they would have come
		s.sleep(7 * time.Second)
		s.begin()
		s.wait()
		if got := s.tasting(id); got.State != bot.Open {
			s.Errorf("answered within 2 s, and started again after 66 s, it is %v after %v", got.State, time.Since(got.Asked))
		}
	})
}

// A restingStore gives nothing to do while it rests.
type restingStore struct {
	bot.Store
	rests *atomic.Bool
}

func (s restingStore) Take(ctx context.Context, now time.Time, term time.Duration) (bot.Job, bool, error) {
	if s.rests.Load() {
		return bot.Job{}, false, nil
	}
	return s.Store.Take(ctx, now, term)
}

// A bot that was away when ballots were to come posts them at once, and names no later
// time to whoever asks before that.
func TestStatusAfterARestart(t *testing.T) {
	var rests atomic.Bool
	play(t, func(s *stage) {
		s.opt.Hold = time.Minute
		s.wrap = func(of bot.Store) bot.Store { return restingStore{of, &rests} }
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 until=5h")
		s.sleep(30 * time.Second)
		status := func() string { return s.notice(s.command(starter, "status")).Text.String() }
		if got := status(); !strings.Contains(got, "at the earliest") {
			s.Errorf("half a minute after its start it stands so:\n%s", got)
		}
		s.stop()
		s.sleep(5 * time.Minute)
		rests.Store(true)
		s.begin()
		if got := status(); strings.Contains(got, "at the earliest") || s.tasting(id).State != bot.Asking {
			s.Errorf("answered long ago, and not posted yet, it is %v, and stands so:\n%s", s.tasting(id).State, got)
		}
		rests.Store(false)
		s.sleep(time.Minute)
		if got := s.tasting(id); got.State != bot.Open {
			s.Errorf("a minute later it is %v", got.State)
		}
	})
}

// A tasting that is cancelled while its models are asked, or before its ballots
// come, stays so, and gives back what was not spent.
func TestCancelWhileModelsAreAsked(t *testing.T) {
	for _, takes := range []time.Duration{time.Second, 30 * time.Second} {
		play(t, func(s *stage) {
			s.opt.Hold = time.Minute
			s.models[0].ask = func() { time.Sleep(takes) }
			s.models[0].refuses = "One"
			for _, m := range s.models {
				m.price = &bot.Price{Input: 1e6, Output: 100e6}
			}
		}, func(s *stage) {
			id := s.start(`start kestrel nova prompt="One?" until=2h`)
			s.press(starter, "1/cancel")
			s.sleep(2 * time.Minute)
			if got := s.tasting(id); got.State != bot.Cancelled || !got.Told || got.Reserved != 0 || len(s.room.keys()) > 0 {
				s.Errorf("cancelled after 3.5 of %v it is %v, told %v, %d reserved, posts %q", takes, got.State, got.Told, got.Reserved, s.room.keys())
			}
			if got, err := s.store.Reserved(s.Context(), "usd/"+time.Now().UTC().Format(time.DateOnly)); err != nil || got != 1e9 {
				s.Errorf("%d pico-USD stay reserved, %v; want what nova's answer cost, 1e9", got, err)
			}
		})
	}
}

// After a cancel nothing more is asked, and paid for, than what is under way.
func TestCancelledIsAskedNoMore(t *testing.T) {
	for _, tt := range []struct {
		name  string
		price bot.Price
		cost  int64 // of a round, in pico-USD
	}{
		{"models that cost money", bot.Price{Input: 1e6, Output: 100e6}, 2e9},
		{"models that cost nothing", bot.Price{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked atomic.Int32
			play(t, func(s *stage) {
				s.models[0].ask = func() { asked.Add(1); time.Sleep(10 * time.Second) }
				for _, m := range s.models {
					m.price = &tt.price
				}
			}, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=12 until=5h")
				before := asked.Load()
				s.press(starter, "1/cancel")
				s.sleep(2 * time.Minute)
				if got := s.tasting(id); got.State != bot.Cancelled || !got.Told || asked.Load() != before || before > 4 {
					s.Errorf("%d rounds of 12 were being asked when it was cancelled, and %d were in the end; it is %v, told %v", before, asked.Load(), got.State, got.Told)
				}
				if got, err := s.store.Reserved(s.Context(), "usd/"+time.Now().UTC().Format(time.DateOnly)); err != nil || got != int64(before)*tt.cost {
					s.Errorf("%d pico-USD stay reserved, %v; want what %d rounds cost", got, err, before)
				}
			})
		})
	}
}
