package schedule

import (
	"slices"
	"strconv"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A Wish is what somebody wants done with a schedule.
type Wish struct {
	User    string
	Action  string // go, drop, pause, resume, skip, remove
	Skipped string // the occurrence to be left out, by its name; "": the next
}

// None says that a channel has no schedule with what was typed as its number.
func None(typed string) error {
	return bot.UserError(bot.Say("There is no schedule {n} here. To see those that there are: {list}", bot.Verbatim(text.Clip(typed)), bot.Usage{Command: "schedule"}))
}

// Change accepts, pauses, resumes or removes the schedule s of set, which comes by p, or
// leaves out one of its times, and says so. A UserError says why it cannot be.
func (p Plan) Change(set *bot.Settings, s *bot.Schedule, w Wish, now time.Time, zone *time.Location) (bot.Notice, error) {
	number, n := s.N, bot.Count(s.N)
	remove := func() {
		set.Schedules = slices.DeleteFunc(set.Schedules, func(x bot.Schedule) bool { return x.N == number })
	}
	switch {
	case w.Action == "drop" && s.State == bot.ScheduleProposed:
		defer remove()
		return bot.Notice{Text: bot.Say("Dropped. Nothing was set up.")}, nil
	case w.Action == "go" && s.State == bot.ScheduleProposed && s.Maker != w.User:
		return bot.Notice{}, bot.UserError(bot.Say("Only whoever described it can set it up."))
	case w.Action == "go" && s.State == bot.ScheduleProposed:
		s.State, s.Since = bot.ScheduleActive, now
		return bot.Notice{Text: bot.Say("Schedule {n} is set up.", n)}, nil
	case w.Action == "go", w.Action == "drop":
		return bot.Notice{}, bot.UserError(bot.Say("Schedule {n} is set up already.", n))
	case s.State == bot.ScheduleProposed:
		return bot.Notice{}, None(strconv.FormatUint(s.N, 10))
	case w.Action == "remove":
		defer remove()
		return bot.Notice{Text: bot.Say("Schedule {n} is removed. A test that it has begun goes on to its end; rounds that are not open yet stay closed.", n)}, nil
	case w.Action == "pause":
		s.State, s.Why = bot.SchedulePaused, bot.Stored{}
		s.Begun, s.BegunAt = "", time.Time{} // what has not started of it by now does not
		return bot.Notice{Text: bot.Say("Schedule {n} is paused. A test that it has begun goes on to its end. To go on: {resume}", n, bot.Usage{Command: "schedule", Options: []bot.Setting{{Name: "resume", Value: n.String()}}})}, nil
	case w.Action == "resume" && s.State == bot.ScheduleActive:
		return bot.Notice{Text: bot.Say("Schedule {n} is not paused.", n)}, nil
	case w.Action == "resume":
		s.State, s.Why, s.Trouble, s.Maker, s.Since = bot.ScheduleActive, bot.Stored{}, bot.Stored{}, w.User, now
		said := bot.Say("Schedule {n} goes on, and its tests are started in your name.", n)
		if most := s.Most + s.Judges; most > 0 {
			said = bot.Prose(said, bot.Say("Each costs at most {most}.", bot.Money(most)))
		}
		return bot.Notice{Text: said}, nil
	case w.Action == "skip" && s.State == bot.SchedulePaused:
		return bot.Notice{}, bot.UserError(bot.Say("Schedule {n} is paused, so that nothing comes next.", n))
	case w.Action == "skip":
		next := p.After(now, s.Last, zone)
		if w.Skipped != "" && w.Skipped <= s.Last {
			return bot.Notice{Text: bot.Say("That time is over or left out already.")}, nil
		}
		if w.Skipped != "" && next.Name != w.Skipped {
			return bot.Notice{}, bot.UserError(bot.Say("That list is old. See it again: {list}", bot.Usage{Command: "schedule"}))
		}
		s.Last = next.Name
		return bot.Notice{Text: bot.Say("Schedule {n} leaves out {when}.", n, bot.Moment(next.At))}, nil
	}
	return bot.Notice{}, bot.UserError(bot.Say("I do not know that button. Reload, or type {help}.", bot.Usage{Command: "help"}))
}
