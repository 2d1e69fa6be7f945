package slack_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// However many counts want to be shown, they take so little of a minute that
// the reveals of twenty rounds wait for nothing; counts have their turn in the
// next minute; and Slack never hears one call too many.
func TestCountsLeaveRoomForResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := slack.NewBudget()
		var made []time.Time
		call := func() error {
			made = append(made, time.Now())
			return nil
		}
		counts := func() (shown int) {
			for range 200 {
				err := b.Count(call)
				if wait, ok := errors.AsType[bot.WaitError](err); err != nil && (!ok || wait.For <= 0 || wait.For > time.Minute) {
					t.Fatalf("a count for which there is no room: %v", err)
				}
				if err == nil {
					shown++
				}
			}
			return shown
		}
		if n := counts(); n == 0 || n > 25 {
			t.Errorf("%d of 200 counts were shown at once; want some, and half of a minute's calls at most", n)
		}
		before := time.Now()
		for range 22 {
			if err := b.Result(t.Context(), call); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(before); waited > 0 {
			t.Errorf("beside counts 22 results waited %v", waited)
		}
		if n := counts(); n != 0 {
			t.Errorf("%d counts were shown where results have used up a minute's calls", n)
		}
		time.Sleep(time.Minute)
		if n := counts(); n == 0 {
			t.Error("a minute later no count is shown")
		}
		for range 150 {
			if err := b.Result(t.Context(), call); err != nil {
				t.Fatal(err)
			}
		}
		for i := range made {
			if i >= 50 && made[i].Sub(made[i-50]) < time.Minute {
				t.Fatalf("51 calls within %v", made[i].Sub(made[i-50]))
			}
		}
	})
}

// What Slack refuses as one too many keeps all calls back for as long as it
// says, and is done then.
func TestBudgetHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := slack.NewBudget()
		began := time.Now()
		tries := 0
		err := b.Result(t.Context(), func() error {
			if tries++; tries == 1 {
				return &api.RateLimitedError{RetryAfter: 30 * time.Second}
			}
			return nil
		})
		if waited := time.Since(began); err != nil || tries != 2 || waited < 30*time.Second || waited > 31*time.Second {
			t.Errorf("%d tries in %v: %v", tries, waited, err)
		}
		err = b.Count(func() error { return &api.RateLimitedError{RetryAfter: 30 * time.Second} })
		if wait, ok := errors.AsType[bot.WaitError](err); !ok || wait.For != 30*time.Second {
			t.Errorf("a count is refused with %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Post(ctx, func() error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("within these 30 s a post is made: %v", err)
		}
	})
}

// A restart in a workspace where 400 have voted on one ballot: Slack takes a
// hundred questions a minute about one person each. It hears not one too many;
// members are known after a list or two, strangers one after another, and
// whoever types a command in the meantime is answered at once.
func TestManyVotersAfterARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, logger(t), false)
	w.chat = w.paced(t)
	h := newPlayer()
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Say("Fine.")}})
	run(t, w, h)
	members, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	strangers, err := w.chat.Post(t.Context(), w.Place(), key(2, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 400 {
		w.React("CT1", members.Message, w.AddUser(slackfake.User{ID: fmt.Sprint("UM", i), Team: "T1"}), "a", true)
	}
	for i := range 100 {
		w.React("CT1", strangers.Message, w.AddUser(slackfake.User{ID: fmt.Sprint("US", i), Team: "T1", Away: true}), "a", true)
	}
	w.Change(func() { w.Tiers = true })
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if taps, err := w.chat.Reactions(ctx, members); err != nil || len(taps) != 400 {
		t.Errorf("of 400 members %d are read: %v", len(taps), err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	read := make(chan error)
	go func() {
		_, err := w.chat.Reactions(ctx, strangers)
		read <- err
	}()
	adaptertest.Eventually(t, "strangers are looked up", func() bool { return len(w.Journal("users.info")) >= 80 })
	for i := range 8 {
		late := w.AddUser(slackfake.User{ID: fmt.Sprint("UL", i), Team: "T1"})
		if shown := w.Slack.Command(late, "CT1", "status"); !strings.Contains(shown, "Fine.") {
			t.Errorf("while strangers are looked up a command is answered with:\n%s", shown)
		}
	}
	cancel()
	<-read
	w.Change(func() {
		if len(w.Refused) > 0 {
			t.Errorf("Slack heard %d calls too many: %q", len(w.Refused), w.Refused)
		}
	})
}

// paced is a chat that keeps to Slack's own limits.
func (w *world) paced(t *testing.T) *slack.Chat {
	t.Helper()
	c, err := slack.New(w.log, slack.Options{
		APIURL: w.APIURL(), SeedEvery: time.Millisecond, PingEvery: 2 * time.Second,
		Workspaces: []slack.Workspace{{Name: "acme", BotToken: w.team.BotToken, AppToken: w.team.AppToken}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A full cache forgets what it learned first, and nothing else.
func TestCacheForgetsTheOldest(t *testing.T) {
	var c slack.Cache
	for i := range slack.MostCached {
		c.Put(fmt.Sprint(i), i)
	}
	c.Put("0", 0) // learned anew
	for i := range 10 {
		c.Put(fmt.Sprint("new", i), i)
	}
	for key, want := range map[string]bool{"0": true, "1": false, "10": false, "11": true, fmt.Sprint(slack.MostCached - 1): true, "new0": true, "new9": true} {
		if got := c.Has(key); got != want {
			t.Errorf("%s is known: %v, want %v", key, got, want)
		}
	}
}

// However long the network was away, the next attempt comes soon enough to be
// through within fifteen seconds of its return, with one that hangs before it.
func TestAttemptsComeSoon(t *testing.T) {
	for i, wait := range slack.Reconnecting(100) {
		if wait+slack.AttemptTime > 14*time.Second {
			t.Errorf("attempt %d waits %v, after one that may take %v", i+1, wait, slack.AttemptTime)
		}
	}
}
