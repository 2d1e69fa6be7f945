package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A turnout is how many have tasted, whatever for.
type turnout struct {
	all     int
	invited int // of those who were invited by name
}

func (b *Bot) turnout(ctx context.Context, t Tasting) (turnout, error) {
	var rows []Vote
	for _, n := range t.Live() {
		vs, err := b.store.Votes(ctx, t.ID.Round(n))
		if err != nil {
			return turnout{}, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
		}
		rows = append(rows, vs...)
	}
	users := tasters(rows)
	return turnout{len(users), len(slices.DeleteFunc(users, func(u string) bool { return !t.invites(u) }))}, nil
}

// invites reports whether user was invited, by ID or, on the page, whose IDs
// are a name, a dot and a suffix, by name.
func (t Tasting) invites(user string) bool {
	name, _, _ := strings.Cut(user, "·")
	return slices.Contains(t.Invited, user) || slices.ContainsFunc(t.Invited, func(i string) bool { return strings.EqualFold(i, name) })
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
