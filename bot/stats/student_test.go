package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// The quick way to a quantile of Student's t leads where the slow one does, which
// the reference numbers of R vouch for.
func TestStudentQuantile(t *testing.T) {
	for _, p := range []float64{0.51, 0.6, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9999} {
		for df := 0.5; df < 5000; df *= 1.13 {
			x := mathext.InvRegIncBeta(df/2, 0.5, 2*(1-p))
			slow := math.Sqrt(df * (1 - x) / x)
			if got := studentQuantile(p, df); math.Abs(got-slow) > 1e-9*slow {
				t.Errorf("with %v degrees of freedom the quantile of %v is %v; want %v", df, p, got, slow)
			}
		}
	}
}

func BenchmarkStudentQuantile(b *testing.B) {
	for i := range b.N {
		studentQuantile(0.975, 5+float64(i%60)/2)
	}
}
