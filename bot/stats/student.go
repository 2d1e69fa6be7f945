package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Student's t, by the incomplete beta function, as in gonum's stat/distuv, which
// would bring all of gonum's linear algebra into the program: over a megabyte.

// studentQuantile returns which t is not exceeded with probability p,
// ½ ≤ p < 1, with df > 0 degrees of freedom.
func studentQuantile(p, df float64) float64 {
	if p == 0.5 {
		return 0
	}
	x := mathext.InvRegIncBeta(df/2, 0.5, 2*(1-p)) // df / (t² + df)
	return math.Sqrt(df * (1 - x) / x)
}

// studentAtMost returns the probability of a value of at most t, with df > 0
// degrees of freedom.
func studentAtMost(t, df float64) float64 {
	half := 0.5 * mathext.RegIncBeta(df/2, 0.5, df/(t*t+df))
	switch {
	case t > 0:
		return 1 - half
	case t < 0:
		return half
	}
	return 0.5
}
