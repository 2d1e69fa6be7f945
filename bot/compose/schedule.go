package compose

import (
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/schedule"
	"github.com/tastetest/tastetest/bot/text"
)

// ScheduleProposal asks whoever described a schedule whether it is meant so: what its
// first run would start, as t, and when it comes next. A run costs most pico-USD at
// most, where an answer without a price counts as unknown. notes say what is less than
// was to be expected.
func ScheduleProposal(s bot.Schedule, t bot.Tasting, texts []bot.Texts, notes []bot.Sentence, coming []schedule.Occurrence, changes []schedule.Occurrence, most, unknown int64) bot.Notice {
	lines := []bot.Sentence{brought(t, len(t.PlainTexts(texts)))}
	lines = append(lines, notes...)
	if s.Block > 0 {
		lines = append(lines, bot.Say("A round each time: {n} of them make one test. Its prompts, answers, sides and end are fixed the first time; its rounds stay open, and the models are revealed together at its end.", bot.Count(len(t.Rounds))))
	} else {
		lines = append(lines, bot.Say("Each time a whole test of its own."))
	}
	var next bot.Series
	for _, o := range coming {
		next = append(next, bot.Moment(o.At))
	}
	// A chat shows times in the zone of whoever reads them: the place's goes with what was typed.
	meant := bot.Say("“{when}” is {zone} time.", bot.Verbatim(text.Clip(s.When)), bot.Verbatim(t.TimeZone))
	lines = append(lines, bot.Prose(meant, bot.Say("It comes next: {times}.", next)))
	for _, o := range changes {
		lines = append(lines, clockChange(o))
	}
	lines = append(lines, bot.Say("Voting in the first closes {when}.", t.At(t.Closes)))
	if cost := costLine(t, texts, most, unknown); !cost.IsZero() {
		lines = append(lines, bot.Prose(cost, bot.Say("That is for each test, and nobody is asked again: one that would pass a spending limit does not start, and you are told.")))
	}
	lines = append(lines, judgesLine(t))
	id := scheduleButton(s.N)
	return bot.Notice{
		Title: bot.Say("Schedule {n}: set it up?", bot.Count(s.N)),
		Text:  bot.Lines(lines...),
		Buttons: []bot.Button{
			{ID: id + "go", Label: bot.Say("Set it up"), Primary: true},
			{ID: id + "drop", Label: bot.Say("Not now")},
		},
	}
}

// clockChange says what a change of clocks does to an occurrence.
func clockChange(o schedule.Occurrence) bot.Sentence {
	day, hour := bot.Verbatim(o.Name[:10]), bot.Verbatim(o.Name[11:])
	if o.Clock == schedule.Skipped {
		return bot.Say("On {day} clocks are put forward and there is no {hour}: that day it comes {when}.", day, hour, bot.Moment(o.At))
	}
	return bot.Say("On {day} clocks are put back and {hour} comes twice: it comes the first time.", day, hour)
}

// A Scheduled is a schedule, and when it comes next.
type Scheduled struct {
	bot.Schedule
	Next schedule.Occurrence // zero: it does not
}

// Schedules lists a channel's schedules, each with its buttons. It tells nothing of
// what they started.
func Schedules(all []Scheduled) bot.Notice {
	n := bot.Notice{Title: bot.Say("Tests here that start by themselves")}
	example := bot.Usage{Command: "schedule", Words: []string{"kestrel", "nova"}, Options: []bot.Setting{{Name: "when", Value: "weekdays 10:00"}, {Name: "rounds", Value: "1"}}}
	if len(all) == 0 {
		n.Text = bot.Lines(bot.Say("There are none."), bot.Say("Admins set them up, for example: {example}", example))
		return n
	}
	var lines []bot.Sentence
	for _, s := range all {
		lines = append(lines, scheduleLine(s))
		n.Buttons = append(n.Buttons, scheduleButtons(s)...)
	}
	n.Text = bot.Lines(append(lines, bot.Say("Another one, for example: {example}", example))...)
	return n
}

func scheduleLine(s Scheduled) bot.Sentence {
	what := bot.Dotted(bot.Say("{n}: {when}", bot.Count(s.N), bot.Verbatim(text.Clip(s.When))), bot.Say("{start}", bot.Usage{Words: s.Models, Options: s.Options}), scheduleSize(s.Schedule), scheduleState(s))
	if s.Trouble.IsZero() {
		return what
	}
	return bot.Say("{schedule}. The latest did not start: {why}", what, bot.Sentence(s.Trouble))
}

func scheduleSize(s bot.Schedule) bot.Sentence {
	if s.Block > 0 {
		return bot.Say("a round each time, {n} make one test", bot.Count(s.Block))
	}
	return bot.Say("each time a whole test")
}

func scheduleState(s Scheduled) bot.Sentence {
	switch {
	case s.State == bot.SchedulePaused && !s.Why.IsZero():
		return bot.Say("paused: {why}", bot.Sentence(s.Why))
	case s.State == bot.SchedulePaused:
		return bot.Say("paused")
	case s.Next.IsZero():
		return bot.Say("does not come again")
	}
	return bot.Say("next {when}", bot.Moment(s.Next.At))
}

func scheduleButton(n uint64) string { return fmt.Sprintf("schedule/%d/", n) }

func scheduleButtons(s Scheduled) []bot.Button {
	id, n := scheduleButton(s.N), bot.Count(s.N)
	remove := bot.Button{ID: id + "remove", Label: bot.Say("Remove {n}", n), Danger: true, Confirm: bot.Say("Remove schedule {n}? A test that it has begun goes on to its end.", n)}
	if s.State == bot.SchedulePaused {
		return []bot.Button{{ID: id + "resume", Label: bot.Say("Resume {n}", n)}, remove}
	}
	pause := bot.Button{ID: id + "pause", Label: bot.Say("Pause {n}", n)}
	if s.Next.IsZero() {
		return []bot.Button{pause, remove}
	}
	// The button names the time that it leaves out, so that two taps leave out one.
	skip := bot.Button{ID: id + "skip/" + s.Next.Name, Label: bot.Say("Skip the next of {n}", n)}
	return []bot.Button{pause, skip, remove}
}

// NotStarted tells a starter why a run of their schedule did not start.
func NotStarted(s bot.Schedule, why bot.Sentence, next schedule.Occurrence) bot.Notice {
	lines := []bot.Sentence{why}
	if !next.IsZero() {
		lines = append(lines, bot.Say("It is tried again {when}. To stop it: {pause}", bot.Moment(next.At), scheduleUsage("pause", s.N)))
	}
	return bot.Notice{Title: bot.Say("Schedule {n} ({when}) has not started its test", bot.Count(s.N), bot.Verbatim(text.Clip(s.When))), Text: bot.Lines(lines...), Error: true}
}

// UsedUp tells a starter that the prompts of their schedule come again.
func UsedUp(s bot.Schedule, pack string) bot.Notice {
	return bot.Notice{
		Title: bot.Say("Schedule {n} ({when})", bot.Count(s.N), bot.Verbatim(text.Clip(s.When))),
		Text:  bot.Say("All prompts of the pack {pack} that tell models apart have been seen here. From now on they come again, the longest unseen first. Other packs: {packs}", bot.Verbatim(pack), bot.Usage{Command: "packs"}),
	}
}

// SchedulePaused tells admins that a schedule pauses, and why.
func SchedulePaused(s bot.Schedule) bot.Notice {
	return bot.Notice{
		Title: bot.Say("Schedule {n} ({when}) is paused", bot.Count(s.N), bot.Verbatim(text.Clip(s.When))),
		Text:  bot.Prose(bot.Sentence(s.Why), bot.Say("An admin can take it over: {resume}", scheduleUsage("resume", s.N))),
	}
}

func scheduleUsage(action string, n uint64) bot.Usage {
	return bot.Usage{Command: "schedule", Options: []bot.Setting{{Name: action, Value: fmt.Sprint(n)}}}
}

// Earlier says of one earlier round of a block only how many voted in it.
func Earlier(position, voted int) bot.Sentence {
	return bot.Say("{voted} in round {n}", bot.Count(voted), bot.Count(position))
}

// EarlierOnes says that of all earlier rounds; nothing of none.
func EarlierOnes(all bot.Series) bot.Sentence {
	if len(all) == 0 {
		return bot.Sentence{}
	}
	return bot.Say("Earlier rounds are still open; voted so far: {voted}.", all)
}
