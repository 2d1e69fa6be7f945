package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Exact returns the p-value of k votes of n for the first model if each vote
// were a fair coin: two-sided, min(1, 2·P(X ≤ min(k, n−k))). Ties are left out
// of k and n. It is 1 if n is 0.
func Exact(k, n int) float64 {
	return min(1, 2*atMost(min(k, n-k), n, 0.5))
}

// Wilson returns the score interval of Wilson (1927) for the share behind
// k of n votes; level is 0.95 for a 95 % interval. With n 0 it is [0, 1].
func Wilson(k, n int, level float64) (lo, hi float64) {
	if n <= 0 {
		return 0, 1
	}
	z := mathext.NormalQuantile((1 + level) / 2)
	size, p := float64(n), float64(k)/float64(n)
	centre := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	lo, hi = clip(centre-half), clip(centre+half)
	if k <= 0 {
		lo = 0
	}
	if k >= n {
		hi = 1
	}
	return lo, hi
}

// Better returns the probability that more than half of all such voters prefer
// the first model, after k of n votes and a uniform prior: P(p > ½) of
// Beta(k+1, n−k+1).
func Better(k, n int) float64 {
	return mathext.RegIncBeta(float64(n-k+1), float64(k+1), 0.5)
}

// Within returns the probability that the share lies between lo and hi, after
// k of n votes and a uniform prior. Shares from 0.45 to 0.55 are "about equal".
func Within(k, n int, lo, hi float64) float64 {
	a, b := float64(k+1), float64(n-k+1)
	return mathext.RegIncBeta(a, b, hi) - mathext.RegIncBeta(a, b, lo)
}

// Equivalent returns the p-value of "the share is not within ½ ± margin" by
// two one-sided exact tests (Schuirmann 1987): small values show that the
// models are about the same. That a difference is not significant never does.
func Equivalent(k, n int, margin float64) float64 {
	return max(atLeast(k, n, 0.5-margin), atMost(k, n, 0.5+margin))
}

// atMost returns P(X ≤ k) of a binomial X. gonum's Survival is 1 − CDF, which
// loses small tails; the incomplete beta function does not.
func atMost(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// atLeast returns P(X ≥ k) of a binomial X.
func atLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

func clip(share float64) float64 { return min(1, max(0, share)) }
