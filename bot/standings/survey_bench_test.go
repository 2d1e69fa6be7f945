package standings

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// BenchmarkSurvey sums up 200 tastings of four models, of ten rounds with nine votes
// each: a page of them is to be there within 300 ms.
func BenchmarkSurvey(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	cells := make(map[bot.TastingID][][]bot.Cell)
	var ts []bot.Tasting
	for i := range 200 {
		first := rng.IntN(4)
		t, who := opinionated(i+1, fmt.Sprint("m", first), fmt.Sprint("m", (first+1+rng.IntN(3))%4), 10, 9, 5, rng)
		t.RevealedAt = time.Unix(1e9, 0).AddDate(0, 0, i)
		for k := range t.Rounds {
			t.Rounds[k].Prompt, t.Rounds[k].Category = fmt.Sprint("f", rng.IntN(160)), []string{"humour", "support", "apologies", "summaries"}[i%4]
			t.Rounds[k].Cost = [2]bot.Cost{{Pico: 1e9, Known: true}, {Pico: 3e10, Known: true}}
		}
		ts, cells[t.ID] = append(ts, t), who
	}
	for b.Loop() {
		if res := Survey(ts, cells, bot.Filter{}); len(res.Picks) != 5 || len(res.Courses) != 4 {
			b.Fatalf("picks %d, courses %d", len(res.Picks), len(res.Courses))
		}
	}
}
