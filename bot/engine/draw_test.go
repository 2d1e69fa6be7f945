package engine

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Sides are balanced over the rounds, and otherwise any.
func TestDrawFlips(t *testing.T) {
	for n := range 21 {
		orders := make(map[string]bool)
		more := 0
		for range 200 {
			flips, err := drawFlips(rand.Reader, n)
			if err != nil {
				t.Fatal(err)
			}
			k := 0
			for _, f := range flips {
				k += stats.Bit(f)
			}
			if len(flips) != n || k < n/2 || k > (n+1)/2 {
				t.Fatalf("%d of %d rounds are turned round: %v", k, n, flips)
			}
			more += stats.Bit(2*k > n)
			orders[fmt.Sprint(flips)] = true
		}
		if n > 0 && len(orders) < min(2, n+1) {
			t.Errorf("%d rounds: always the same sides", n)
		}
		if n%2 == 1 && (more < 50 || more > 150) {
			t.Errorf("%d rounds: the odd one is turned round in %d of 200 draws", n, more)
		}
	}
}

// Each voter's order on a private ballot is repeatable, and sides are split
// about evenly over voters.
func TestOrdersOfOnesOwn(t *testing.T) {
	tt := bot.Tasting{ID: bot.TastingID{N: 7}, Ballot: bot.Private, Rounds: make([]bot.Round, 9), Orders: []byte("0123456789abcdef")}
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
		left += stats.Bit(tt.FlipFor(3, user))
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
