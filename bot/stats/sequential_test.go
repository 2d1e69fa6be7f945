package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestLogE(t *testing.T) {
	for _, tt := range []struct {
		k, n int
		want float64
	}{
		{0, 0, 0},
		{1, 1, 0},
		{2, 5, -0.6286086594223739},
		{0, 10, 4.533576532801082},
		{800, 1000, 189.292965182913},
		{2500, 5000, -4.032955223072349},
	} {
		if got := LogE(tt.k, tt.n); !near(got, tt.want, 1e-9) {
			t.Errorf("LogE(%d, %d) = %v, want %v", tt.k, tt.n, got, tt.want)
		}
	}
	if a, b := LogE(7, 7), LogE(8, 8); a >= math.Log(20) || b < math.Log(20) {
		t.Errorf("eight of one mind are the first to count if people peek: ln E is %v at 7 and %v at 8", a, b)
	}
}

func TestSequence(t *testing.T) {
	for _, tt := range []struct {
		k, n   int
		lo, hi float64
	}{
		{0, 0, 0, 1},
		{0, 5, 0, 0.6161480503626224},
		{2, 5, 0.03022767160415923, 0.8989719030153034},
		{5, 5, 0.38385194963737945, 1},
		{800, 1000, 0.7521187195867165, 0.8427448260529738},
	} {
		lo, hi := Sequence(tt.k, tt.n, 0.95)
		if !near(lo, tt.lo, 1e-9) || !near(hi, tt.hi, 1e-9) {
			t.Errorf("Sequence(%d, %d) = [%v, %v], want [%v, %v]", tt.k, tt.n, lo, hi, tt.lo, tt.hi)
		}
	}
}

func TestSequentialAgainstReference(t *testing.T) {
	var file struct {
		Cases []struct {
			K, N int
			CS   [2]float64
			LogE float64 `json:"log_e"`
		} `json:"confidence_sequence_beta11"`
	}
	reference(t, "sequential.json", &file)
	for _, c := range file.Cases {
		lo, hi := Sequence(c.K, c.N, 0.95)
		if !near(lo, c.CS[0], 1e-9) || !near(hi, c.CS[1], 1e-9) {
			t.Errorf("Sequence(%d, %d) = [%v, %v], want %v", c.K, c.N, lo, hi, c.CS)
		}
		if got := LogE(c.K, c.N); !near(got, c.LogE, 1e-9) {
			t.Errorf("LogE(%d, %d) = %v, want %v", c.K, c.N, got, c.LogE)
		}
	}
	if len(file.Cases) == 0 {
		t.Error("no cases")
	}
}

// A look after every vote: the exact test cries wolf in more than a quarter of
// fair polls of 200 votes, the e-value in one of twenty at most.
func TestPeeking(t *testing.T) {
	const polls, votes, seed = 2000, 200, 20
	rng := rand.New(rand.NewPCG(seed, 26))
	var exact, e int
	for range polls {
		k, exactSaid, eSaid := 0, false, false
		for n := 1; n <= votes; n++ {
			k += rng.IntN(2)
			exactSaid = exactSaid || Exact(k, n) < 0.05
			eSaid = eSaid || LogE(k, n) >= math.Log(20)
		}
		if exactSaid {
			exact++
		}
		if eSaid {
			e++
		}
	}
	t.Logf("seed %d: a look after each of %d votes of %d polls of fair coins: the exact test names a winner in %.3f, the e-value in %.3f",
		seed, votes, polls, float64(exact)/polls, float64(e)/polls)
	if share := float64(exact) / polls; share < 0.25 || share > 0.33 {
		t.Errorf("the exact test: %.3f false alarms, want .288", share)
	}
	if share := float64(e) / polls; share < 0.02 || share > 0.05 {
		t.Errorf("the e-value: %.3f false alarms, want .033", share)
	}
}

// A look after every vote, with fair coins and with others, as often as in the
// reference.
func TestPeekingAgainstReference(t *testing.T) {
	var file struct {
		Sim []struct {
			P     float64
			N     int
			Every float64 `json:"naive_peek_every_vote"`
			Ten   float64 `json:"naive_peek_every_10"`
			End   float64 `json:"naive_fixed_end"`
			E     float64 `json:"e_process_beta1"`
		}
	}
	reference(t, "sequential.json", &file)
	const polls, seed = 1000, 12
	rng := seeded(seed)
	for _, c := range file.Sim {
		if c.N > 200 {
			continue // takes long
		}
		var every, ten, end, e float64
		for range polls {
			k, said := 0, [4]bool{}
			for n := 1; n <= c.N; n++ {
				if rng.Float64() < c.P {
					k++
				}
				now := Exact(k, n) < 0.05
				said[0] = said[0] || now
				said[1] = said[1] || now && n%10 == 0
				said[2] = now
				said[3] = said[3] || LogE(k, n) >= math.Log(20)
			}
			for i, share := range []*float64{&every, &ten, &end, &e} {
				if said[i] {
					*share += 1. / polls
				}
			}
		}
		for what, pair := range map[string][2]float64{
			"tested after every vote": {every, c.Every}, "after every ten": {ten, c.Ten}, "at the end": {end, c.End}, "E after every vote": {e, c.E},
		} {
			if !withinNoise(pair[0], pair[1], polls, 20000) {
				t.Errorf("p %v, %d votes, seed %d, %s: %.3f, reference %.3f", c.P, c.N, seed, what, pair[0], pair[1])
			}
		}
	}
}

func TestSwappingSidesMirrorsTheSequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		lo, hi := Sequence(k, n, 0.95)
		lo2, hi2 := Sequence(n-k, n, 0.95)
		if !near(lo, 1-hi2, 1e-9) || !near(hi, 1-lo2, 1e-9) || lo > hi {
			t.Errorf("[%v, %v], swapped [%v, %v]", lo, hi, lo2, hi2)
		}
		if a, b := LogE(k, n), LogE(n-k, n); !near(a, b, 1e-9) {
			t.Errorf("LogE %v, swapped %v", a, b)
		}
	})
}
