package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
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
		limit := distuv.UnitNormal.Quantile(1-level/2) * math.Sqrt(now)
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
