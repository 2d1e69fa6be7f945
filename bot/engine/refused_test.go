package engine_test

import (
	"bytes"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

var faultID = regexp.MustCompile(`\(id ([0-9a-f]{8})`)

// A post that the chat will never take ends its tasting within a minute: the
// starter is told, with an id that is in the log, and what stands says so, in
// plain words if need be.
func TestRefusedForGood(t *testing.T) {
	for name, refuses := range map[string]func(bot.Place, bot.Post) bool{
		"a ballot": func(_ bot.Place, p bot.Post) bool {
			b, ok := p.(bot.Ballot)
			return ok && b.Round.Round == 2
		},
		"a ballot, and every edit but plain ones": func(_ bot.Place, p bot.Post) bool {
			switch p := p.(type) {
			case bot.Ballot:
				return p.Round.Round == 2 || p.State == bot.Failed
			case bot.Head:
				return p.State == bot.Failed
			}
			return false
		},
		"all in the thread": func(at bot.Place, _ bot.Post) bool { return at != lounge },
	} {
		t.Run(name, func(t *testing.T) {
			logged := &bytes.Buffer{}
			play(t, func(s *stage) { s.log = logged; s.room.refuses = refuses }, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=3 until=2h")
				began := time.Now()
				for time.Since(began) < time.Minute && s.tasting(id).State != bot.Failed {
					s.sleep(time.Second)
				}
				t.Logf("%s refused: over %.0f s later", name, time.Since(began).Seconds())
				s.wait()
				told := strings.Join(s.room.heard(), "\n")
				m := faultID.FindStringSubmatch(told)
				if m == nil || !strings.Contains(logged.String(), "id="+m[1]) || !strings.Contains(logged.String(), "not well formed") {
					s.Fatalf("told %q", told)
				}
				if got := s.tasting(id); got.State != bot.Failed || !got.Settled() {
					s.Errorf("it is %v, settled %v", got.State, got.Settled())
				}
				for _, m := range s.room.all() {
					if said := asText(m.now()); !strings.Contains(said, "ended without a reveal") {
						s.Errorf("%s still says %s", m.Key, said)
					}
				}
			})
		})
	}
}

// A reveal that is refused is made in plain words; where not even these are
// taken, the tasting is revealed for those who ask, and the starter is told.
func TestRefusedReveal(t *testing.T) {
	for _, tt := range []struct {
		name    string
		refuses func(bot.Place, bot.Post) bool
		posts   []string
		told    bool
	}{
		{"all but plain words", func(_ bot.Place, p bot.Post) bool { _, ok := p.(bot.Notice); return !ok },
			[]string{"1/head", "1.1/ballot", "1.2/ballot", "1/announcement"}, false},
		{"all in the thread", func(at bot.Place, _ bot.Post) bool { return at != lounge },
			[]string{"1/head", "1.1/ballot", "1.2/ballot", "1/announcement"}, true},
		{"everything", func(bot.Place, bot.Post) bool { return true },
			[]string{"1/head", "1.1/ballot", "1.2/ballot"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
				m := s.room.called(s.T, "1.1/ballot")
				s.tap(m.Ref, "bo", bot.Left, true)
				s.room.now(func(c *room) { c.refuses = tt.refuses; c.told = nil })
				s.press(starter, "1/close")
				s.sleep(time.Minute)
				if got := s.tasting(id).State; got != bot.Revealed {
					s.Fatalf("a minute later it is %v", got)
				}
				if keys := s.room.keys(); !slices.Equal(keys, tt.posts) {
					s.Errorf("posts: %v", keys)
				}
				told := strings.Join(s.room.heard(), "\n")
				if faultID.MatchString(told) != tt.told || strings.Contains(told, "results 1") != tt.told {
					s.Errorf("told %q", told)
				}
				if !tt.told {
					for _, key := range []string{"1.1/ballot", "1/announcement"} {
						if said := asText(s.room.called(s.T, key).now()); !strings.Contains(said, "kestrel") {
							s.Errorf("%s says %s", key, said)
						}
					}
				}
				if r := asText(s.command("bo", "results 1").Post); !strings.Contains(r, "1 vote, 1 person") {
					s.Errorf("results: %.300s", r)
				}
			})
		})
	}
}

// A reveal of which the chat refuses much, and which is stopped again and again on its
// way, is told of once.
func TestRefusedRevealIsToldOnce(t *testing.T) {
	play(t, func(s *stage) { s.chat = unhurried{s.room} }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=6 until=2h")
		s.sleep(time.Minute)
		s.room.now(func(c *room) { c.refuses = func(at bot.Place, _ bot.Post) bool { return at != lounge }; c.told = nil })
		s.press(starter, "1/close")
		stops := 0
		for ; stops < 20 && (s.tasting(id).State != bot.Revealed || len(s.tasting(id).Unshown) > 0); stops++ {
			s.sleep(5 * time.Second)
			s.stop()
			s.begin()
		}
		s.sleep(time.Minute)
		if left := s.tasting(id).Unshown; stops < 3 || len(left) > 0 {
			s.Fatalf("after %d stops %d posts are left to edit: the reveal was to be stopped on its way, and to come to its end", stops, len(left))
		}
		told := strings.Join(s.room.heard(), "\n")
		if n := strings.Count(told, "does not take some of it"); n != 1 {
			s.Errorf("the starter is told %d times, want once:\n%s", n, told)
		}
	})
}

// Killed anywhere on the way of a reveal of which the chat takes nothing, or nothing in
// the thread, the bot tells the starter after the next start, and again only if it was
// killed right after that.
func TestRefusedRevealIsToldWhereverItIsKilled(t *testing.T) {
	for name, refuses := range map[string]func(bot.Place, bot.Post) bool{
		"everything":        func(bot.Place, bot.Post) bool { return true },
		"all in the thread": func(at bot.Place, _ bot.Post) bool { return at != lounge },
	} {
		for _, step := range []string{"revealed", "edited 1/head", "edited 1.1/ballot", "edited 1.2/ballot", "told what is refused"} {
			t.Run(name+"/"+step, func(t *testing.T) {
				t.Parallel()
				play(t, nil, func(s *stage) {
					s.stop()
					dead := false
					s.opt.Step = func(name string) {
						if name == step {
							dead = true
							runtime.Goexit() // as if the process were dead
						}
					}
					s.begin()
					id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
					s.room.now(func(c *room) { c.refuses, c.told = refuses, nil })
					s.press(starter, "1/close")
					s.sleep(time.Minute)
					if !dead {
						s.Fatalf("there was no step %q", step)
					}
					told := func() int { return strings.Count(strings.Join(s.room.heard(), "\n"), "does not take some of it") }
					before := told()
					s.opt.Step = nil
					for range 2 {
						s.stop()
						s.room.now(func(c *room) { c.refuses = nil }) // it goes on well
						s.begin()
						s.sleep(time.Minute)
					}
					want := 1
					if name != "everything" && (step == "revealed" || step == "edited 1/head") {
						want = 0 // nothing was refused yet
					}
					if n := told() - before; n != want {
						s.Errorf("after the restarts the starter is told %d times, want %d; before, %d times", n, want, before)
					}
					if got := s.tasting(id); !got.Settled() || got.Refused != (want > 0) {
						s.Errorf("in the end it is settled: %t, and the starter knows: %t", got.Settled(), got.Refused)
					}
				})
			})
		}
	}
}

// Remarks that are refused hold nothing up, nor does a ballot that cannot be
// read when it was just posted.
func TestRefusedRemarks(t *testing.T) {
	play(t, func(s *stage) { s.room.unread = true }, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h invite="@bo, @cy, @di"`)
		if got := s.tasting(id).State; got != bot.Open {
			s.Fatalf("with a ballot that cannot be read it is %v", got)
		}
		s.room.now(func(c *room) {
			c.unread = false
			c.refuses = func(_ bot.Place, p bot.Post) bool { _, ok := p.(bot.Notice); return ok }
		})
		s.sleep(5 * time.Hour)
		if got := s.tasting(id).State; got != bot.Revealed {
			s.Errorf("its remarks are refused, and it is %v", got)
		}
	})
}
