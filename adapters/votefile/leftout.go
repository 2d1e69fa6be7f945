package votefile

import (
	"fmt"
	"iter"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A LeftOut counts the rows of a table that stay out of the standings, by why.
type LeftOut struct{ Rows, controls, repeats, excluded int }

// Count passes rows on, and counts them on the way.
func (l *LeftOut) Count(rows iter.Seq2[verdict.VoteRow, error]) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		for r, err := range rows {
			if !r.Model {
				l.Rows++
			}
			switch {
			case r.Model: // no vote
			case r.Kind == bot.Control:
				l.controls++
			case r.Kind == bot.Retest:
				l.repeats++
			case r.Excluded:
				l.excluded++
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// String is a sentence; "" if every row counts.
func (l LeftOut) String() string {
	var why []string
	for _, x := range []struct {
		n    int
		what string
	}{
		{l.controls, "on control pairs"},
		{l.repeats, "repeats of an earlier round"},
		{l.excluded, "by the column excluded, which says why, as where simulated people voted (empty it to count them)"},
	} {
		if x.n > 0 {
			why = append(why, say.Thousands(x.n)+" "+x.what)
		}
	}
	if len(why) == 0 {
		return ""
	}
	return fmt.Sprintf("Of %s, %s stay out of the standings: %s.",
		say.Counted(l.Rows, "row"), say.Thousands(l.controls+l.repeats+l.excluded), strings.Join(why, ", "))
}

// LikeNames says which names differ only in case; "" if none do.
func LikeNames(alike [][2]string) string {
	const most = 3
	var said []string
	for _, n := range alike[:min(len(alike), most)] {
		said = append(said, fmt.Sprintf("%q and %q", n[0], n[1]))
	}
	if more := len(alike) - most; more > 0 {
		said = append(said, fmt.Sprintf("%s more", say.Thousands(more)))
	}
	if len(said) == 0 {
		return ""
	}
	return fmt.Sprintf("Are these one each? They differ only in case, and count as different: %s.", strings.Join(said, ", "))
}
