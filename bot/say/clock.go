package say

import "time"

// Clock writes a time for a post, in its place's time zone: the weekday alone
// within a week of now, with the date beyond.
func Clock(t, now time.Time, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	t, now = t.In(loc), now.In(loc)
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Sub(now).Abs() < 6*24*time.Hour:
		return t.Format("Mon 15:04")
	}
	return t.Format("Mon 2 Jan 15:04")
}
