package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A chat that takes only so many edits of old messages holds nothing up: the
// announcement comes at once, and the ballots are edited when that is possible
// again, from where it stopped, over a restart too.
func TestOldPostsAreEditedLater(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=4 until=2h")
		s.room.now(func(c *room) { c.old, c.edits = true, 2 })
		s.press(starter, "1/close")
		s.sleep(time.Minute)
		s.announcement(id)
		if got := s.tasting(id).State; got != bot.Revealed {
			s.Errorf("with the announcement there it is %v", got)
		}
		want := func(when string, edits ...int) {
			s.Helper()
			for i, n := range edits {
				key := fmt.Sprintf("1.%d/ballot", i)
				if i == 0 {
					key = "1/head"
				}
				if got := len(s.room.called(s.T, key).all()) - 1; got != n {
					s.Errorf("%s: %s was edited %d times, not %d", when, key, got, n)
				}
			}
		}
		want("two edits are taken", 1, 1, 0, 0, 0)
		s.stop()
		s.begin()
		s.sleep(10 * time.Minute)
		s.room.now(func(c *room) { c.edits = 1 })
		want("after a restart, before it is time", 1, 1, 0, 0, 0)
		s.sleep(15 * time.Minute)
		want("one more is taken", 1, 1, 1, 0, 0)
		s.room.now(func(c *room) { c.old = false })
		s.sleep(25 * time.Minute)
		want("all are taken", 1, 1, 1, 1, 1)
		if _, ok := s.room.called(s.T, "1.4/ballot").now().(bot.Reveal); !ok {
			s.Errorf("the last ballot says %T", s.room.called(s.T, "1.4/ballot").now())
		}
	})
}

// Edits that are never taken end after a day; a place that is lost after the
// announcement takes nothing back.
func TestOldPostsThatAreNeverEdited(t *testing.T) {
	if testing.Short() {
		t.Skip("a day passes twice: TestNothingHoldsTheRevealUp has edits that fail")
	}
	t.Parallel()
	for name, fault := range map[string]func(*room){
		"no edit is taken":  func(c *room) { c.noEdit, c.old, c.edits = false, true, 0 },
		"the place is lost": func(c *room) { c.lost = true },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) { s.opt.LostAfter = time.Second }, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=2 until=2h")
				s.room.now(func(c *room) { c.noEdit = true })
				s.press(starter, "1/close")
				s.sleep(time.Minute)
				s.room.now(fault)
				s.sleep(25 * time.Hour)
				if got := s.tasting(id); got.State != bot.Revealed || !got.Settled() {
					s.Errorf("a day later it is %v, settled %v", got.State, got.Settled())
				}
			})
		})
	}
}

// A new closing time that cannot be shown in old posts, since they take no more
// edits, does not hold the tasting up.
func TestOldPostsAndANewClosingTime(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=2 until=2h invite=@bo")
		s.room.now(func(c *room) { c.old, c.edits = true, 0 })
		s.command(starter, "extend until=4h")
		s.sleep(3 * time.Hour)
		if got := s.tasting(id); got.Stale || !got.Nudged {
			s.Errorf("posts are still to be edited: %v; the nudge came: %v", got.Stale, got.Nudged)
		}
		s.sleep(24 * time.Hour)
		s.announcement(id)
	})
}

// Counts are left alone on posts that are too old, also after a restart, when
// no vote has been heard yet.
func TestCountsOfOldPosts(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.start(`start kestrel nova prompt="Hello?" until=6h`)
		s.room.now(func(c *room) { c.countFor = time.Hour })
		m := s.room.called(s.T, "1.1/ballot")
		s.tap(m.Ref, "bo", bot.Left, true)
		s.sleep(2 * time.Hour)
		s.stop()
		s.begin()
		before := len(m.all())
		s.tap(m.Ref, "cy", bot.Left, true)
		s.sleep(time.Minute)
		if n := len(m.all()) - before; before != 2 || n != 0 {
			s.Errorf("in its first hour the ballot was edited %d times, and after a restart %d times", before-1, n)
		}
	})
}
