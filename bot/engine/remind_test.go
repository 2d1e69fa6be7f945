package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// reminders are the direct messages to somebody that remind.
func (s *stage) reminders(user string) (all []string) {
	for _, told := range s.room.heard() {
		if said, ok := strings.CutPrefix(told, user+": You asked to be reminded"); ok {
			all = append(all, said)
		}
	}
	return all
}

// sentReminders are the same, whole, in the order in which they came.
func (s *stage) sentReminders() (all []bot.Notice) {
	for _, p := range s.room.direct {
		if n := p.(bot.Notice); strings.HasPrefix(n.Text.String(), "You asked to be reminded") {
			all = append(all, n)
		}
	}
	return all
}

// wantReminders fails unless so many messages have reminded somebody.
func (s *stage) wantReminders(user string, want int, when string) {
	s.Helper()
	if got := s.reminders(user); len(got) != want {
		s.Errorf("%s: %s was reminded %d times, want %d: %q", when, user, len(got), want, got)
	}
}

// labels are what the buttons of an answer say.
func labels(n bot.Notice) (all []string) {
	for _, b := range n.Buttons {
		all = append(all, b.Label.String())
	}
	return all
}

// wantAnswer fails unless a press is answered by a notice with such buttons.
func (s *stage) wantAnswer(user, button string, want ...string) bot.Notice {
	s.Helper()
	n := s.notice(s.press(user, button))
	if got := labels(n); n.Error || !slices.Equal(got, want) {
		s.Errorf("%s is answered with %q and buttons %q, want %q", button, n.Text, got, want)
	}
	return n
}

// Who asks to be reminded tomorrow gets one message at 9:00 where they are, or where
// the place is; it stands over a restart, and says nothing but that rounds are left.
func TestReminderTomorrow(t *testing.T) {
	play(t, func(s *stage) {
		s.opt.TimeZone = time.FixedZone("", 0)
		s.room.zones = map[string]string{"bo": "Asia/Tokyo"}
	}, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=3 ballot=private until=40h") // from midnight
		head := s.room.called(s.T, "1/head").now().(bot.Head)
		if got := labels(bot.Notice{Buttons: head.Menu}); !slices.Contains(got, "Remind me") {
			s.Errorf("the head offers %q, and no reminder", got)
		}
		for _, user := range []string{"bo", "cy"} {
			s.wantAnswer(user, "1/remind", "Tomorrow at 9:00", "An hour before voting closes", "No reminders")
			s.wantAnswer(user, "1/remind/tomorrow", "Cancel this one", "No reminders")
			s.wantAnswer(user, "1/remind/tomorrow", "Cancel this one", "No reminders") // a second tap is none more
		}
		tokyo, err := time.LoadLocation("Asia/Tokyo")
		if err != nil {
			s.Fatal(err)
		}
		for user, zone := range map[string]*time.Location{"bo": tokyo, "cy": time.UTC} {
			for _, r := range s.tasting(id).Reminders {
				y, m, d := time.Now().In(zone).Date()
				if want := time.Date(y, m, d+1, 9, 0, 0, 0, zone); r.User == user && !r.At.Equal(want) {
					s.Errorf("%s is to be reminded at %v, not at %v", user, r.At, want)
				}
			}
		}
		s.stop()
		s.begin()
		due := map[string]time.Time{}
		for _, r := range s.tasting(id).Reminders {
			due[r.User] = r.At
		}
		for _, user := range []string{"bo", "cy"} {
			s.sleep(time.Until(due[user]) - time.Minute)
			s.wantReminders(user, 0, "a minute before")
			s.sleep(2 * time.Minute)
			s.wantReminders(user, 1, "a minute after")
		}
		s.sleep(time.Until(s.tasting(id).Closes) - time.Minute)
		s.stop()
		s.begin()
		s.sleep(50 * time.Hour)
		for _, user := range []string{"bo", "cy"} {
			s.wantReminders(user, 1, "once it is over")
			for _, said := range s.reminders(user) {
				if strings.Contains(said, "kestrel") || strings.Contains(said, "nova") || strings.ContainsAny(strings.SplitAfter(said, "Voting closes")[0], "0123456789") {
					s.Errorf("the reminder tells more than that rounds are left: %q", said)
				}
			}
		}
	})
}

// An hour before voting closes is that before whenever it closes.
func TestReminderBeforeTheEnd(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=5h`)
		s.wantAnswer("bo", "1/remind/late", "Cancel this one", "No reminders")
		s.press(starter, "1/extend")
		s.sleep(5 * time.Hour)
		closes := s.tasting(id).Closes
		s.wantReminders("bo", 0, "at the time at which it closed at first")
		s.sleep(time.Until(closes) - time.Hour - time.Minute)
		s.wantReminders("bo", 0, "more than an hour before the end")
		s.sleep(2 * time.Minute)
		s.wantReminders("bo", 1, "less than an hour before the end")
		n := s.notice(s.press("bo", "1/remind"))
		if len(n.Buttons) > 0 || !strings.Contains(n.Text.String(), "too soon") {
			s.Errorf("so late a reminder is answered with %q and %q", n.Text, labels(n))
		}
	})
}

// A leisurely room takes its time for each direct message to somebody but the starter.
type leisurely struct {
	*room
	takes time.Duration
}

func (c leisurely) Tell(ctx context.Context, to bot.Voter, p bot.Post) error {
	if to.User != starter {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(c.takes):
		}
	}
	return c.room.Tell(ctx, to, p)
}

// Voting ends in time, a press of Extend shows and the thread is reminded of it, however
// many have yet to be reminded and however slow the chat is; reminders go on beside that.
func TestRemindersHoldNothingUp(t *testing.T) {
	for name, takes := range map[string]time.Duration{"each takes half a minute": 30 * time.Second, "none ever comes through": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			const people = 200
			play(t, func(s *stage) { s.chat = leisurely{s.room, takes} }, func(s *stage) {
				id := s.start(`start kestrel nova pack=fruit rounds=2 until=3h invite=@ana,@li`)
				head := s.room.called(s.T, "1/head")
				for n := range people {
					user := fmt.Sprint("user", n)
					s.wantAnswer(user, "1/remind/late", "Cancel this one", "No reminders")
					if n < bot.EnoughVoters {
						s.tap(s.room.called(s.T, "1.1/ballot").Ref, user, bot.Left, true)
					}
				}
				s.sleep(time.Until(s.tasting(id).Closes) - time.Hour + 10*time.Minute)
				sent := func() int { return people - len(s.tasting(id).Reminders) }
				if n := sent(); n < 5 || n > people/2 {
					s.Fatalf("after ten minutes of it %d of %d are reminded: this test has tested nothing", n, people)
				}
				before := asText(head.now())
				s.command(starter, `extend 1 until="65m"`)
				s.sleep(2 * time.Minute)
				if s.tasting(id).Stale || asText(head.now()) == before {
					s.Errorf("two minutes after it was given more time the posts do not say so")
				}
				closes := s.tasting(id).Closes
				s.sleep(time.Until(closes) - 30*time.Minute)
				if n := sent(); n < 20 || n == people {
					s.Errorf("half an hour before the end %d of %d are reminded, want some", n, people)
				}
				if !slices.Contains(s.room.keys(), "1/nudge") {
					s.Errorf("the thread was not reminded; there are %v", s.room.keys())
				}
				s.sleep(30*time.Minute + 3*time.Minute)
				if got := s.tasting(id); got.State != bot.Revealed || got.ClosedAt.Sub(closes) > 2*time.Minute {
					s.Errorf("three minutes after the end it is %v, closed at %v and not %v", got.State, got.ClosedAt, closes)
				}
			})
		})
	}
}

// Nobody is reminded who took it back, who has voted in all rounds, who is forgotten, or
// of a test that is over; and taking it back is no nudge.
func TestNoReminder(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova pack=fruit rounds=2 until=40h invite="@bo, @cy, @di"`)
		two := s.start(`start kestrel nova prompt="Hello?" until=40h`)
		gone := s.start(`start kestrel nova prompt="Bye?" until=40h`)
		all := []string{"off", "never", "voter", "half", "forgotten"}
		for _, user := range all {
			s.wantAnswer(user, "1/remind/tomorrow", "Cancel this one", "No reminders")
		}
		for _, button := range []string{"2/remind/tomorrow", "3/remind/tomorrow"} {
			s.wantAnswer("never", button, "Cancel this one", "No reminders")
		}
		s.wantAnswer("off", "2/remind/tomorrow", "Cancel this one", "No reminders")
		s.wantAnswer("ed", "3/remind/tomorrow", "Cancel this one", "No reminders")

		s.wantAnswer("off", "1/remind/off")
		s.wantAnswer("never", "1/remind/never")
		s.press("forgotten", "forget-me")
		for _, b := range []string{"1.1/ballot", "1.2/ballot"} {
			s.tap(s.room.called(s.T, b).Ref, "voter", bot.Left, true)
		}
		s.tap(s.room.called(s.T, "1.1/ballot").Ref, "half", bot.Left, true)
		s.wantAnswer("voter", "1/remind") // there is nothing to remind of
		s.press(starter, "3/cancel")
		s.wait()
		if got := s.tasting(gone).Reminders; len(got) > 0 {
			s.Errorf("a test that is cancelled still has reminders: %v", got)
		}
		for _, n := range []bot.TastingID{id, two} {
			if got := s.tasting(n).Reminders; slices.ContainsFunc(got, func(r bot.Reminder) bool { return r.User == "never" || r.User == "forgotten" }) {
				s.Errorf("of test %v those are to be reminded who will not be: %v", n, got)
			}
		}
		s.sleep(time.Until(s.tasting(id).Closes) - 3*time.Hour)
		for user, want := range map[string]int{"off": 1, "never": 0, "voter": 0, "half": 1, "forgotten": 0, "ed": 0} {
			s.wantReminders(user, want, "after 9:00")
		}
		if slices.Contains(s.room.keys(), "1/nudge") || s.tasting(id).Nudged {
			s.Errorf("the nudge came three hours before the end, with reminders")
		}
		s.wantAnswer("half", "1/remind/late", "Cancel this one", "No reminders")
		s.press(starter, "1/close")
		s.wait()
		if got := s.tasting(id); got.State == bot.Open || len(got.Reminders) > 0 {
			s.Errorf("closed before its time, a test is %v and still has reminders: %v", got.State, got.Reminders)
		}
		s.sleep(50 * time.Hour)
		s.wantReminders("half", 1, "once it was closed before its time")
		if got := s.notice(s.press("bo", "1/remind")); !got.Error {
			s.Errorf("of a test that is over a reminder is offered: %q", got.Text)
		}
	})
}

// A forgotten person's reminder was all there was to do: the nudge keeps its time.
func TestForgottenReminderIsNoNudge(t *testing.T) {
	play(t, nil, func(s *stage) {
		id := s.start(`start kestrel nova prompt="Hello?" until=40h invite="@bo, @cy, @di"`)
		s.wantAnswer("bo", "1/remind/tomorrow", "Cancel this one", "No reminders")
		s.press("bo", "forget-me")
		s.sleep(time.Until(s.tasting(id).Closes) - 3*time.Hour)
		if slices.Contains(s.room.keys(), "1/nudge") || s.tasting(id).Nudged {
			s.Errorf("whoever was forgotten left a nudge behind, three hours before the end")
		}
		s.sleep(2 * time.Hour)
		if !slices.Contains(s.room.keys(), "1/nudge") {
			s.Errorf("an hour before the end there was no nudge")
		}
	})
}

// Killed anywhere between taking a reminder and what follows its message, the bot sends
// it once at most, and those of others all the same.
func TestReminderStoppedAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes days of a tasting: TestReminderTomorrow has a restart")
	}
	for step, want := range map[string][2]int{"took a reminder": {0, 1}, "reminded": {1, 1}} {
		t.Run(step, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				var dead atomic.Bool
				s.stop()
				s.opt.Step = func(name string) {
					if name == step && dead.CompareAndSwap(false, true) {
						runtime.Goexit() // as if the process were dead
					}
				}
				s.begin()
				id := s.start(`start kestrel nova prompt="Hello?" until=40h`)
				s.wantAnswer("bo", "1/remind/tomorrow", "Cancel this one", "No reminders")
				s.wantAnswer("di", "1/remind/tomorrow", "Cancel this one", "No reminders")
				s.wantAnswer("cy", "1/remind/late", "Cancel this one", "No reminders")
				s.sleep(time.Until(s.tasting(id).Reminders[0].At) + time.Minute)
				if !dead.Load() {
					s.Fatalf("there was no step %q", step)
				}
				s.opt.Step = nil
				s.stop()
				s.begin()
				s.sleep(time.Until(s.tasting(id).Closes) - time.Minute)
				for i, user := range []string{"bo", "di"} {
					s.wantReminders(user, want[i], "killed after the step “"+step+"”")
				}
				s.wantReminders("cy", 1, "after that")
			})
		})
	}
}

// A reminder leads back to what opened the test, where the chat can say where that is;
// where it cannot, the reminder comes all the same.
func TestReminderLeadsBack(t *testing.T) {
	for name, lost := range map[string]bool{"the chat knows the address": false, "the chat does not know it": true} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(s *stage) {
				id := s.start("start kestrel nova pack=fruit rounds=2 until=40h")
				s.wantAnswer("bo", "1/remind/tomorrow", "Cancel this one", "No reminders")
				s.sleep(time.Until(s.tasting(id).Reminders[0].At) - time.Minute)
				s.room.now(func(c *room) { c.lost = lost })
				s.sleep(2 * time.Minute)
				sent := s.sentReminders()
				if len(sent) != 1 {
					s.Fatalf("bo was sent %d reminders, want one", len(sent))
				}
				b := sent[0].Buttons
				if lost {
					if got := labels(bot.Notice{Buttons: b}); !slices.Equal(got, []string{"No reminders"}) {
						s.Errorf("without an address the reminder has the buttons %q", got)
					}
					return
				}
				head := s.room.called(s.T, "1/head").Ref
				if want := "https://room.example/" + head.Channel + "/" + head.Message; len(b) != 2 || b[0].URL != want {
					s.Errorf("the reminder has the buttons %v, want one that leads to %s", b, want)
				}
				if got := s.press("bo", b[0].ID); got.Post != nil || got.Form != nil {
					s.Errorf("a tap on the button that leads there, of which chats tell too, is answered %+v", got)
				}
			})
		})
	}
}

// Brought back from a copy, the bot does not remind people again of whom the copy says
// that they are to be reminded; what falls due after that comes.
func TestReminderAfterARestore(t *testing.T) {
	var log lockedBuffer
	play(t, func(s *stage) { s.log = &log }, func(s *stage) {
		id := s.start("start kestrel nova pack=fruit rounds=2 until=40h")
		s.wantAnswer("bo", "1/remind/tomorrow", "Cancel this one", "No reminders")
		s.wantAnswer("cy", "1/remind/late", "Cancel this one", "No reminders")
		copied := s.copyStore()
		s.sleep(time.Until(s.tasting(id).Reminders[0].At) + time.Hour)
		s.wantReminders("bo", 1, "before the copy is brought back")
		s.bringBack(copied)
		if got := s.tasting(id).Reminders; len(got) != 2 {
			s.Fatalf("in the copy are the reminders %v, want both; this test has tested nothing", got)
		}
		s.sleep(time.Until(s.tasting(id).Closes) - time.Minute)
		s.wantReminders("bo", 1, "brought back from a copy of before it was due")
		s.wantReminders("cy", 1, "due after that")
		if !strings.Contains(log.String(), "a reminder is left out") {
			s.Errorf("the log does not say that one was left out:\n%s", log.String())
		}
	})
}

// Promise 1 for reminders: played twice with the sides exchanged, what is offered, what
// is answered and what comes is the same to the byte.
func TestReminderTellsNothing(t *testing.T) {
	var heard [2]string
	var flips [2][]bool
	for turn := range heard {
		play(t, func(s *stage) {
			s.opt.Rand = newSteady(byte(turn))
			priced(s)
		}, func(s *stage) {
			id := s.start("start kestrel nova pack=fruit rounds=3 until=40h")
			for _, r := range s.tasting(id).Rounds {
				flips[turn] = append(flips[turn], r.Flip)
			}
			s.tap(s.room.called(s.T, "1.1/ballot").Ref, "bo", bot.Left, true)
			for _, button := range []string{"1/remind", "1/remind/tomorrow", "1/remind", "1/remind/off", "1/remind/late"} {
				heard[turn] += asText(s.press("bo", button)) + "\n"
			}
			s.wantAnswer("cy", "1/remind/tomorrow", "Cancel this one", "No reminders")
			s.sleep(time.Until(s.tasting(id).Closes) - time.Minute)
			sent := s.sentReminders()
			if len(sent) != 2 {
				s.Errorf("%d reminders came, want two", len(sent))
			}
			for _, n := range sent {
				heard[turn] += asText(n) + "\n"
			}
		})
	}
	for i := range flips[0] {
		if flips[0][i] == flips[1][i] {
			t.Fatalf("the sides were not exchanged: %v and %v; this test has tested nothing", flips[0], flips[1])
		}
	}
	if heard[0] != heard[1] || strings.Contains(heard[0], "kestrel") || strings.Contains(heard[0], "nova") {
		t.Errorf("reminders tell which model is where:\n%s\nand with the sides exchanged\n%s", heard[0], heard[1])
	}
}
