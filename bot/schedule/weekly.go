package schedule

import (
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// A Weekly is when a channel's digest comes, and on whose clock. Of the record of what
// came before it says what is due: two are seven days apart at least, whatever is set
// in between, and none comes twice, whatever the clocks do.
type Weekly struct {
	At   command.WeekTime
	Zone *time.Location
	plan Plan
}

// NewWeekly is once a week on the clock of a zone.
func NewWeekly(at command.WeekTime, zone *time.Location) (Weekly, error) {
	plan, err := Parse(at.String())
	return Weekly{at, zone, plan}, err
}

// last is the greatest name of an occurrence that cannot come after the one of the
// record.
func (w Weekly) last(of bot.Weekly) string {
	if of.Until.IsZero() {
		return ""
	}
	return max(of.Name, of.Until.In(w.Zone).AddDate(0, 0, 6).Format(time.DateOnly)+" 24:00")
}

// Next is the first occurrence after now and after the one of the record.
func (w Weekly) Next(now time.Time, of bot.Weekly) time.Time {
	for _, t := range []time.Time{of.Until, of.From.Add(-1)} {
		if t.After(now) {
			now = t
		}
	}
	return w.plan.After(now, w.last(of), w.Zone).At
}

// Due is what should have come by now and did not; false if there is nothing.
func (w Weekly) Due(now time.Time, of bot.Weekly) (Occurrence, bool) {
	since := now.AddDate(0, 0, -8)
	if begin := of.From.Add(-1); begin.After(since) {
		since = begin
	}
	all := w.plan.Due(since, now, w.last(of), w.Zone)
	if len(all) == 0 {
		return Occurrence{}, false
	}
	return all[len(all)-1], true
}

// Odd is the first occurrence within a year to which a change of clocks does something;
// false if there is none.
func (w Weekly) Odd(now time.Time) (Occurrence, bool) {
	for _, o := range w.plan.Coming(53, now, "", w.Zone) {
		if o.Clock != Plain {
			return o, true
		}
	}
	return Occurrence{}, false
}
