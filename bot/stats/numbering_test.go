package stats

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever the ints are, each has one number, and numbers come in order.
func TestNumbering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ints := rapid.SliceOf(rapid.OneOf(rapid.IntRange(-3, 12), rapid.Int())).Draw(t, "ints")
		x := newNumbering(rapid.IntRange(0, 10).Draw(t, "expected"))
		numbers := make(map[int]int)
		for _, v := range ints {
			want, known := numbers[v]
			if !known {
				want = len(numbers)
				numbers[v] = want
			}
			if got := x.of(v); got != want || x.n != len(numbers) {
				t.Fatalf("%d has number %d of %d, want %d of %d", v, got, x.n, want, len(numbers))
			}
		}
	})
}

func TestGrouped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.SliceOf(rapid.IntRange(0, 4)).Draw(t, "groups")
		order, begin := grouped(of, 5)
		if len(order) != len(of) || begin[0] != 0 || begin[5] != len(of) {
			t.Fatalf("%d indices of %d, groups at %v", len(order), len(of), begin)
		}
		for g := range 5 {
			for i := begin[g]; i < begin[g+1]; i++ {
				if of[order[i]] != g || i > begin[g] && order[i] <= order[i-1] {
					t.Fatalf("group %d is %v of %v", g, order[begin[g]:begin[g+1]], of)
				}
			}
		}
	})
}
