package engine_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Posts whose response was lost are found again, not said twice.
func TestLostResponses(t *testing.T) {
	for lose := 1; lose <= 5; lose++ {
		t.Run(fmt.Sprint(lose, " lost"), func(t *testing.T) {
			play(t, nil, func(s *stage) {
				s.room.lose = lose
				s.start("start kestrel nova pack=fruit rounds=3 until=2h")
				s.sleep(5 * time.Minute)
				if keys := s.room.keys(); !slices.Equal(keys, []string{"1/head", "1.1/ballot", "1.2/ballot", "1.3/ballot"}) {
					s.Errorf("posts: %v", keys)
				}
				s.room.now(func(c *room) { c.lose = lose })
				s.press(starter, "1/close")
				s.sleep(5 * time.Minute)
				s.room.called(s.T, "1/announcement")
			})
		})
	}
}

// Stopped after any step and started again, the bot goes on where it was: each
// post once, and every vote there.
func TestStoppedAnywhere(t *testing.T) {
	t.Parallel()
	const steps = 40
	stride := 1
	if testing.Short() {
		stride = 3
	}
	stopped := 0
	for stop := 0; stop < steps; stop += stride {
		t.Run(fmt.Sprint("after step ", stop+1), func(t *testing.T) {
			play(t, nil, func(s *stage) {
				var n atomic.Int32
				halt := make(chan string, 1)
				s.stop()
				s.opt.Step = func(name string) {
					if n.Add(1) == int32(stop+1) {
						halt <- name
						runtime.Goexit() // as if the process were dead
					}
				}
				var toldHead, toldEnd, toldElse atomic.Int32
				s.opt.Stands = func(_ bot.Place, p bot.Post) {
					switch p.(type) {
					case bot.Head:
						toldHead.Add(1)
					case bot.Announcement:
						toldEnd.Add(1)
					default:
						toldElse.Add(1)
					}
				}
				s.begin()
				id := bot.TastingID{Workspace: team, N: 1}
				ask := s.notice(s.command(starter, "start kestrel nova pack=fruit rounds=3 until=2h"))
				go s.press(starter, ask.Buttons[0].ID)
				revive := func() {
					select {
					case <-halt:
						stopped++
						s.opt.Step = nil
						s.stop()
						s.begin()
					default:
					}
				}
				for range 3 {
					s.sleep(2 * time.Minute)
					revive()
				}
				for i := range 3 {
					m := s.room.called(s.T, fmt.Sprintf("1.%d/ballot", i+1))
					s.tap(m.Ref, "bo", bot.Left, true)
				}
				go s.press(starter, "1/close")
				for range 3 {
					s.sleep(2 * time.Minute)
					revive()
				}
				s.sleep(3 * time.Hour)
				if keys := s.room.keys(); !slices.Equal(keys, []string{"1/head", "1.1/ballot", "1.2/ballot", "1.3/ballot", "1/announcement"}) {
					s.Errorf("posts: %v", keys)
				}
				if a := s.announcement(id); a.Base.String() != "3 votes, 1 person, 3 prompts" {
					s.Errorf("announcement: %q", a.Base)
				}
				if h, e, o := toldHead.Load(), toldEnd.Load(), toldElse.Load(); h > 1 || e > 1 || h+e < 1 || o > 0 {
					s.Errorf("robots were told of the head %d times, of the announcement %d times, and %d times of something else; each at most once, and only one can be lost", h, e, o)
				}
			})
		})
	}
	if stopped < 20/stride {
		t.Errorf("only %d of %d runs were stopped", stopped, steps/stride)
	}
}

// A ballot that was deleted is revealed in a new post, by what was heard.
func TestDeletedBallot(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 until=2h")
		m := s.room.called(s.T, "1.2/ballot")
		s.tap(m.Ref, "bo", bot.Left, true)
		s.room.now(func(*room) { m.gone = true })
		s.press(starter, "1/close")
		s.wait()
		r := s.room.called(s.T, "1.2/reveal").now().(bot.Reveal)
		if r.Votes != 1 || !strings.Contains(strings.Join(bot.English(r.Notes), " "), "deleted") {
			s.Errorf("reveal = %+v", r)
		}
	})
}

// A lost place fails its tastings; the starter is told once, nothing loops.
func TestLostPlace(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"heard of", "found out"} {
		t.Run(how, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
				s.room.now(func(c *room) { c.told, c.lost = nil, true })
				if how == "heard of" {
					if err := s.bot.Gone(s.Context(), lounge, bot.ErrLost); err != nil {
						s.Fatal(err)
					}
				}
				s.sleep(20 * time.Hour)
				got := s.tasting(id)
				if got.State != bot.Failed || !got.Settled() {
					s.Errorf("the tasting is %v, settled %v", got.State, got.Settled())
				}
				told := s.room.heard()
				if how == "found out" && len(told) > 0 { // first that its votes are waited for
					told = told[1:]
				}
				if len(told) != 1 || !strings.Contains(told[0], "channel is gone") {
					s.Errorf("told %q, want the starter told once", s.room.heard())
				}
			})
		})
	}
}

// Cancelled tastings are never revealed, and their posts say so.
func TestCancel(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=2 until=2h")
		s.press(starter, "1/cancel")
		s.wait()
		if h := s.room.called(s.T, "1/head").now().(bot.Head); h.State != bot.Cancelled || len(h.Menu) != 0 {
			s.Errorf("head = %+v", h)
		}
		s.sleep(5 * time.Hour)
		if keys := s.room.keys(); len(keys) != 3 {
			s.Errorf("posts: %v", keys)
		}
		if n := s.notice(s.command(starter, "results 1")); !n.Error {
			s.Errorf("results of a cancelled tasting: %+v", n)
		}
	})
}

// Somebody who was not told of a nudge is not nudged twice; five voters stop
// the extension.
func TestNudgeAndExtension(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h invite="@bo, @cy, @di"`)
		s.tap(s.room.called(s.T, "1.1/ballot").Ref, "bo", bot.Left, true)
		closes := s.tasting(id).Closes
		s.sleep(time.Until(closes) - time.Minute)
		if n := s.room.called(s.T, "1/nudge").now().(bot.Notice); !strings.Contains(n.Text.String(), "1 of 3 invited has tasted so far") {
			s.Errorf("nudge = %q", n.Text)
		}
		s.sleep(2 * time.Minute)
		if got := s.tasting(id); !got.Extended || got.State != bot.Open {
			s.Fatalf("with one voter at closing time: extended %v, %v", got.Extended, got.State)
		}
		s.room.called(s.T, "1/extended")
		s.sleep(3 * time.Hour)
		if got := s.tasting(id); got.State != bot.Revealed {
			s.Errorf("extended a second time: %v", got.State)
		}
		if a := s.announcement(id); !strings.Contains(strings.Join(bot.English(a.Notes), " "), "extended once") {
			s.Errorf("notes = %q", a.Notes)
		}
	})
}

// In a long tasting the nudge comes two hours before the end, not earlier.
func TestNudgeComesLate(t *testing.T) {
	t.Parallel()
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=60h invite="@bo, @cy, @di"`)
		nudges := func() (n int) {
			for _, key := range s.room.keys() {
				if key == "1/nudge" {
					n++
				}
			}
			return n
		}
		closes := s.tasting(id).Closes
		s.sleep(time.Until(closes) - 2*time.Hour - time.Minute)
		if n := nudges(); n != 0 {
			s.Errorf("more than two hours before the end there are %d nudges", n)
		}
		s.sleep(2 * time.Minute)
		if n := nudges(); n != 1 {
			s.Errorf("less than two hours before the end there are %d nudges, want one", n)
		}
	})
}

// A bot that was down at closing time closes late, and says so.
func TestLate(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		s.stop()
		s.sleep(26 * time.Hour)
		s.begin()
		s.wait()
		if a := s.announcement(id); !strings.Contains(strings.Join(bot.English(a.Notes), " "), "because the bot was not running") {
			s.Errorf("notes = %q", a.Notes)
		}
	})
}

// A bot that is stopped between two steps of asking does not show, after its
// restart, what it would not have shown.
func TestStoppedWhileAsking(t *testing.T) {
	for name, set := range map[string]func(*scribe){
		"names itself": func(m *scribe) { m.answers = []string{"I am Kestrel."} },
		"filtered":     func(m *scribe) { m.answers, m.finish = []string{"I can"}, "content_filter" },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				set(s.models[0])
				s.opt.Step = func(step string) {
					if step == "answered 1.1" {
						runtime.Goexit() // as if the process were dead
					}
				}
			}, func(s *stage) {
				ask := s.notice(s.command(starter, `start kestrel nova prompt="Hello?" until=2h`))
				s.press(starter, ask.Buttons[0].ID)
				s.wait()
				s.stop()
				s.opt.Step = nil
				s.begin()
				s.wait()
				if got := s.tasting(bot.TastingID{Workspace: team, N: 1}); got.State != bot.Failed || len(s.room.keys()) != 0 {
					s.Errorf("after the restart it is %v, with posts %v", got.State, s.room.keys())
				}
			})
		})
	}
}

// A head that was deleted takes its thread with it; the reveal stands in the
// channel all the same. Edits that fail for ever stop neither closing nor
// announcing.
func TestNothingHoldsTheRevealUp(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(*room){
		"the head is deleted": func(c *room) { c.messages[0].gone, c.messages[1].gone = true, true },
		"edits fail":          func(c *room) { c.noEdit = true },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
				s.room.now(fault)
				s.command(starter, "extend until=3h")
				s.sleep(24 * time.Hour)
				if got := s.tasting(id).State; got != bot.Revealed {
					s.Errorf("a day later it is %v", got)
				}
				s.room.called(s.T, "1/announcement")
			})
		})
	}
}

// Whoever adds the bot to a channel is greeted once, also if the answer was lost.
func TestJoined(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.room.now(func(c *room) { c.lose = 1 })
		for range 3 {
			s.bot.Joined(s.Context(), lounge) // the first fails, and the chat tells again
		}
		if keys := s.room.keys(); len(keys) != 1 {
			s.Errorf("greetings: %v", keys)
		}
	})
}

// While another replica is at work on a tasting this one leaves it alone, and
// takes over when the other's claim has run out.
func TestOneReplicaActs(t *testing.T) {
	var other atomic.Bool
	play(t, func(s *stage) {
		s.wrap = func(store bot.Store) bot.Store { return claimedElsewhere{store, &other} }
	}, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
		other.Store(true)
		s.press(starter, "1/close")
		s.sleep(5 * time.Minute)
		if got := s.tasting(id).State; got != bot.Closing || len(s.room.keys()) != 1 {
			s.Errorf("while another replica has the tasting it is %v, with posts %v", got, s.room.keys())
		}
		other.Store(false)
		s.sleep(5 * time.Minute)
		s.announcement(id)
	})
}

// A bot that slept through the end of its lease finds its job taken over: it
// writes nothing more, and what it has posted is found by whoever comes next.
func TestTakenOver(t *testing.T) {
	for _, step := range []string{"asked for", "said 1/head", "said 1.1/ballot", "closing", "sealed", "said 1/announcement"} {
		t.Run(step, func(t *testing.T) {
			var taken bot.Job
			var log strings.Builder
			play(t, func(s *stage) {
				s.log = io.MultiWriter(s.log, &log)
				s.opt.Step = func(name string) {
					if name != step || taken.Term != 0 {
						return
					}
					for { // retention may be due as well
						job, ok, err := s.store.Take(context.Background(), time.Now().Add(2*time.Minute), time.Minute)
						if _, it := job.Key.Tasting(); err != nil || !ok || it {
							taken = job
							if err != nil {
								s.Error(err)
							}
							return
						}
					}
				}
			}, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
				s.sleep(10 * time.Minute)
				s.tap(s.room.called(s.T, "1.1/ballot").Ref, "bo", bot.Left, true)
				s.press(starter, "1/close")
				s.sleep(10 * time.Minute)
				if keys := s.room.keys(); !slices.Equal(keys, []string{"1/head", "1.1/ballot", "1.2/ballot", "1/announcement"}) {
					s.Errorf("posts: %v", keys)
				}
				if a := s.announcement(id); a.Base.String() != "1 vote, 1 person, 1 prompt" {
					s.Errorf("announcement: %q", a.Base)
				}
				if got, ok := taken.Key.Tasting(); !ok || got != id {
					s.Errorf("%v was taken over, not the tasting: the test shows nothing", taken.Key)
				}
				if step != "asked for" && step != "closing" && !strings.Contains(log.String(), "somebody else has taken over a job") {
					s.Error("the log does not say that the job was taken over")
				}
			})
		})
	}
}

// claimedElsewhere is a store whose jobs another replica may have.
type claimedElsewhere struct {
	bot.Store
	other *atomic.Bool
}

func (c claimedElsewhere) Take(ctx context.Context, now time.Time, lease time.Duration) (bot.Job, bool, error) {
	if c.other.Load() {
		return bot.Job{}, false, nil
	}
	return c.Store.Take(ctx, now, lease)
}
