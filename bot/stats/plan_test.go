package stats

import (
	"math"
	"testing"
)

// What nine voters find, to five points.
func TestPlan(t *testing.T) {
	rng := seeded(9)
	for _, tt := range []struct {
		plan Plan
		want Chances
	}{
		{PlanFor(9, 5, 0.7), Chances{First: 0.37}},
		{PlanFor(9, 10, 0.7), Chances{First: 0.69}},
		{PlanFor(9, 15, 0.7), Chances{First: 0.85}},
		{PlanFor(9, 15, 0.3), Chances{Second: 0.85}},
		{PlanFor(9, 15, 0.5), Chances{First: 0.02, Second: 0.02, Same: 0.18}},
		{PlanFor(1, 15, 0.7), Chances{}},
		{PlanFor(15, 0, 0.7), Chances{}},
	} {
		got := tt.plan.Simulate(1000, rng)
		if !near(got.First, tt.want.First, 0.05) || !near(got.Second, tt.want.Second, 0.05) || !near(got.Same, tt.want.Same, 0.05) {
			t.Errorf("%+v: %+v, want %+v", tt.plan, got, tt.want)
		}
	}
}

func TestNeeded(t *testing.T) {
	if got := PlanFor(9, 0, 0.7).Needed(0.8, 40, 500, seeded(1)); got < 12 || got > 16 {
		t.Errorf("%d prompts show 70 to 30 to nine voters 4 times in 5, want about 14", got)
	}
	if got := PlanFor(9, 0, 0.95).Needed(0.8, 60, 200, seeded(1)); got < 3 || got > 6 {
		t.Errorf("%d prompts show 95 to 5 to nine voters 4 times in 5, want about 4", got)
	}
	if got := PlanFor(9, 0, 0.5).Needed(0.8, 60, 200, seeded(1)); got != 0 {
		t.Errorf("%d prompts show a difference that is not there", got)
	}
	if got := PlanFor(9, 0, 0.7).Needed(0.8, 1, 200, seeded(1)); got != 0 {
		t.Errorf("%d prompts of at most one are enough", got)
	}
}

func TestAtLeast(t *testing.T) {
	for _, tt := range []struct {
		obs  []Obs
		want Answer
	}{
		{nil, Open},
		{full(9, 15, 1), Shown},
		{full(9, 15, 0), RuledOut},
		{full(9, 15, .5), RuledOut},
		{full(3, 3, .5), Open},
		{full(2, 2, 1), Open},
	} {
		if got := TwoWay(tt.obs).AtLeast(0.6, 0.05); got != tt.want {
			t.Errorf("%d votes for %v: %s, want %s", len(tt.obs), TwoWay(tt.obs).M, got, tt.want)
		}
	}

	// With models that are truly equal, nine voters and fifteen prompts rule out
	// 60 % oftener than they show "the same".
	ruled, rng := 0, seeded(3)
	votes := make([]float64, 9*15)
	for range 1000 {
		PlanFor(9, 15, 0.5).hold(votes, rng)
		if wholeTable(votes, 9, 15).AtLeast(0.6, 0.05) == RuledOut {
			ruled++
		}
	}
	if ruled < 550 || ruled > 660 {
		t.Errorf("ruled out %d times in 1000, want 605", ruled)
	}
}

// The fast way for full tables gives what TwoWay gives.
func TestWholeTable(t *testing.T) {
	rng := seeded(3)
	for _, size := range [][2]int{{2, 2}, {5, 3}, {3, 9}, {12, 10}} {
		voters, prompts := size[0], size[1]
		votes := make([]float64, voters*prompts)
		for trial := range 20 {
			var obs []Obs
			for i := range votes {
				votes[i] = float64(rng.IntN(3)) / 2
				if trial == 0 {
					votes[i] = 1
				}
				obs = append(obs, Obs{Voter: i / prompts, Prompt: i % prompts, Y: votes[i]})
			}
			got, want := wholeTable(votes, voters, prompts), TwoWay(obs)
			if math.Abs(got.M-want.M) > 1e-12 || math.Abs(got.SE-want.SE) > 1e-12 || math.Abs(got.DF-want.DF) > 1e-9*want.DF || math.Abs(got.VoterSD-want.VoterSD) > 1e-9 || got.N != want.N || got.Voters != want.Voters || got.Prompts != want.Prompts {
				t.Errorf("%d × %d: %+v, TwoWay says %+v", voters, prompts, got, want)
			}
		}
	}
}
