package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) reveal(p bot.Reveal) Node {
	w := it.wording
	return Group{
		it.heading(),
		w.prompt(p.Prompt),
		If(p.Answer != "", P(Class("note"), Strong(Text(w.say("Answer: "))), Text(string(p.Answer)))),
		it.pair(),
		it.more(),
		w.bars(p.Bars),
		P(besideBars(p.Bars), w.said(p.Summary)),
		w.p("verdict", p.Verdict),
		w.notes(p.Notes),
		w.details(p.Details, nil),
		it.whole(),
	}
}

// whole leads from a closed card to the reveal.
func (it item) whole() Node {
	to := it.Whole()
	return If(to != "", P(Class("next"), A(leads(to), Text(it.wording.say("See the reveal")))))
}

// besideBars is the class of what says the same as bars: it is heard, and not seen.
func besideBars(bs []bot.Bar) Node {
	if len(bs) > 0 {
		return Class("aside")
	}
	return Class("summary")
}

func (w wording) bars(bs []bot.Bar) Node {
	if len(bs) == 0 {
		return nil
	}
	return Ul(Class("bars"), Aria("hidden", "true"), Map(bars(bs), func(b bar) Node {
		value := Group{B(Text(number(b.Count))), space, Span(Text(w.say("of {all}", bot.Count(b.Of))))}
		if b.Known {
			value = Group{B(Text(number(b.Percent) + "%")), space, Span(Text(w.say("{n} of {all}", bot.Count(b.Count), bot.Count(b.Of))))}
		}
		return Li(Class("bar "+b.Color), Span(Class("name"), Bdi(w.said(b.Label))), filled(b.Count, b.Whole), Span(Class("value"), value))
	}))
}

func (w wording) notes(all []bot.Sentence) Node {
	if len(all) == 0 {
		return nil
	}
	return Ul(Class("notes"), Map(all, func(s bot.Sentence) Node { return Li(w.said(s)) }))
}

func (it item) announcement(p bot.Announcement) Node {
	w := it.wording
	summary, mine, comes := w.said(p.Summary), w.said(p.Mine), w.said(p.Comes)
	return Group{
		it.heading(),
		it.question(p.Question),
		it.Chart(),
		w.bars(p.Bars),
		If(summary != "", P(besideBars(p.Bars), summary)),
		P(Class("finding"), w.said(p.Finding)),
		w.p("cost", p.Cost),
		w.p("now", p.Choose),
		it.settles(p),
		If(mine != "", P(Class("voted"), mine)),
		If(comes != "", Div(Class("told offer"), P(comes), w.button(it.Button(p.Off)))),
		Div(Class("folds"),
			Details(Class("shows"), Summary(Text(w.say("What this shows, and what it does not"))), Div(Class("fine"), w.ps(p.Verdict), w.notes(p.Notes))),
			it.rounds(),
			w.details(p.Details, w.copied(string(p.Proof))),
			it.boss(),
			Iff(p.Under.Message != "", func() Node {
				return P(Class("next"), A(Href("#"+anchor(p.Under.Message)), Text(w.say("Back to the ballot"))))
			}),
			P(Class("next"), A(Href("/results/"+p.Tasting.String()), Text(w.say("On a page of its own"))))),
	}
}

// settles says what would settle it, with the button that starts that.
func (it item) settles(p bot.Announcement) Node {
	next, again := it.wording.said(p.Next), it.Main()
	if next == "" && again == nil {
		return nil
	}
	return Div(Class("settle"), If(next != "", P(next)), it.wording.button(again))
}

// rounds are an announcement's, folded.
func (it item) rounds() Node {
	if len(it.Rounds) == 0 {
		return nil
	}
	return Details(Class("each"), Summary(Text(it.wording.say("Each round"))), Ol(Class("rounds"), Map(it.Rounds, item.round)))
}

// boss is what can be sent on.
func (it item) boss() Node {
	text := it.Boss()
	if text == "" {
		return nil
	}
	return Details(Class("boss"), Summary(Attr("data-boss"), Text(it.wording.say("Copy for the boss"))), it.wording.copied(text))
}
