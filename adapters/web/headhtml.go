package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) head(p bot.Head) Node {
	w := it.wording
	return Group{
		it.menu(),
		it.heading(),
		P(Class("intro"), w.said(p.Intro)),
		w.p("outcome", p.Outcome),
		it.whole(),
		Iff(it.Main() != nil, func() Node { return Div(Class("actions"), w.button(it.Main())) }),
		Footer(Class("foot"),
			P(Class("progress"), w.said(p.Progress)), P(Class("privacy"), w.said(p.Privacy)),
			w.crowd(p.Crowd), w.details(p.Details, nil)),
	}
}

// thread draws what stands below an item, folded.
func (it item) thread() Node {
	if len(it.Thread) == 0 {
		return nil
	}
	return Details(Class("thread"), ID(it.Anchor+"-thread"), If(it.Open, Attr("open")), Summary(it.wording.said(it.Holds())),
		Ol(Class("rounds"), Map(it.Thread, func(below item) Node {
			if below.Kind() == "notice" {
				return Li(Class("aside-note"), ID(below.Anchor), below.body())
			}
			return below.Piece("round", item.round)
		})))
}

// round is a round of a thread, folded.
func (it item) round() Node {
	w := it.wording
	nth := w.said(it.Eyebrow())
	if nth == "" {
		nth = w.said(it.Headline())
	}
	return Li(Details(classes("round", it.Kind(), when(it.Voted, "voted")), ID(it.Anchor), If(it.Fresh, Attr("open")),
		Summary(
			Span(Class("nth"), nth), space,
			Span(Class("line"), Dir("auto"), Text(it.Line())), space,
			Span(Class("state"), Map(it.Taps, func(t tapped) Node {
				if !t.Mine {
					return nil
				}
				return Group{Span(Class("aside"), Text(w.say("you: {choice}", t.Aria))), mark(t.Emoji)}
			}))),
		Div(Class("inner"), it.body())))
}
