package bolt

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/bot"
)

// BenchmarkVotes compares durable votes through the store with the same write
// by bbolt's own Update and Batch, for a number of callers that each wait for
// their vote. An op is one vote.
func BenchmarkVotes(b *testing.B) {
	for _, way := range []struct {
		name string
		hear func(*Store, bot.RoundID, bot.Voter, bot.Pick, bot.Mark) error
	}{
		{"store", func(s *Store, id bot.RoundID, v bot.Voter, p bot.Pick, m bot.Mark) error {
			return s.Hear(b.Context(), id, v, p, m)
		}},
		{"update", func(s *Store, id bot.RoundID, v bot.Voter, p bot.Pick, m bot.Mark) error {
			return s.db.Update(func(tx *bbolt.Tx) error { return hear(newTxn(tx), id, v, p, m) })
		}},
		{"batch", func(s *Store, id bot.RoundID, v bot.Voter, p bot.Pick, m bot.Mark) error {
			return s.db.Batch(func(tx *bbolt.Tx) error { return hear(newTxn(tx), id, v, p, m) })
		}},
	} {
		for _, callers := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("%s/%d", way.name, callers), func(b *testing.B) {
				s, id := openBallot(b)
				start := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
				next := make(chan int, b.N)
				for i := range b.N {
					next <- i
				}
				close(next)
				b.ResetTimer()
				var wg sync.WaitGroup
				for range callers {
					wg.Go(func() {
						for i := range next {
							// A thousand people who change their minds.
							v := bot.Voter{Workspace: id.Workspace, User: fmt.Sprintf("U%08d", i%1000)}
							p := bot.Pick(i/1000%4 + 1)
							if err := way.hear(s, id, v, p, bot.Mark{On: true, At: start.Add(time.Duration(i))}); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "votes/s")
			})
		}
	}
}

// openBallot returns a store and a round in it that takes votes.
func openBallot(tb testing.TB) (*Store, bot.RoundID) {
	tb.Helper()
	s, err := Open(tb.Context(), slog.New(slog.DiscardHandler), filepath.Join(tb.TempDir(), "tastetest.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	t, err := s.CreateTasting(tb.Context(), bot.Tasting{
		Place:  bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T0001"}, Channel: "C1"},
		State:  bot.Open,
		Rounds: make([]bot.Round, 1),
	}, make([]bot.Texts, 1))
	if err != nil {
		tb.Fatal(err)
	}
	return s, t.ID.Round(1)
}
