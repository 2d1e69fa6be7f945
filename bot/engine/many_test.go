package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/record"
	"github.com/tastetest/tastetest/store/storetest"
)

// A slowStore gives no more of a round's rows than so many until it may.
type slowStore struct {
	bot.Store
	most int
	may  chan struct{} // closed when it may
}

func (s slowStore) EachVote(ctx context.Context, id bot.RoundID, f func(bot.Vote) error) error {
	n := 0
	return s.Store.EachVote(ctx, id, func(v bot.Vote) error {
		if n++; n > s.most {
			<-s.may
		}
		return f(v)
	})
}

// many is a store with one tasting in a state, of so many rounds and people.
func many(t *testing.T, state bot.State, rounds, people int) *bolt.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "many.db")
	large := storetest.Large{Tastings: 1, Rounds: rounds, Voters: people, Ballot: bot.Private, State: state}
	if err := bolt.Write(path, func(add func(record.Kind, []record.Record) error) error { return large.Fill(add) }); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.OpenUnsynced(t.Context(), slog.New(slog.DiscardHandler), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Nobody who looks waits for very many votes to be counted: how many have tasted is said
// as soon as it is known, and how it stands, at once.
func TestLooksDoNotWaitForACount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 10_002
		s := slowStore{many(t, bot.Open, 1, people), people - 1, make(chan struct{})}
		b := engine.New(slog.New(slog.DiscardHandler), s, engine.Options{Library: shelf{pack(12)}, Models: func() []bot.Model { return nil }})
		status := func() string {
			began := time.Now()
			r := b.Command(t.Context(), bot.Command{At: storetest.LargePlace, User: "ann", Text: "status"})
			if took := time.Since(began); took > 100*time.Millisecond {
				t.Errorf("somebody who asked how it stands waited %v", took)
			}
			return fmt.Sprintf("%+v", r.Post)
		}
		for range 2 {
			if said := status(); strings.Contains(said, "tasted") || !strings.Contains(said, "closes") {
				t.Errorf("before it is known how many have tasted: %s", said)
			}
		}
		close(s.may)
		synctest.Wait()
		if said := status(); !strings.Contains(said, "10,002 have tasted") {
			t.Errorf("when it is known: %s", said)
		}
	})
}
