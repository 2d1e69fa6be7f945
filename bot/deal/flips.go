package deal

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Flips draws for n rounds whether the first model stands on the right:
// in half of them it does; an odd one out goes either way with equal chance.
// The first byte of random decides which half, the rest shuffles.
func Flips(random io.Reader, n int) ([]bool, error) {
	var coin [1]byte
	if _, err := io.ReadFull(random, coin[:]); err != nil {
		return nil, fmt.Errorf("draw a coin: %w", err)
	}
	start := coin[0]&1 == 1
	flips := make([]bool, n)
	for i := range flips {
		flips[i] = start != (i%2 == 1)
	}
	for i := n - 1; i > 0; i-- {
		j, err := below(random, i+1)
		if err != nil {
			return nil, err
		}
		flips[i], flips[j] = flips[j], flips[i]
	}
	return flips, nil
}

// below draws a number from 0 to n-1, all equally likely, by throwing away
// draws from the incomplete last stretch.
func below(random io.Reader, n int) (int, error) {
	limit := ^uint32(0) - ^uint32(0)%uint32(n)
	for {
		var b [4]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, fmt.Errorf("draw a number: %w", err)
		}
		if x := binary.BigEndian.Uint32(b[:]); x < limit {
			return int(x % uint32(n)), nil
		}
	}
}
