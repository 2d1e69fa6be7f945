package slack_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

// What somebody should put right is in the log once, however often it is seen,
// and kept for doctor: a second socket, deliveries for a workspace that nobody
// configured, a clock that is off.
func TestNoticed(t *testing.T) {
	var mu sync.Mutex
	var logged bytes.Buffer
	w := newWorld(t, slog.New(slog.NewTextHandler(locked{&mu, &logged}, nil)), false)
	w.Change(func() { w.Skew = 2 * time.Minute })
	run(t, w, newPlayer())
	said := func(what string) int {
		mu.Lock()
		defer mu.Unlock()
		return strings.Count(logged.String(), what)
	}
	if seen := w.chat.Noticed(); len(seen) != 0 {
		t.Errorf("at first it notices %+v", seen)
	}
	adaptertest.Start(t, w.start(t), newPlayer())
	for i := range 3 {
		w.Sockets.Cut()
		adaptertest.Eventually(t, "both sockets are open again", func() bool { return w.Sockets.Open() == 2 && w.chat.Ready() == nil })
		frame := map[string]any{"envelope_id": "X" + string(rune('1'+i)), "type": "events_api", "payload": map[string]any{"type": "event_callback", "team_id": "T999", "event": map[string]any{"type": "reaction_added"}}}
		if !w.Raw(frame["envelope_id"].(string), frame) {
			t.Error("an event for another workspace is not acknowledged")
		}
	}
	adaptertest.Eventually(t, "both are noticed", func() bool { return len(w.chat.Noticed()) >= 1 })
	var all []string
	for _, f := range w.chat.Noticed() {
		if f.OK {
			t.Errorf("%q is noticed as well", f.What)
		}
		all = append(all, f.What)
	}
	if got := strings.Join(all, ", "); !strings.Contains(got, "workspace T999") {
		t.Errorf("noticed: %s", got)
	}
	for what, want := range map[string]int{"T999": 1, "clock is off": 1} {
		if n := said(what); n > 2*want || n < want { // two bots run, and either may have heard it
			t.Errorf("the log has %d lines about %s", n, what)
		}
	}
}

// locked is a writer for several goroutines.
type locked struct {
	mu *sync.Mutex
	to *bytes.Buffer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// Of two sockets with one app token each is told of the other; when one is alone
// again, nothing is left to put right.
func TestTwoSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	stop := run(t, w, newPlayer())
	first := w.chat
	w.chat = w.start(t)
	run(t, w, newPlayer())
	adaptertest.Eventually(t, "the second notices the first", func() bool {
		seen := w.chat.Noticed()
		return len(seen) == 1 && strings.Contains(seen[0].Say, "another connection")
	})
	if seen := first.Noticed(); len(seen) != 0 {
		t.Errorf("the first was told at its hello that it is not alone: %+v", seen)
	}
	stop()
	adaptertest.Eventually(t, "nothing is left to put right", func() bool {
		if len(w.chat.Noticed()) == 0 {
			return true
		}
		if w.chat.Ready() == nil {
			w.Sockets.Cut() // the next hello says how many are open
		}
		return false
	})
}

// A post that Slack may have taken stands once where Slack knows client_msg_id,
// even if history cannot be read; and once where it knows no such thing, or
// refuses it, if history can.
func TestMessageIDs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			ids, lacks string
		}{
			{"known", ""}, {"known", "channels:history"}, {"", ""}, {"refused", ""},
		} {
			w := worldInBubble(t, logger(t))
			w.Change(func() { w.team.IDs, w.team.Lacks, w.Lenient = tt.ids, tt.lacks, true })
			run(t, w, newPlayer())
			began := time.Now()
			if tt.ids == "refused" {
				w.Fail("chat.postMessage", 1, fakechat.Fault{})
			}
			w.Fail("chat.postMessage", 1, fakechat.Fault{Lose: true})
			if _, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot); err == nil {
				t.Fatal("a lost response is no error")
			}
			ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), began, samples.Ballot)
			if err != nil {
				t.Fatal(err)
			}
			w.oneBallot(t, ref)
			if next, err := w.chat.Post(t.Context(), w.Place(), key(2, "ballot"), time.Time{}, samples.Ballot); err != nil || next == ref {
				t.Errorf("client_msg_id %q: the same text under another key is %v, %v", tt.ids, next, err)
			}
			if calls := len(w.Journal("chat.postMessage")); tt.ids == "refused" && calls != 4 {
				t.Errorf("where it is refused two posts took %d calls, not 4: a lost one with its refusal, one again without, and a new one", calls)
			}
		}
	})
}

// A store that was thrown away begins again with the same keys: a message from
// before is not taken for the new post, nor is one that was deleted in the way.
func TestMessageIDsOfAnotherLife(t *testing.T) {
	w := newWorld(t, logger(t), false)
	w.Change(func() { w.team.IDs, w.Skew = "known", -time.Hour }) // it was posted an hour ago
	stop := run(t, w, newPlayer())
	old, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	w.Change(func() { w.Skew = 0 })
	w.Restart(t)
	run(t, w, newPlayer())
	ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil || ref == old {
		t.Errorf("the new post is %v, %v; an hour ago the old one was %v", ref, err, old)
	}
	w.Delete(t, old)
	if ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot); err != nil || ref == old {
		t.Errorf("after the old one was deleted: %v, %v", ref, err)
	}
}

// A button stands in a thread: what its tap is answered with stands there too.
func TestAnswersStayInTheThread(t *testing.T) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ann := w.Join(t, "Ann")
	head, err := w.chat.Post(t.Context(), w.Place(), key(0, "head"), time.Time{}, samples.Head)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := w.chat.Thread(t.Context(), head)
	ballot, err := w.chat.Post(t.Context(), at, key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	where := func() (all []string) {
		for _, m := range w.Memory.Private(ann) {
			all = append(all, m.Channel)
		}
		return all
	}
	h.answer(bot.Reply{Post: question})
	w.Slack.Press(ann, "CT1", ballot.Message, "12/status")
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Say("Done."), Error: true}}) // which replaces nothing
	w.Slack.Press(ann, "CT1", ballot.Message, "d12/go")
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Say("In the channel.")}})
	w.Slack.Press(ann, "CT1", head.Message, "12/status")
	thread := "CT1/" + head.Message
	if got := where(); len(got) != 3 || got[0] != thread || got[1] != thread || got[2] != "CT1" {
		t.Errorf("the answers stand in %q; want two in %s and one in the channel", got, thread)
	}
}
