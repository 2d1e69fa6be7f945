package slack_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/bot"
)

// An emoji on a ballot of which the core has not noted yet where it stands is held, and
// acknowledged once it is kept. Nothing else waits for that, however many are held. If it
// takes longer than Slack waits, it is not acknowledged, and comes again.
func TestEarlyEmojiAreHeld(t *testing.T) {
	t.Parallel()
	for _, http := range []bool{false, true} {
		t.Run(fmt.Sprint("over HTTP: ", http), func(t *testing.T) {
			t.Parallel()
			w, h, ref, _ := posted(t, http)
			w.Change(func() { w.AckWait = 10 * time.Second })
			early := func(err error) {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.err = err
			}
			early(bot.ErrEarly)
			h.reply = bot.Reply{Post: bot.Notice{Text: bot.Literal("All is well.")}}
			many := 100
			if testing.Short() {
				many = 20
			}
			ann := w.Join(t, "Ann")
			people := make([]string, many)
			for i := range people {
				people[i] = w.Join(t, fmt.Sprint("P", i))
			}
			answers := make([]error, many)
			var held sync.WaitGroup
			for i, who := range people {
				held.Go(func() { answers[i] = w.Slack.Tap(who, "CT1", ref.Message, "a", true) })
			}
			adaptertest.Eventually(t, "all have tapped", func() bool {
				m, _ := w.Slack.Message("CT1", ref.Message)
				for _, e := range m.Emoji {
					if e.Name == "a" {
						return len(e.Users) >= many
					}
				}
				return false
			})
			w.Slack.Press(ann, "CT1", ref.Message, "1/status")
			h.mu.Lock()
			if len(h.said) != 1 || len(h.taps) != 0 {
				t.Errorf("while %d are held a press is not passed on, or an emoji is kept: %q, %d", many, h.said, len(h.taps))
			}
			h.mu.Unlock()
			early(nil)
			held.Wait()
			for i, err := range answers {
				if err != nil {
					t.Fatalf("of emoji that came too early the %dth is answered %v", i, err)
				}
			}
			if n := len(h.heard()); n != many {
				t.Errorf("%d of %d emoji that were held are kept", n, many)
			}

			early(bot.ErrEarly)
			w.Change(func() { w.AckWait = 4 * time.Second })
			if err := w.Slack.Tap(ann, "CT1", ref.Message, "b", true); err == nil {
				t.Error("an emoji that could not be kept is acknowledged")
			}
			early(nil)
			if err := w.Retry(); err != nil || len(h.heard()) != many+1 {
				t.Errorf("when it comes again: %v; heard %d", err, len(h.heard()))
			}
			for _, tap := range h.heard() {
				if !tap.Again {
					t.Fatal("the core is not told that an emoji on a ballot comes again")
				}
				if ago := time.Since(tap.Said); ago < -2*time.Second || ago > 2*time.Minute {
					t.Fatalf("the core is told that the ballot was posted %v ago", ago)
				}
			}
		})
	}
}
