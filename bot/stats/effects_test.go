package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestRandomEffects(t *testing.T) {
	all := [2]float64{0, 1}
	for _, tt := range []struct {
		name  string
		polls []Poll
		want  Effects
	}{
		{"no polls", nil, Effects{CI: all, Next: all}},
		{"a poll without votes", []Poll{{}}, Effects{CI: all, Next: all}},
		{"one poll", []Poll{{0, 5, 10}}, Effects{Polls: 1, CI: all, Next: all}},
		{"the five polls of 20", Polls(polls(20, 11, 9, 7, 7, 7)), Effects{
			Polls: 5, Mean: -0.34186730390429604, Q: 2.4705810180073193,
			CI: [2]float64{0.314445184161069, 0.5239027878107564}, CIOK: true,
			Next: [2]float64{0.3008187482678283, 0.5398322842580432}, NextOK: true,
		}},
		{"the five polls of 200", Polls(polls(200, 112, 86, 70, 70, 72)), Effects{
			Polls: 5, Mean: -0.36728835627108386, Tau2: 0.11737191555488267, Q: 26.218636939536196,
			CI: [2]float64{0.3046921152129631, 0.5226036392973354}, CIOK: true,
			Next: [2]float64{0.17118263670243397, 0.6990318942111478}, NextOK: true,
		}},
	} {
		got := RandomEffects(tt.polls, 0.95)
		near := func(a, b float64) bool { return near(a, b, 1e-9) }
		if got.Polls != tt.want.Polls || got.CIOK != tt.want.CIOK || got.NextOK != tt.want.NextOK ||
			!near(got.Mean, tt.want.Mean) || !near(got.Tau2, tt.want.Tau2) || !near(got.Q, tt.want.Q) ||
			!near(got.CI[0], tt.want.CI[0]) || !near(got.CI[1], tt.want.CI[1]) ||
			!near(got.Next[0], tt.want.Next[0]) || !near(got.Next[1], tt.want.Next[1]) {
			t.Errorf("%s:\n%+v, want\n%+v", tt.name, got, tt.want)
		}
	}
}

// What the five polls can say, at 20, 200 and 5,000 voters each.
func TestFivePollsAgainstReference(t *testing.T) {
	type interval = [2]float64
	var file map[string]struct {
		PerPoll []struct {
			K, N   int
			P      float64 `json:"exact_p"`
			Wilson interval
			Better float64 `json:"P_gt_half"`
			Within float64 `json:"P_rope_45_55"`
			Log10E float64 `json:"log10_evalue"`
			Holm   float64 `json:"holm_p"`
		} `json:"per_poll"`
		Guessing struct {
			X2 float64
			P  float64 `json:"p_asym"`
		} `json:"guessing_chi2"`
		Homogeneity struct{ Q float64 }
		Effects     struct {
			Q    float64 `json:"Q_logit"`
			Tau2 float64
			Mean float64  `json:"mu"`
			CI   interval `json:"ci_hartung_knapp"`
			Next interval `json:"prediction_interval_new_prompt"`
		} `json:"random_effects_DL"`
		Unit struct {
			Mean float64
			CI   interval `json:"ci95"`
		} `json:"prompt_as_unit"`
	}
	reference(t, "karpathy.json", &file)
	for n, want := range file {
		var obs []Obs
		var exact []float64
		for k, p := range want.PerPoll {
			exact = append(exact, Exact(p.K, p.N))
			for v := range p.N {
				y := 0.0
				if v < p.K {
					y = 1
				}
				obs = append(obs, Obs{k*p.N + v, k, y})
			}
			if got := LogE(p.K, p.N) / math.Ln10; !near(got, p.Log10E, 1e-9) {
				t.Errorf("%s voters: log10 E %v, want %v", n, got, p.Log10E)
			}
		}
		for k, got := range Holm(exact) {
			if p := want.PerPoll[k]; !tail(exact[k], p.P, 1e-9) || !tail(got, p.Holm, 1e-9) {
				t.Errorf("%s voters, poll %d: p %v, Holm %v; want %v, %v", n, k, exact[k], got, p.P, p.Holm)
			}
		}
		chi2, p := FairCoins(Polls(obs))
		if !near(chi2, want.Guessing.X2, 1e-9) || !tail(p, want.Guessing.P, 1e-9) {
			t.Errorf("%s voters: all guessing %v, p %v; want %+v", n, chi2, p, want.Guessing)
		}
		e, w := RandomEffects(Polls(obs), 0.95), want.Effects
		for what, pair := range map[string][2]float64{
			"Q": {e.Q, w.Q}, "tau²": {e.Tau2, w.Tau2}, "mean": {e.Mean, w.Mean},
			"CI from": {e.CI[0], w.CI[0]}, "CI to": {e.CI[1], w.CI[1]},
			"next from": {e.Next[0], w.Next[0]}, "next to": {e.Next[1], w.Next[1]},
		} {
			if !near(pair[0], pair[1], 1e-9) {
				t.Errorf("%s voters: %s %v, want %v", n, what, pair[0], pair[1])
			}
		}
		if q := PromptsDiffer(obs, nil, 1, seeded(1)).Stat; !near(q, want.Homogeneity.Q, 1e-9) {
			t.Errorf("%s voters: Q %v, want %v", n, q, want.Homogeneity.Q)
		}
		m := TwoWay(obs)
		lo, hi, _ := m.CI(0.95)
		if n == "20" { // votes vary more than prompts: their error counts
			if lo > want.Unit.CI[0] || hi < want.Unit.CI[1] {
				t.Errorf("20 voters: [%v, %v] inside %v", lo, hi, want.Unit.CI)
			}
		} else if !near(m.M, want.Unit.Mean, 1e-9) || !near(lo, want.Unit.CI[0], 1e-9) || !near(hi, want.Unit.CI[1], 1e-9) {
			t.Errorf("%s voters: %v [%v, %v], want %+v", n, m.M, lo, hi, want.Unit)
		}
	}
}

func TestFairCoins(t *testing.T) {
	for _, tt := range []struct {
		polls   []Poll
		chi2, p float64
	}{
		{nil, 0, 1},
		{[]Poll{{}}, 0, 1},
		{[]Poll{{0, 5, 10}}, 0, 1},
		{Polls(polls(20, 11, 9, 7, 7, 7)), 5.8, 0.3261688136935726},
		{Polls(polls(200, 112, 86, 70, 70, 72)), 58.48, 2.5040444130604703e-11},
	} {
		if chi2, p := FairCoins(tt.polls); !near(chi2, tt.chi2, 1e-9) || !tail(p, tt.p, 1e-9) {
			t.Errorf("%v: %v, p %v; want %v, %v", tt.polls, chi2, p, tt.chi2, tt.p)
		}
	}
}

func TestHolm(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.9})
	for i, want := range []float64{0.04, 0.09, 0.09, 0.9} {
		if !near(got[i], want, 1e-12) {
			t.Errorf("p %d: %v, want %v", i, got[i], want)
		}
	}
	if len(Holm(nil)) != 0 {
		t.Error("of nothing, something")
	}
}

func TestEffectsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		obs := drawObs(t)
		a, b := RandomEffects(Polls(obs), 0.95), RandomEffects(Polls(swapped(obs)), 0.95)
		if !finite(a.Mean, a.Tau2, a.Q, a.CI[0], a.CI[1], a.Next[0], a.Next[1]) || a.CIOK && a.CI[1]-a.CI[0] < 1e-9 {
			t.Fatalf("%+v", a)
		}
		if !near(a.CI[0], 1-b.CI[1], 1e-9) || !near(a.Next[0], 1-b.Next[1], 1e-9) || !near(a.Tau2, b.Tau2, 1e-9) {
			t.Fatalf("%+v, sides swapped %+v", a, b)
		}
		if a.NextOK && (a.Next[0] > a.CI[0]+1e-12 || a.Next[1] < a.CI[1]-1e-12) {
			t.Fatalf("a new prompt %v is surer than the average %v", a.Next, a.CI)
		}
	})
}
