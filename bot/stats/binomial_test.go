package stats

import (
	"testing"

	"pgregory.net/rapid"
)

func TestExact(t *testing.T) {
	for _, tt := range []struct {
		k, n int
		want float64
	}{
		{0, 0, 1},
		{1, 1, 1},
		{5, 5, 0.0625},
		{6, 6, 0.03125}, // the smallest unanimous poll that counts
		{5, 6, 0.21875},
		{5, 10, 1},
		{11, 20, 0.8238029479980469},
		{112, 200, 0.10363903843785738},
		{10250, 25000, 4.7281814571448395e-179},
	} {
		if got := Exact(tt.k, tt.n); !tail(got, tt.want, 1e-9) {
			t.Errorf("Exact(%d, %d) = %v, want %v", tt.k, tt.n, got, tt.want)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		k, n   int
		lo, hi float64
	}{
		{0, 0, 0, 1},
		{0, 1, 0, 0.7934506856227627},
		{1, 1, 0.2065493143772374, 1},
		{1, 2, 0.09453120573423068, 0.9054687942657693},
		{112, 200, 0.4907167533465867, 0.6270218074881414},
	} {
		lo, hi := Wilson(tt.k, tt.n, 0.95)
		if !near(lo, tt.lo, 1e-9) || !near(hi, tt.hi, 1e-9) {
			t.Errorf("Wilson(%d, %d) = [%v, %v], want [%v, %v]", tt.k, tt.n, lo, hi, tt.lo, tt.hi)
		}
	}
}

func TestAboutEqual(t *testing.T) {
	for _, tt := range []struct {
		k, n                       int
		better, within, equivalent float64
	}{
		{0, 0, 0.5, 0.1, 1},
		{0, 1, 0.25, 0.1, 1},
		{1, 2, 0.5, 0.1495, 0.64},
		{11, 20, 0.6681880950927734, 0.32758551070685576, 0.40440127468777504},
		{112, 200, 0.9548808323577207, 0.39106149749655217, 0.13966433292834088},
	} {
		b, w, e := Better(tt.k, tt.n), Within(tt.k, tt.n, 0.45, 0.55), Equivalent(tt.k, tt.n, 0.1)
		if !near(b, tt.better, 1e-9) || !near(w, tt.within, 1e-9) || !near(e, tt.equivalent, 1e-9) {
			t.Errorf("%d of %d: better %v, within %v, equivalent %v; want %v, %v, %v", tt.k, tt.n, b, w, e, tt.better, tt.within, tt.equivalent)
		}
	}
}

// onePoll is a case of binomial.json.
type onePoll struct {
	K, N   int
	P      float64    `json:"p_exact_two_sided"`
	Wilson [2]float64 `json:"wilson95"`
	Better float64    `json:"post_uniform_P_gt_half"`
	Within float64    `json:"post_uniform_P_in_rope"`
	TOST   float64    `json:"tost_p"`
	LogE   float64    `json:"log_evalue_beta11"`
}

func onePolls(t *testing.T) []onePoll {
	var file struct{ Cases []onePoll }
	reference(t, "binomial.json", &file)
	if len(file.Cases) != 132 {
		t.Fatalf("%d cases, want 132", len(file.Cases))
	}
	return file.Cases
}

func TestBinomialAgainstReference(t *testing.T) {
	for _, c := range onePolls(t) {
		if got := Exact(c.K, c.N); !tail(got, c.P, 1e-9) {
			t.Errorf("Exact(%d, %d) = %v, want %v", c.K, c.N, got, c.P)
		}
		lo, hi := Wilson(c.K, c.N, 0.95)
		if !near(lo, c.Wilson[0], 1e-9) || !near(hi, c.Wilson[1], 1e-9) {
			t.Errorf("Wilson(%d, %d) = [%v, %v], want %v", c.K, c.N, lo, hi, c.Wilson)
		}
		if got := Better(c.K, c.N); !near(got, c.Better, 1e-9) {
			t.Errorf("Better(%d, %d) = %v, want %v", c.K, c.N, got, c.Better)
		}
		if got := Within(c.K, c.N, 0.45, 0.55); !near(got, c.Within, 1e-9) {
			t.Errorf("Within(%d, %d) = %v, want %v", c.K, c.N, got, c.Within)
		}
		if got := Equivalent(c.K, c.N, 0.1); !tail(got, c.TOST, 1e-9) {
			t.Errorf("Equivalent(%d, %d) = %v, want %v", c.K, c.N, got, c.TOST)
		}
	}
}

func TestSwappingSidesMirrorsOnePoll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		if a, b := Exact(k, n), Exact(n-k, n); !tail(a, b, 1e-9) {
			t.Errorf("Exact: %v, swapped %v", a, b)
		}
		if a, b := Better(k, n), 1-Better(n-k, n); !near(a, b, 1e-9) {
			t.Errorf("Better: %v, swapped %v", a, b)
		}
		if a, b := Equivalent(k, n, 0.1), Equivalent(n-k, n, 0.1); !tail(a, b, 1e-9) {
			t.Errorf("Equivalent: %v, swapped %v", a, b)
		}
		lo, hi := Wilson(k, n, 0.95)
		lo2, hi2 := Wilson(n-k, n, 0.95)
		if !near(lo, 1-hi2, 1e-12) || !near(hi, 1-lo2, 1e-12) {
			t.Errorf("Wilson: [%v, %v], swapped [%v, %v]", lo, hi, lo2, hi2)
		}
	})
}

func TestMoreVotesOfOneProportionNeverWiden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		more := rapid.IntRange(2, 20).Draw(t, "times")
		lo, hi := Wilson(k, n, 0.95)
		lo2, hi2 := Wilson(more*k, more*n, 0.95)
		if lo2 < lo-1e-12 || hi2 > hi+1e-12 {
			t.Errorf("%d of %d: [%v, %v]; %d times as many: [%v, %v]", k, n, lo, hi, more, lo2, hi2)
		}
		lo, hi = Sequence(k, n, 0.95)
		lo2, hi2 = Sequence(more*k, more*n, 0.95)
		if lo2 < lo-1e-9 || hi2 > hi+1e-9 {
			t.Errorf("%d of %d, at any time: [%v, %v]; %d times as many: [%v, %v]", k, n, lo, hi, more, lo2, hi2)
		}
	})
}
