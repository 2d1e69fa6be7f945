package adaptertest

import (
	"github.com/tastetest/tastetest/bot"
)

// Schedules is a channel's list of what starts by itself: one that comes next at a
// time, one that cannot, one that somebody paused.
func Schedules(when bot.Arg) bot.Notice {
	line := func(n int, times string, options []bot.Setting, size, state bot.Sentence) bot.Sentence {
		return bot.Dotted(bot.Say("{n}: {when}", bot.Count(n), bot.Verbatim(times)), bot.Say("{start}", bot.Usage{Words: []string{"kestrel", "nova"}, Options: options}), size, state)
	}
	humour := bot.Setting{Name: "pack", Value: "humour"}
	one, five := bot.Setting{Name: "rounds", Value: "1"}, bot.Setting{Name: "rounds", Value: "5"}
	remove := func(n bot.Count) bot.Button {
		return bot.Button{ID: "schedule/" + n.String() + "/remove", Label: bot.Say("Remove {n}", n), Danger: true, Confirm: bot.Say("Remove schedule {n}? A test that it has begun goes on to its end.", n)}
	}
	return bot.Notice{
		Title: bot.Say("Tests here that start by themselves"),
		Text: bot.Lines(
			line(1, "weekdays 10:00", []bot.Setting{humour, one}, bot.Say("a round each time, {n} make one test", bot.Count(5)), bot.Say("next {when}", when)),
			bot.Say("{schedule}. The latest did not start: {why}", line(2, "每周一 9:00", []bot.Setting{five}, bot.Say("each time a whole test"), bot.Say("next {when}", when)), bot.Say("{name} is no longer configured.", bot.Verbatim("nova"))),
			line(4, "0 9 1 * *", []bot.Setting{humour, five}, bot.Say("each time a whole test"), bot.Say("paused: {why}", bot.Say("Whoever set it up is no longer an admin."))),
			bot.Say("Another one, for example: {example}", bot.Usage{Command: "schedule", Words: []string{"kestrel", "nova"}, Options: []bot.Setting{{Name: "when", Value: "weekdays 10:00"}, one}}),
		),
		Buttons: []bot.Button{
			{ID: "schedule/1/pause", Label: bot.Say("Pause {n}", bot.Count(1))}, {ID: "schedule/1/skip/2099-12-07 10:00", Label: bot.Say("Skip the next of {n}", bot.Count(1))}, remove(1),
			{ID: "schedule/2/pause", Label: bot.Say("Pause {n}", bot.Count(2))}, {ID: "schedule/2/skip/2099-12-07 10:00", Label: bot.Say("Skip the next of {n}", bot.Count(2))}, remove(2),
			{ID: "schedule/4/resume", Label: bot.Say("Resume {n}", bot.Count(4))}, remove(4),
		},
	}
}

// Blocks are the posts of a block's runs: the first, which fixes all rounds and the
// end at a time, and the third, as they stand while it is open.
func Blocks(w bot.Workspace, when bot.Arg) [2]bot.Ballot {
	first := Samples(w).Ballot
	id := first.Round.TastingID
	first.Menu = append(first.Menu[:2:2], first.Menu[3:5]...) // its end is fixed, and it has no head
	first.Menu = append(first.Menu, takeOut(id.Round(1)))
	title := func(n int) bot.Sentence {
		return bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("round {n} of {all}", bot.Count(n), bot.Count(3)), bot.Say("Which reply is better?"))
	}
	commitment := func(n int) bot.Sentence {
		return bot.Say("The sides of round {id} are fixed: commitment {hash}", id.Round(n), bot.Verbatim("4f1c0a6be2a95a7e0d3fd1f2b6b1d9f0a3e5c7790c2b41ddaa0d6a5f8f1e7c33"))
	}
	voted := func(n int) bot.Sentence {
		return bot.Dotted(bot.Say("{n} voted", bot.Count(n)), bot.Say("models revealed {when}", when))
	}
	third := first
	first.Title, first.Progress = title(1), voted(4)
	first.Details = []bot.Sentence{bot.Say("Its rounds are fixed from now on, and that it ends {when}.", when), commitment(1), commitment(2), commitment(3)}
	third.Round, third.Title, third.Progress = id.Round(3), title(3), voted(0)
	third.Menu = append(first.Menu[:4:4], takeOut(id.Round(3)))
	third.Details = []bot.Sentence{commitment(3)}
	third.Note = bot.Say("Earlier rounds are still open; voted so far: {voted}.", bot.Series{
		bot.Say("{voted} in round {n}", bot.Count(4), bot.Count(1)), bot.Say("{voted} in round {n}", bot.Count(2), bot.Count(2)),
	})
	return [2]bot.Ballot{first, third}
}

func takeOut(r bot.RoundID) bot.Button {
	return bot.Button{ID: r.String() + "/remove", Label: bot.Say("Take out this round"), Danger: true, Confirm: bot.Say("Take this round out? Both answers go for good, and its votes count nowhere.")}
}
