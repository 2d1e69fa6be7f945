package engine

import "fmt"

// A turnout is how many have tasted, whatever for.
type turnout struct {
	all     int
	invited int // of those who were invited by name
}

// of is the first part of a head's progress, with so many invited.
func (n turnout) of(invited int) string {
	switch {
	case invited > 0 && n.all > n.invited:
		return fmt.Sprintf("%d of %d invited have tasted, and %d more", n.invited, invited, n.all-n.invited)
	case invited > 0:
		return fmt.Sprintf("%d of %d have tasted", n.invited, invited)
	case n.all == 1:
		return "1 has tasted"
	}
	return fmt.Sprintf("%d have tasted", n.all)
}
