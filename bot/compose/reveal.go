package compose

import (
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// Head is the head of a tasting that is revealed: it says who won, and leads to
// the reveal.
// t is the tasting as it is by now: an outcome is found before it is revealed.
func (o Outcome) Head(t bot.Tasting, n Turnout) bot.Head {
	h := Head(t, n)
	to := Whole(t)
	h.Outcome, h.Whole = bot.Opening(o.finding.Title), &to
	return h
}

// Whole is the button that leads to the reveal of a tasting.
func Whole(t bot.Tasting) bot.Button {
	return bot.Button{ID: t.ID.String() + "/results", Label: bot.Say("See the reveal")}
}

// found is what the votes rest on and, in a sentence, what they show.
func (o Outcome) found() bot.Sentence {
	return bot.Prose(bot.Say("{base}.", o.base()), o.finding.Once)
}

// Again is the tasting that would settle what this one leaves open: the same
// models on fresh prompts. The zero Again: they cannot be asked, because
// somebody pasted their answers, or the prompts were the starter's own.
func (o Outcome) Again() verdict.Again {
	if !o.askable() {
		return verdict.Again{}
	}
	return o.finding.Again
}

func (o Outcome) askable() bool {
	m := o.t.Models
	files := m[0].Source == bot.FromFile || m[1].Source == bot.FromFile // they bring prompts of their own
	return o.t.Askable() && (o.t.Pack != "" || files)
}

// next says what would settle it and, where only people can bring what that
// takes, how they do.
func (o Outcome) next() bot.Sentence {
	if o.askable() {
		return o.finding.Next
	}
	start := bot.Usage{Command: "start"}
	if m := o.t.Models; o.t.Askable() {
		start.Words = []string{m[0].Name, m[1].Name}
	}
	return bot.Prose(o.finding.Next, bot.Say("Bring them: {start}", start))
}

// choose is what the votes say to whoever cannot wait for more of them.
func (o Outcome) choose() bot.Sentence {
	d, names := o.finding.Decision, o.t.Names()
	ahead, other := bot.Verbatim(names[0]), bot.Verbatim(names[1])
	lead := 0
	if d.Mean.M < 0.5 {
		lead, ahead, other = 1, other, ahead
	}
	dear, times := o.bill().dearer()
	switch v := d.Verdict; {
	case o.total.N() == 0, d.Mean.Voters < bot.EnoughVoters, v == stats.Guessing:
		return bot.Say("If you must choose now: these votes are no help.")
	case (v == stats.First || v == stats.Second) && o.t.Worth > 0 && o.t.Dearer == lead:
		return o.worthIt(ahead, other)
	case (v == stats.First || v == stats.Second) && times > 0 && dear == lead:
		return bot.Say("If you must choose now: {model}, if it is worth {n} times the price: that was not asked.", ahead, bot.Count(times))
	case v == stats.First, v == stats.Second:
		return bot.Say("If you must choose now: {model}.", ahead)
	case v == stats.Same && times > 0:
		return bot.Say("If you must choose now: {model}, which costs less.", bot.Verbatim(names[1-dear]))
	case v == stats.Same:
		return bot.Say("If you must choose now: either.")
	case v == stats.Prompts:
		return bot.Say("If you must choose now: not one for all prompts.")
	case v == stats.Taste, v == stats.Mix, v == stats.Split:
		return bot.Say("If you must choose now: settle first whose taste counts.")
	case d.Mean.M == 0.5:
		return bot.Say("If you must choose now: these votes show neither a better one nor that they are alike.")
	}
	return bot.Say("If you must choose now: these votes show neither that {model} is better nor that {other} is as good.", ahead, other)
}

// worthIt says which to choose where the model ahead is the one of which it was asked
// beforehand whether it is preferred in so many percent or more.
func (o Outcome) worthIt(ahead, other bot.Verbatim) bot.Sentence {
	m, share := o.Mean(), bot.Percent(o.t.Worth)
	if o.t.Dearer == 1 {
		m.M = 1 - m.M
	}
	switch m.AtLeast(float64(o.t.Worth)/100, o.Level()) {
	case stats.Shown:
		return bot.Say("If you must choose now: {model}, as it is shown that it is preferred in {share} or more.", ahead, share)
	case stats.RuledOut:
		return bot.Say("If you must choose now: {other}, as it is ruled out that {model} is preferred in {share} or more.", other, ahead, share)
	}
	return bot.Say("If you must choose now: {model}, if it is worth its price: whether it is preferred in {share} or more stays open.", ahead, share)
}

// boss are four lines for whoever decides and was not there: question, finding,
// cost and time, what was not tested.
func (o Outcome) boss() []bot.Sentence {
	cost := o.cost()
	if cost.IsZero() {
		cost = bot.Say("not known")
	}
	return []bot.Sentence{
		bot.Say("Question: {question} {first} or {second}, tasted blind (taste test {id}).", Asked(o.t), o.t.Called(0), o.t.Called(1), o.t.ID),
		bot.Say("Finding: {title} {found}", o.finding.Title, o.found()),
		bot.Say("Cost and time: {cost}", cost),
		bot.Say("Not tested: {what}.", o.untested()),
	}
}

// cheaperIsAhead reports whether the votes show that the dearer one is not preferred:
// then nobody asks whether it is worth its price.
func (o Outcome) cheaperIsAhead(dear int) bool {
	v := o.finding.Decision.Verdict
	return v == stats.First && dear == 1 || v == stats.Second && dear == 0
}

// untested is what no vote of the tasting can tell.
func (o Outcome) untested() bot.Series {
	what := bot.Series{bot.Say("prompts and people unlike these")}
	if !o.finding.Decision.Attention.Passed {
		what = append(what, bot.Say("whether people guessed"))
	}
	if dear, times := o.bill().dearer(); o.t.Worth == 0 && times > 0 && !o.cheaperIsAhead(dear) {
		what = append(what, bot.Say("whether the dearer one is worth its price"))
	}
	return what
}

// Shows says what the votes of a tasting show, and what they do not.
func Shows(a bot.Announcement) bot.Notice {
	return bot.Notice{
		Title: bot.Dotted(bot.Say("Taste test {id}", a.Tasting), bot.Say("What this shows, and what it does not")),
		Text:  bot.Lines(append(append([]bot.Sentence{bot.Say("{base}.", a.Base)}, a.Verdict...), a.Notes...)...),
	}
}

// Boss is what somebody copies to send it on.
func Boss(a bot.Announcement) bot.Notice {
	return bot.Notice{
		Title: bot.Dotted(bot.Say("Taste test {id}", a.Tasting), bot.Say("Copy for the boss")),
		Code:  bot.Lines(a.Boss...),
	}
}
