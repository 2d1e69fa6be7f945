package main

import (
	"fmt"
	"iter"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A leftOut counts the rows of a table that stay out of the standings, by why.
type leftOut struct{ rows, controls, repeats, excluded int }

// count passes rows on, and counts them on the way.
func (l *leftOut) count(rows iter.Seq2[verdict.VoteRow, error]) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		for r, err := range rows {
			l.rows++
			switch {
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
func (l leftOut) String() string {
	var why []string
	for _, x := range []struct {
		n    int
		what string
	}{
		{l.controls, "on control pairs"},
		{l.repeats, "repeats of an earlier round"},
		{l.excluded, "by the column excluded"},
	} {
		if x.n > 0 {
			why = append(why, say.Thousands(x.n)+" "+x.what)
		}
	}
	if len(why) == 0 {
		return ""
	}
	return fmt.Sprintf("Of %s, %s stay out of the standings: %s.",
		say.Counted(l.rows, "row"), say.Thousands(l.controls+l.repeats+l.excluded), strings.Join(why, ", "))
}
