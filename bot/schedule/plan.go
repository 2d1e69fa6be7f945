package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/netresearch/go-cron"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/text"
)

// least is the least time between two occurrences.
const least = time.Hour

// layout is how an occurrence is called: by its wall clock, so that names are ordered
// as times are.
const layout = "2006-01-02 15:04"

// A Plan says when something comes again and again, in whatever zone.
type Plan struct {
	fields string
	cron   cron.Schedule
}

// Parse reads a time that comes again and again, in words or as the five fields of
// cron. Where both the day of the month and the day of the week are narrowed, either
// does, as in any cron. A UserError says what is wrong, and names the nearest plan
// that is right: one that never comes, or more often than once an hour, is refused.
func Parse(typed string) (Plan, error) {
	fields, err := command.Every(typed)
	if err != nil {
		return Plan{}, err
	}
	p, err := parse(fields)
	if err != nil {
		return Plan{}, wrongField(strings.Fields(fields))
	}
	var before time.Time
	wall := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC) // a leap year
	for range 60 {                                      // enough for a list of minutes
		wall = p.cron.Next(wall)
		switch {
		case wall.IsZero() && before.IsZero():
			return Plan{}, neverComes(strings.Fields(fields))
		case wall.IsZero(): // a leap day, of which the library does not look for the one after 2096
			return p, nil
		case !before.IsZero() && wall.Sub(before) < least:
			return Plan{}, bot.UserError(bot.Say("“{typed}” comes more often than once an hour, and nobody confirms what it costs. For example: {example}", bot.Verbatim(text.Clip(typed)), bot.Verbatim("0 * * * *")))
		}
		before = wall
	}
	return p, nil
}

var parser = cron.MustNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom)

func parse(fields string) (Plan, error) {
	s, err := parser.Parse(fields)
	return Plan{fields, s}, err
}

// String is the plan in the five fields of cron; Parse reads it.
func (p Plan) String() string { return p.fields }

// A field of cron, with what it can be.
var fieldsOfCron = []struct {
	name bot.Sentence
	low  int
	high int
}{
	{bot.Say("minute"), 0, 59}, {bot.Say("hour"), 0, 23}, {bot.Say("day of the month"), 1, 31}, {bot.Say("month"), 1, 12}, {bot.Say("day of the week"), 0, 6},
}

// wrongField says which of five fields is none, and what is nearest.
func wrongField(fields []string) error {
	for i, f := range fieldsOfCron {
		alone := []string{"*", "*", "*", "*", "*"}
		alone[i] = fields[i]
		if _, err := parse(strings.Join(alone, " ")); err == nil {
			continue
		}
		near := slices.Clone(fields)
		near[i] = strconv.Itoa(f.low)
		if n, err := strconv.Atoi(fields[i]); err == nil {
			near[i] = strconv.Itoa(min(max(n, f.low), f.high))
		}
		example := strings.Join(near, " ")
		if _, err := parse(example); err != nil {
			example = "0 10 * * 1-5"
		}
		return bot.UserError(bot.Say("“{typed}” is no {field} for cron: it goes from {low} to {high}. For example: {example}", bot.Verbatim(text.Clip(fields[i])), f.name, bot.Count(f.low), bot.Count(f.high), bot.Verbatim(example)))
	}
	return bot.UserError(bot.Say("I do not understand “{typed}” as five fields of cron. For example: {example}", bot.Verbatim(text.Clip(strings.Join(fields, " "))), bot.Verbatim("0 10 * * 1-5")))
}

// neverComes refuses 30 February, and offers the 28th in its place: it comes every year.
func neverComes(fields []string) error {
	example := "0 10 * * 1-5"
	if day, err := strconv.Atoi(fields[2]); err == nil {
		for ; day > 0; day-- {
			near := slices.Clone(fields)
			near[2] = strconv.Itoa(day)
			p, err := parse(strings.Join(near, " "))
			if err == nil && p.cron.Next(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)).Year() == 2025 {
				example = p.fields
				break
			}
		}
	}
	return bot.UserError(bot.Say("“{typed}” never comes: no such month has that day. The nearest that does: {example}", bot.Verbatim(text.Clip(strings.Join(fields, " "))), bot.Verbatim(example)))
}
