package schedule

import "time"

// A Clock says what a change of clocks does to an occurrence.
type Clock int

const (
	Plain   Clock = iota
	Skipped       // its time is skipped that day: it comes as much later as the clock is put forward
	Twice         // its time comes twice that day: it comes the first time
)

// An Occurrence is one time at which something comes.
type Occurrence struct {
	Name  string    // the wall clock for which it is planned, "2026-12-01 10:00". Later ones have greater names
	At    time.Time // when it comes, in the zone of the place
	Clock Clock
}

// IsZero reports whether there is none.
func (o Occurrence) IsZero() bool { return o.Name == "" }

// After returns the first occurrence on the clock of loc that comes after a time and
// whose name is greater than last; "" is less than all. The zero Occurrence: it never
// comes.
func (p Plan) After(now time.Time, last string, loc *time.Location) Occurrence {
	wall := wallOf(now.In(loc)).Add(-3 * time.Hour) // so that what a change of clocks puts off is not passed over
	var before time.Time
	for {
		wall = p.cron.Next(wall)
		if wall.IsZero() {
			return Occurrence{}
		}
		o := onClock(wall, loc)
		if o.At.After(now) && o.Name > last && !o.At.Equal(before) {
			return o
		}
		before = o.At
	}
}

// Named returns the occurrence of a name, on the clock of loc. The zero Occurrence: it
// is no name.
func Named(name string, loc *time.Location) Occurrence {
	wall, err := time.Parse(layout, name)
	if err != nil {
		return Occurrence{}
	}
	return onClock(wall, loc)
}

// Coming returns the next n occurrences, as After does.
func (p Plan) Coming(n int, now time.Time, last string, loc *time.Location) []Occurrence {
	var all []Occurrence
	for range n {
		o := p.After(now, last, loc)
		if o.IsZero() {
			break
		}
		all = append(all, o)
		now, last = o.At, o.Name
	}
	return all
}

// Due returns the occurrences that come after a time, and not after now, oldest first.
func (p Plan) Due(since, now time.Time, last string, loc *time.Location) []Occurrence {
	var all []Occurrence
	for {
		o := p.After(since, last, loc)
		if o.IsZero() || o.At.After(now) {
			return all
		}
		all = append(all, o)
		since, last = o.At, o.Name
	}
}

// wallOf is what the clock shows at t, as a time without a zone: in UTC.
func wallOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// onClock is when the clock of loc shows wall, by the offsets of the day before and
// the day after: package time leaves open what it does where there is no such time.
func onClock(wall time.Time, loc *time.Location) Occurrence {
	o := Occurrence{Name: wall.Format(layout)}
	at := func(days int) time.Time {
		_, offset := wall.AddDate(0, 0, days).In(loc).Zone()
		return wall.Add(-time.Duration(offset) * time.Second).In(loc)
	}
	first, second := at(-1), at(1)
	shows := func(t time.Time) bool { return wallOf(t).Equal(wall) }
	switch {
	case shows(first) && shows(second) && !first.Equal(second):
		o.At, o.Clock = first, Twice
	case shows(first):
		o.At = first
	case shows(second):
		o.At = second
	default:
		o.At, o.Clock = first, Skipped
	}
	return o
}
