package schedule

import (
	"strings"
	"testing"
	"time"

	"github.com/adhocore/gronx"
	"github.com/netresearch/go-cron"
)

var plans = []string{
	"weekdays 10:00", "Mon,Thu 14:00", "monthly 1st 10:00", "daily 0:00", "daily 2:30", "daily 1:45", "monthly 31st 23:30", "0 9 13 * 5", "15 9-21/12 * * 2",
}

// years are the zones, and the days on which their clocks change in the years below.
var years = map[string][]string{
	"Europe/Berlin":       {"2026-03-29", "2026-10-25", "2027-03-28"},
	"America/New_York":    {"2026-03-08", "2026-11-01", "2027-03-14"},
	"Australia/Lord_Howe": {"2026-04-05", "2026-10-04", "2027-04-04"}, // by half an hour
	"America/Santiago":    {"2026-04-04", "2026-09-06", "2027-04-03"}, // at midnight: 6 September begins at one
}

// For a year in four zones each plan comes exactly when the cron library says, and when
// a second one says, but on the days around a change of clocks, which are looked at
// below: there the libraries differ from each other.
func TestYearAgainstTwoLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("a year in four zones takes seconds")
	}
	for zone, changes := range years {
		loc := zoneOf(t, zone)
		begin, end := time.Date(2026, 1, 1, 0, 0, 0, 0, loc), time.Date(2027, 2, 1, 0, 0, 0, 0, loc)
		near := func(at time.Time) bool {
			for days := -2; days <= 2; days++ {
				for _, c := range changes {
					if at.AddDate(0, 0, days).Format(time.DateOnly) == c {
						return true
					}
				}
			}
			return false
		}
		for _, typed := range plans {
			p := must(t, typed)
			oracle, err := cron.MustNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom).Parse(p.String())
			if err != nil {
				t.Fatal(err)
			}
			compared := 0
			last := Occurrence{At: begin.Add(-time.Second)}
			for {
				o := p.After(last.At, last.Name, loc)
				if o.IsZero() || !o.At.Before(end) {
					break
				}
				if o.Name <= last.Name || !o.At.After(last.At) {
					t.Fatalf("%s: %q comes at %v after %v", zone, typed, o, last)
				}
				if !near(last.At) && !near(o.At) && last.Name != "" {
					ticks := map[string]time.Time{"the cron library": oracle.Next(last.At)}
					if tick, err := gronx.NextTickAfter(p.String(), last.At, false); err != nil {
						t.Fatal(err)
					} else if tick.After(last.At) { // it stays where it is before a month in which a midnight is missing
						ticks["the second library"] = tick
					}
					for who, want := range ticks {
						if !o.At.Equal(want) && !spans(last.At, want, changes, loc) && !spans(last.At, o.At, changes, loc) {
							t.Errorf("%s: after %v %q comes at %v; %s says %v", zone, last.At, typed, o.At, who, want)
						}
						compared++
					}
				}
				last = o
			}
			if compared < 2 {
				t.Errorf("%s: of %q only %d times were compared", zone, typed, compared)
			}
		}
	}
}

// spans reports whether clocks change between two times more than a day apart: over
// such a span the second library may come too early or stay where it is.
func spans(from, to time.Time, changes []string, loc *time.Location) bool {
	for _, c := range changes {
		day, err := time.ParseInLocation(time.DateOnly, c, loc)
		if err == nil && day.After(from) && day.Before(to) {
			return true
		}
	}
	return false
}

// What a change of clocks does: each wall-clock time comes once a day; a time that is
// skipped comes as much later, one that comes twice comes the first time.
func TestChangeOfClocks(t *testing.T) {
	for _, c := range []struct{ zone, typed, from, want string }{
		{"Europe/Berlin", "daily 2:30", "2026-03-28", "2026-03-28T02:30:00+01:00 2026-03-29T03:30:00+02:00! 2026-03-30T02:30:00+02:00"},
		{"Europe/Berlin", "daily 2:30", "2026-10-24", "2026-10-24T02:30:00+02:00 2026-10-25T02:30:00+02:00? 2026-10-26T02:30:00+01:00"},
		{"Europe/Berlin", "30 1-4 * * *", "2026-03-29", "2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00! 2026-03-29T04:30:00+02:00"},
		{"Europe/Berlin", "30 1-4 * * *", "2026-10-25", "2026-10-25T01:30:00+02:00 2026-10-25T02:30:00+02:00? 2026-10-25T03:30:00+01:00"},
		{"America/New_York", "daily 2:30", "2026-03-07", "2026-03-07T02:30:00-05:00 2026-03-08T03:30:00-04:00! 2026-03-09T02:30:00-04:00"},
		{"America/New_York", "daily 1:45", "2026-10-31", "2026-10-31T01:45:00-04:00 2026-11-01T01:45:00-04:00? 2026-11-02T01:45:00-05:00"},
		{"Australia/Lord_Howe", "daily 2:15", "2026-10-03", "2026-10-03T02:15:00+10:30 2026-10-04T02:45:00+11:00! 2026-10-05T02:15:00+11:00"},
		{"Australia/Lord_Howe", "daily 1:45", "2026-10-03", "2026-10-03T01:45:00+10:30 2026-10-04T01:45:00+10:30 2026-10-05T01:45:00+11:00"},
		{"Australia/Lord_Howe", "daily 1:45", "2026-04-04", "2026-04-04T01:45:00+11:00 2026-04-05T01:45:00+11:00? 2026-04-06T01:45:00+10:30"},
		{"Australia/Lord_Howe", "daily 0:00", "2026-04-05", "2026-04-05T00:00:00+11:00 2026-04-06T00:00:00+10:30 2026-04-07T00:00:00+10:30"},
		{"America/Santiago", "daily 0:00", "2026-09-05", "2026-09-05T00:00:00-04:00 2026-09-06T01:00:00-03:00! 2026-09-07T00:00:00-03:00"},
		{"America/Santiago", "daily 23:30", "2026-04-03", "2026-04-03T23:30:00-03:00 2026-04-04T23:30:00-03:00? 2026-04-05T23:30:00-04:00"},
	} {
		loc := zoneOf(t, c.zone)
		from, err := time.ParseInLocation(time.DateOnly, c.from, loc)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range must(t, c.typed).Coming(3, from.Add(-time.Second), "", loc) {
			got = append(got, o.At.Format(time.RFC3339)+[]string{"", "!", "?"}[o.Clock])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s, %q from %s:\n got %s\nwant %s", c.zone, c.typed, c.from, strings.Join(got, " "), c.want)
		}
	}
}

// Whoever remembers the name of the last occurrence never does one twice: when the
// clock of the machine is set back or forward by a day, and when the place moves to
// another zone.
func TestOncePerName(t *testing.T) {
	berlin, york := zoneOf(t, "Europe/Berlin"), zoneOf(t, "America/New_York")
	p := must(t, "daily 10:00")
	at := func(s string, loc *time.Location) time.Time {
		got, err := time.ParseInLocation(layout, s, loc)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, c := range []struct {
		what      string
		now, last string
		loc       *time.Location
		want      string
	}{
		{"a day back", "2026-11-30 10:01", "2026-12-01 10:00", berlin, "2026-12-02 10:00"},
		{"forward over one", "2026-12-03 09:00", "2026-12-01 10:00", berlin, "2026-12-03 10:00"},
		{"to the west, where it is ten again", "2026-12-01 05:00", "2026-12-01 10:00", york, "2026-12-02 10:00"},
		{"to the east", "2026-12-01 16:01", "2026-12-01 10:00", berlin, "2026-12-02 10:00"},
	} {
		if o := p.After(at(c.now, c.loc), c.last, c.loc); o.Name != c.want {
			t.Errorf("%s: at %s after %s comes %s; want %s", c.what, c.now, c.last, o.Name, c.want)
		}
	}
	due := p.Due(at("2026-12-01 10:00", berlin), at("2026-12-04 12:00", berlin), "2026-12-01 10:00", berlin)
	if len(due) != 3 || due[2].Name != "2026-12-04 10:00" {
		t.Errorf("after three days away there are due %v", due)
	}
}

// A plan that is none, that never comes or that comes too often is refused with the
// nearest that is right.
func TestParseRefused(t *testing.T) {
	for typed, want := range map[string]string{
		"0 0 30 2 *":     "“0 0 30 2 *” never comes: no such month has that day. The nearest that does: 0 0 28 2 *",
		"0 9 31 4,6 *":   "The nearest that does: 0 9 30 4,6 *",
		"0 25 * * *":     "“25” is no hour for cron: it goes from 0 to 23. For example: 0 23 * * *",
		"75 10 * * *":    "“75” is no minute for cron: it goes from 0 to 59. For example: 59 10 * * *",
		"0 10 0 * *":     "“0” is no day of the month for cron: it goes from 1 to 31. For example: 0 10 1 * *",
		"0 10 L * *":     "“L” is no day of the month",
		"0 10 * 13 *":    "“13” is no month for cron",
		"0 10 * * FUN":   "“FUN” is no day of the week for cron: it goes from 0 to 6.",
		"*/15 * * * *":   "“*/15 * * * *” comes more often than once an hour",
		"0,30 10 1 1 *":  "comes more often than once an hour",
		"* * * * *":      "For example: 0 * * * *",
		"Mon 25:00":      "For example: Mon 23:00",
		"@every 1h":      "I do not understand",
		"TZ=UTC 0 1 * *": "I do not understand",
	} {
		if p, err := Parse(typed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %q, %v; want a refusal with %q", typed, p, err, want)
		}
	}
	for _, typed := range append(plans, "0 12 29 2 *") {
		if p := must(t, typed); must(t, p.String()).String() != p.String() {
			t.Errorf("%q is read back otherwise than %q", typed, p)
		}
	}
}

func must(t *testing.T, typed string) Plan {
	t.Helper()
	p, err := Parse(typed)
	if err != nil {
		t.Fatalf("%q: %v", typed, err)
	}
	return p
}

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
