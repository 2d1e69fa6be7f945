package deal

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/tastetest/tastetest/bot/stats"
)

// Sides are balanced over the rounds, and otherwise any.
func TestFlips(t *testing.T) {
	for n := range 21 {
		orders := make(map[string]bool)
		more := 0
		for range 200 {
			flips, err := Flips(rand.Reader, n)
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
