package stats

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"golang.org/x/sync/errgroup"
)

// A team is people who taste every pair of some models on prompts of its own.
type team struct {
	people, prompts, models int     // prompts of each pair
	taste                   float64 // spread over people of the lean to one of two models, in logits
	kinds                   float64 // the same over prompts
	turnout                 float64 // how many of its votes a person gives
}

// strength is that of a model for a middling person and prompt, in logits.
func (t team) strength(model int) float64 { return 0.4 * float64(model%3) }

// games draws all votes of a team.
func (t team) games(rng *rand.Rand) []Game {
	const tie = 0.15
	each := func(n int, sd float64) [][]float64 { // of every model
		x := make([][]float64, n)
		for i := range x {
			x[i] = make([]float64, t.models)
			for m := range x[i] {
				x[i][m] = sd * math.Sqrt2 / 2 * rng.NormFloat64()
			}
		}
		return x
	}
	people := each(t.people, t.taste)
	var games []Game
	for a := range t.models {
		for b := range a {
			for _, prompt := range each(t.prompts, t.kinds) {
				g := Game{A: a, B: b, Prompt: len(games)}
				for v, person := range people {
					if rng.Float64() > t.turnout {
						continue
					}
					c := Cell{Voter: uint64(v), Score: 0.5}
					if rng.Float64() > tie {
						lean := t.strength(a) - t.strength(b) + person[a] - person[b] + prompt[a] - prompt[b]
						c.Score = float32(yes(rng.Float64() < logistic(lean)))
					}
					g.Score += float64(c.Score)
					g.Votes++
					g.Cells = append(g.Cells, c)
				}
				games = append(games, g)
			}
		}
	}
	return games
}

// truth is what endless votes of such people on such prompts come to.
func (t team) truth() []float64 {
	const tie, steps = 0.15, 400
	spread := math.Hypot(t.taste, t.kinds)
	var games []Game
	for a := range t.models {
		for b := range a {
			g := Game{A: a, B: b, Votes: 1e6, Prompt: len(games)}
			sum, of := 0.0, 0.0
			for i := range steps + 1 {
				z := 10*float64(i)/steps - 5
				w := math.Exp(-z * z / 2)
				sum += w * logistic(t.strength(a)-t.strength(b)+spread*z)
				of += w
			}
			g.Score = g.Votes * (tie/2 + (1-tie)*sum/of)
			games = append(games, g)
		}
	}
	return BradleyTerry(t.models, games, 0).Score
}

// held counts the intervals of differences that hold the truth, with voters and
// by prompts alone, and all. Of two models it is [TwoWay], as in standings.
func (t team) held(trials int, rng *rand.Rand) (both, alone, all int) {
	truth := t.truth()
	for range trials {
		games := t.games(rng)
		fit := BradleyTerry(t.models, games, Ridge)
		var votes []Obs
		for i, g := range games {
			for _, c := range g.Cells {
				votes = append(votes, Obs{Voter: int(c.Voter), Prompt: g.Prompt, Y: float64(c.Score)})
			}
			games[i].Cells = nil
		}
		byPrompt := fit.Again(games, Style{}, Ridge)
		for a := range t.models {
			for b := range a {
				gap := truth[a] - truth[b]
				_, lo, hi, _ := fit.Gap(a, b, 0.95)
				if t.models == 2 {
					lo, hi, _ = TwoWay(votes).CI(0.95)
					lo, hi = math.Log(lo/(1-lo)), math.Log(hi/(1-hi))
				}
				both += within(lo, hi, gap)
				_, lo, hi, _ = byPrompt.Gap(a, b, 0.95)
				alone += within(lo, hi, gap)
				all++
			}
		}
	}
	return both, alone, all
}

func within(lo, hi, x float64) int {
	if lo <= x && x <= hi {
		return 1
	}
	return 0
}

// Intervals of standings hold the truth for people and prompts like these. With
// -trials for all teams, printed:
//
//	go test ./bot/stats -run Teams -v -trials 3000
func TestTeams(t *testing.T) {
	if testing.Short() {
		t.Skip("simulations take a second: run without -short")
	}
	type result struct {
		team
		trials, both, alone, all int
	}
	var results []*result
	for _, people := range []int{12, 20, 30} {
		for _, prompts := range []int{6, 10, 20} {
			for _, models := range []int{2, 3, 5} {
				for _, taste := range []float64{0.4, 0.6, 0.8} {
					for _, kinds := range []float64{0, 0.5, 1} {
						tm := team{people, prompts, models, taste, kinds, 0.8}
						if *trials > 0 || prompts == 10 && taste != 0.6 && kinds == 0.5 && people != 20 {
							results = append(results, &result{team: tm})
						}
					}
				}
			}
		}
	}
	n := *trials
	if n == 0 {
		n = 400
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range results {
		g.Go(func() error {
			r.trials = n*3/(r.models+1) + 1
			r.both, r.alone, r.all = r.held(r.trials, seeded(uint64(i)))
			return nil
		})
	}
	_ = g.Wait() // nothing above fails
	naive := 0.0
	for _, r := range results {
		both, alone := float64(r.both)/float64(r.all), float64(r.alone)/float64(r.all)
		naive += alone / float64(len(results))
		t.Logf("%+v: intervals hold the truth in %.3f of %d cases, by prompts alone in %.3f", r.team, both, r.all, alone)
		least, most := 0.93, 0.97
		if r.kinds == 0 {
			most = 0.985 // where all prompts are alike
		}
		by := 2 * math.Sqrt(0.95*0.05/float64(r.trials)) // chance
		if both < least-by || both > most+by {
			t.Errorf("%+v: intervals hold the truth in %.3f of cases, want %.3f to %.3f", r.team, both, least, most)
		}
	}
	if naive > 0.93 {
		t.Errorf("by prompts alone intervals would hold the truth in %.3f of cases: this test shows nothing", naive)
	}
}
