package adaptertest

import (
	"time"

	"github.com/tastetest/tastetest/bot"
)

// InSentences are the samples of a workspace in sentences of the catalogue, which are there in
// each language. What people and models wrote is the same in all.
func InSentences(p Posts, w bot.Workspace) Posts {
	id := bot.TastingID{Workspace: w, N: 12}
	closes := bot.Moment(time.Date(2020, 3, 5, 17, 0, 0, 0, time.UTC))
	menu := []bot.Button{
		{ID: "12/remind", Label: bot.Say("Remind me")},
		{ID: "12/status", Label: bot.Say("Status")},
		{ID: "12/close", Label: bot.Say("Close and reveal"), Confirm: bot.Say("Close voting now and reveal who wrote what?")},
		{ID: "12/cancel", Label: bot.Say("Cancel without a reveal"), Danger: true, Confirm: bot.Say("Cancel this tasting? Its votes will never be revealed.")},
	}
	details := []bot.Sentence{bot.Say("The sides of round {id} are fixed: commitment {hash}", id.Round(1), bot.Verbatim("4f1c0a6b"))}
	each := bot.Say("{votes|vote|votes}, {people|person|people}, {prompts|prompt|prompts}", bot.Count(42), bot.Count(9), bot.Count(5))
	better, equal, bad := bot.Say("better"), bot.Say("equal"), bot.Say("both bad")
	bars := func(n ...int) (out []bot.Bar) {
		for i, label := range []bot.Sentence{bot.Quoted("kestrel"), bot.Quoted("nova"), equal, bad} {
			out = append(out, bot.Bar{Label: label, Count: n[i], Percent: n[i+4]})
		}
		return out
	}

	p.Head.Question, p.Head.Details, p.Head.Menu = bot.Quoted("该让哪个模型回复客户？"), details, menu
	p.Head.Intro = bot.Say("{n|prompt|prompts}, two unnamed answers each, about {pace} s a prompt. Stop any time.", bot.Count(10), bot.Count(40))
	p.Head.Progress = bot.Dotted(bot.Say("{n} of {invited} {n?has|have} tasted", bot.Count(6), bot.Count(9)), bot.Say("closes {when}", closes))
	p.Head.Privacy = bot.Say("Votes are secret here; whoever runs the bot’s server could read them.")
	p.Head.Main = &bot.Button{ID: "12/taste", Label: bot.Say("Start tasting"), Primary: true}

	p.Ballot.Menu, p.Ballot.Details = menu, details
	p.Ballot.Legend = bot.Dotted(means("🅰️", better), means("🅱️", better), means("🤝", equal), means("👎", bad))
	p.Ballot.Progress = bot.Dotted(bot.Say("{n} voted", bot.Count(4)), bot.Say("models revealed {when}", closes))
	p.Ballot.Privacy = bot.Say("Everyone can see who tapped what.")

	p.Seat.Question, p.Seat.Note = bot.Say("Which reply is better?"), bot.Say("Each tap is saved. You can change it until {closes}.", closes)
	for i, c := range bot.Choices {
		p.Seat.Buttons[i].Label = bot.Say("{emoji} {means}", bot.Verbatim(c.Emoji), c.Label)
	}
	for i, label := range []bot.Sentence{bot.Say("Back"), bot.Say("Take back"), bot.Say("Next")} {
		p.Seat.Nav[i].Label = label
	}
	p.SeatDone.Nav[0].Label = bot.Say("Look again")
	p.SeatDone.Note = bot.Say("You have tasted all {n|round|rounds}. You can change your votes until {closes}; then the models are revealed in the channel.", bot.Count(10), closes)

	r := &p.Reveal
	r.Title, r.Details = bot.Dotted(bot.Say("Taste test {id}", id), bot.Say("Which reply is better?")), details
	r.Bars, r.Summary = bars(5, 2, 1, 1, 56, 22, 11, 11), bot.Dotted(bot.Say("{what} {n}", bot.Quoted("kestrel"), bot.Count(5)), bot.Say("{what} {n}", equal, bot.Count(1)))
	r.Verdict = bot.Sentence{}
	for i := range r.Sides {
		r.Sides[i].Facts = bot.Dotted(bot.Say("{n|word|words}", bot.Count(58)), bot.Say("{cost}", bot.Cost{Pico: 15_600_000_000, Known: true}), bot.Say("{took}", bot.Pace(2100*time.Millisecond)))
	}
	r.Notes = []bot.Sentence{bot.Say("{n|person|people} left two different emoji and which came last was not heard: not counted.", bot.Count(1))}

	a := &p.Announcement
	a.Title = bot.Say("Taste test {id}: {title}", id, bot.Prose(bot.Say("no winner shown."), bot.Say("{model} is ahead.", bot.Verbatim("kestrel"))))
	a.Question, a.Bars, a.Base, a.Summary = p.Head.Question, bars(23, 14, 3, 2, 55, 33, 7, 5), each, r.Summary
	a.Details, a.Rounds = details, []bot.Reveal{*r}

	s := &p.Standings
	s.Title, s.Legend, s.Notes, s.Details = bot.Say("Standings"), bot.Sentence{}, nil, details
	s.Base = each
	s.Columns = []bot.Sentence{bot.Say("Rank"), bot.Say("Model"), bot.Say("Beats the average model"), bot.Say("Both bad"), bot.Say("Per 1,000 answers"), bot.Say("An answer takes"), bot.Say("Votes")}
	s.Rows = s.Rows[:3]
	for i := range s.Rows {
		row := &s.Rows[i]
		row.Beats = bot.Say("{share}% ({low} to {high})", bot.Verbatim("61"), bot.Verbatim("54"), bot.Verbatim("68"))
		row.BothBad, row.Cost, row.Pace = bot.Say("{bad}", bot.Percent(4)), bot.Say("{cost}", row.Price), bot.Say("{took}", bot.Pace(2100*time.Millisecond))
	}
	s.Says = []bot.Sentence{bot.Say("That is shown.")}
	week := *s
	week.Title, week.Base = p.Digest.Week.Standings.Title, p.Digest.Week.Standings.Base
	p.Digest.Week.Standings = week

	p.Notice = bot.Notice{
		Title: bot.Say("done"), Error: true, Buttons: []bot.Button{{ID: "help", Label: bot.Say("Look again")}},
		Text: bot.Lines(bot.Say("Voting has ended."), bot.Say("To end it: {close}", bot.Usage{Command: "close", Words: []string{"7"}})),
		Code: bot.Say("{start}", bot.Usage{Command: "start", Options: []bot.Setting{{Name: "pack", Value: "humour"}}}),
	}
	p.Form.Title, p.Form.Intro, p.Form.Submit = bot.Say("New taste test"), bot.Sentence{}, bot.Sentence{}
	for i, label := range []bot.Sentence{bot.Say("Model"), bot.Say("Model"), bot.Say("The question"), bot.Say("Rank"), bot.Say("A prompt"), bot.Say("A prompt")} {
		p.Form.Fields[i].Label, p.Form.Fields[i].Hint = label, bot.Sentence{}
	}
	p.Form.Fields[3].Hint = bot.Say("In this tasting people vote with an emoji on the ballot.")
	return p
}
