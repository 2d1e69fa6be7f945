package bot

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// ForgottenUser begins the pseudonym of a voter who was forgotten.
const ForgottenUser = "forgotten-"

// A Deal says how the rounds of a private tasting are dealt to people, and how
// often the bot looks at votes while they come in. The zero Deal is everybody on
// every round, and one look, when voting is over.
type Deal struct {
	Plain int    // plain rounds in one person's deck; 0: all that are live
	Seed  []byte // 16 random bytes by which decks are dealt; secret until the reveal
	Seats int    // taken so far. A [Store] counts them

	Most   int  // votes that those invited can give, control pairs included; 0: not known
	Looks  int  // at votes, at the most, the last of them when voting is over; 0 is 1
	Looked int  // while voting was open: which look was the latest. Secret until voting is over
	Shown  bool // by that look, which ended voting

	Commitment []byte // SHA-256 of the pool, the decks and the rule; see package proof
}

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
		order = t.OrderFor(user)
	}
	return Seen{Flip: t.FlipFor(n, user), Position: slices.Index(order, n) + 1, Known: true}
}

// PicksStanding tells for each user which picks stand on round n, by Pick-1.
func (t Tasting) PicksStanding(n int, standing []Tap) map[string][4]bool {
	stands := make(map[string][4]bool)
	for _, tap := range standing {
		if p := tap.Choice.Pick(t.FlipFor(n, tap.User)); p != None && tap.On {
			on := stands[tap.User]
			on[p-1] = true
			stands[tap.User] = on
		}
	}
	return stands
}

// FlipFor reports whether voter sees the first model of round n on the right.
// On a reaction ballot all see the same; on a private one each has an order
// of their own: a bit of HMAC-SHA-256(Orders, "side", round, user), turned by
// the round's own flip. A retest shows the sides of its original swapped.
func (t Tasting) FlipFor(n int, user string) bool {
	r := t.Rounds[n-1]
	switch {
	case r.Kind == Retest:
		return !t.FlipFor(r.Original, user)
	case t.Ballot == Private:
		return r.Flip != (t.keyed("side", n, user)[0]&1 == 1)
	}
	return r.Flip
}

// OrderFor is the order in which user goes through the live rounds of a
// private ballot: by HMAC-SHA-256(Orders, "order", round, user), but rounds
// that are repeated come in the first half and their retests in the second.
func (t Tasting) OrderFor(user string) []int {
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
