package votefile

import (
	"time"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
)

// What an import takes at most.
const (
	mostName   = 200     // characters of a model's name
	mostAnswer = 1 << 20 // bytes of an answer or a prompt
)

// cannotBe returns what in the row no tasting ever had, "" if nothing: times
// before there were models, or to come, or in no order; names that cannot be
// shown; negative numbers. It would stand in results and standings for good.
func (row Row) cannotBe(now time.Time) string {
	first, last := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), now.Add(24*time.Hour) // clocks differ
	for i, at := range []time.Time{row.Closed, row.Opened, row.Revealed} {
		if i > 0 && at.IsZero() { // not known
			continue
		}
		if at.Before(first) || at.After(last) {
			return "has a time that cannot be, " + at.Format(time.DateOnly) + ": opened, closed and revealed lie between 2000 and today"
		}
	}
	if row.Closed.Before(row.Opened) || !row.Revealed.IsZero() && row.Revealed.Before(row.Closed) {
		return "has times in an order that cannot be: first comes opened, then closed, then revealed"
	}
	if !(row.Tstamp >= float64(first.Unix()) && row.Tstamp <= float64(last.Unix())) {
		return "has a tstamp that cannot be: it is in seconds since 1970, and lies between 2000 and today"
	}
	for _, c := range row.Cards {
		if !cardCanBe(c) {
			return "has a model that cannot be: its name is one line of at most 200 characters, and no number of it is negative"
		}
	}
	if len(row.Full.Prompt.Text) > mostAnswer || len(row.Full.Prompt.System) > mostAnswer {
		return "has a prompt of over a megabyte"
	}
	for _, a := range row.Full.Answers {
		switch {
		case len(a.Raw) > mostAnswer || len(a.Text) > mostAnswer:
			return "has an answer of over a megabyte"
		case a.Input < 0 || a.Output < 0 || a.Cost.Pico < 0 || a.Latency < 0 || a.Attempts < 0 || a.Lost < 0:
			return "has an answer that cannot be: no number of it is negative"
		}
	}
	return ""
}

func cardCanBe(c bot.Card) bool {
	for _, r := range c.Name {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return false
		}
	}
	p := c.Price
	return uniseg.GraphemeClusterCount(c.Name) <= mostName && c.MaxTokens >= 0 && (p == nil || p.Input >= 0 && p.Output >= 0 && p.CachedInput >= 0)
}
