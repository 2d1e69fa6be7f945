package stats

// Percent returns counts as whole percentages of their sum, each rounded for
// itself: equal counts have equal percentages, even if they then add up to 99
// or 101. All are 0 if the counts add up to 0. A negative count counts as 0.
func Percent(counts ...int) []int {
	n := 0
	for _, c := range counts {
		n += max(c, 0)
	}
	percent := make([]int, len(counts))
	if n == 0 {
		return percent
	}
	for i, c := range counts {
		percent[i] = (200*max(c, 0) + n) / (2 * n)
	}
	return percent
}
