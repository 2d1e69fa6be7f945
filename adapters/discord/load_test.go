package discord_test

import (
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// BenchmarkVotes has as many people vote as fast as the gateway can tell, each
// told twice, and waits until every vote is on disk, once. A team that taps
// 1,000 times a second for half a minute is -benchtime 30000x.
func BenchmarkVotes(b *testing.B) {
	s := newStage(b, io.Discard)
	s.fake.log = slog.New(slog.DiscardHandler)
	s.start(str("model", "kestrel"), str("against", "nova"), str("prompt", "Hi"))
	s.state(1, bot.Open)
	m := s.post("1.1/ballot")
	emoji := []string{"🅰️", "🅱️", "🤝", "👎"}
	b.ResetTimer()
	began := time.Now()
	for i := range b.N {
		user := fmt.Sprint(1_000_000_000 + i)
		for range 2 {
			s.DispatchReaction(tasteID, m.ID, user, emoji[i%len(emoji)], true, false)
		}
	}
	told := time.Since(began)
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(time.Second / 2) {
		votes, err := s.store.Votes(b.Context(), tasting(1).Round(1))
		if err != nil {
			b.Fatal(err)
		}
		if len(votes) == b.N {
			break
		}
		if time.Now().After(deadline) {
			b.Fatalf("%d of %d votes are stored", len(votes), b.N)
		}
	}
	b.ReportMetric(float64(2*b.N)/time.Since(began).Seconds(), "events/s")
	b.ReportMetric(float64(time.Since(began)-told)/1e6, "ms-behind")
}
