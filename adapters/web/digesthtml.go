package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) digest(p bot.Digest) Node {
	w := it.wording
	post, more := it.Button(p.Post), it.Button(p.More)
	comes := w.lines(p.Comes)
	return Group{
		it.menu(),
		it.heading(),
		If(len(p.Found) > 0, Ul(Class("found"), Map(p.Found, func(f bot.Found) Node {
			return Li(Strong(w.said(f.Lead)), w.said(f.Rest))
		}))),
		w.told(p.Closest),
		w.offer(p.Open, it.Button(p.Taste)),
		w.p("told", p.Counts),
		w.offer(p.Next, it.Button(p.Again)),
		w.crowd(p.Crowd),
		If(len(comes) > 0, Div(Class("foot"), w.byLine(p.Comes))),
		Iff(post != nil || more != nil, func() Node { return Div(Class("actions"), w.button(post), w.button(more)) }),
	}
}

// told is a line that may hold somebody else's words.
func (w wording) told(s bot.Sentence) Node {
	if said := w.said(s); said != "" {
		return P(Class("told"), Dir("auto"), said)
	}
	return nil
}

// offer says something, with a button that does it.
func (w wording) offer(s bot.Sentence, b *button) Node {
	if said := w.said(s); said != "" {
		return Div(Class("told offer"), P(said), w.button(b))
	}
	return nil
}

func (it item) week(p bot.Week) Node {
	w := it.wording
	return Group{
		it.heading(),
		Map(p.Tests, w.weekTest),
		Map(p.Moved, func(s bot.Sentence) Node { return P(Class("told"), w.said(s)) }),
		Iff(it.Ranks() != nil, func() Node {
			return Section(Class("weektest standings"), it.Ranks().body())
		}),
	}
}

func (w wording) weekTest(t bot.WeekTest) Node {
	clearest := w.said(t.Clearest)
	return Section(Class("weektest"), H3(w.said(t.Title)), P(Class("base"), w.said(t.Base)),
		w.ps(t.Says),
		If(clearest != "", P(Class("note"), Dir("auto"), clearest)),
		Map(t.Sides[:], func(s bot.RevealSide) Node {
			return If(s.Text != "", BlockQuote(Dir("auto"), B(Bdi(Text(string(s.Model)))), Text(" "+string(s.Text))))
		}))
}
