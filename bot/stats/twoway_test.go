package stats

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// none is no vote in a table of voters (rows) by prompts (columns).
const none = -1

func votes(rows ...[]float64) []Obs {
	var obs []Obs
	for v, row := range rows {
		for k, y := range row {
			if y != none {
				obs = append(obs, Obs{v, k, y})
			}
		}
	}
	return obs
}

// full is v voters by k prompts who all answer y.
func full(v, k int, y float64) []Obs {
	var obs []Obs
	for i := range v * k {
		obs = append(obs, Obs{i / k, i % k, y})
	}
	return obs
}

func TestTwoWay(t *testing.T) {
	for _, tt := range []struct {
		name   string
		obs    []Obs
		m, se  float64
		df     float64
		lo, hi float64
		ok     bool
	}{
		{"no votes", nil, 0, 0, 0, 0, 1, false},
		{"one vote", full(1, 1, 1), 1, 0, 0, 0, 1, false},
		{"one voter", full(1, 9, 1), 1, 0, 0, 0, 1, false},
		{"one prompt", full(9, 1, 0), 0, 0, 0, 0, 1, false},
		{"more than one vote in a cell", append(full(2, 2, 1), full(2, 2, 0)...), 0.5, 0.1889822365046136, 1, 0, 1, true},
		{"balanced", votes(
			[]float64{1, 1, 0, .5},
			[]float64{1, 0, 0, 1},
			[]float64{1, 1, 0, 1}), 0.625, 0.21916296997304863, 2.7734801605280097, 0, 1, true},
		{"with gaps", votes(
			[]float64{1, 1, 0, none},
			[]float64{1, 0, none, 1},
			[]float64{1, 1, 0, 1},
			[]float64{none, 1, 0, .5},
			[]float64{1, 1, 0, 0}), 0.6176470588235294, 0.2068613865416626, 2.8605167186887197, 0, 1, true},
		{"rows and columns cancel", votes(
			[]float64{1, 0},
			[]float64{0, 1}), 0.5, 0.28867513459481287, 1, 0, 1, true},
		{"two of one mind show nothing", full(2, 9, 1), 1, 0.25, 1, 0, 1, true},
		{"five prompts do", full(9, 5, 1), 1, 0.1, 4, 0.7223554894802201, 1, true},
		{"all old", full(6, 9, 0), 0, 1. / 12, 5, 0, 0.2142151530512716, true},
		{"all ties", full(9, 6, .5), 0.5, 1. / 24, 5, 0.3928924234743642, 0.6071075765256358, true},
	} {
		m := TwoWay(tt.obs)
		lo, hi, ok := m.CI(0.95)
		if !near(m.M, tt.m, 1e-12) || !near(m.SE, tt.se, 1e-12) || !near(m.DF, tt.df, 1e-9) ||
			!near(lo, tt.lo, 1e-9) || !near(hi, tt.hi, 1e-9) || ok != tt.ok {
			t.Errorf("%s: %+v, CI [%v, %v] %t\nwant m %v, se %v, df %v, CI [%v, %v] %t",
				tt.name, m, lo, hi, ok, tt.m, tt.se, tt.df, tt.lo, tt.hi, tt.ok)
		}
	}
}

// One vote more for the winner never takes the win away, up to all of them.
func TestMoreForTheWinner(t *testing.T) {
	for _, size := range [][2]int{{5, 5}, {5, 20}, {6, 6}, {9, 10}, {40, 5}} {
		obs := full(size[0], size[1], 1)
		for i := range 3 {
			obs[i*(size[1]+1)].Y = 0 // by three voters on three prompts
		}
		won := false
		for i := range 4 {
			lo, hi, _ := TwoWay(obs).CI(0.95)
			if won && lo <= 0.5 {
				t.Errorf("%d × %d: with %d votes against it has won, with %d fits anything from %v to %v", size[0], size[1], 4-i, 3-i, lo, hi)
			}
			won = lo > 0.5
			if i < 3 {
				obs[i*(size[1]+1)].Y = 1
			}
		}
		if !won {
			t.Errorf("%d × %d of one mind show no winner", size[0], size[1])
		}
	}
}

// The five polls that began it, each by voters of its own: more voters do not
// make up for five prompts. The interval is that of a t-test over prompts.
func TestFivePrompts(t *testing.T) {
	var obs []Obs
	for k, first := range []int{112, 86, 70, 70, 72} {
		for v := range 200 {
			y := 0.0
			if v < first {
				y = 1
			}
			obs = append(obs, Obs{200*k + v, k, y})
		}
	}
	m := TwoWay(obs)
	lo, hi, ok := m.CI(0.95)
	if !ok || !near(lo, 0.29790586412238945, 1e-9) || !near(hi, 0.5220941358776106, 1e-9) || m.DF != 4 {
		t.Errorf("%+v [%v, %v], want [0.298, 0.522]", m, lo, hi)
	}
}

// drawObs makes votes of up to 8 voters on up to 8 prompts, with gaps and
// repeats.
func drawObs(t *rapid.T) []Obs {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Obs {
		return Obs{
			rapid.IntRange(0, 7).Draw(t, "voter"),
			rapid.IntRange(0, 7).Draw(t, "prompt"),
			rapid.SampledFrom([]float64{0, .5, 1}).Draw(t, "y"),
		}
	}), 0, 60).Draw(t, "votes")
}

func swapped(obs []Obs) []Obs {
	out := make([]Obs, len(obs))
	for i, o := range obs {
		out[i] = Obs{o.Voter, o.Prompt, 1 - o.Y}
	}
	return out
}

func TestTwoWayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		obs := drawObs(t)
		m := TwoWay(obs)
		lo, hi, ok := m.CI(0.95)
		if !finite(m.M, m.SE, m.DF, lo, hi) || lo < 0 || hi > 1 || ok && (m.M < lo-1e-12 || m.M > hi+1e-12 || hi-lo < 1e-9) {
			t.Fatalf("%+v [%v, %v]", m, lo, hi)
		}
		if wideLo, wideHi, _ := m.CI(0.99); wideLo > lo || wideHi < hi {
			t.Fatalf("the 99 %% interval [%v, %v] is narrower than [%v, %v]", wideLo, wideHi, lo, hi)
		}

		other := TwoWay(swapped(obs))
		lo2, hi2, ok2 := other.CI(0.95)
		if ok != ok2 || ok && (!near(lo, 1-hi2, 1e-9) || !near(hi, 1-lo2, 1e-9)) {
			t.Fatalf("[%v, %v] %t; sides swapped: [%v, %v] %t", lo, hi, ok, lo2, hi2, ok2)
		}

		renamed, name := make([]Obs, len(obs)), rand.New(rand.NewPCG(1, 2)).Perm(8)
		for i, o := range obs {
			renamed[len(obs)-1-i] = Obs{1000 - 7*name[o.Voter], name[o.Prompt], o.Y}
		}
		again := TwoWay(renamed)
		if !near(again.M, m.M, 1e-12) || !near(again.SE, m.SE, 1e-12) || !near(again.DF, m.DF, 1e-9) {
			t.Fatalf("%+v; voters and prompts renamed: %+v", m, again)
		}
	})
}

// Twenty voters on twenty prompts that differ, with no winner on the whole: as
// independent votes they would show one in a third of all tastings.
func TestFalseWinners(t *testing.T) {
	const runs = 1000
	rng := seeded(20)
	naive, twoWay := 0, 0
	votes := make([]float64, 400)
	for range runs {
		Plan{Voters: 20, Prompts: 20, Share: 0.5, PromptSD: 1, VoterSD: 0.3}.hold(votes, rng)
		m := wholeTable(votes, 20, 20)
		if lo, hi, _ := m.CI(0.95); lo > 0.5 || hi < 0.5 {
			twoWay++
		}
		if Exact(int(m.M*400+0.5), 400) < 0.05 {
			naive++
		}
	}
	if naive < 300 || naive > 390 || twoWay < 35 || twoWay > 80 {
		t.Errorf("of %d tastings without a winner the exact test names one in %d, want 340; the mean in %d, want 57", runs, naive, twoWay)
	}
}

// How often a winner is named where there is none, at all sizes and spreads of
// the reference, within the errors of both simulations. The reference has the
// same error, and takes the fewer of voters and prompts less one for its degrees
// of freedom.
func TestFalseAlarmsAgainstReference(t *testing.T) {
	var file struct {
		Type1 []struct {
			V, K     int
			SDPrompt float64 `json:"sd_prompt"`
			SDVoter  float64 `json:"sd_voter"`
			Naive    float64
			TwoWay   float64 `json:"two_max"`
		}
	}
	reference(t, "sim_verdict.json", &file)
	const runs, seed = 1000, 11
	rng := seeded(seed)
	for _, c := range file.Type1 {
		p := Plan{Voters: c.V, Prompts: c.K, Share: 0.5, PromptSD: c.SDPrompt, VoterSD: c.SDVoter}
		votes := make([]float64, c.V*c.K)
		naive, twoWay := 0., 0.
		for range runs {
			p.hold(votes, rng)
			k := 0
			for _, y := range votes {
				k += int(y)
			}
			if Exact(k, len(votes)) < 0.05 {
				naive += 1. / runs
			}
			m := wholeTable(votes, c.V, c.K)
			m.DF = float64(min(c.V, c.K) - 1)
			if lo, hi, _ := m.CI(0.95); lo > 0.5 || hi < 0.5 {
				twoWay += 1. / runs
			}
		}
		for what, pair := range map[string][2]float64{"the exact test": {naive, c.Naive}, "the mean": {twoWay, c.TwoWay}} {
			if !withinNoise(pair[0], pair[1], runs, 3000) {
				t.Errorf("%d × %d, spreads %v and %v, seed %d: %s names a winner in %.3f, reference %.3f", c.V, c.K, c.SDPrompt, c.SDVoter, seed, what, pair[0], pair[1])
			}
		}
	}
}
