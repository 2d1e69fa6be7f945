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

// A wholeStore refuses whoever wants all rows of a round at once.
type wholeStore struct{ bot.Store }

func (wholeStore) Votes(_ context.Context, id bot.RoundID) ([]bot.Vote, error) {
	return nil, fmt.Errorf("all rows of round %v at once may be a million", id)
}

// A closedStore lists nothing until it may.
type closedStore struct {
	bot.Store
	may chan struct{} // closed when it may
}

func (s closedStore) Workspaces(ctx context.Context) ([]bot.Workspace, error) {
	<-s.may
	return s.Store.Workspaces(ctx)
}

// newMany is a bot on a store of many.
func newMany(s bot.Store) *engine.Bot {
	return engine.New(slog.New(slog.DiscardHandler), s, engine.Options{Library: shelf{pack(12)}, Models: func() []bot.Model { return nil }})
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
		b := newMany(s)
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

// While voting is open how many have tasted may be some seconds old. What is said of it
// once voting is over is right, for nobody counts again after that.
func TestTheLastCountIsRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 10_001
		s := many(t, bot.Open, 1, people)
		b := newMany(s)
		large := storetest.Large{}
		id := large.ID(1)
		status := func() string {
			return fmt.Sprintf("%+v", b.Command(t.Context(), bot.Command{At: storetest.LargePlace, User: "ann", Text: "status"}).Post)
		}
		if said := status(); !strings.Contains(said, "10,001 have tasted") {
			t.Errorf("while voting is open: %s", said)
		}
		for i := range 3 {
			if err := s.Hear(t.Context(), id.Round(1), large.Voter(people+i), bot.First, bot.Mark{On: true, At: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		err := s.Update(t.Context(), id, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Seal(t.Context(), id, nil, func(t *bot.Tasting, kept bot.Rows) error { t.Count(kept); return nil }); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if said := status(); !strings.Contains(said, "10,004 have tasted") || !strings.Contains(said, "voting is over") {
				t.Errorf("three more have tasted, and it is sealed: %s", said)
			}
		}
	})
}

// What judges made of a tasting is held against its votes row by row, and what a reveal
// says of it is the same as the command's.
func TestJudgesReadRowByRow(t *testing.T) {
	b := newMany(wholeStore{many(t, bot.Revealed, 6, 7)})
	said := make(map[string]string)
	for _, text := range []string{"judges", "results 1"} {
		r := b.Command(t.Context(), bot.Command{At: storetest.LargePlace, User: "ann", Text: text})
		said[text] = fmt.Sprintf("%+v", r.Post)
	}
	if !strings.Contains(said["judges"], "arbiter") || !strings.Contains(said["results 1"], "A judge beside you: arbiter agreed with") {
		t.Errorf("of its judge it is said: %s\nand in the results: %s", said["judges"], said["results 1"])
	}
}

// A bot that has just begun says that it is not ready before it has read what people will
// ask for.
func TestReadyWhenReadAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := closedStore{many(t, bot.Revealed, 1, 3), make(chan struct{})}
		b := newMany(s)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { b.Run(ctx); close(done) }()
		synctest.Wait()
		if b.Ready(t.Context()) == nil {
			t.Error("it is ready before it has read anything")
		}
		close(s.may)
		synctest.Wait()
		if err := b.Ready(t.Context()); err != nil {
			t.Errorf("when it has read all: %v", err)
		}
		stop()
		<-done
	})
}
