package bot

import "time"

// A Pick is what somebody voted for, by model.
type Pick uint8

const (
	None   Pick = iota
	First       // the first model is better
	Second      // the second model is better
	Tie         // equal
	Bad         // both bad
)

// A Choice is what somebody tapped, by side.
type Choice string

const (
	Left  Choice = "left"  // 🅰️
	Right Choice = "right" // 🅱️
	Equal Choice = "tie"   // 🤝
	Awful Choice = "bad"   // 👎
)

// Choices are all choices in the order in which they are offered,
// with their emoji and a word for each.
var Choices = []struct {
	Choice Choice
	Emoji  string
	Label  Sentence
}{
	{Left, "🅰️", Say("better")},
	{Right, "🅱️", Say("better")},
	{Equal, "🤝", Say("equal")},
	{Awful, "👎", Say("both bad")},
}

// Pick translates a choice, made where the first model stands on the right
// if flip is set. An unknown choice gives None.
func (c Choice) Pick(flip bool) Pick {
	switch {
	case c == Left && !flip, c == Right && flip:
		return First
	case c == Left, c == Right:
		return Second
	case c == Equal:
		return Tie
	case c == Awful:
		return Bad
	}
	return None
}

// Choice is the inverse of [Choice.Pick]. None gives "".
func (p Pick) Choice(flip bool) Choice {
	for _, c := range Choices {
		if c.Choice.Pick(flip) == p {
			return c.Choice
		}
	}
	return ""
}

// A Mark is one emoji (or button) of one voter: on or off, and since when.
// At is the platform's stamp where it sends one, else the time of arrival.
type Mark struct {
	On bool
	At time.Time // zero: never heard
}

// A Vote is one voter's row in one round: a mark for each pick.
// Marks may come twice, late and in any order; the row is always the same.
type Vote struct {
	Round RoundID
	Voter Voter
	Marks [4]Mark // index Pick-1
}

// Hear merges m into v: the newest mark wins, and off wins at equal stamps.
// Merging is commutative, associative and idempotent.
func (v *Vote) Hear(p Pick, m Mark) {
	old := &v.Marks[p-1]
	if m.At.After(old.At) || m.At.Equal(old.At) && !m.On {
		*old = m
	}
}

// Choose makes p the only pick of v, or takes all back if p is None: a mark for
// each pick, merged by Hear.
func (v *Vote) Choose(p Pick, at time.Time) {
	for q := First; q <= Bad; q++ {
		v.Hear(q, Mark{On: q == p, At: at})
	}
}

// Newest is the stamp of the newest mark; zero if there is none.
func (v Vote) Newest() (at time.Time) {
	for _, m := range v.Marks {
		if m.At.After(at) {
			at = m.At
		}
	}
	return at
}

// Pick returns the newest mark that is on; None if there is none, or if two
// share the newest stamp.
func (v Vote) Pick() Pick {
	best, at := None, time.Time{}.Add(-1) // before any mark, one never heard too
	for i, m := range v.Marks {
		switch {
		case !m.On:
		case m.At.After(at):
			best, at = Pick(i+1), m.At
		case m.At.Equal(at):
			best = None
		}
	}
	return best
}
