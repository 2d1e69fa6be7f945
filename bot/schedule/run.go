package schedule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

const (
	usualBlock = 5                   // runs
	longest    = 90 * 24 * time.Hour // a block
)

// Block is how many runs make one tasting; 0: each is one.
func Block(s bot.Schedule, typed string) (int, error) {
	rounds := strings.TrimSpace(s.Option("rounds"))
	if typed == "" && rounds != "1" {
		return 0, nil
	}
	one, whole := option("rounds", "1"), option("rounds", "5")
	switch n, err := strconv.Atoi(cmp.Or(typed, strconv.Itoa(usualBlock))); {
	case rounds != "" && rounds != "1":
		return 0, bot.UserError(bot.Say("A block has a round each time. Say {one}, or leave {block} out, and each time is a whole test.", one, option("block", "")))
	case err != nil || n < 2 || n > bot.MostRounds:
		return 0, bot.UserError(bot.Say("A block is {least} to {most} times, each a round. For example: {example}", bot.Count(2), bot.Count(bot.MostRounds), option("block", strconv.Itoa(usualBlock))))
	case s.Option("ballot") == string(bot.Private):
		return 0, bot.UserError(bot.Say("A round at a time is voted on with emoji, in the channel. Leave {private} out, or have a whole test each time: {whole}", option("ballot", "private"), whole))
	default:
		return n, nil
	}
}

// Closes is when what a schedule starts with an occurrence, at a time, closes: what was
// typed, seen from its last round, else the second working day. A block of so many
// rounds is over when the next one begins, so that its reveal teaches nobody the styles
// of what they are voting on.
func (p Plan) Closes(s bot.Schedule, o Occurrence, at time.Time, rounds int) (time.Time, error) {
	last, over := at, time.Time{}
	if s.Block > 0 {
		runs := append([]Occurrence{o}, p.Coming(rounds, o.At, o.Name, o.At.Location())...)
		last = runs[min(rounds, len(runs))-1].At
		if len(runs) > rounds {
			over = runs[rounds].At
		}
		if last.Sub(o.At) > longest {
			return last, bot.UserError(bot.Say("{n} times are more than 90 days, and nobody would remember the first. Take fewer, for example {block}, or have a whole test each time: {whole}", bot.Count(rounds), option("block", "2"), option("rounds", "5")))
		}
	}
	last = last.In(o.At.Location())
	if until := s.Option("until"); until != "" {
		return command.When(until, last)
	}
	closes := command.SecondWorkingDay(last)
	if !over.IsZero() && over.Before(closes) {
		return over, nil
	}
	return closes, nil
}

// Changes are the occurrences of the coming year with which a change of clocks
// does something.
func (p Plan) Changes(now time.Time, zone *time.Location) []Occurrence {
	return slices.DeleteFunc(p.Due(now, now.AddDate(1, 0, 0), "", zone), func(o Occurrence) bool { return o.Clock == Plain })
}

// option is an option of a command, as it is typed; one without a value is its name.
func option(name, value string) bot.Usage {
	return bot.Usage{Options: []bot.Setting{{Name: name, Value: value}}}
}
