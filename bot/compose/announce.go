package compose

import (
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/proof"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// Announcement makes the post that ends a tasting, below what opened it; it
// shows so many characters of each answer.
func (o Outcome) Announcement(under bot.Ref, most int) bot.Announcement {
	t, f, id := o.t, o.finding, o.t.ID.String()
	a := bot.Announcement{
		Tasting:  t.ID,
		Under:    under,
		Title:    bot.Say("Taste test {id}: {title}", t.ID, f.Title),
		Question: bot.Quoted(t.Question),
		Base:     o.base(),
		Finding:  o.found(),
		Cost:     o.cost(),
		Choose:   o.choose(),
		Next:     o.next(),
		Buttons: []bot.Button{
			{ID: id + "/shows", Label: bot.Say("What this shows, and what it does not")},
			{ID: id + "/mine", Label: bot.Say("How I voted")},
			{ID: id + "/boss", Label: bot.Say("Copy for the boss")},
		},
		Verdict: f.Sentences,
		Notes:   o.notes(),
		Boss:    o.boss(),
		Details: f.Details,
		Proof:   bot.Verbatim(proof.Of(t, o.texts).String()),
		Crowd:   t.Crowd,
	}
	if again := o.Again(); again.Prompts > 0 {
		a.Again = &bot.Button{ID: id + "/again", Label: bot.Say("Taste {n} more", bot.Count(again.Prompts))}
	}
	if o.total.N() > 0 {
		a.Bars = bars(t.Names(), o.total, o.shared(o.voters))
		a.Fits = f.Fits
		a.Summary = summary(a.Bars)
	}
	for _, n := range t.Tasted() {
		a.Rounds = append(a.Rounds, o.Reveal(n, most))
	}
	return a
}

// base is what the counts rest on.
func (o Outcome) base() bot.Sentence {
	if o.total.N() == 0 && len(o.withheld) > 0 {
		return bot.Say("too few votes to be shown")
	}
	votes, people, prompts := bot.Count(o.total.N()), bot.Count(o.voters), bot.Count(o.prompts)
	if o.t.Crowd {
		return bot.Say("{votes|vote|votes}, {people|person|people} (simulated ones among them), {prompts|prompt|prompts}", votes, people, prompts)
	}
	return bot.Say("{votes|vote|votes}, {people|person|people}, {prompts|prompt|prompts}", votes, people, prompts)
}

// Asked is what people are asked: the starter's question, or the usual one.
func Asked(t bot.Tasting) bot.Sentence {
	if t.Question == "" {
		return bot.Say("Which reply is better?")
	}
	return bot.Quoted(t.Question)
}

// Reveal makes the post that tells who wrote what in round n; it shows so many
// characters of each answer.
func (o Outcome) Reveal(n, most int) bot.Reveal {
	t, x, r := o.t, o.texts[n-1], o.t.Rounds[n-1]
	c := r.Counts.Tally()
	p := bot.Reveal{
		Round:   t.ID.Round(n),
		Title:   roundTitle(t, n),
		Prompt:  bot.Verbatim(x.Prompt.Text),
		Votes:   c.N(),
		Details: append([]bot.Sentence{commitment(t, n)}, verdict.Poll(t.Names(), c)...),
	}
	for i, a := range x.Answers {
		p.Sides[i] = bot.RevealSide{Model: bot.Verbatim(t.Models[i].Name), Text: bot.Verbatim(text.Cut(a.Text, most)), Facts: facts(a, t.Models[i])}
	}
	if t.Ballot == bot.Reaction {
		if r.Flip {
			p.Sides[0], p.Sides[1] = p.Sides[1], p.Sides[0]
		}
		p.Sides[0].Emoji, p.Sides[1].Emoji = bot.Choices[0].Emoji, bot.Choices[1].Emoji
	}
	switch {
	case slices.Contains(o.withheld, n):
		p.Votes = 0
		p.Summary = bot.Say("Under three votes: a count would tell who voted for what.")
		p.Details = p.Details[:1]
	case c.N() == 0:
		p.Summary = bot.Say("Nobody voted in this round.")
	default:
		p.Bars = bars(t.Names(), c, o.shared(c.N()))
		p.Summary = summary(p.Bars)
		p.Verdict = verdict.Lead(t.Names(), c)
	}
	if x.Prompt.ShowAnswer {
		p.Answer = bot.Verbatim(x.Prompt.Answer)
	}
	p.Notes = roundNotes(t, n, x)
	if !t.HasHead() {
		to := Whole(t)
		p.Whole = &to
	}
	return p
}

// facts are what is known of an answer besides its text.
func facts(a bot.Answer, card bot.Card) bot.Sentence {
	fs := []bot.Sentence{bot.Say("{n|word|words}", bot.Count(text.Words(a.Text)))}
	if !card.Free() {
		fs = append(fs, bot.Say("{cost}", a.Cost))
	}
	if a.Latency > 0 {
		fs = append(fs, bot.Say("{took}", bot.Pace(a.Latency)))
	}
	if a.Finish == "length" {
		fs = append(fs, bot.Say("stopped at its length limit"))
	}
	return bot.Dotted(fs...)
}

// roundNotes say what was unusual about a round.
func roundNotes(t bot.Tasting, n int, x bot.Texts) []bot.Sentence {
	var notes []bot.Sentence
	r := t.Rounds[n-1]
	for i, a := range x.Answers {
		for _, l := range a.Leaks {
			if l.Level >= text.Strong {
				notes = append(notes, bot.Say("{model}’s answer gives a model’s name away (“{name}”): this round stays out of the standings.", t.Called(i), bot.Verbatim(text.Clip(l.Match))))
				break
			}
		}
	}
	if text.LengthWarning(x.Answers[0].Text, x.Answers[1].Text) {
		notes = append(notes, bot.Say("One answer is much longer: {first} {n} words, {second} {m}. Some people vote for length.",
			t.Called(0), bot.Count(text.Words(x.Answers[0].Text)), t.Called(1), bot.Count(text.Words(x.Answers[1].Text))))
	}
	if r.Unread {
		notes = append(notes, unreadNote(t))
	}
	if r.Reposted {
		notes = append(notes, bot.Say("The ballot was deleted; what was heard until then counts."))
	}
	if r.Apart > 0 {
		notes = append(notes, bot.Say("Counted are {voters}; {n|vote is|votes are} here counted apart.", say.Electorate(t.Voters), bot.Count(r.Apart)))
	}
	if r.Split > 0 {
		notes = append(notes, bot.Say("{n|person|people} left two different emoji and which came last was not heard: not counted.", bot.Count(r.Split)))
	}
	return notes
}

// unreadNote says that what stood on a ballot could not be read, and for how
// long that was tried.
func unreadNote(t bot.Tasting) bot.Sentence {
	if t.Waited < time.Minute {
		return bot.Say("The emoji could not be read when voting closed; what was heard until then counts.")
	}
	return bot.Say("The emoji could not be read for {long}, so what was heard counts.", bot.Lasting(t.Waited))
}

// notes say what was unusual about the whole tasting.
func (o Outcome) notes() []bot.Sentence {
	var notes []bot.Sentence
	t := o.t
	if t.Versions() {
		notes = append(notes, bot.Say("{first} and {second} are two versions of a prompt; {model} answered both.", t.Called(0), t.Called(1), bot.Verbatim(t.Gate.Model)))
	}
	if v := Voids(t); !v.IsZero() {
		notes = append(notes, bot.Say("Without a ballot: {voids}.", v))
	}
	if ns := t.Removed(); len(ns) > 0 {
		notes = append(notes, bot.Say("Taken out while people voted, and counted nowhere: {n|round|rounds} ({rounds}).", bot.Count(len(ns)), rounds(t, ns)))
	}
	// Somebody may have asked to be forgotten between the look and the seal.
	if t.Deal.Shown && o.finding.Decision.Verdict != stats.NotEnough {
		notes = append(notes, bot.Say("Voting ended early: this was shown after {n|vote|votes} of at most {most}, control pairs included.", bot.Count(o.t.Votes()), bot.Count(t.Deal.Most)))
	}
	switch {
	case len(o.withheld) > 0 && o.together:
		notes = append(notes, bot.Say("Not broken down, so that nobody’s secret vote can be told: {n|round|rounds} with under three votes. They count in the whole.", bot.Count(len(o.withheld))))
	case len(o.withheld) > 0:
		notes = append(notes, bot.Say("Left out, so that nobody’s secret vote can be told: rounds with under three votes ({rounds}).", rounds(t, o.withheld)))
	}
	if ns := flagged(t); len(ns) > 0 {
		notes = append(notes, bot.Say("An answer gives a model’s name away ({rounds}): {n?this round counts here and stays|these rounds count here and stay} out of the standings.", rounds(t, ns), bot.Count(len(ns))))
	}
	notes = append(notes, o.controlNotes()...)
	if t.Late {
		notes = append(notes, bot.Say("It should have closed at {due} and closed at {late}, because the bot was not running.", t.At(t.Closes), t.At(t.ClosedAt)))
	}
	if t.Lost > 0 && !Invented(t) {
		notes = append(notes, bot.Say("The bot was stopped while it asked the models: answers that were lost then may have cost up to {sum} more.", bot.Money(t.Lost)))
	}
	if t.Waited > bot.LateAfter && !slices.ContainsFunc(t.Rounds, func(r bot.Round) bool { return r.Unread }) {
		notes = append(notes, bot.Say("The emoji could be read only {long} after voting closed; those that stood then count.", bot.Lasting(t.Waited)))
	}
	if t.Extended {
		notes = append(notes, bot.Say("Voting was extended once, because fewer than five people had voted."))
	}
	if note := o.apartNote(); !note.IsZero() {
		notes = append(notes, note)
	}
	if len(t.Barred) > 0 {
		notes = append(notes, bot.Say("Whoever pasted the texts did not vote."))
	}
	for i, m := range t.Models {
		if m.Returned != "" && m.Settings["model"] != "" && m.Returned != m.Settings["model"] {
			notes = append(notes, bot.Say("{model} was answered by {id}.", t.Called(i), bot.Verbatim(m.Returned)))
		}
	}
	return notes
}

// flagged are the rounds in which an answer names its author.
func flagged(t bot.Tasting) []int {
	return slices.DeleteFunc(t.Tasted(), func(n int) bool { return !t.Rounds[n-1].Flagged })
}

// rounds names rounds: "7.2, 7.5".
func rounds(t bot.Tasting, ns []int) bot.Series {
	var ids bot.Series
	for _, n := range ns {
		ids = append(ids, t.ID.Round(n))
	}
	return ids
}

// Voids says which rounds have no ballot, and why: "round 7.6: kestrel answered 401".
func Voids(t bot.Tasting) bot.Sentence {
	var vs []bot.Sentence
	for i, r := range t.Rounds {
		if !r.Live() && !r.Removed() && r.Kind != bot.Retest {
			vs = append(vs, bot.Say("round {id}: {why}", t.ID.Round(i+1), r.WhyVoid()))
		}
	}
	return bot.Clauses(vs...)
}
