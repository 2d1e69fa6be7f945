package command

import (
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A WeekTime is a time that comes once a week: Mondays at 9:00.
type WeekTime struct {
	Day          time.Weekday
	Hour, Minute int
}

// UsualWeekTime is when a week is summed up if nobody says otherwise.
var UsualWeekTime = WeekTime{time.Monday, 9, 0}

// String is what people type for it: "Mon 9:00".
func (w WeekTime) String() string { return w.Day.String()[:3] + " " + w.Clock() }

// Is reports whether a time, in its own zone, is this one of its week.
func (w WeekTime) Is(t time.Time) bool {
	return t.Weekday() == w.Day && t.Hour() == w.Hour && t.Minute() == w.Minute
}

// Clock is the time of day alone: "9:00".
func (w WeekTime) Clock() string { return fmt.Sprintf("%d:%02d", w.Hour, w.Minute) }

// Said is the time in words: "Mondays at 9:00".
func (w WeekTime) Said() bot.Sentence {
	days := [...]bot.Sentence{bot.Say("Sundays"), bot.Say("Mondays"), bot.Say("Tuesdays"), bot.Say("Wednesdays"), bot.Say("Thursdays"), bot.Say("Fridays"), bot.Say("Saturdays")}
	return bot.Say("{days} at {time}", days[w.Day], bot.Verbatim(w.Clock()))
}

// Weekly understands one time of the week, of those that [Every] does.
func Weekly(s string) (WeekTime, error) {
	cron, err := Every(s)
	if err != nil {
		return WeekTime{}, err
	}
	var w WeekTime
	var day int
	fields := strings.Fields(cron)
	_, err = fmt.Sscanf(cron, "%d %d * * %d", &w.Minute, &w.Hour, &day)
	if w.Day = time.Weekday(day % 7); err != nil || w.Hour > 23 || w.Minute > 59 || day > 7 || strings.Trim(fields[4], "01234567") != "" || len(fields[4]) > 1 {
		return WeekTime{}, bot.UserError(bot.Say("“{typed}” is not one time of the week, and the summary comes once a week. For example: {example}", bot.Verbatim(text.Clip(s)), bot.Usage{Command: "digest", Words: []string{UsualWeekTime.String()}}))
	}
	return w, nil
}
