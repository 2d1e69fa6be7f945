package bot

import (
	"fmt"
	"slices"
	"testing"
)

// Each voter's order on a private ballot is repeatable, and sides are split
// about evenly over voters.
func TestOrdersOfOnesOwn(t *testing.T) {
	tt := Tasting{ID: TastingID{N: 7}, Ballot: Private, Rounds: make([]Round, 9), Orders: []byte("0123456789abcdef")}
	first := make(map[int]int)
	left := 0
	const people = 2000
	for v := range people {
		user := fmt.Sprint("user", v)
		order := tt.OrderFor(user)
		if again := tt.OrderFor(user); !slices.Equal(order, again) {
			t.Fatalf("%s sees the order %v, and the second time %v", user, order, again)
		}
		first[order[0]]++
		if tt.FlipFor(3, user) {
			left++
		}
	}
	if left < people*45/100 || left > people*55/100 {
		t.Errorf("%d of %d see round 3 turned round", left, people)
	}
	for n := 1; n <= 9; n++ {
		if first[n] < people/9*7/10 || first[n] > people/9*13/10 {
			t.Errorf("round %d comes first for %d of %d", n, first[n], people)
		}
	}
}
