package standings

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// priced is a tasting of auk against bee with votes of so many people on so many
// prompts, each for auk with this probability; auk costs 30 times as much.
func priced(n, prompts, people int, forAuk float64, category string, rng *rand.Rand) (bot.Tasting, [][]bot.Cell) {
	t := tasted(n, "auk", "bee")
	var cells [][]bot.Cell
	for k := range prompts {
		var c bot.Counts
		var who []bot.Cell
		for v := range people {
			p := bot.Second
			if rng.Float64() < forAuk {
				p = bot.First
			}
			c[0][p-1]++
			who = append(who, bot.Cell{Voter: uint64(v)*7919 + 1, Lean: p.Lean()})
		}
		r := round(100*n+k, c)
		r.Category = category
		r.Cost = [2]bot.Cost{{Pico: 15_600_000_000, Known: true}, {Pico: 520_000_000, Known: true}}
		t.Rounds, cells = append(t.Rounds, r), append(cells, who)
	}
	return t, cells
}

// The cheapest model is taken only where it is shown to be not worse by more than ten
// points: what is not shown is not said, and how many prompts would do is.
func TestRoutes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	cells := make(map[bot.TastingID][][]bot.Cell)
	var ts []bot.Tasting
	for i, kind := range []struct {
		category        string
		prompts, people int
		forAuk          float64
	}{{"level", 40, 20, 0.54}, {"few", 8, 9, 0.6}, {"worse", 40, 20, 0.9}, {"better", 40, 20, 0.2}} {
		x, c := priced(i+1, kind.prompts, kind.people, kind.forAuk, kind.category, rng)
		ts, cells[x.ID] = append(ts, x), c
	}
	got := make(map[string]Route)
	for _, r := range Routes(ts, cells, Scope{}) {
		got[r.Category] = r
	}
	for category, want := range map[string]string{"level": "bee for auk", "few": " for auk", "worse": " for auk", "better": "bee for bee"} {
		r, ok := got[category]
		if said := r.Model + " for " + r.Best; !ok || said != want {
			t.Errorf("%s: take %q, want %q: %+v", category, said, want, r)
		}
	}
	if r := got["level"]; r.Saves.Pico != 15_080_000_000_000 || r.Low < notWorse || r.Needed != 0 || r.Prompts != 40 {
		t.Errorf("where the two are level: %+v; want $15.08 saved per 1,000", r)
	}
	if r := got["few"]; r.Needed <= r.Prompts || r.Low >= notWorse {
		t.Errorf("of few votes: %+v; want more prompts than were tasted", r)
	}
	if r := got["worse"]; r.Needed != 0 || r.Share > 0.2 {
		t.Errorf("where the cheap one is worse: %+v; want no number of prompts", r)
	}
	if _, all := got[""]; !all || len(got) != 5 {
		t.Errorf("%d routes; want one for each of four categories and one for all", len(got))
	}
	for category, want := range map[string]string{
		"level":  "The cheapest that is shown to be not worse than auk by more than ten points is bee; taking it saves $15.08 per 1,000 answers.",
		"few":    fmt.Sprintf("cannot be said yet; about %d prompts for each would do", got["few"].Needed),
		"worse":  "",
		"better": "",
	} {
		var said []string
		for _, s := range Post(ts, cells, Scope{Category: category}).Says {
			said = append(said, s.String())
		}
		all := strings.Join(said, "\n")
		if !strings.Contains(all, want) || want == "" && strings.Contains(all, "ten points") {
			t.Errorf("standings of %s say\n%s\nwant %q", category, all, want)
		}
	}
}

// Where the cheap one is worse by just ten points it is taken in at most 5 of 100
// teams, give or take chance.
func TestRoutesErrSeldom(t *testing.T) {
	const teams = 200
	rng, taken := rand.New(rand.NewPCG(3, 3)), 0
	for range teams {
		x, c := priced(1, 20, 12, 0.6, "creative", rng)
		for _, r := range Routes([]bot.Tasting{x}, map[bot.TastingID][][]bot.Cell{x.ID: c}, Scope{}) {
			if r.Category == "creative" && r.Model == "bee" && r.Best == "auk" {
				taken++
			}
		}
	}
	if taken > 14 {
		t.Errorf("a model that is worse by ten points is taken in %d of %d teams", taken, teams)
	}
}

// Without costs, without votes and with one model there is no route.
func TestNoRoutes(t *testing.T) {
	if got := Routes(nil, nil, Scope{}); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
	x, c := priced(1, 20, 9, 0.5, "", rand.New(rand.NewPCG(1, 1)))
	for i := range x.Rounds {
		x.Rounds[i].Cost = [2]bot.Cost{}
	}
	if got := Routes([]bot.Tasting{x}, map[bot.TastingID][][]bot.Cell{x.ID: c}, Scope{}); len(got) != 0 {
		t.Errorf("without costs: %+v", got)
	}
}
