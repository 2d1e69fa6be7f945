package command

import (
	"fmt"
	"regexp"
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

// When understands a time as people type it: "Thu 17:00", "Friday 5pm", "noon",
// "tomorrow 9:30", "next Monday", "Friday evening", "tonight", "Dec 4 5pm", "2026-12-01 17:00",
// "45m", "in 2 hours", "3d", and in Chinese 明天下午5点, 本周五, 下周一 9:00, 12月1日 17点, 半小时后. now has the
// place's time zone.
func When(s string, now time.Time) (time.Time, error) {
	usage := bot.UserError(bot.Say("I do not understand the time “{typed}”. Try {day}, {hour} or {long}.",
		bot.Verbatim(text.Clip(s)), set("until", SecondWorkingDay(now).Format("Mon 15:04")), set("until", "17:00"), set("until", "2h")))
	if len(s) > mostWhen {
		return time.Time{}, usage
	}
	typed, plainly := s, strings.Join(strings.Fields(plain.Replace(s)), " ")
	s = inEnglish(strings.ToLower(plainly))
	if s == "next week" {
		return time.Time{}, bot.UserError(bot.Say("“{typed}” names no day. Try {example}.", bot.Verbatim(text.Clip(typed)), set("until", "next Fri 17:00")))
	}
	if zoneWord.MatchString(s) {
		example := strings.TrimSpace(zoneWord.ReplaceAllString(plainly, ""))
		if example == "" || example == plainly { // it is but a zone, or one in Chinese digits
			example = "17:00"
		}
		return time.Time{}, bot.UserError(bot.Say("Times typed here are {zone} time, without a zone behind them. Try {example}.", bot.Verbatim(now.Location().String()), set("until", example)))
	}
	s = monthFirst.ReplaceAllStringFunc(s, func(d string) string { m := monthFirst.FindStringSubmatch(d); return inDigits(m[1], m[2]) })
	s = dayFirst.ReplaceAllStringFunc(s, func(d string) string { m := dayFirst.FindStringSubmatch(d); return inDigits(m[2], m[1]) })
	if t, ok := lasting(s, now); ok {
		return checkWhen(t, now)
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02"} {
		t, err := time.ParseInLocation(layout, s, now.Location())
		switch {
		case err == nil && layout == "2006-01-02":
			return checkWhen(at(t, closingHour, 0), now)
		case err == nil:
			return checkWhen(t, now)
		}
	}
	w, ok := wordsOf(s, now)
	if !ok {
		return time.Time{}, usage
	}
	t := at(w.day, w.hour, w.minute)
	switch {
	case t.After(now) || w.said == "today":
	case w.said == "":
		t = at(w.day.AddDate(0, 0, 1), w.hour, w.minute)
	case w.said == "weekday":
		t = at(w.day.AddDate(0, 0, 7), w.hour, w.minute)
	}
	return checkWhen(t, now)
}

// Lasts reports whether a time is typed as a duration: the same moment in any zone.
func Lasts(s string) bool {
	_, ok := lasting(inEnglish(strings.ToLower(strings.TrimSpace(plain.Replace(s)))), time.Time{})
	return ok
}

// zoneWord is a time zone behind a time.
var zoneWord = regexp.MustCompile(`(?i) ?\b(?:utc|gmt|cet|cest|bst|eet|eest|msk|ist|sgt|hkt|jst|kst|aest|aedt|est|edt|cst|cdt|mst|mdt|pst|pdt|et|pt)(?: ?[+-]\d{1,2}(?::?\d\d)?)?$`)

const months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

// Dates with their month in words: dec 4, december 4th; 4 dec, 4th of december.
var (
	monthFirst = regexp.MustCompile(`\b(` + months + `)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: |$)`)
	dayFirst   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(` + months + `)[a-z]*\.?,?(?: |$)`)
)

// inDigits is a date as namedDay takes it.
func inDigits(month, day string) string {
	return fmt.Sprintf("%d-%s ", strings.Index(months, month)/4+1, day)
}

// parts of the day have an hour of their own where none is named.
var parts = map[string]struct {
	half string
	hour int
}{"morning": {"am", 9}, "afternoon": {"pm", 15}, "evening": {"pm", 18}, "night": {"pm", 21}}

// lasting understands "45m", "in 2 hours", "3 days".
func lasting(s string, now time.Time) (time.Time, bool) {
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(d), true
	}
	m := howLong.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	n := 1
	if m[1] != "a" && m[1] != "an" {
		var err error
		if n, err = strconv.Atoi(m[1]); err != nil || n == 0 || n >= 100_000 {
			return time.Time{}, false
		}
	}
	switch m[2][0] {
	case 'm':
		return now.Add(time.Duration(n) * time.Minute), true
	case 'h':
		return now.Add(time.Duration(n) * time.Hour), true
	}
	return now.AddDate(0, 0, n), true
}

var howLong = regexp.MustCompile(`^(?:in )?(\d+|an?) ?(m|mins?|minutes?|h|hours?|d|days?)$`)

// spoken is a day and an hour as somebody named them.
type spoken struct {
	day          time.Time
	hour, minute int
	said         string // how the day was named: "", "today", "weekday", "date"
}

// wordsOf understands a day, an hour, or both, in any order.
func wordsOf(s string, now time.Time) (spoken, bool) {
	w := spoken{day: now, hour: closingHour}
	timed, bare, half, part := false, false, "", ""
	fields := strings.Fields(meridiem.ReplaceAllString(s, "$1 $2"))
	for i, f := range fields {
		hour, minute, isTime := hourOf(f)
		switch {
		case (f == "am" || f == "pm") && half == "":
			half = f
			continue
		case f == "at" || f == "on" || f == "in" || f == "the" || f == "next" || f == "this":
			continue
		case parts[f].half != "" && part == "" || f == "tonight":
			if part = f; f != "tonight" {
				continue
			}
			part = "night"
		case isTime && !timed:
			w.hour, w.minute, timed = hour, minute, true
			bare = len(f) <= 2 // an hour alone: of the morning or of the evening?
			continue
		}
		day, how, ok := namedDay(f, now)
		if !ok || w.said != "" {
			return w, false
		}
		w.day, w.said = day, how
		if i > 0 && fields[i-1] == "next" {
			if how != "weekday" {
				return w, false
			}
			monday := now.AddDate(0, 0, 7-(int(now.Weekday())+6)%7)
			w.day, w.said = monday.AddDate(0, 0, (int(day.Weekday())+6)%7), "date"
		}
	}
	if p := parts[part]; p.half != "" {
		switch {
		case !timed && half == "":
			w.hour, timed = p.hour, true
			if part == "evening" || part == "night" {
				w.hour, w.minute = late(w.day, p.hour, now)
			}
		case half == "" && w.hour <= 12:
			half = p.half
		}
		if p.half == "pm" && half == "pm" && w.hour == 12 && part != "afternoon" { // twelve at night: of which day?
			return w, false
		}
	}
	switch {
	case half != "" && (!timed || w.hour > 12):
		return w, false
	case half == "pm" && w.hour < 12:
		w.hour += 12
	case half == "am" && w.hour == 12:
		w.hour = 0
	case half == "" && bare:
		return w, false
	}
	return w, timed || w.said != ""
}

// late is when an evening ends that begins at an hour of a day: then if that is still to
// come, else at nine, else at the end of the day. There must be a minute to vote in.
func late(day time.Time, hour int, now time.Time) (int, int) {
	for _, h := range []int{hour, parts["night"].hour} {
		if at(day, h, 0).Sub(now) >= time.Minute {
			return h, 0
		}
	}
	return 23, 59
}

var meridiem = regexp.MustCompile(`(\d)(am|pm)\b`)

// hourOf understands 17:00, noon, midnight, and 5 before am or pm.
func hourOf(f string) (hour, minute int, ok bool) {
	switch f {
	case "noon":
		return 12, 0, true
	case "midnight":
		return 23, 59, true
	}
	if t, err := time.Parse("15:04", f); err == nil {
		return t.Hour(), t.Minute(), true
	}
	n, err := strconv.Atoi(f)
	return n, 0, err == nil && n > 0 && n <= 12
}

// namedDay understands today, tomorrow, dates without a year, and the days of the
// week, in full or by three letters: the next such day, today included.
func namedDay(s string, now time.Time) (day time.Time, how string, ok bool) {
	switch s {
	case "today", "tonight":
		return now, "today", true
	case "tomorrow":
		return now.AddDate(0, 0, 1), "date", true
	case "overmorrow":
		return now.AddDate(0, 0, 2), "date", true
	}
	if t, err := time.ParseInLocation("2006-1-2", fmt.Sprintf("%d-%s", now.Year(), s), now.Location()); err == nil {
		if t.AddDate(0, 0, 1).Before(now) {
			t = t.AddDate(1, 0, 0)
		}
		return t, "date", true
	}
	for i := range 7 {
		d := now.AddDate(0, 0, i)
		name := strings.ToLower(d.Weekday().String())
		if s == name || s == name[:3] {
			return d, "weekday", true
		}
	}
	return time.Time{}, "", false
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
