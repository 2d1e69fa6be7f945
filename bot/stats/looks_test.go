package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// spent returns how often a level is crossed where nothing is there: by chance
// that wanders like a Brownian motion, at these two-sided levels at quarters of
// its way, the last of them at its end, each for the first time.
func spent(levels []float64) (sums []float64) {
	const n, wide = 1201, 5.0
	step := 2 * wide / float64(n-1)
	at := func(i int) float64 { return -wide + step*float64(i) }
	density := func(x, variance float64) float64 {
		return math.Exp(-x*x/2/variance) / math.Sqrt(2*math.Pi*variance)
	}
	var d []float64
	t, sum := 0.0, 0.0
	for i, level := range levels {
		now := float64(i+1) / Looks
		if i == len(levels)-1 {
			now = 1
		}
		next := make([]float64, n)
		for j := range next {
			if d == nil {
				next[j] = density(at(j), now)
				continue
			}
			for k, was := range d {
				if was > 0 {
					next[j] += was * density(at(j)-at(k), now-t) * step
				}
			}
		}
		limit := mathext.NormalQuantile(1-level/2) * math.Sqrt(now)
		for j := range next {
			if beyond := (math.Abs(at(j))-limit)/step + 0.5; beyond > 0 { // of the step at the limit a part
				sum += next[j] * step * min(1, beyond)
				next[j] *= 1 - min(1, beyond)
			}
		}
		sums, d, t = append(sums, sum), next, now
	}
	return sums
}

// Looks spend α·t² and α·t, and the last one the rest of 5 %, however many early
// ones there were.
func TestLooks(t *testing.T) {
	for early := range Looks {
		var winner, flags []float64
		for n := range early {
			l := EarlyLook(n + 1)
			if !l.Early {
				t.Errorf("look %d is not early", n+1)
			}
			winner, flags = append(winner, l.Winner), append(flags, l.Flags)
		}
		last := LastLook(early, false)
		if last.Early {
			t.Errorf("the last look after %d is early", early)
		}
		w, f := spent(append(winner, last.Winner)), spent(append(flags, last.Flags))
		for n := range early {
			part := float64(n+1) / Looks
			if math.Abs(w[n]-0.05*part*part) > 0.0004 || math.Abs(f[n]-0.05*part) > 0.0006 {
				t.Errorf("after look %d winners have spent %.4f and flags %.4f, want %.4f and %.4f", n+1, w[n], f[n], 0.05*part*part, 0.05*part)
			}
		}
		if math.Abs(w[early]-0.05) > 0.0006 || math.Abs(f[early]-0.05) > 0.0006 {
			t.Errorf("with %d early looks winners spend %.4f in all and flags %.4f, want 0.05", early, w[early], f[early])
		}
		if over := LastLook(early, true); over.Winner > last.Winner || over.Flags > last.Flags || early == 0 && over != OneLook() {
			t.Errorf("with more votes than foreseen the last levels are %+v, without %+v", over, last)
		}
	}
}

// What more votes may yet turn into another verdict is not said early.
func TestEarlyLook(t *testing.T) {
	controls := func(voters int, right func(v, c int) bool) (obs []Obs) {
		for v := range voters {
			for c := range 4 {
				obs = append(obs, Obs{v, c, yes(right(v, c))})
			}
		}
		return obs
	}
	all := func(int, int) bool { return true }
	byPrompt := func(of int) (obs []Obs) { // so many of ten prompts are for the first model, whoever votes
		for v := range 10 {
			for k := range 10 {
				obs = append(obs, Obs{v, k, yes(k < of)})
			}
		}
		return obs
	}
	var camps []Obs // half of 40 voters choose the first model on 7 of 20 prompts, half on 13
	for v := range 40 {
		for k := range 40 {
			camps = append(camps, Obs{v, k, yes((v/2+7*k)%20 < []int{7, 13}[v%2])})
		}
	}
	for _, tt := range []struct {
		name        string
		e           Evidence
		early, last Verdict
	}{
		{"of one mind, and awake", Evidence{Votes: full(20, 10, 1), Controls: controls(20, all)}, First, First},
		{"of one mind, without control pairs", Evidence{Votes: full(20, 10, 1)}, NotEnough, First},
		{"of one mind, where control pairs cannot tell", Evidence{Votes: full(20, 10, 1), Controls: controls(20, func(v, c int) bool { return c < 2+v%2 })[:12]}, NotEnough, First},
		{"control pairs are missed", Evidence{Votes: full(20, 10, 1), Controls: controls(20, func(v, c int) bool { return (v+c)%2 == 0 })}, Guessing, Guessing},
		{"nothing but ties", Evidence{Votes: full(20, 20, 0.5), Controls: controls(20, all)}, Same, Same},
		{"two camps", Evidence{Votes: camps, Controls: controls(40, all)}, NotEnough, Split},
		{"it changes with the prompt, evenly", Evidence{Votes: byPrompt(5), Controls: controls(10, all)}, Prompts, Prompts},
		{"it does, and may yet become a winner", Evidence{Votes: byPrompt(7), Controls: controls(10, all)}, NotEnough, Prompts},
	} {
		if d := Decide(tt.e, EarlyLook(3), 2000, seeded(1)); d.Verdict != tt.early {
			t.Errorf("%s: %s early, want %s\n%+v", tt.name, d.Verdict, tt.early, d)
		}
		if d := Decide(tt.e, LastLook(3, false), 2000, seeded(1)); d.Verdict != tt.last {
			t.Errorf("%s: %s in the end, want %s\n%+v", tt.name, d.Verdict, tt.last, d)
		}
	}
}
