package slack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/bot"
)

// A troupe is several replicas in one world, of which one leads, or none.
type troupe struct {
	*world
	h *player // whoever leads, the same store

	mu     sync.Mutex
	leads  http.Handler // nil: nobody
	lost   error        // nobody knows what became of what is handed on: after it was done
	handed int          // deliveries that came over the sockets of those who stand by
}

// ask is how those who stand by reach whoever leads.
func (x *troupe) ask(ctx context.Context, method, uri string, body []byte) (int, []byte, error) {
	x.mu.Lock()
	to, lost := x.leads, x.lost
	if method == http.MethodPost && to != nil {
		x.handed++
	}
	x.mu.Unlock()
	if to == nil {
		return http.StatusServiceUnavailable, nil, nil
	}
	got := httptest.NewRecorder()
	to.ServeHTTP(got, httptest.NewRequestWithContext(ctx, method, uri, bytes.NewReader(body)))
	return got.Code, got.Body.Bytes(), lost
}

func (x *troupe) follow(h http.Handler, lost error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.leads, x.lost = h, lost
}

// standBy starts a replica that stands by. leave ends that; then its chat runs or is closed.
func (x *troupe) standBy(t *testing.T) (c *slack.Chat, leave func()) {
	t.Helper()
	c = x.start(t)
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { c.StandBy(ctx, x.ask, x.h.Voice) })
	leave = sync.OnceFunc(func() { cancel(); done.Wait() })
	t.Cleanup(func() { leave(); c.Close() })
	return c, leave
}

// replicated is a world in a bubble whose bots are told of each other.
func replicated(t *testing.T) *world {
	w := worldInBubble(t, logger(t))
	w.replicas = true
	w.chat = w.start(t)
	return w
}

// newTroupe is a world in a bubble with a leader, a ballot and one that stands by.
func newTroupe(t *testing.T) (x *troupe, ref bot.Ref, stop func(), next *slack.Chat, leave func()) {
	t.Helper()
	x = &troupe{world: replicated(t)}
	_, x.h, ref, stop = postedIn(t, x.world)
	x.follow(x.chat.Handed(), nil)
	next, leave = x.standBy(t)
	x.sockets(t, 2)
	return x, ref, stop, next, leave
}

func (x *troupe) sockets(t *testing.T, n int) {
	t.Helper()
	adaptertest.Eventually(t, fmt.Sprint(n, " sockets are open"), func() bool { return x.Sockets.Open() == n })
}

// Of three replicas each has a socket, and Slack delivers to any. What it delivers is
// answered as the one that leads answers, and done once.
func TestAnySocketTakesAnyDelivery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, ref, _, _, _ := newTroupe(t)
		x.standBy(t)
		x.sockets(t, 3)
		const people = 60
		for i := range people {
			if err := x.Slack.Tap(x.Join(t, fmt.Sprint("P", i)), "CT1", ref.Message, "a", true); err != nil {
				t.Fatalf("the %dth vote: %v", i, err)
			}
		}
		if n := len(x.h.heard()); n != people {
			t.Errorf("of %d votes %d were heard", people, n)
		}
		ann := x.Join(t, "Ann")
		x.h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("All is well."), Error: true, Field: "prompts"}})
		for range 30 {
			if said := x.Command(t, ann, "status"); !strings.Contains(said, "All is well.") {
				t.Fatalf("a command is answered %q", said)
			}
			x.CloseModal(ann)
			if said := x.Slack.Press(ann, "CT1", ref.Message, "1/status"); !strings.Contains(said, "All is well.") {
				t.Fatalf("a tap on a button is answered %q", said)
			}
			x.Slack.Command(ann, "CT1", "")
			if offered := x.Slack.Suggest(ann, "sta"); len(offered) != 1 || offered[0] != "sta" {
				t.Fatalf("what is being typed is completed by %q; the answer is in the acknowledgement", offered)
			}
		}
		if got := len(x.h.commands()); got != 60 {
			t.Errorf("30 commands and 30 taps were done as %d", got)
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.handed < people/2 {
			t.Errorf("of 150 deliveries %d came over sockets of those who stand by", x.handed)
		}
		if x.Unacked() != 0 {
			t.Errorf("%d were not acknowledged", x.Unacked())
		}
	})
}

// While nobody leads what comes is held for as long as Slack waits, and then left to come
// again. Slack does not do so with commands and taps on buttons: whoever did that is told,
// in the place's language, and nothing of it is done later.
func TestNobodyLeads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, ref, stop, next, leave := newTroupe(t)
		x.Change(func() { x.AckWait, x.Redelivers = 3*time.Second, []time.Duration{0, time.Minute, 5 * time.Minute} })
		ann, bob, cy := x.Join(t, "Ann"), x.Join(t, "Bob"), x.Join(t, "Cy")
		x.follow(nil, nil)
		time.AfterFunc(time.Second, func() { x.follow(x.chat.Handed(), nil) })
		var taps sync.WaitGroup
		const people = 16 // of whom half come to one socket, or so
		for i := range people {
			who := x.Join(t, fmt.Sprint("P", i))
			taps.Go(func() {
				if err := x.Slack.Tap(who, "CT1", ref.Message, "a", true); err != nil {
					t.Errorf("a vote that is held for a second: %v", err)
				}
			})
		}
		taps.Wait()

		x.follow(nil, nil)
		stop()
		x.sockets(t, 1)
		opened := len(x.Journal("apps.connections.open"))
		if err := x.Slack.Tap(bob, "CT1", ref.Message, "a", true); err == nil {
			t.Error("a vote that nobody kept is acknowledged")
		}
		typed := time.Now()
		if said := x.Command(t, ann, "start kestrel nova"); !strings.Contains(said, "taking over the bot just now; please type that again") || time.Since(typed) < 2500*time.Millisecond || time.Since(typed) > 3*time.Second {
			t.Errorf("while nobody leads a command is answered %q after %v", said, time.Since(typed))
		}
		x.h.speak(bot.Voice{Lang: bot.Zh})
		if said := x.Slack.Press(cy, "CT1", ref.Message, "1/status"); !strings.Contains(said, "请稍后再点一次") {
			t.Errorf("while nobody leads a tap is answered %q", said)
		}
		if got := x.h.commands(); len(got) != 0 {
			t.Errorf("nobody leads, and these were done: %q", got)
		}

		// The one that stood by leads, on the socket that it has.
		leave()
		x.chat = next
		run(t, x.world, x.h)
		time.Sleep(time.Minute)
		adaptertest.Eventually(t, "the vote that nobody kept comes again", func() bool { return len(x.h.heard()) == people+1 })
		if now := len(x.Journal("apps.connections.open")); now != opened || x.Sockets.Open() != 1 {
			t.Errorf("whoever takes over opened %d more sockets, and %d are open", now-opened, x.Sockets.Open())
		}
		x.h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("All is well.")}})
		if said := x.Command(t, cy, "status"); !strings.Contains(said, "All is well.") {
			t.Errorf("after the takeover a command is answered %q", said)
		}
		if got := x.h.commands(); len(got) != 1 || x.Unacked() != 0 {
			t.Errorf("in the end these were done: %q, and %d events are not acknowledged", got, x.Unacked())
		}
	})
}

// What may have been done is not done twice: a command or a tap of which the replica that
// led said nothing any more is left, and whoever did it told. A vote comes again.
func TestUnclearIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, ref, _, _, _ := newTroupe(t)
		ann := x.Join(t, "Ann")
		leader := x.chat.Handed()
		x.follow(leader, errors.New("the connection was cut"))
		x.h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Done.")}})
		const times = 20
		for i := range times {
			x.Command(t, ann, fmt.Sprint("start ", i))
			x.Slack.Press(ann, "CT1", ref.Message, fmt.Sprint("1/status", i))
		}
		synctest.Wait()
		if got := len(x.h.commands()); got != 2*times {
			t.Errorf("%d commands and taps were done as %d", 2*times, got)
		}
		time.AfterFunc(time.Second, func() { x.follow(leader, nil) })
		var taps sync.WaitGroup
		for i := range times {
			who := x.Join(t, fmt.Sprint("P", i))
			taps.Go(func() {
				if err := x.Slack.Tap(who, "CT1", ref.Message, "a", true); err != nil {
					t.Errorf("a vote of which nobody knew whether it was kept: %v", err)
				}
			})
		}
		taps.Wait()
	})
}

// What the replica that leads cannot take is left, as it leaves what comes to itself: nobody
// takes over, and nobody is told so.
func TestLeaderCannotTakeIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, ref, _, _, _ := newTroupe(t)
		ann := x.Join(t, "Ann")
		x.h.fail(errors.New("the disk is full"))
		for range 10 {
			if err := x.Slack.Tap(x.Join(t, "Bob"), "CT1", ref.Message, "a", true); err == nil {
				t.Fatal("a vote that was not kept was acknowledged")
			}
		}
		x.follow(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "a bug", http.StatusInternalServerError)
		}), nil)
		for range 10 {
			if said := x.Command(t, ann, "status"); strings.Contains(said, "taking over") {
				t.Fatalf("a command of which the one that leads makes nothing is answered %q", said)
			}
		}
		x.follow(x.chat.Handed(), nil)
		x.h.fail(nil)
		if err := x.Retry(); err != nil || len(x.h.heard()) != 10 {
			t.Errorf("when they come again: %v; heard %d", err, len(x.h.heard()))
		}
	})
}

// A replica has a socket only while what comes over it is taken: not beside one of an earlier
// version, nor when it cannot reach the one that leads for longer than a takeover takes.
func TestNoSocketForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := &troupe{world: replicated(t), h: newPlayer()}
		run(t, x.world, x.h)
		x.standBy(t)
		time.Sleep(time.Minute)
		x.sockets(t, 1)
		x.follow(x.chat.Handed(), nil)
		x.sockets(t, 2)
		x.follow(nil, nil)
		time.Sleep(15 * time.Second)
		x.sockets(t, 2)
		time.Sleep(10 * time.Second)
		x.sockets(t, 1)
		x.follow(x.chat.Handed(), nil)
		x.sockets(t, 2)
		if seen := x.chat.Noticed(); len(seen) != 0 {
			t.Errorf("the one that leads finds that wrong: %+v", seen)
		}
	})
}

// When the socket of one that stands by was cut, the one that leads reads ballots again.
func TestStandByMissedSomething(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, _, _, _, _ := newTroupe(t)
		told := func() int { x.mu.Lock(); defer x.mu.Unlock(); return x.handed }
		time.Sleep(time.Second) // until it knows that it is open
		x.Sockets.Cut()
		x.sockets(t, 2)
		adaptertest.Eventually(t, "the one that leads is told", func() bool { return told() >= 1 })
		time.Sleep(time.Second)
		before := x.h.resynced()
		if status, _, _ := x.ask(t.Context(), http.MethodPost, "/?workspace=acme&kind=connected", nil); status != http.StatusOK {
			t.Errorf("it answers %d", status)
		}
		adaptertest.Eventually(t, "ballots are read again", func() bool { return x.h.resynced() == before+1 })
	})
}

// Told to stop, whoever leads takes no more, and what it took is finished and acknowledged
// before its socket ends.
func TestSocketClosesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, h, ref, stop := postedIn(t, worldInBubble(t, logger(t)))
		ann, bob := w.Join(t, "Ann"), w.Join(t, "Bob")
		hold := make(chan struct{})
		h.mu.Lock()
		h.hold = hold
		h.mu.Unlock()
		kept := make(chan error, 1)
		go func() { kept <- w.Slack.Tap(ann, "CT1", ref.Message, "a", true) }()
		synctest.Wait()
		stopped := make(chan struct{})
		go func() { defer close(stopped); stop() }()
		synctest.Wait()
		time.AfterFunc(time.Second, func() { close(hold) })
		if err := w.Slack.Tap(bob, "CT1", ref.Message, "b", true); err == nil {
			t.Error("a bot that was told to stop takes a new vote")
		}
		if err := <-kept; err != nil {
			t.Errorf("a vote that was being written when the bot was told to stop: %v", err)
		}
		<-stopped
		if n := len(h.heard()); n != 1 || w.Sockets.Open() != 0 {
			t.Errorf("%d votes were kept, and %d sockets are open", n, w.Sockets.Open())
		}
	})
}
