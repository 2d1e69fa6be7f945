package compose

import "fmt"

// A Turnout is how many have tasted, whatever for.
type Turnout struct {
	All     int
	Invited int // of those who were invited by name
}

// of is the first part of a head's progress, with so many invited.
func (n Turnout) of(invited int) string {
	switch {
	case invited > 0 && n.All > n.Invited:
		return fmt.Sprintf("%d of %d invited have tasted, and %d more", n.Invited, invited, n.All-n.Invited)
	case invited > 0:
		return fmt.Sprintf("%d of %d have tasted", n.Invited, invited)
	case n.All == 1:
		return "1 has tasted"
	}
	return fmt.Sprintf("%d have tasted", n.All)
}
