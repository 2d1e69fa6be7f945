package stats

import (
	"cmp"
	"slices"
)

// Percent returns counts as whole percentages that add up to exactly 100, by
// the method of the largest remainder; of equal remainders the earlier is
// rounded up. All are 0 if the counts add up to 0. A negative count counts
// as 0.
func Percent(counts ...int) []int {
	n := 0
	for _, c := range counts {
		n += max(c, 0)
	}
	percent := make([]int, len(counts))
	if n == 0 {
		return percent
	}
	left := 100
	order := make([]int, len(counts))
	for i, c := range counts {
		percent[i] = 100 * max(c, 0) / n
		left -= percent[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(100*max(counts[j], 0)%n, 100*max(counts[i], 0)%n)
	})
	for _, i := range order[:left] {
		percent[i]++
	}
	return percent
}
