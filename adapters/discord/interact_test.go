package discord_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

const callbackRoute = "POST /interactions/{i}/{t}/callback"

// The gateway may say an event twice. What was typed or pressed once is done once.
func TestInteractionHeardTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Done."), Buttons: []bot.Button{{ID: "7/extend", Label: bot.Literal("Extend")}}}}}
		adaptertest.Start(t, f.chat(t), h)
		ann := f.Join("Ann")
		x := f.Slash(t, tasteID, ann, "status")
		y := f.Press(t, tasteID, x.Original, ann, "7/extend")
		for range 3 {
			f.Again(x)
			f.Again(y)
		}
		synctest.Wait()
		h.read(func() {
			if len(h.heard) != 1 || len(h.presses) != 1 {
				t.Errorf("one command, told four times, was heard %d times; one press %d times", len(h.heard), len(h.presses))
			}
		})
		if n := len(f.Calls.Journal(callbackRoute)); n != 2 {
			t.Errorf("%d answers were sent to two interactions", n)
		}
		time.Sleep(time.Hour)
		f.Slash(t, tasteID, ann, "status")
		h.read(func() {
			if len(h.heard) != 2 {
				t.Errorf("typed again an hour later, it was heard %d times in all, not twice", len(h.heard))
			}
		})
	})
}

// Of a first answer that Discord does not take in three seconds nothing is
// hoped: it is given up, others are served, and news come as a direct message.
func TestHungCallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logged := &adaptertest.Logs{}
		f := newPiped(t, slogTo(logged))
		h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}, Later: func(_ context.Context, say func(bot.Post) error) error {
			return say(bot.Notice{Text: bot.Literal("15 of 15 ready.")})
		}}}
		adaptertest.Start(t, f.chat(t), h)
		ann := f.Join("Ann")
		f.Connected(t)
		f.Calls.Fail(callbackRoute, 1, fakechat.Fault{Delay: time.Hour})
		x := f.Begin(t, tasteID, ann, 2, f.SlashData("status", nil), nil)
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if x.Answered() {
			t.Fatalf("a callback that hangs was answered: %v", x)
		}
		told := false
		for _, m := range f.Said.Private(ann) {
			told = told || m.Channel != tasteID && strings.Contains(string(m.Payload), "15 of 15 ready.")
		}
		if !told {
			t.Error("4 s after a callback began to hang, its news have not come as a direct message")
		}
		if n := len(f.Calls.Journal(callbackRoute)); n != 1 || !strings.Contains(logged.String(), "answer an interaction") {
			t.Errorf("it was tried %d times, and logged:\n%s", n, logged)
		}
		if y := f.Slash(t, tasteID, f.Join("Bob"), "status"); !strings.Contains(string(y.Data), "Asking.") {
			t.Errorf("the next person is answered with %v", y)
		}
	})
}

// A press is stamped with the time at which it was made, not with that at which
// its turn came.
func TestPressIsStampedWhenMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Hello."), Buttons: []bot.Button{{ID: "7.1/left", Label: bot.Literal("A")}, {ID: "7.1/right", Label: bot.Literal("B")}}}}}
		adaptertest.Start(t, f.chat(t), h)
		ann := f.Join("Ann")
		x := f.Slash(t, tasteID, ann, "status")
		f.Lines.Cut() // what is pressed now is heard with the next connection
		m, _ := f.Said.Message(tasteID, x.Original)
		var made []time.Time
		for _, id := range []string{"7.1/left", "7.1/right"} {
			made = append(made, time.Now().Truncate(time.Millisecond))
			f.Tell(tasteID, ann, 3, map[string]any{"custom_id": id, "component_type": 2}, &m)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		h.read(func() {
			stamps := make(map[string]time.Time)
			for _, p := range h.presses {
				stamps[p.Button] = p.Made
			}
			if got, want := fmt.Sprint(stamps["7.1/left"].UTC(), stamps["7.1/right"].UTC()), fmt.Sprint(made[0].UTC(), made[1].UTC()); got != want {
				t.Errorf("the presses are stamped %s, and were made %s", got, want)
			}
		})
	})
}
