package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Student's t, by the incomplete beta function, as in gonum's stat/distuv, which
// would bring all of gonum's linear algebra into the program: over a megabyte.

// studentQuantile returns which t is not exceeded with probability p,
// ½ ≤ p < 1, with df > 0 degrees of freedom. It begins with the expansion for many
// degrees of freedom (Abramowitz and Stegun, 26.7.5) and corrects it by Halley's
// rule; mathext.InvRegIncBeta, which is right for all of them and five times as
// slow, remains for those where that does not come to rest.
func studentQuantile(p, df float64) float64 {
	if p == 0.5 {
		return 0
	}
	tail := 1 - p
	if df >= 2 {
		z := math.Sqrt2 * math.Erfinv(2*p-1)
		z2 := z * z
		t := z * (1 + (z2+1)/(4*df) + ((5*z2+16)*z2+3)/(96*df*df) + (((3*z2+19)*z2+17)*z2-15)/(384*df*df*df))
		top, _ := math.Lgamma((df + 1) / 2)
		bottom, _ := math.Lgamma(df / 2)
		scale := math.Exp(top-bottom) / math.Sqrt(math.Pi*df) // the density at 0
		for range 8 {
			density := scale * math.Pow(1+t*t/df, -(df+1)/2)
			step := (0.5*mathext.RegIncBeta(df/2, 0.5, df/(t*t+df)) - tail) / density
			step /= 1 - step*t*(df+1)/(df+t*t)/2
			t += step
			if math.Abs(step) < 1e-12*t {
				return t
			}
		}
	}
	x := mathext.InvRegIncBeta(df/2, 0.5, 2*tail) // df / (t² + df)
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
