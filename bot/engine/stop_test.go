package engine_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// An unhurried room takes a second for each post and each edit.
type unhurried struct{ *room }

func (c unhurried) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	time.Sleep(time.Second)
	return c.room.Post(ctx, at, key, since, p)
}

func (c unhurried) Edit(ctx context.Context, ref bot.Ref, p bot.Post) error {
	time.Sleep(time.Second)
	return c.room.Edit(ctx, ref, p)
}

// Whoever is told to stop finishes the post that is under way, and no more: a supervisor
// waits ten seconds, and another replica for the lead. The next one goes on at once where
// it stopped, and nothing is said twice.
func TestToldToStopBetweenTwoPosts(t *testing.T) {
	const rounds = 12
	play(t, func(s *stage) { s.chat = unhurried{s.room} }, func(s *stage) {
		// over runs the bot in stretches of a few seconds until done holds.
		over := func(what string, done func() bool) {
			t.Helper()
			for range rounds {
				told := time.Now()
				s.stop()
				if took := time.Since(told); took > 2*time.Second {
					t.Errorf("%s: told to stop it went on for %v, and a post takes a second", what, took)
				}
				s.begin()
				s.sleep(3500 * time.Millisecond)
				if done() {
					return
				}
			}
			t.Errorf("%s: started %d times, for three posts each, it has not come to its end", what, rounds)
		}
		id := s.start(fmt.Sprintf("start kestrel nova pack=fruit rounds=%d until=2h", rounds))
		over("while ballots are posted", func() bool { return s.tasting(id).State == bot.Open })
		s.press(starter, "1/close")
		over("while reveals are shown", func() bool { return s.tasting(id).State == bot.Revealed && len(s.tasting(id).Unshown) == 0 })

		said := make(map[string]int)
		for _, m := range s.room.all() {
			said[m.Key]++
			if _, ok := m.now().(bot.Reveal); strings.HasSuffix(m.Key, "/ballot") && !ok {
				t.Errorf("%s is %T at the end, and no reveal", m.Key, m.now())
			}
		}
		for key, n := range said {
			if n != 1 {
				t.Errorf("%s was said %d times", key, n)
			}
		}
		if len(said) != rounds+2 {
			t.Errorf("%d posts stand, want a head, %d ballots and an announcement: %v", len(said), rounds, said)
		}
	})
}

// A queued room reads a ballot when it is its turn, as a chat does that takes so many
// calls a minute. Whoever is told to stop does not wait for that.
type queued struct {
	*room
	turn *atomic.Int64 // how long it is until then
}

func (c queued) Reactions(ctx context.Context, ref bot.Ref) ([]bot.Tap, error) {
	waiting, release := bot.Waiting(ctx)
	defer release()
	select {
	case <-waiting.Done():
		return nil, waiting.Err()
	case <-time.After(time.Duration(c.turn.Load())):
		return c.room.Reactions(ctx, ref)
	}
}

// A ballot that is not read at closing because the bot is told to stop is read by whoever
// is there next: nothing is wrong with it, however long it was waited for before.
func TestToldToStopBeforeAClosingBallotIsRead(t *testing.T) {
	for name, out := range map[string]time.Duration{"at once": 0, "after an outage that took all the time there is": 3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			var turn atomic.Int64
			play(t, func(s *stage) { s.chat, s.opt.WaitForVotes = queued{s.room, &turn}, 3*time.Hour }, func(s *stage) {
				id, _ := s.twelve()
				s.room.now(func(c *room) { c.told = nil })
				if out > 0 {
					s.room.now(func(c *room) { c.unread = true })
					s.press(starter, "1/close")
					s.sleep(out - 2*time.Minute)
					s.room.now(func(c *room) { c.unread, c.told = false, nil })
					turn.Store(int64(10 * time.Minute))
					s.sleep(4 * time.Minute)
				} else {
					turn.Store(int64(10 * time.Minute))
					s.press(starter, "1/close")
					s.sleep(2 * time.Minute)
				}
				s.stop()
				s.begin()
				if got := s.tasting(id); got.State != bot.Closing || out == 0 && !got.ReadBy.IsZero() {
					s.Errorf("told to stop before it could read the ballot it left the tasting %v, to be read until %v", got.State, got.ReadBy)
				}
				turn.Store(0)
				s.stop()
				s.begin()
				s.wait()
				if told := s.room.heard(); len(told) > 0 {
					s.Errorf("the starter was told %q, and nothing was wrong", told)
				}
				if a := s.announcement(id); a.Base.String() != "12 votes, 12 people, 1 prompt" {
					s.Errorf("announced: %q, of 12 that stand", a.Base)
				}
			})
		})
	}
}

// A chat may take a second for each of those who voted to say whether they count.
type deliberate struct{ *room }

func (c deliberate) Elects(ctx context.Context, at bot.Place, user string, e bot.Electorate, since time.Time) (bool, error) {
	time.Sleep(time.Second)
	return c.room.Elects(ctx, at, user, e, since)
}

// Whoever is told to stop asks no further whose votes count; the next one asks anew.
func TestToldToStopWhileItAsksWhoCounts(t *testing.T) {
	play(t, func(s *stage) { s.chat = deliberate{s.room} }, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" voters="@cooks" until=2h`)
		s.room.groups = make(map[string][]string)
		for i := range 20 {
			user := fmt.Sprint("taster", i)
			s.room.now(func(c *room) { c.groups[user] = []string{"cooks"} })
			s.tap(s.room.called(s.T, "1.1/ballot").Ref, user, bot.Left, true)
		}
		s.press(starter, "1/close")
		s.wait()
		told := time.Now()
		s.stop()
		if took := time.Since(told); took > 2*time.Second {
			s.Errorf("told to stop it went on for %v, and a question takes a second", took)
		}
		s.begin()
		s.sleep(30 * time.Second)
		if a := s.announcement(id); a.Base.String() != "20 votes, 20 people, 1 prompt" {
			s.Errorf("announced: %q", a.Base)
		}
	})
}

// A slower room takes two seconds for each post.
type slower struct{ unhurried }

func (c slower) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	time.Sleep(time.Second)
	return c.unhurried.Post(ctx, at, key, since, p)
}

// A forlorn store says to whoever renews a job that somebody else has it.
type forlorn struct{ bot.Store }

func (forlorn) Renew(context.Context, bot.Job, time.Time) error { return bot.ErrTerm }

// Whoever learns between two posts that somebody else has the job ends there as one who
// is told to stop, and that is no fault of the job.
func TestTakenOverBetweenTwoPosts(t *testing.T) {
	var log strings.Builder
	play(t, func(s *stage) {
		s.chat, s.log = slower{unhurried{s.room}}, io.MultiWriter(s.log, &log)
		s.wrap = func(store bot.Store) bot.Store { return forlorn{store} }
	}, func(s *stage) {
		s.start("start kestrel nova pack=fruit rounds=12 until=2h")
		s.sleep(30 * time.Second)
		if n := len(s.room.all()); n > 11 {
			s.Errorf("%d posts stand half a minute after the start, each of two seconds, and the job was lost after twenty", n)
		}
		if said := log.String(); !strings.Contains(said, "somebody else has taken over a job") || strings.Contains(said, "level=ERROR") {
			s.Errorf("a job that somebody else has is logged so:\n%s", said)
		}
	})
}

// A courteous room takes a second for each direct message.
type courteous struct{ *room }

func (c courteous) Tell(ctx context.Context, to bot.Voter, p bot.Post) error {
	time.Sleep(time.Second)
	return c.room.Tell(ctx, to, p)
}

// Whoever is told to stop reminds nobody else. The next one goes on with those who are
// left, and tells nobody twice.
func TestToldToStopBetweenTwoReminders(t *testing.T) {
	const people = 12
	play(t, func(s *stage) { s.chat = courteous{s.room} }, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=3h`)
		for i := range people {
			s.press(fmt.Sprint("taster", i), "1/remind/late")
		}
		s.sleep(time.Until(s.tasting(id).Closes.Add(-time.Hour)) + 3500*time.Millisecond)
		lives := 1
		for ; len(s.tasting(id).Reminders) > 0; lives++ {
			told := time.Now()
			s.stop()
			if took := time.Since(told); took > 2*time.Second {
				s.Errorf("told to stop it went on for %v, and a message takes a second", took)
			}
			s.begin()
			s.sleep(3500 * time.Millisecond)
			if lives == people {
				s.Fatalf("after %d starts %d people are still to be reminded", lives, len(s.tasting(id).Reminders))
			}
		}
		s.wait()
		for i := range people {
			s.wantReminders(fmt.Sprint("taster", i), 1, fmt.Sprintf("after %d starts", lives))
		}
		if lives < 3 {
			s.Errorf("all were reminded in %d lives of three and a half seconds, and a message takes one", lives)
		}
	})
}
