package stats

import (
	"math"
	"math/rand/v2"
)

// A world is one truth behind a tasting, as in sim_verdict.py.
type world struct {
	name  string
	want  Verdict
	right float64 // how often the reference rule calls it right: 300 tastings of 20 voters, 20 prompts, 6 controls, 6 retests
}

var worlds = []world{
	{"1_taste", Taste, 0.543},
	{"2_guess", Guessing, 1},
	{"3_prompts", Prompts, 0.947},
	{"4_same", Same, 0.94},
	{"5_mix", Mix, 0.377},
	{"new_better", First, 0.997},
	{"old_better", Second, 0.99},
}

// A size is that of a tasting.
type size struct{ voters, prompts, controls, retests int }

// taste draws all votes of one tasting.
func (w world) taste(s size, rng *rand.Rand) Evidence {
	prompt := make([]float64, s.prompts)
	lean, skill := make([]float64, s.voters), make([]float64, s.voters)
	tie, sd := 0.15, 0.0
	switch w.name {
	case "3_prompts":
		sd = 1.3
	case "4_same":
		tie = 0.35
	case "5_mix":
		sd = 1.1
	case "new_better", "old_better":
		sd = 0.3
	}
	for k := range prompt {
		prompt[k] = sd * rng.NormFloat64()
	}
	for v := range lean {
		skill[v] = 0.88
		switch w.name {
		case "1_taste", "5_mix":
			if float64(v) < math.RoundToEven(0.35*float64(s.voters)) {
				lean[v], skill[v] = 1.3, 0.93
			} else {
				lean[v], skill[v] = -0.7, 0.68
			}
		case "2_guess":
			skill[v] = 0.5
		case "new_better":
			lean[v] = 0.9
		case "old_better":
			lean[v] = -0.9
		}
	}
	vote := func(v, k int) float64 {
		switch {
		case rng.Float64() < tie:
			return 0.5
		case rng.Float64() < 1/(1+math.Exp(-lean[v]-prompt[k])):
			return 1
		}
		return 0
	}
	yes := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	var e Evidence
	for v := range s.voters {
		first := make([]float64, s.prompts)
		for k := range first {
			first[k] = vote(v, k)
			e.Votes = append(e.Votes, Obs{v, k, first[k]})
		}
		for c := range s.controls {
			e.Controls = append(e.Controls, Obs{v, c, yes(rng.Float64() < skill[v])})
		}
		for _, k := range rng.Perm(s.prompts)[:s.retests] {
			e.Retests = append(e.Retests, Obs{v, k, yes(vote(v, k) == first[k])})
		}
	}
	return e
}
