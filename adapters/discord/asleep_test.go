package discord_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// People come to a tasting that is longer than its thread stays awake, all the
// time: they can vote, and are counted; who was invited is reminded; the reveal
// stands on the ballots. That holds over a restart, and but for some minutes at
// a time where the bot may not change the thread.
func TestTastingInAThreadThatSleeps(t *testing.T) {
	for _, tt := range []struct {
		name    string
		start   func(*stage) (asked, thread string) // the thread in which the ballots stand
		days    int
		restart bool
		told    string
		wakings int // of the thread, at most
	}{
		{"a thread of an hour, where the bot may manage threads", func(s *stage) (_, _ string) { s.moderates(); return s.napping() }, 3, true, "60 minutes", 0},
		{"a thread of an hour, where the bot may not", (*stage).napping, 3, false, "60 minutes", 73},
		{"the bot's own thread", (*stage).ownThread, 9, true, "7 days", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() && (tt.wakings != 0 || tt.days > 3) {
				t.Skip("days by the hour take a second: run without -short")
			}
			synctest.Test(t, func(t *testing.T) {
				f := newPiped(t, logger(t))
				s := stageOn(t, f.log, f.fake, f.net.Dial)
				asked, thread := tt.start(s)
				if want := "goes to sleep after " + tt.told + " without a message, before voting closes; it is kept awake"; !strings.Contains(asked, want) {
					t.Errorf("whoever starts it is not told that the thread %s: %s", want, asked)
				}
				m, closes := s.post("1.1/ballot"), s.state(1, bot.Open).Closes
				if m.Channel != thread {
					t.Fatalf("the ballot stands in %s, not in %s", m.Channel, thread)
				}
				const people = 12
				var missed []string
				for i := range people {
					if !s.comes(m, s.Join(fmt.Sprint("P", i))) {
						missed = append(missed, time.Now().Format("Mon 15:04"))
					}
					if i == people/2 && tt.restart {
						s.stop()
						time.Sleep(2 * time.Hour)
						s.begin()
					}
					time.Sleep(time.Duration(tt.days) * 24 * time.Hour / (people + 1))
				}
				s.state(1, bot.Open)
				if missed != nil {
					t.Errorf("nobody could vote at %v", missed)
				}
				time.Sleep(time.Until(closes) + time.Hour)
				s.state(1, bot.Revealed)
				s.says("1/nudge", "")
				s.says("1/announcement", "12 votes, 12 people")
				s.says("1.1/ballot", "kestrel")
				s.fake.Mu.Lock()
				defer s.fake.Mu.Unlock()
				if n := s.Channels[thread].Wakings; n > tt.wakings {
					t.Errorf("the thread went to sleep %d times", n)
				}
			})
		})
	}
}

// napping starts a tasting of three days in a thread that somebody opened, and
// that sleeps after an hour.
func (s *stage) napping() (asked, thread string) {
	thread = strings.TrimPrefix(s.nap(hour).Channel, tasteID+"/")
	asked = s.startIn(thread, str("model", "kestrel"), str("against", "nova"), str("prompt", "Hi"), str("until", "3d"), s.guest())
	s.state(1, bot.Open)
	return asked, thread
}

// ownThread starts a tasting of nine days in a channel; its ballots stand in the
// thread of its head.
func (s *stage) ownThread() (asked, thread string) {
	file := s.Upload([]byte("prompt\nHi\nBye\n"))
	asked = s.start(str("model", "kestrel"), str("against", "nova"), discordfake.Input{Name: "file", Type: 11, Value: file}, str("until", "9d"), s.guest())
	s.state(1, bot.Open)
	return asked, s.post("1/head").ID
}

// guest invites somebody who does not come.
func (s *stage) guest() discordfake.Input { return str("invite", "<@"+s.Join("Guest")+">") }

// comes has somebody come and vote, who tries again some minutes later if that
// is not possible.
func (s *stage) comes(m fakechat.Message, user string) bool {
	for range 4 {
		if s.tap(m.Channel, m.ID, user, "🅰️", true) {
			return true
		}
		time.Sleep(time.Minute)
	}
	return false
}

// A thread that a moderator locked while people vote, and that sleeps then, does
// not keep the tasting from closing.
func TestTastingInAThreadThatIsLocked(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes days of a tasting: TestTastingInAThreadThatSleeps is shorter")
	}
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		s := stageOn(t, f.log, f.fake, f.net.Dial)
		s.napping()
		m := s.post("1.1/ballot")
		for i := range 6 {
			s.tap(m.Channel, m.ID, s.Join(fmt.Sprint("P", i)), "🅰️", true)
		}
		time.Sleep(5 * time.Minute)
		s.lockAll()
		time.Sleep(time.Until(s.state(1, bot.Open).Closes) + time.Minute)
		x, err := s.store.Tasting(context.Background(), tasting(1))
		if err != nil || x.ClosedAt.Sub(x.Closes).Abs() > 10*time.Second {
			t.Errorf("it closed at %v, not at %v, and is %v: %v", x.ClosedAt, x.Closes, x.State, err)
		}
	})
}
