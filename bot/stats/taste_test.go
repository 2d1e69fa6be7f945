package stats

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// tasters are n voters of the same kind.
func tasters(n int, t Taster) []Taster { return slices.Repeat([]Taster{t}, n) }

func TestAttend(t *testing.T) {
	for _, tt := range []struct {
		name           string
		tasters        []Taster
		lower, upper   float64
		passed, missed bool
	}{
		{"nobody", nil, 0, 1, false, false},
		{"no controls", tasters(9, Taster{Lean: 1}), 0, 1, false, false},
		{"one voter", tasters(1, Taster{Right: 9, Controls: 9}), 0, 1, false, false},
		{"five votes could be luck", tasters(5, Taster{Right: 1, Controls: 1}), 0, 1, false, false},
		{"three of nine", append(tasters(3, Taster{Controls: 4}), tasters(6, Taster{})...), 0, 1, false, false},
		{"six could not", tasters(6, Taster{Right: 1, Controls: 1}), 1, 1, true, false},
		{"all half right", tasters(20, Taster{Right: 3, Controls: 6}), 0.5, 0.57764, false, true}, // .5 + 1.729133·√(62·62/124³)
		{"half right, of few", tasters(5, Taster{Right: 1, Controls: 2}), 0.5, 0.78487, false, false},
		{"six of nine may be luck", tasters(3, Taster{Right: 2, Controls: 3}), 2. / 3, 1, false, false},
		{"six in ten", tasters(50, Taster{Right: 6, Controls: 10}), 0.6, 0.63659, false, true},
		{"three in four did not guess", tasters(5, Taster{Right: 3, Controls: 4}), 0.75, 0.94779, true, false},
		{"all or none", append(tasters(7, Taster{Right: 4, Controls: 4}), tasters(3, Taster{Controls: 4})...),
			0.35443, 0.98002, false, false}, // .7 − 2.262157·√(.7·.3/9), .7 + 1.833113·√(.7·.3/9)
	} {
		got := Attend(tt.tasters)
		if !near(got.Lower, tt.lower, 1e-4) || !near(got.Upper, tt.upper, 1e-4) || got.Passed != tt.passed || got.Missed != tt.missed {
			t.Errorf("%s: %+v, want limits %v and %v, passed %t, missed %t", tt.name, got, tt.lower, tt.upper, tt.passed, tt.missed)
		}
	}
}

func TestTasteMatters(t *testing.T) {
	good, bad := Taster{Lean: 0.8, Right: 6, Controls: 6, Steady: 4, Retested: 4}, Taster{Lean: 0.3, Right: 3, Controls: 6, Steady: 2, Retested: 4}
	steady, unsteady := Taster{Lean: 0.9, Steady: 4, Retested: 4}, Taster{Lean: 0.5, Steady: 1, Retested: 4}
	noControls := func(ts []Taster) []Taster {
		for i := range ts {
			ts[i].Controls, ts[i].Retested = 0, 0
		}
		return ts
	}
	for _, tt := range []struct {
		name        string
		tasters     []Taster
		top, bottom float64
		pMax        float64
		ok          bool
	}{
		{"nobody", nil, 0, 0, 1, false},
		{"three", append(tasters(2, good), bad), 0, 0, 1, false},
		{"all the same", tasters(9, good), 0, 0, 1, false},
		{"no controls, no retests", noControls(append(tasters(9, good), tasters(9, bad)...)), 0, 0, 1, false},
		{"retests alone", append(tasters(9, steady), tasters(9, unsteady)...), 0, 0, 1, false},
		{"two halves", append(tasters(9, bad), tasters(9, good)...), 0.8, 0.3, 0.001, true},
		{"more bad than good", append(tasters(6, good), tasters(12, bad)...), 19. / 30, 0.3, 0.001, true},
		{"an odd number", append(tasters(5, bad), tasters(4, good)...), (4*.8 + .5*.3) / 4.5, 0.3, 0.01, true},
	} {
		got := TasteMatters(tt.tasters, 2000, seeded(1))
		if !near(got.Top, tt.top, 1e-9) || !near(got.Bottom, tt.bottom, 1e-9) || got.P > tt.pMax || got.OK != tt.ok || !got.OK && got.P != 1 {
			t.Errorf("%s: %+v, want %v over %v, p up to %v, %t", tt.name, got, tt.top, tt.bottom, tt.pMax, tt.ok)
		}
	}
}

func TestTasteProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		voters := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Taster {
			controls, retests := rapid.IntRange(0, 4).Draw(t, "controls"), rapid.IntRange(0, 4).Draw(t, "retests")
			return Taster{
				Lean:     float64(rapid.IntRange(0, 10).Draw(t, "lean")) / 10,
				Controls: controls, Right: rapid.IntRange(0, controls).Draw(t, "right"),
				Retested: retests, Steady: rapid.IntRange(0, retests).Draw(t, "steady"),
			}
		}), 0, 12).Draw(t, "voters")
		mirrored, mixed := slices.Clone(voters), slices.Clone(voters)
		for i := range mirrored {
			mirrored[i].Lean = 1 - mirrored[i].Lean
		}
		rand.New(rand.NewPCG(7, 7)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })

		a, b, c := TasteMatters(voters, 50, seeded(1)), TasteMatters(mirrored, 50, seeded(1)), TasteMatters(mixed, 50, seeded(1))
		if !finite(a.Covariance, a.P, a.Top, a.Bottom) || a.P <= 0 || a.P > 1 {
			t.Fatalf("%+v", a)
		}
		if a.OK != b.OK || a.OK && (!near(a.Covariance, -b.Covariance, 1e-9) || !near(a.Top, 1-b.Top, 1e-9) || !near(a.P, b.P, 1e-12)) {
			t.Fatalf("%+v, sides swapped %+v", a, b)
		}
		if a.OK != c.OK || !near(a.Covariance, c.Covariance, 1e-9) || !near(a.Top, c.Top, 1e-9) || !near(a.Bottom, c.Bottom, 1e-9) {
			t.Fatalf("%+v, voters in another order %+v", a, c)
		}
		if d := Attend(voters); !finite(d.Mean, d.Lower, d.Upper) || d.Lower > d.Mean || d.Upper < d.Mean || d.Passed && d.Missed {
			t.Fatalf("%+v", d)
		}
	})
}

// Half of the voters lean strongly to the first model, half mildly, and none
// has better taste: the strong are steadier on retests, which must not pass for
// taste more often than chance would.
func TestStrongLeaningIsNotTaste(t *testing.T) {
	const tastings, seed = 300, 9
	rng, named := rand.New(rand.NewPCG(seed, 1)), 0
	vote := func(lean float64) float64 {
		switch {
		case rng.Float64() < 0.15:
			return 0.5
		case rng.Float64() < logistic(lean):
			return 1
		}
		return 0
	}
	for range tastings {
		var e Evidence
		for v := range 20 {
			lean := 0.5 + 1.5*float64(v%2)
			for k := range 20 {
				y := vote(lean)
				e.Votes = append(e.Votes, Obs{v, k, y})
				if k < 6 {
					right, again := 0.0, 0.0
					if rng.Float64() < 0.85 {
						right = 1
					}
					if vote(lean) == y {
						again = 1
					}
					e.Controls, e.Retests = append(e.Controls, Obs{v, k, right}), append(e.Retests, Obs{v, k, again})
				}
			}
		}
		if test := TasteMatters(e.Tasters(), 200, rng); test.P < 0.05 {
			named++
		}
	}
	share := float64(named) / tastings
	t.Logf("seed %d, %d tastings: taste is named in %.3f", seed, tastings, share)
	if share > 0.05+2*0.0126 { // two standard errors
		t.Errorf("taste is named in %.3f of tastings without any", share)
	}
}
