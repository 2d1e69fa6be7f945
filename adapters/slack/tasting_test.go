package slack_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// A whole tasting by emoji: asked for, confirmed, posted, voted on, with a
// restart in between during which people vote, closed from the menu, revealed.
func TestTasting(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, w *world) {
		s := newStage(t, w)
		ada := s.admin()
		if shown := s.Command(t, ada, "start kestrel nova pack=fruit rounds=3 until=2h"); !strings.Contains(shown, "Start this taste test?") {
			t.Fatalf("start was answered with %q", shown)
		}
		s.Slack.Press(ada, "CT1", "", "d1/go")
		adaptertest.Eventually(t, "three ballots stand", func() bool { return len(s.ballots()) == 3 })
		refs := s.ballots()
		head := s.Memory.Messages("CT1")[0]
		if n := len(s.Memory.Messages("CT1")); n != 1 {
			t.Errorf("%d messages stand in the channel, not the head alone", n)
		}
		before := s.everything()

		var people []string
		for i := range 6 {
			people = append(people, s.AddUser(slackfake.User{ID: fmt.Sprint("UP", i), Name: "P", Team: "T1"}))
		}
		tap := func(user string, ref bot.Ref, c bot.Choice, on, heard bool) {
			t.Helper()
			if err := s.Slack.Tap(user, "CT1", ref.Message, emoji[c], on); (err == nil) != heard {
				t.Errorf("%s taps %s: %v", user, c, err)
			}
		}
		for _, p := range people[:4] {
			for _, ref := range refs {
				tap(p, ref, bot.Left, true, true)
			}
		}
		tap(people[0], refs[0], bot.Left, false, true)
		tap(people[0], refs[0], bot.Equal, true, true)

		s.stop() // and people go on
		tap(people[4], refs[0], bot.Awful, true, false)
		tap(people[5], refs[1], bot.Right, true, false)
		tap(people[3], refs[2], bot.Left, false, false)
		s.Restart(t)
		s.begin()
		if w.http {
			if err := s.Retry(); err != nil {
				t.Errorf("deliver again what was missed: %v", err)
			}
		}
		adaptertest.Eventually(t, "what was missed is heard", func() bool { return s.Unacked() == 0 })

		if shown := s.Slack.Press(ada, "CT1", head.ID, "1/close"); !strings.Contains(shown, "Close voting now") {
			t.Fatalf("Close was answered with %q", shown)
		}
		if shown := s.Slack.Press(ada, "CT1", head.ID, "1/close"); !strings.Contains(shown, "is closed") {
			t.Fatalf("the yes was answered with %q", shown)
		}
		var announcement string
		adaptertest.Eventually(t, "it is announced", func() bool {
			for _, m := range s.Memory.Messages("CT1/" + head.ID) {
				if shown := slackfake.Show(m.Payload); strings.Contains(shown, "/shows]") {
					announcement = shown
				}
			}
			return announcement != ""
		})
		// 4 × 3 votes, one of them moved, two late ones, one taken away.
		if !strings.Contains(announcement, "13 votes, 6 people, 3 prompts") {
			t.Errorf("announced:\n%s", announcement)
		}
		adaptertest.Eventually(t, "the ballots are revealed too", s.settled)
		for _, ref := range refs {
			if shown := s.Seen(t, ref, ada); !strings.Contains(shown, "kestrel") || !strings.Contains(shown, "nova") {
				t.Errorf("a ballot was not revealed:\n%s", shown)
			}
		}
		if shown := s.Slack.Press(people[0], "CT1", "", "1/results"); !strings.Contains(shown, "1 of 5") {
			t.Errorf("the results open with:\n%s", shown)
		}
		if shown := s.Slack.Press(people[0], "CT1", "", "1/results#1"); !strings.Contains(shown, "2 of 5") || !strings.Contains(shown, "ALPHA") {
			t.Errorf("their next page is:\n%s", shown)
		}
		for _, name := range []string{"kestrel", "nova"} {
			for line := range strings.Lines(before) {
				// The starter's own question names both, in one order.
				if strings.Contains(line, name) && !strings.Contains(line, "Start this taste test?") && strings.Count(line, "kestrel against nova") == 0 {
					t.Errorf("before the reveal %s was named in %.400q", name, line)
				}
			}
		}
	})
}

// A whole private tasting: the button opens a modal that leads through the
// rounds; a tap votes and goes on, back and take back work, and the head counts.
func TestPrivateTasting(t *testing.T) {
	t.Parallel()
	s := newStage(t, newWorld(t, logger(t), false))
	ada := s.admin()
	s.Command(t, ada, "start kestrel nova pack=fruit rounds=2 until=2h ballot=private")
	s.Slack.Press(ada, "CT1", "", "d1/go")
	adaptertest.Eventually(t, "the head stands", func() bool { return len(s.Memory.Messages("CT1")) == 1 })
	head := s.Memory.Messages("CT1")[0]
	for i := range 5 {
		p := s.AddUser(slackfake.User{ID: fmt.Sprint("UP", i), Name: "P", Team: "T1"})
		shown := ""
		adaptertest.Eventually(t, "voting is open", func() bool {
			shown = s.Slack.Press(p, "CT1", head.ID, "1/taste")
			return strings.Contains(shown, "1 of 2")
		})
		for range 2 {
			shown = s.Slack.Press(p, "CT1", head.ID, button(t, shown, "/left]"))
		}
		if !strings.Contains(shown, "You have tasted all 2 rounds") {
			t.Fatalf("after two taps:\n%s", shown)
		}
		if i == 0 { // take one back, and close the modal
			shown = s.Slack.Press(p, "CT1", head.ID, button(t, shown, "/show]"))
			shown = s.Slack.Press(p, "CT1", head.ID, button(t, shown, "/clear]"))
			if !strings.Contains(shown, "1 done") {
				t.Errorf("after taking one back:\n%s", shown)
			}
			s.CloseModal(p)
			shown = s.Slack.Press(p, "CT1", head.ID, "1/taste")
			if !strings.Contains(shown, "1 done") || strings.Contains(shown, "all 2 rounds") {
				t.Errorf("opened again:\n%s", shown)
			}
		}
	}
	adaptertest.Eventually(t, "the head counts five", func() bool {
		m, _ := s.Message("CT1", head.ID)
		return strings.Contains(string(m.Payload), "5 have tasted")
	})
	s.Command(t, ada, "close 1")
	s.Slack.Press(ada, "CT1", "", "1/close")
	adaptertest.Eventually(t, "it is announced", func() bool {
		return strings.Contains(strings.Join(s.shownIn("CT1/"+head.ID), "\n"), "9 votes, 5 people, 2 prompts")
	})
	if shown := s.Slack.Press("UP0", "CT1", head.ID, "1/taste"); !strings.Contains(shown, "is over") {
		t.Errorf("after closing a tap is answered with:\n%s", shown)
	}
}

// button returns the ID of the first button shown that ends like that.
func button(t *testing.T, shown, end string) string {
	t.Helper()
	for line := range strings.Lines(shown) {
		line = strings.TrimSpace(line)
		if strings.HasSuffix(line, end) {
			return strings.Trim(line, "[]")
		}
	}
	t.Fatalf("no button %s in:\n%s", end, shown)
	return ""
}

func (w *world) shownIn(channel string) (all []string) {
	for _, p := range w.payloads(channel) {
		all = append(all, slackfake.Show(p))
	}
	return all
}

// Stopped after any step and begun again, each post stands once and every
// acknowledged vote counts.
func TestStoppedAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	for stop := range 30 {
		t.Run(fmt.Sprint("after step ", stop+1), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, logger(t), false)
			w.AckWait = 3 * time.Second
			halt := make(chan string, 1)
			s := &stage{world: w, t: t, path: t.TempDir() + "/db"}
			var n atomic.Int32
			s.step = func(name string) {
				if n.Add(1) == int32(stop+1) {
					halt <- name
					runtime.Goexit() // as if the process were dead
				}
			}
			s.begin()
			t.Cleanup(func() { s.stop() })
			revived := false
			until := func(what string, ok func() bool) {
				t.Helper()
				for range 1500 {
					if ok() {
						return
					}
					select {
					case <-halt:
						revived, s.step = true, nil
						s.restart()
					case <-time.After(10 * time.Millisecond):
					}
				}
				t.Fatalf("did not happen: %s; %d messages", what, len(s.Memory.Messages("CT1")))
			}
			ada := s.admin()
			if shown := s.Command(t, ada, "start kestrel nova pack=fruit rounds=2 until=2h"); !strings.Contains(shown, "Start this taste test?") {
				t.Fatalf("start was answered with %q", shown)
			}
			s.Slack.Press(ada, "CT1", "", "d1/go")
			until("two ballots stand", func() bool { return len(s.ballots()) == 2 })
			for _, ref := range s.ballots() {
				until("a vote is acknowledged", func() bool { return s.Slack.Tap("UADMIN", "CT1", ref.Message, "a", true) == nil })
			}
			until("it is closed", func() bool {
				s.Command(t, ada, "close 1")
				s.Slack.Press(ada, "CT1", "", "1/close")
				return s.state() >= bot.Closing
			})
			head := s.Memory.Messages("CT1")[0]
			until("it is revealed", s.settled)
			if n, below := len(s.Memory.Messages("CT1")), len(s.Memory.Messages("CT1/"+head.ID)); n != 1 || below != 3 {
				t.Errorf("%d messages stand in the channel and %d in the thread, not 1 and 3:\n%s", n, below, strings.Join(s.shownIn("CT1/"+head.ID), "\n"))
			}
			if all := strings.Join(s.shownIn("CT1/"+head.ID), "\n"); !strings.Contains(all, "2 votes, 1 person, 2 prompts") {
				t.Errorf("announced:\n%s", all)
			}
			if !revived {
				t.Log("there are fewer steps; nothing was stopped")
			}
		})
	}
}
