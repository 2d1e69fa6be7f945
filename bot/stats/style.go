package stats

import "math"

// LengthGap is how much longer a is than b, from −1 to 1: (a − b)/(a + b + 1).
// Lengths are in characters. Standardised it is a column of [Game.Style];
// another is 1 where A was on the left and −1 where it was on the right.
func LengthGap(a, b int) float64 {
	return float64(a-b) / float64(a+b+1)
}

// Standardise returns x with mean 0 and population standard deviation 1 over
// votes: weight holds the votes of each x. All are 0 if x does not vary.
func Standardise(x, weight []float64) []float64 {
	var n, mean, sq float64
	for i, w := range weight {
		n += w
		mean += w * x[i]
	}
	z := make([]float64, len(x))
	if n <= 0 {
		return z
	}
	mean /= n
	for i, w := range weight {
		sq += w * (x[i] - mean) * (x[i] - mean)
	}
	sd := math.Sqrt(sq / n)
	if sd < 1e-12 {
		return z
	}
	for i := range z {
		z[i] = (x[i] - mean) / sd
	}
	return z
}
