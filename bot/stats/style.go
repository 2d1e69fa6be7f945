package stats

// LengthGap is how much longer a is than b, from −1 to 1: (a − b)/(a + b + 1).
// Divided by its standard deviation it is a column of a [Style]; another is
// 1 where A was on the left and −1 where it was on the right.
func LengthGap(a, b int) float64 {
	return float64(a-b) / float64(a+b+1)
}
