package bot

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
)

// ForgottenUser begins the pseudonym of a voter who was forgotten.
const ForgottenUser = "forgotten-"

// A Deal says how the rounds of a private tasting are dealt to people, and how
// often the bot looks at votes while they come in. The zero Deal is everybody on
// every round, and one look, when voting is over.
type Deal struct {
	Plain int    // plain rounds in one person's deck; 0: all that are live, and no decks
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
	if !t.SidesKnown(user) {
		return Seen{Flip: t.Rounds[n-1].Flip}
	}
	seen := Seen{Flip: t.FlipFor(n, user), Known: true}
	switch {
	case t.Deal.Plain > 0: // nobody knows any more who sat where
	case t.Ballot == Private:
		seen.Position = slices.Index(t.OrderFor(user, 0), n) + 1
	default:
		seen.Position = slices.Index(t.Drawn(), n) + 1
	}
	return seen
}

// SidesKnown reports whether it is known on which side user saw which model.
func (t Tasting) SidesKnown(user string) bool {
	return t.Ballot != Private || t.Imported == "" && !strings.HasPrefix(user, ForgottenUser)
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
func (t Tasting) FlipFor(n int, user string) bool { return t.Sides()(n, user) }

// Sides is FlipFor for whoever asks it of many, one after the other: what is made of the
// key is made once.
func (t Tasting) Sides() func(n int, user string) bool {
	keyed := t.keyed()
	return func(n int, user string) bool {
		swapped := false
		for ; t.Rounds[n-1].Kind == Retest; n = t.Rounds[n-1].Original {
			swapped = !swapped
		}
		flip := t.Rounds[n-1].Flip
		if t.Ballot == Private {
			flip = flip != (keyed("side", n, user)[0]&1 == 1)
		}
		return flip != swapped
	}
}

// OrderFor is the order in which user goes through the live rounds of a
// private ballot: by HMAC-SHA-256(Orders, "order", round, user), but rounds
// that are repeated come in the first half and their retests in the second.
// Where rounds are dealt it is the deck of the user's seat, wave by wave, each
// wave in that order; else seat does not matter.
func (t Tasting) OrderFor(user string, seat int) []int {
	repeated := make(map[int]bool)
	for _, r := range t.Rounds {
		repeated[r.Original] = r.Kind == Retest || repeated[r.Original]
	}
	ns, keyed := t.Live(), t.keyed()
	place := make(map[int]uint32, len(ns)) // the first 31 bits of the HMAC; halves by the top one
	for _, n := range ns {
		place[n] = binary.BigEndian.Uint32(keyed("order", n, user)) >> 1
		switch {
		case t.Rounds[n-1].Kind == Retest:
			place[n] = place[n]>>1 | 1<<30
		case repeated[n]:
			place[n] >>= 1
		}
	}
	byPlace := func(a, b int) int { return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(a, b)) }
	slices.SortFunc(ns, byPlace)
	if t.Deal.Plain == 0 {
		return ns
	}
	plain := t.Deck(seat)
	// In which wave a control pair comes must say nothing of its place there, or
	// they would come early in each.
	controls := slices.DeleteFunc(ns, func(n int) bool { return t.Rounds[n-1].Kind != Control })
	slices.SortFunc(controls, func(a, b int) int {
		return bytes.Compare(bytes.Clone(keyed("wave", a, user)), keyed("wave", b, user))
	})
	var order []int
	for wave := range max(t.Deal.Looks, 1) {
		begin := len(order)
		for _, part := range []struct {
			of    []int
			least int // in the first wave
		}{{plain, 0}, {controls, LeastControls}} {
			order = append(order, part.of[t.until(wave, len(part.of), part.least):t.until(wave+1, len(part.of), part.least)]...)
		}
		slices.SortFunc(order[begin:], byPlace)
	}
	return order
}

// until is how many of n rounds are in a deck's first so many waves: as many in
// each, but at least so many in the first.
func (t Tasting) until(waves, n, least int) int {
	if waves == 0 {
		return 0
	}
	looks := max(t.Deal.Looks, 1)
	return min(n, max((n*waves+looks-1)/looks, least))
}

// Deck returns the plain rounds that are dealt to a seat, in the order in which
// they are dealt. A round that was taken out is missing from it, and no other takes
// its place: nobody's deck may change while they vote.
func (t Tasting) Deck(seat int) []int {
	pool := slices.DeleteFunc(t.Drawn(), func(n int) bool { return t.Rounds[n-1].Kind != Plain })
	decks := Decks(t.Deal.Seed, t.ID, pool, t.Deal.Plain, max(seat, 1))
	return slices.DeleteFunc(decks[len(decks)-1], func(n int) bool { return !t.Rounds[n-1].Live() })
}

// DeckSize is how many rounds one person votes on; one less for somebody in whose
// deck a round was taken out.
func (t Tasting) DeckSize() int {
	n := len(t.Live())
	if plain := len(t.Tasted()); t.Deal.Plain > 0 {
		n += min(t.Deal.Plain, plain) - plain
	}
	return n
}

// Decks deals n of a tasting's rounds to each of so many seats: from packs
// of all rounds of the pool, one after the other, so that all come up equally
// often. Pack k is the pool ordered by SHA-256 of these lines, each ended by a
// line feed:
//
//	tastetest pack 1
//	round 7.3
//	seed 000102…
//
// A seat takes rounds from the top until it has n of them. What it has already
// it puts aside; that goes back on top, in its order, for the next seat.
func Decks(seed []byte, id TastingID, pool []int, n, seats int) [][]int {
	n = min(n, len(pool))
	var left []int
	packs := 0
	decks := make([][]int, seats)
	for seat := range decks {
		var aside []int
		for len(decks[seat]) < n {
			if len(left) == 0 {
				packs++
				left = shuffled(seed, id, pool, packs)
			}
			if slices.Contains(decks[seat], left[0]) {
				aside = append(aside, left[0])
			} else {
				decks[seat] = append(decks[seat], left[0])
			}
			left = left[1:]
		}
		left = append(aside, left...)
	}
	return decks
}

// shuffled is the k-th pack of Decks.
func shuffled(seed []byte, id TastingID, pool []int, k int) []int {
	type card struct {
		round int
		hash  [sha256.Size]byte
	}
	cards := make([]card, len(pool))
	for i, n := range pool {
		cards[i] = card{n, sha256.Sum256(fmt.Appendf(nil, "tastetest pack %d\nround %v\nseed %x\n", k, id.Round(n), seed))}
	}
	slices.SortFunc(cards, func(a, b card) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	pack := make([]int, len(cards))
	for i, c := range cards {
		pack[i] = c.round
	}
	return pack
}

// keyed returns a function for HMAC-SHA-256(Orders, "what 7.3 \"user\""). What it returns
// holds until it is called again.
func (t Tasting) keyed() func(what string, round int, user string) []byte {
	var mac hash.Hash
	var said, sum []byte
	return func(what string, round int, user string) []byte {
		if mac == nil {
			mac = hmac.New(sha256.New, t.Orders)
		}
		mac.Reset()
		said = append(append(append(said[:0], what...), ' '), t.ID.Round(round).String()...)
		mac.Write(strconv.AppendQuote(append(said, ' '), user))
		sum = mac.Sum(sum[:0])
		return sum
	}
}
