package bolt_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"log/slog"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
)

// Reading what standings are made of, of 1,000 tastings of 10 rounds by 9
// people: the tastings take thirty times as long (227 ms against 7, 2026-11-28, two
// cores), so cells are read afresh each time.
func BenchmarkStandings(b *testing.B) {
	s, err := bolt.Open(b.Context(), slog.New(slog.DiscardHandler), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	place := bot.Place{Workspace: bot.Workspace{Platform: "web", ID: "local"}, Channel: "C1"}
	for i := range 1000 {
		t, err := s.CreateTasting(b.Context(), bot.Tasting{
			Place: place, State: bot.Closing, Rounds: make([]bot.Round, 10), Starter: bot.Voter{Workspace: place.Workspace, User: "ann"},
			Models: [2]bot.Card{{Name: fmt.Sprint("m", i%10), Source: "api"}, {Name: fmt.Sprint("m", (i+1)%10), Source: "api"}},
		}, make([]bot.Texts, 10))
		if err != nil {
			b.Fatal(err)
		}
		var votes []bot.Vote
		for n := range 10 {
			for v := range 9 {
				vote := bot.Vote{Round: t.ID.Round(n + 1), Voter: bot.Voter{Workspace: place.Workspace, User: fmt.Sprint("voter", v)}}
				vote.Marks[(n+v)%4] = bot.Mark{At: time.Unix(1e9, 0), On: true}
				votes = append(votes, vote)
			}
		}
		if err := s.Seal(b.Context(), t.ID, votes, func(t *bot.Tasting, _ bot.Rows) error { t.State = bot.Closed; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("tastings", func(b *testing.B) {
		for b.Loop() {
			if ts, err := s.Tastings(b.Context(), place.Workspace, bot.Query{States: []bot.State{bot.Closed}}); err != nil || len(ts) != 1000 {
				b.Fatal(len(ts), err)
			}
		}
	})
	b.Run("cells", func(b *testing.B) {
		for b.Loop() {
			if cells, err := s.Cells(b.Context(), place.Workspace); err != nil || len(cells) != 1000 {
				b.Fatal(len(cells), err)
			}
		}
	})
}
