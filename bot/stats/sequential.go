package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// LogE returns the natural logarithm of the e-value of k of n votes against
// fair coins: ln B(k+1, n−k+1) + n ln 2, the mixture of Robbins (1970) with a
// uniform prior. If the coins are fair, E reaches 20 at any time of a poll
// with a probability of at most 1/20, however often it is looked at.
func LogE(k, n int) float64 {
	return mathext.Lbeta(float64(k+1), float64(n-k+1)) + float64(n)*math.Ln2
}

// Sequence returns the confidence sequence of a poll at k of n votes: with
// level 0.95 it holds the true share at all times of the poll at once with a
// probability of 95 %. It is {p : ln B(k+1, n−k+1) − k ln p − (n−k) ln(1−p) <
// −ln(1−level)}.
func Sequence(k, n int, level float64) (lo, hi float64) {
	if n <= 0 {
		return 0, 1
	}
	base, limit := mathext.Lbeta(float64(k+1), float64(n-k+1)), -math.Log1p(-level)
	inside := func(p float64) bool {
		e := base
		if k > 0 {
			e -= float64(k) * math.Log(p)
		}
		if n > k {
			e -= float64(n-k) * math.Log1p(-p)
		}
		return e < limit
	}
	share := float64(k) / float64(n)
	if k > 0 {
		lo = edge(0, share, inside)
	}
	hi = 1
	if k < n {
		hi = edge(1, share, inside)
	}
	return lo, hi
}

// edge bisects between a point outside and one inside.
func edge(out, in float64, inside func(float64) bool) float64 {
	for range 100 {
		mid := (out + in) / 2
		if inside(mid) {
			in = mid
		} else {
			out = mid
		}
	}
	return in
}
