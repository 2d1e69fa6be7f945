package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// twelve opens a tasting of one round on which twelve votes stand, of which the
// bot heard six.
func (s *stage) twelve() (bot.TastingID, *message) {
	s.Helper()
	id := s.start(`start kestrel nova prompt="Hello?" until=2h`)
	m := s.room.called(s.T, "1.1/ballot")
	for i := range 12 {
		if user := fmt.Sprint("taster", i); i < 6 {
			s.tap(m.Ref, user, bot.Left, true)
		} else {
			s.room.stand(m.Ref, user, bot.Left, true)
		}
	}
	return id, m
}

// Votes that stand and cannot be read at closing are waited for: through a
// refused token, a lost place, an outage and a restart; voting stays closed.
func TestVotesAreWaitedFor(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*room, bool){
		"the place is lost": func(c *room, on bool) { c.lost = on },
		"an outage":         func(c *room, on bool) { c.unread = on },
	} {
		for _, restart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, restart %v", name, restart), func(t *testing.T) {
				play(t, nil, func(s *stage) {
					id, m := s.twelve()
					s.room.now(func(c *room) { broken(c, true); c.told = nil; c.reads = 0 })
					s.press(starter, "1/close")
					s.sleep(30 * time.Second)
					if err := s.bot.Healthy(s.Context()); err != nil {
						s.Errorf("half a minute is no ill health: %v", err)
					}
					s.sleep(2 * time.Hour)
					if restart {
						s.stop()
						s.begin()
						s.sleep(2 * time.Hour)
					}
					if err := s.bot.React(s.Context(), bot.Tap{Ref: m.Ref, User: "late", Choice: bot.Left, On: true}); err != nil {
						s.Error(err)
					}
					if got := s.tasting(id); got.State != bot.Closing {
						s.Fatalf("while its votes cannot be read the tasting is %v", got.State)
					}
					if n := s.room.reads; n < 100 || n > 300 {
						s.Errorf("in some hours the ballot was asked for %d times, not about once a minute", n)
					}
					if said := s.notice(s.command("bo", "status 1")).Text; !strings.Contains(said.String(), "cannot be read yet and are waited for until") {
						s.Errorf("status says %q", said)
					}
					if err := s.bot.Healthy(s.Context()); err == nil || !strings.Contains(err.Error(), "tasting 1") {
						s.Errorf("health says %v", err)
					}
					if told := s.room.heard(); len(told) != 1 || !strings.Contains(told[0], "I go on trying until") {
						s.Errorf("the starter was told %q, want it told once that votes are waited for", told)
					}
					s.room.now(func(c *room) { broken(c, false) })
					s.sleep(2 * time.Minute)
					a := s.announcement(id)
					t.Logf("%s for hours, and mended: %s, of 12 that stand", name, a.Base)
					if a.Base.String() != "12 votes, 12 people, 1 prompt" || !strings.Contains(strings.Join(bot.English(a.Notes), " "), "hours after voting closed") {
						s.Errorf("announced: %q, %q", a.Base, a.Notes)
					}
					if err := s.bot.Healthy(s.Context()); err != nil {
						s.Errorf("when it is revealed health says %v", err)
					}
				})
			})
		}
	}
}

// When the stated time is used up, what was heard counts, and the reveal says
// so. A bot that was off meanwhile tries some times before it gives up.
func TestWaitingIsUsedUp(t *testing.T) {
	for name, off := range map[string]time.Duration{"while it runs": 0, "while it is off": 9 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) { s.opt.WaitForVotes = 3 * time.Hour }, func(s *stage) {
				id, m := s.twelve()
				s.room.now(func(c *room) { c.unread = true })
				s.press(starter, "1/close")
				s.sleep(time.Minute)
				hours := "3 hours"
				if off > 0 {
					s.stop()
					s.sleep(off)
					s.begin()
					s.sleep(2 * time.Second)
					if got := s.tasting(id).State; got != bot.Closing {
						s.Errorf("after a start and one try it is %v", got)
					}
					hours = "9 hours"
					s.sleep(3 * time.Minute)
				} else {
					s.sleep(3*time.Hour - 3*time.Minute)
					if got := s.tasting(id).State; got != bot.Closing {
						s.Errorf("before its time is up it is %v", got)
					}
					s.sleep(5 * time.Minute)
				}
				r := m.now().(bot.Reveal)
				want := "could not be read for " + hours + ", so what was heard counts"
				if notes := strings.Join(bot.English(r.Notes), " "); r.Votes != 6 || !strings.Contains(notes, want) {
					s.Errorf("revealed with %d votes and %q; want 6, and %q", r.Votes, notes, want)
				}
			})
		})
	}
}

// A place that is lost when the reveal is due, and comes back after an hour,
// loses no tasting.
func TestPlaceLostForAMoment(t *testing.T) {
	play(t, nil, func(s *stage) {
		id, _ := s.twelve()
		s.room.now(func(c *room) { c.noPosts = func(string) error { return bot.ErrLost } })
		s.press(starter, "1/close")
		s.sleep(time.Hour)
		if got := s.tasting(id).State; got != bot.Closed {
			s.Fatalf("after an hour's lapse it is %v", got)
		}
		s.room.now(func(c *room) { c.noPosts = nil })
		s.sleep(2 * time.Minute)
		if a := s.announcement(id); a.Base.String() != "12 votes, 12 people, 1 prompt" {
			s.Errorf("announced: %q", a.Base)
		}
	})
}

// What will not come back is not waited for.
func TestNothingToWaitFor(t *testing.T) {
	play(t, nil, func(s *stage) {
		id, _ := s.twelve()
		s.room.now(func(c *room) { c.lost = true })
		s.press(starter, "1/close")
		s.wait()
		if err := s.bot.Gone(s.Context(), lounge, bot.ErrLost); err != nil {
			s.Fatal(err)
		}
		s.wait()
		if got := s.tasting(id).State; got != bot.Closing {
			s.Errorf("in a place that may come back it is %v", got)
		}
		if err := s.bot.Gone(s.Context(), lounge, fmt.Errorf("deleted: %w, %w", bot.ErrLost, bot.ErrGone)); err != nil {
			s.Fatal(err)
		}
		s.wait()
		if got := s.tasting(id).State; got != bot.Failed {
			s.Errorf("in a place that was deleted it is %v", got)
		}
	})
}
