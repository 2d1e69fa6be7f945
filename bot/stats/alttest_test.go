package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// judgedTeam simulates six people and a judge: in each round everybody is for the
// first model with a probability of the round's own. The judge is like one of
// them, and in so many rounds of 100 taps at random.
func judgedTeam(rounds int, random float64, rng *rand.Rand) []Judged {
	js := make([]Judged, rounds)
	for i := range js {
		p := 1 / (1 + math.Exp(-1.5*rng.NormFloat64()))
		pick := func(p float64) int { return Bit(rng.Float64() >= p) }
		js[i].Pick = pick(p)
		if rng.Float64() < random {
			js[i].Pick = pick(0.5)
		}
		for v := range 6 {
			js[i].Votes = append(js[i].Votes, JudgedVote{int32(v), int8(pick(p))})
		}
	}
	return js
}

// limitOf finds how often a judge must tap at random to be behind people by just
// epsilon: there the answer is known, and every win is a false one.
func limitOf(t *testing.T, epsilon float64) float64 {
	lo, hi := 0.0, 1.0
	for range 12 {
		mid := (lo + hi) / 2
		behind, n := 0.0, 0.0
		for _, r := range judgedTeam(60_000, mid, rand.New(rand.NewPCG(7, 7))) {
			var voted [answers]int
			for _, v := range r.Votes {
				voted[v.Pick]++
			}
			for _, v := range r.Votes {
				own, judge := voted[v.Pick]-1, voted[r.Pick]-Bit(r.Pick == int(v.Pick))
				behind += float64(Bit(own > judge) - Bit(own < judge))
				n++
			}
		}
		if behind/n < epsilon {
			lo = mid
		} else {
			hi = mid
		}
	}
	if lo < 0.05 || hi > 0.95 {
		t.Fatalf("no judge of these is worse by just %v: %v", epsilon, lo)
	}
	return lo
}

// A judge that is worse than people by just ε passes in at most 5 of 100 teams; one
// that is like them passes the oftener the more rounds there are.
func TestAlternativeInSimulatedTeams(t *testing.T) {
	if testing.Short() {
		t.Skip("simulations take half a second: run without -short")
	}
	const epsilon, teams = 0.15, 400
	limit := limitOf(t, epsilon)
	for _, tt := range []struct {
		rounds, mostFalse, leastPower int // of 400
	}{{30, 20, 40}, {100, 20, 180}, {300, 20, 380}} {
		rng := rand.New(rand.NewPCG(1, uint64(tt.rounds)))
		falsely, rightly := 0, 0
		for range teams {
			falsely += Bit(Alternative(judgedTeam(tt.rounds, limit, rng), epsilon).Passed)
			rightly += Bit(Alternative(judgedTeam(tt.rounds, 0, rng), epsilon).Passed)
		}
		t.Logf("%d rounds: passes falsely %.1f%%, rightly %.1f%%", tt.rounds, float64(falsely)/4, float64(rightly)/4)
		if falsely > tt.mostFalse || rightly < tt.leastPower {
			t.Errorf("%d rounds: of %d teams a judge worse by %v passes in %d, one like people in %d; want at most %d and at least %d",
				tt.rounds, teams, epsilon, falsely, rightly, tt.mostFalse, tt.leastPower)
		}
	}
}

// What the gap's interval says of a judge is wrong in at most 5 of 100 teams, both
// of one that is like people and of one that is worse.
func TestGapInSimulatedTeams(t *testing.T) {
	if testing.Short() {
		t.Skip("simulations take half a second: run without -short")
	}
	const teams = 600
	for _, random := range []float64{0, 0.4} {
		truth := Alike(judgedTeam(200_000, random, rand.New(rand.NewPCG(9, 9)))).Gap.Estimate
		for _, rounds := range []int{10, 15, 40} {
			rng, missed := rand.New(rand.NewPCG(2, uint64(rounds))), 0
			for range teams {
				g := Alike(judgedTeam(rounds, random, rng)).Gap
				missed += Bit(!g.OK || g.Lower > truth || g.Upper < truth)
			}
			t.Logf("%.0f%% at random, %d rounds: gap %.3f, outside of its interval %.1f%%", 100*random, rounds, truth, float64(missed)/6)
			if missed > 36 { // 30, give or take chance
				t.Errorf("%.0f%% at random, %d rounds: the gap, %.3f, lies outside in %d of %d teams", 100*random, rounds, truth, missed, teams)
			}
		}
	}
}
