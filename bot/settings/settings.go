// Package settings reads what people set for a channel, and says what is set.
package settings

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/text"
)

// ZoneOption is the option of the command that names a time zone.
const ZoneOption = "time_zone"

// Apply changes s as was typed, by the names of the command's options, and notes who
// did so and when. A UserError says what cannot be; then s is as it was.
func Apply(s *bot.Settings, opts map[string]string, by string, at time.Time) error {
	now := *s
	now.Last = bot.Change{By: by, At: at}
	for _, name := range []string{"language", ZoneOption, "digest", "charts", "ballot", "rounds"} {
		value, ok := opts[name]
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		meant := value
		if value == command.Default {
			meant = ""
		}
		switch name {
		case "language":
			now.Lang = bot.Lang(meant)
		case "ballot":
			now.Ballot = bot.BallotKind(meant)
		case "charts":
			now.Charts = meant
		case "digest":
			if now.Digest = meant; meant != "" && meant != bot.Off {
				w, err := command.Weekly(meant)
				if err != nil {
					return err
				}
				now.Digest, value = w.String(), w.String()
			}
		case ZoneOption:
			now.Zone = ""
			if meant != "" {
				var err error
				if now.Zone, err = Zone(meant); err != nil {
					return err
				}
				value = now.Zone
			}
		case "rounds":
			now.Rounds = 0
			if meant != "" {
				n, err := strconv.Atoi(meant)
				if err != nil || n < 1 || n > bot.MostRounds {
					return bot.UserError(bot.Say("“{typed}” is no number of rounds: it is 1 to {most}, or {usual}. For example: {example}", bot.Verbatim(text.Clip(value)),
						bot.Count(bot.MostRounds), bot.Verbatim(command.Default), bot.Usage{Command: "settings", Options: []bot.Setting{{Name: "rounds", Value: "12"}}}))
				}
				now.Rounds = n
			}
		}
		now.Last.What = append(now.Last.What, bot.Setting{Name: name, Value: value})
	}
	*s = now
	return nil
}

// Configured is what holds where nothing is set.
type Configured struct {
	bot.Voice
	Digest   *command.WeekTime // nil: none
	Zoned    bool              // it is known in which zone people are
	Pictures bool
}

// Post says what is set for a channel, what holds where nothing is, and what
// whoever is called by changed last.
func Post(s bot.Settings, configured Configured, by string) bot.Notice {
	lines := []bot.Sentence{language(s.Lang, configured.Lang), zone(s.Zone, configured.Zone), digest(s, configured), charts(s.Charts, configured.Pictures), ballot(s.Ballot), rounds(s.Rounds)}
	loc, err := time.LoadLocation(s.Zone)
	if s.Zone == "" || err != nil {
		loc, _ = time.LoadLocation(configured.Zone)
	}
	if !s.Last.At.IsZero() {
		when, what := bot.Moment(s.Last.At.In(loc)), bot.Usage{Options: s.Last.What}
		if s.Last.By == "" {
			lines = append(lines, bot.Say("Last changed by somebody who was forgotten since, {when}: {what}", when, what))
		} else {
			lines = append(lines, bot.Say("Last changed by {name}, {when}: {what}", bot.Verbatim(text.Clip(by)), when, what))
		}
	}
	lines = append(lines, bot.Say("Admins change them, for example: {example}", bot.Usage{Command: "settings", Options: []bot.Setting{{Name: "language", Value: string(other(s.Lang, configured.Lang))}}}))
	return bot.Notice{Title: bot.Say("Settings of this channel"), Text: bot.Lines(lines...)}
}

func language(set, configured bot.Lang) bot.Sentence {
	names := map[bot.Lang]bot.Verbatim{bot.En: "English", bot.Zh: "中文"}
	if set == "" {
		return bot.Say("Language: {name}, as configured", names[cmp.Or(configured, bot.En)])
	}
	return bot.Say("Language: {name}", names[set])
}

// other is a language that is not spoken now: an example that would change something.
func other(set, configured bot.Lang) bot.Lang {
	if set == bot.Zh || set == "" && configured == bot.Zh {
		return bot.En
	}
	return bot.Zh
}

func zone(set, configured string) bot.Sentence {
	if set == "" {
		return bot.Say("Time zone: {zone}, as configured", bot.Verbatim(configured))
	}
	return bot.Say("Time zone: {zone}", bot.Verbatim(set))
}

func digest(s bot.Settings, configured Configured) bot.Sentence {
	switch {
	case s.Digest == bot.Off:
		return bot.Say("Weekly summary: none")
	case s.Digest == "" && configured.Digest == nil:
		return bot.Say("Weekly summary: none, as configured")
	case s.Zone == "" && !configured.Zoned:
		return bot.Say("Weekly summary: none, until a time zone is set here")
	case s.Digest == "":
		return bot.Say("Weekly summary: {when}, as configured", configured.Digest.Said())
	}
	w, err := command.Weekly(s.Digest)
	if err != nil {
		return bot.Say("Weekly summary: none")
	}
	return bot.Say("Weekly summary: {when}", w.Said())
}

func charts(set string, configured bool) bot.Sentence {
	switch {
	case set == bot.On:
		return bot.Say("Pictures: yes")
	case set == bot.Off:
		return bot.Say("Pictures: no")
	case configured:
		return bot.Say("Pictures: yes, as configured")
	}
	return bot.Say("Pictures: no, as configured")
}

func ballot(set bot.BallotKind) bot.Sentence {
	switch set {
	case bot.Private:
		return bot.Say("How people vote: on a page of their own")
	case bot.Reaction:
		return bot.Say("How people vote: with an emoji")
	}
	return bot.Say("How people vote: with an emoji, as usual")
}

func rounds(set int) bot.Sentence {
	if set == 0 {
		return bot.Say("Rounds: {n}, as usual", bot.Count(bot.UsualRounds))
	}
	return bot.Say("Rounds: {n}", bot.Count(set))
}
