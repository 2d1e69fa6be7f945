package stats

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// polls is one voter a vote: first of n for the first model on each prompt.
func polls(n int, first ...int) []Obs {
	var obs []Obs
	for k, f := range first {
		for v := range n {
			y := 0.0
			if v < f {
				y = 1
			}
			obs = append(obs, Obs{n*k + v, k, y})
		}
	}
	return obs
}

func TestPromptsDiffer(t *testing.T) {
	rng := seeded(1)
	for _, tt := range []struct {
		name     string
		obs      []Obs
		stat, p  float64
		accuracy float64 // of p
		ok       bool
	}{
		{"no votes", nil, 0, 1, 0, false},
		{"one voter, one prompt", full(1, 1, 1), 0, 1, 0, false},
		{"one prompt", votes([]float64{1}, []float64{0}), 0, 1, 0, false},
		{"all agree", full(5, 5, 1), 0, 1, 0, false},
		{"all ties", full(5, 5, .5), 0, 1, 0, false},
		{"voters differ, prompts do not", append(full(3, 4, 1), Obs{9, 0, 0}, Obs{9, 1, 0}), 0, 1, 0, false},
		// Each voter: 1 0. The other order of one comes up three times in four.
		{"two voters, two prompts", votes([]float64{1, 0}, []float64{1, 0}), 4, 0.5, 0.05, true},
		{"the five polls of 20", polls(20, 11, 9, 7, 7, 7), 2.645721372467962, 0.66575, 0.03, true},
		{"the five polls of 200", polls(200, 112, 86, 70, 70, 72), 26.953286482017354, 0.0005, 0.001, true},
	} {
		got := PromptsDiffer(tt.obs, nil, 2000, rng)
		if !near(got.Stat, tt.stat, 1e-9) || !near(got.P, tt.p, tt.accuracy) || got.OK != tt.ok {
			t.Errorf("%s: %+v, want %v, p %v, %t", tt.name, got, tt.stat, tt.p, tt.ok)
		}
	}
}

func TestVotersDiffer(t *testing.T) {
	rng := seeded(1)
	of := func(rows ...float64) (obs []Obs) { // voters who always say the same, on 6 prompts
		for v, y := range rows {
			for k := range 6 {
				obs = append(obs, Obs{v, k, y})
			}
		}
		return obs
	}
	for _, tt := range []struct {
		name   string
		obs    []Obs
		lo, hi float64 // of p
		ok     bool
	}{
		{"no votes", nil, 1, 1, false},
		{"one voter", votes([]float64{1, 0, 1}), 1, 1, false},
		{"all ties", full(5, 5, .5), 1, 1, false},
		{"voters who never met", []Obs{{1, 1, 1}, {2, 2, 0}}, 1, 1, false},
		{"prompts differ, voters do not", votes([]float64{1, 0}, []float64{1, 0}, []float64{1, 0}), 1, 1, false},
		{"two camps", of(1, 1, 1, 0, 0, 0), 0, 0.001, true},
		{"no camps", votes([]float64{1, 0, 1, 0}, []float64{0, 1, 0, 1}, []float64{1, 0, 0, 1}), 0.5, 1, true},
	} {
		got := VotersDiffer(tt.obs, 2000, rng)
		if got.P < tt.lo || got.P > tt.hi || got.OK != tt.ok {
			t.Errorf("%s: %+v, want p of %v to %v, %t", tt.name, got, tt.lo, tt.hi, tt.ok)
		}
	}
}

// Where nothing differs a test at 5 % is wrong 5 times in 100, with gaps in
// the table, prompts that differ (for voters) and voters who do (for prompts).
func TestShufflingKeepsItsLevel(t *testing.T) {
	rng := seeded(3)
	const runs = 1000
	prompts, voters := 0, 0
	for range runs {
		var byVoter, byPrompt []Obs
		for v := range 8 {
			for k := range 6 {
				if rng.IntN(4) > 0 {
					byVoter = append(byVoter, Obs{v, k, float64(rng.IntN(8) / max(1, 8-v))})
					byPrompt = append(byPrompt, Obs{v, k, min(1, float64(rng.IntN(6)/max(1, 6-k)))})
				}
			}
		}
		for i := range byVoter {
			byVoter[i].Y = min(1, byVoter[i].Y)
		}
		if PromptsDiffer(byVoter, nil, 199, rng).P <= 0.05 {
			prompts++
		}
		if VotersDiffer(byPrompt, 199, rng).P <= 0.05 {
			voters++
		}
	}
	if prompts > runs*65/1000 || voters > runs*65/1000 {
		t.Errorf("of %d: prompts called different %d times, voters %d; want at most 50 or so", runs, prompts, voters)
	}
}

// Where 65 % tap left and all see one order of sides, prompts differ by the side
// alone. Compared with their own side they do so 5 times in 100.
func TestSidesAreNotPrompts(t *testing.T) {
	rng := seeded(4)
	const runs = 400
	mixed, apart := 0, 0
	for range runs {
		e := world{tie: 0.15}.odd(size{12, 10, 0, 0}, oddity{oneOrder: true, left: 0.62}, rng)
		mixed += int(yes(PromptsDiffer(e.Votes, nil, 99, rng).P <= 0.05))
		apart += int(yes(Decide(e, OneLook(), 99, rng).Prompts.P <= 0.05))
	}
	if mixed < runs/2 || apart > runs*9/100 {
		t.Errorf("of %d tastings prompts are said to differ in %d, and apart by side in %d; want most, and 20 or so", runs, mixed, apart)
	}

	// And what sides add is no spread of prompts.
	lefts := votes([]float64{1, 0, 1, 0}, []float64{1, 0, 1, 0}, []float64{1, 0, 1, 0})
	flipped := []bool{false, true, false, true}
	if got, apart := PromptSD(lefts, nil), PromptSD(lefts, flipped); !near(got, 0.5773502691896257, 1e-9) || apart != 0 {
		t.Errorf("spread %v, apart by side %v; want 0.577 and 0", got, apart)
	}
}

func TestPromptSD(t *testing.T) {
	for _, tt := range []struct {
		name string
		obs  []Obs
		want float64
	}{
		{"no votes", nil, 0},
		{"one prompt", votes([]float64{1}, []float64{0}), 0},
		{"one voter", votes([]float64{1, 0, 1}), 0},
		{"no more than chance", votes([]float64{1, 0}, []float64{0, 1}), 0},
		{"all or nothing", votes([]float64{1, 0}, []float64{1, 0}), 0.7071067811865476},
		{"the five polls of 200", polls(200, 112, 86, 70, 70, 72), 0.08346967071726259},
	} {
		if got := PromptSD(tt.obs, nil); !near(got, tt.want, 1e-9) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func unsided(obs []Obs, shuffles int, rng *rand.Rand) Test {
	return PromptsDiffer(obs, nil, shuffles, rng)
}

func TestHeterogeneityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		obs := drawObs(t)
		for name, test := range map[string]func([]Obs, int, *rand.Rand) Test{"prompts": unsided, "voters": VotersDiffer} {
			a := test(obs, 50, seeded(1))
			b := test(swapped(obs), 50, seeded(1))
			if !finite(a.Stat, a.P) || a.P <= 0 || a.P > 1 || !near(a.Stat, b.Stat, 1e-9) || a.P != b.P || a.OK != b.OK {
				t.Fatalf("%s: %+v, sides swapped %+v", name, a, b)
			}
		}
		if a, b := PromptSD(obs, nil), PromptSD(swapped(obs), nil); !finite(a) || !near(a, b, 1e-7) {
			t.Fatalf("sd %v, sides swapped %v", a, b)
		}
	})
}
