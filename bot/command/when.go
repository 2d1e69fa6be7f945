package command

import (
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// closingHour is when tastings close if nobody says otherwise.
const closingHour = 17

// SecondWorkingDay is the default closing time: 17:00 of the second working
// day after now, in now's place.
func SecondWorkingDay(now time.Time) time.Time {
	return WorkingDays(now, 2)
}

// WorkingDays returns 17:00 of the n-th working day after now's day.
// Saturday and Sunday are not working days.
func WorkingDays(now time.Time, n int) time.Time {
	day := now
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n--
		}
	}
	return at(day, closingHour, 0)
}

// at is the wall clock hour:min on day's date. In the hour that a change of
// clocks skips it is the hour after.
func at(day time.Time, hour, min int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, min, 0, 0, day.Location())
}

// mostWhen is how many bytes a time takes, at most: it travels in forms' IDs, of
// which Discord takes 100 characters.
const mostWhen = 60

// When understands "Thu 17:00", "Thu", "17:00", "tomorrow 9:30", "2026-12-01
// 17:00", "45m", "2h", "3d". now has the place's time zone. Each form that is
// understood has a few lines of its own; days come before durations because
// Go's know none.
func When(s string, now time.Time) (time.Time, error) {
	usage := bot.UserError(bot.Say("I do not understand the time “{typed}”. Try {day}, {hour} or {long}.", bot.Verbatim(text.Clip(s)), set("until", SecondWorkingDay(now).Format("Mon 15:04")), set("until", "17:00"), set("until", "2h")))
	if len(s) > mostWhen {
		return time.Time{}, usage
	}
	s = strings.ToLower(strings.TrimSpace(plain.Replace(s)))
	if n, err := strconv.Atoi(strings.TrimSuffix(s, "d")); err == nil && strings.HasSuffix(s, "d") && n > 0 && n < 100_000 {
		return checkWhen(now.AddDate(0, 0, n), now)
	}
	if d, err := time.ParseDuration(s); err == nil {
		return checkWhen(now.Add(d), now)
	}
	if t, err := time.ParseInLocation("2006-01-02 15:04", s, now.Location()); err == nil {
		return checkWhen(t, now)
	}
	if t, err := time.ParseInLocation("2006-01-02", s, now.Location()); err == nil {
		return checkWhen(at(t, closingHour, 0), now)
	}
	day, hour, minute := now, closingHour, 0
	named, timed := false, false
	for _, f := range strings.Fields(s) {
		if t, err := time.Parse("15:04", f); err == nil && !timed {
			hour, minute, timed = t.Hour(), t.Minute(), true
			continue
		}
		d, ok := namedDay(f, now)
		if !ok || named {
			return time.Time{}, usage
		}
		day, named = d, true
	}
	if s == "" {
		return time.Time{}, usage
	}
	t := at(day, hour, minute)
	if !t.After(now) && named && day.Weekday() == now.Weekday() && !strings.Contains(s, "today") {
		t = at(day.AddDate(0, 0, 7), hour, minute)
	}
	if !t.After(now) && !named {
		t = at(day.AddDate(0, 0, 1), hour, minute)
	}
	return checkWhen(t, now)
}

// namedDay understands today, tomorrow and the days of the week, in full or
// by three letters: the next such day, today included.
func namedDay(s string, now time.Time) (time.Time, bool) {
	switch s {
	case "today":
		return now, true
	case "tomorrow":
		return now.AddDate(0, 0, 1), true
	}
	for i := range 7 {
		d := now.AddDate(0, 0, i)
		name := strings.ToLower(d.Weekday().String())
		if s == name || s == name[:3] {
			return d, true
		}
	}
	return time.Time{}, false
}

// checkWhen refuses times at which nobody could vote, or nobody would remember.
func checkWhen(t, now time.Time) (time.Time, error) {
	switch {
	case t.Before(now):
		return time.Time{}, bot.UserError(bot.Say("That time is over already. Try {example}.", set("until", "2h")))
	case t.Sub(now) < time.Minute:
		return time.Time{}, bot.UserError(bot.Say("Voting needs at least a minute. Try {example}.", set("until", "2h")))
	case t.Sub(now) > 90*24*time.Hour:
		return time.Time{}, bot.UserError(bot.Say("That is more than 90 days away; nobody would remember. Try {example}.", set("until", "7d")))
	}
	return t, nil
}
