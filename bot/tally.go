package bot

import (
	"cmp"
	"slices"
)

// A Tally counts picks.
type Tally struct {
	First, Second, Tie, Bad int
}

// N is the number of votes.
func (t Tally) N() int { return t.First + t.Second + t.Tie + t.Bad }

// Tally adds up both sides' counts.
func (c Counts) Tally() Tally {
	at := func(p Pick) int { return c[0][p-1] + c[1][p-1] }
	return Tally{at(First), at(Second), at(Tie), at(Bad)}
}

// Add adds tallies.
func (t Tally) Add(u Tally) Tally {
	return Tally{t.First + u.First, t.Second + u.Second, t.Tie + u.Tie, t.Bad + u.Bad}
}

// Withheld reports whether r's counts could tell who voted for what.
func (t *Tasting) Withheld(r *Round) bool {
	n := r.Counts.Tally().N()
	return t.Ballot == Private && n > 0 && n < TooFewToBreakDown
}

// Count fills in the rounds' counts from the final rows.
func (t *Tasting) Count(votes Rows) {
	for i := range t.Rounds {
		t.Rounds[i].Counts = Counts{}
	}
	flipped := t.Sides()
	for v := range votes {
		if p := v.Pick(); p != None {
			side := 0
			if flipped(v.Round.Round, v.Voter.User) {
				side = 1
			}
			t.Rounds[v.Round.Round-1].Counts[side][p-1]++
		}
	}
}

// Votes is how many votes there are in all rounds, once they are counted.
func (t Tasting) Votes() (n int) {
	for _, r := range t.Rounds {
		n += r.Counts.Tally().N()
	}
	return n
}

// ByUser orders rows by their voter.
func ByUser(a, b Vote) int { return cmp.Compare(a.Voter.User, b.Voter.User) }

// Tasters returns the users who have a pick in any of rows, in order.
func Tasters(rows []Vote) []string {
	var users []string
	for _, v := range rows {
		if v.Pick() != None {
			users = append(users, v.Voter.User)
		}
	}
	slices.Sort(users)
	return slices.Compact(users)
}

// Tally counts one pick.
func (p Pick) Tally() Tally {
	switch p {
	case First:
		return Tally{First: 1}
	case Second:
		return Tally{Second: 1}
	case Tie:
		return Tally{Tie: 1}
	case Bad:
		return Tally{Bad: 1}
	}
	return Tally{}
}

// CountApart adds up, when a tasting is sealed, the votes of those outside its
// electorate. It runs after Count.
func (t *Tasting) CountApart(outside []Vote) {
	t.Outsiders = len(Tasters(outside))
	for i := range t.Rounds {
		t.Rounds[i].Apart = 0
	}
	for _, v := range outside {
		r := &t.Rounds[v.Round.Round-1]
		if t.Ballot == Reaction {
			r.Apart++
		}
		if r.Kind == Plain && !t.Withheld(r) {
			t.Apart = t.Apart.Add(v.Pick().Tally())
		}
	}
}

// Score codes a pick by model: 1 the first, 0 the second, ½ for equal and for
// both bad.
func (p Pick) Score() (y float64, ok bool) {
	switch p {
	case First:
		return 1, true
	case Second:
		return 0, true
	case Tie, Bad:
		return 0.5, true
	}
	return 0, false
}

// A Cell is what standings know of one vote in a sealed round: which way it
// went, and which other cells are by the same voter, but not who that is.
type Cell struct {
	Voter uint64 // the same for one voter in all tastings of a workspace, and nobody's name
	Lean  int8   // +1 for the first model, −1 for the second, 0 for equal and both bad
}

// Score is what the first model has of it: 1, ½ or 0.
func (c Cell) Score() float64 { return float64(1+c.Lean) / 2 }

// Lean returns +1 for the first model, −1 for the second and 0 for equal, both
// bad and none.
func (p Pick) Lean() int8 {
	switch p {
	case First:
		return 1
	case Second:
		return -1
	}
	return 0
}
