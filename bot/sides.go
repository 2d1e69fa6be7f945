package bot

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// drawFlips draws for n rounds whether the first model stands on the right:
// in half of them it does; an odd one out goes either way with equal chance.
// The first byte of random decides which half, the rest shuffles.
func drawFlips(random io.Reader, n int) ([]bool, error) {
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

// flipFor reports whether voter sees the first model of round n on the right.
// On a reaction ballot all see the same; on a private one each has an order
// of their own: a bit of HMAC-SHA-256(Orders, "side", round, user), turned by
// the round's own flip. A retest shows the sides of its original swapped.
func (t Tasting) flipFor(n int, user string) bool {
	r := t.Rounds[n-1]
	switch {
	case r.Kind == Retest:
		return !t.flipFor(r.Original, user)
	case t.Ballot == Private:
		return r.Flip != (t.keyed("side", n, user)[0]&1 == 1)
	}
	return r.Flip
}

// orderFor is the order in which user goes through the live rounds of a
// private ballot: by HMAC-SHA-256(Orders, "order", round, user), but rounds
// that are repeated come in the first half and their retests in the second.
func (t Tasting) orderFor(user string) []int {
	repeated := make(map[int]bool)
	for _, r := range t.Rounds {
		repeated[r.Original] = r.Kind == Retest || repeated[r.Original]
	}
	ns := t.Live()
	place := make(map[int]uint32, len(ns)) // the first 31 bits of the HMAC; halves by the top one
	for _, n := range ns {
		place[n] = binary.BigEndian.Uint32(t.keyed("order", n, user)) >> 1
		switch {
		case t.Rounds[n-1].Kind == Retest:
			place[n] = place[n]>>1 | 1<<30
		case repeated[n]:
			place[n] >>= 1
		}
	}
	slices.SortFunc(ns, func(a, b int) int { return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(a, b)) })
	return ns
}

func (t Tasting) keyed(what string, round int, user string) []byte {
	mac := hmac.New(sha256.New, t.Orders)
	fmt.Fprintf(mac, "%s %s %q", what, t.ID.Round(round), user)
	return mac.Sum(nil)
}
