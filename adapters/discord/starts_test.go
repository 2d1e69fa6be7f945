package discord_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/store/bolt"
)

// inAnyDay is how many sessions were asked for at most in any 24 hours.
func (f *piped) inAnyDay() (most int) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	first := 0
	for i, at := range f.Gateway.Began {
		for at.Sub(f.Gateway.Began[first]) > 24*time.Hour {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// Two minutes of INVALID_SESSION, each answer 100 ms away: how often does it
// ask for a session? And in two days? The adapter's page has the figures.
func TestInvalidSessionForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, slog.New(slog.NewTextHandler(io.Discard, nil)))
		f.Gateway.Slow = 100 * time.Millisecond
		f.Plan(discordfake.OnIdentify, -1, discordfake.Trouble{Op: 9})
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		few := f.Asked()
		if few < 5 || few > 10 {
			t.Errorf("in two minutes it asked for a session %d times", few)
		}
		time.Sleep(48 * time.Hour)
		many := f.inAnyDay()
		if many < 300 || many > 600 {
			t.Errorf("within a day it asked for a session %d times; Discord allows 1,000", many)
		}
		t.Logf("IDENTIFYs under INVALID_SESSION: %d in two minutes, %d in a day", few, many)
		f.keepsRules(t)
		f.Plan(discordfake.OnIdentify, 0, discordfake.Trouble{})
		time.Sleep(8 * time.Minute)
		f.hears(t, h, c.Ready)
	})
}

// A bot that dies again and again, and is started again at once, still asks
// for fewer sessions than Discord allows: they are counted in the store.
func TestRestartsShareTheBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("an hour of restarts takes a second: TestReplicasShareTheBudget is shorter")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		f := newPiped(t, log)
		path := filepath.Join(t.TempDir(), "db")
		run := func(lives time.Duration) {
			store, err := bolt.OpenUnsynced(t.Context(), log, path)
			if err != nil {
				t.Fatal(err)
			}
			stop := adaptertest.Start(t, f.chat(t, func(o *discord.Options) { o.Starts = store }), &recorder{})
			time.Sleep(lives)
			stop()
			synctest.Wait()
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour)))
		began := time.Now()
		for range 10 {
			run(2 * time.Second)
		}
		if n := f.Asked(); n != 1 {
			t.Errorf("it died ten times within 20 s and asked for %d sessions; Discord grants one in 5 s", n)
		}
		for time.Since(began) < 59*time.Minute {
			run(20 * time.Second)
		}
		dying := f.Asked()
		if dying < 8 || dying > 30 {
			t.Errorf("in an hour of dying every 20 s it asked for %d sessions", dying)
		}
		f.keepsRules(t)
		run(10 * time.Minute)
		if n := f.Asked(); n != dying+1 {
			t.Errorf("when it lives it asks for %d sessions", n-dying)
		}
	})
}

// Two bots on one store share the hour's sessions, to the last.
func TestReplicasShareTheBudget(t *testing.T) {
	store, err := bolt.OpenUnsynced(t.Context(), logger(t), filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if n := discord.StartsInAnHour(t.Context(), store, store); n != 30 {
		t.Errorf("together they began %d sessions in an hour", n)
	}
}

// What Discord says is left is believed, and the last few are left alone: the
// last one costs the token.
func TestDiscordsOwnCountIsBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		f.Gateway.Left.Remaining, f.Gateway.Left.ResetAfter = 20, (3 * time.Hour).Milliseconds()
		h := &recorder{}
		c := f.chat(t)
		adaptertest.Start(t, c, h)
		time.Sleep(3*time.Hour - time.Second)
		synctest.Wait()
		if n := f.Asked(); n > 0 {
			t.Errorf("it asked for a session %d times before Discord grants any", n)
		}
		time.Sleep(10 * time.Second)
		f.hears(t, h, c.Ready)
	})
}

// A store that cannot count lets no session begin.
func TestNoSessionUncounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		store, err := bolt.OpenUnsynced(t.Context(), logger(t), filepath.Join(t.TempDir(), "db"))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		c := f.chat(t, func(o *discord.Options) { o.Starts = store })
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx, &recorder{}) }()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if n := f.Asked(); n > 0 {
			t.Errorf("it asked for %d sessions that nobody counted", n)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run ends with %v", err)
		}
	})
}
