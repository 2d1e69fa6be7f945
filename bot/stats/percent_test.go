package stats

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPercent(t *testing.T) {
	for _, tt := range []struct{ counts, want []int }{
		{nil, []int{}},
		{[]int{0, 0, 0}, []int{0, 0, 0}},
		{[]int{23, 14, 3, 2}, []int{55, 33, 7, 5}},
		{[]int{1, 1, 1}, []int{33, 33, 33}},
		{[]int{1, 1, 6}, []int{13, 13, 75}},
		{[]int{7, 3, 1, 1}, []int{58, 25, 8, 8}},
		{[]int{1, 2}, []int{33, 67}},
		{[]int{1, 1}, []int{50, 50}},
		{[]int{0, 7}, []int{0, 100}},
		{[]int{199, 1}, []int{100, 1}},
		{[]int{1, 299}, []int{0, 100}},
		{[]int{-3, 1}, []int{0, 100}},
	} {
		if got := Percent(tt.counts...); !slices.Equal(got, tt.want) {
			t.Errorf("Percent(%v) = %v, want %v", tt.counts, got, tt.want)
		}
	}
}

// Each percentage is the nearest to its count, whatever the others are.
func TestPercentIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 1000), 1, 8).Draw(t, "counts")
		n := 0
		for _, c := range counts {
			n += c
		}
		for i, p := range Percent(counts...) {
			if n > 0 && (2*(p*n-100*counts[i]) > n || 2*(100*counts[i]-p*n) > n) {
				t.Fatalf("%d of %d became %d%%", counts[i], n, p)
			}
		}
	})
}
