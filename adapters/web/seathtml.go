package web

import (
	"strconv"

	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) seat(p bot.Seat) Node {
	w, choices := it.wording, it.Choices()
	return Group{
		Div(Class("seathead"), Data("of", it.HeadAnchor()), it.heading(),
			Ol(Class("steps"), Aria("hidden", "true"), Map(steps(p), func(class string) Node { return Li(Class(class)) })),
			P(Class("aside"), Text(w.say("{n} of {all} voted", bot.Count(p.Done), bot.Count(p.Of))))),
		it.question(p.Question),
		Iff(p.Round.Round != 0, func() Node { return w.prompt(p.Prompt) }),
		Iff(len(it.Sides) > 0, it.pair),
		P(Class("note"), Role("status"), w.said(p.Note)),
		Div(Class("seatfoot"),
			P(Class("isover"), Role("status"), Attr("hidden"), Text(w.say("Voting is over here. What you tapped is kept."))),
			If(len(choices) > 0, Div(Class("choices"), Role("group"), Aria("label", w.say("Your vote")), Map(choices, w.choice))),
			it.problem(),
			Div(Class("nav"), Map(it.Nav(), w.step),
				If(it.Dialog, Button(Class("button primary done"), Type("button"), Attr("data-close"), If(len(choices) > 0, Attr("hidden")), Text(w.say("Done")))))),
	}
}

// question is what people are asked.
func (it item) question(s bot.Sentence) Node {
	if said := it.wording.said(s); said != "" {
		return P(Class("intro"), Dir("auto"), said)
	}
	return nil
}

// choice votes.
func (w wording) choice(b button) Node {
	word := w.said(b.Word)
	if word == "" {
		word = w.said(b.Label)
	}
	return b.form("press",
		Button(Class("tap"), Aria("pressed", strconv.FormatBool(b.Chosen)), Data("keys", b.Keys), Title(w.Text(b.Label)),
			Iff(b.Icon != "", func() Node { return mark(b.Icon) }), Span(Class("word"), word), b.keys()))
}

// step leads to another page of a seat.
func (w wording) step(b button) Node {
	return b.form("press "+b.Way, w.asks(b),
		Button(Class("button"), Data("keys", b.Keys), If(b.Icon != "", Title(w.Text(b.Label))),
			If(b.Icon != "", Span(Class("icon"), Aria("hidden", "true"), Text(b.Icon))), Span(Class("word"), w.said(b.Label)), b.keys()))
}

// keys shows those that do the same.
func (b button) keys() Node {
	return If(b.Shown != "", Kbd(Aria("hidden", "true"), Text(b.Shown)))
}
