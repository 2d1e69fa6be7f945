package bot

import (
	"slices"
	"strings"
)

// ForgottenUser begins the pseudonym of a voter who was forgotten.
const ForgottenUser = "forgotten-"

// A Seen says how one voter saw a round.
type Seen struct {
	Flip     bool // the first model stood on the right
	Position int  // it was the voter's 1st, 2nd, …; 0: not known
	Known    bool // false: Flip is a guess
}

// Seen returns how user saw round n. On a private ballot that follows from the
// user's ID, so it is not known for one that is a pseudonym by now.
func (t Tasting) Seen(n int, user string) Seen {
	if t.Ballot == Private && (t.Imported != "" || strings.HasPrefix(user, ForgottenUser)) {
		return Seen{Flip: t.Rounds[n-1].Flip}
	}
	order := t.Live()
	if t.Ballot == Private {
		order = t.orderFor(user)
	}
	return Seen{Flip: t.flipFor(n, user), Position: slices.Index(order, n) + 1, Known: true}
}
