package web

import (
	"strings"

	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) notice(p bot.Notice) Node {
	w := it.wording
	title, blocks, listing := w.said(p.Title), w.blocks(p.Text), it.Listing()
	return Group{
		Div(classes("say", when(p.Error, "wrong")), If(p.Error, Role("alert")),
			If(title != "", H2(Class("title"), title)),
			If(len(blocks) > 0, Div(Class("lines"), Map(blocks, func(b block) Node {
				if len(b.Terms) > 0 {
					return terms(b.Terms)
				}
				return P(Dir("auto"), b.Line)
			}))),
			Iff(len(p.Chances) > 0, func() Node { return w.chances(p.Chances) }),
			Map(listing, func(b block) Node {
				if len(b.Terms) > 0 {
					return terms(b.Terms)
				}
				return H3(Class("group"), b.Line)
			}),
			Iff(len(listing) == 0, func() Node { return w.copied(w.Text(p.Code)) })),
		it.problem(),
		it.answers(),
	}
}

// answers are a notice's buttons.
func (it item) answers() Node {
	w, all := it.wording, it.Buttons()
	if len(all) == 0 && !it.Dialog {
		return nil
	}
	no := w.say("Close")
	if len(all) > 0 {
		no = w.say("Not now")
	}
	return Div(Class("actions"), w.buttons(all), If(it.Dialog, Button(Class("button"), Type("button"), Attr("data-close"), Text(no))))
}

// chances draws bars of which each is a share of its own.
func (w wording) chances(all []bot.Bar) Node {
	return Ul(Class("bars"), Aria("hidden", "true"), Map(all, func(b bot.Bar) Node {
		return Li(Class("bar one"), Span(Class("name"), Bdi(w.said(b.Label))), filled(b.Percent, 100), Span(Class("value"), B(Text(number(b.Percent)+"%"))))
	}))
}

// filled draws a bar that is full as far as n is of all.
func filled(n, all int) Node {
	part := func(class string, width int) Node {
		return El("rect", Class(class), Width(number(width)), Height("1"))
	}
	return SVG(Attr("viewBox", "0 0 "+number(all)+" 1"), Attr("preserveAspectRatio", "none"), Aria("hidden", "true"), part("track", all), part("fill", n))
}

// problem says what went wrong with what was pressed here; in a dialog there is room for it.
func (it item) problem() Node {
	problem := it.wording.said(it.Problem)
	if problem == "" && !it.Dialog {
		return nil
	}
	return P(Class("problem"), Role("alert"), TabIndex("-1"), If(problem == "", Attr("hidden")), problem)
}

// terms draws what terms mean. A tap on one that is a command sends it, or writes it
// into the message box.
func terms(all []term) Node {
	return Dl(Class("terms"), Map(all, func(t term) Node {
		name := Text(t.Name)
		switch {
		case t.Typed != "" && !t.Sent:
			name = Button(Type("button"), Class("code"), Data("say", t.Typed+" "), name)
		case t.Typed != "":
			name = Form(Method("post"), Action("/command"), Button(Class("code"), Name("text"), Value(t.Typed), name))
		}
		return Div(Dt(name), Dd(Dir("auto"), Text(t.Meaning)))
	}))
}

// copied is a text to be copied: in columns, if it has several lines.
func (w wording) copied(text string) Node {
	if text == "" {
		return nil
	}
	columns := strings.Contains(text, "\n")
	return Div(classes("copy", when(columns, "columns")), kept(text),
		Div(Class("copybuttons"),
			If(strings.HasPrefix(text, "/tastetest") && !columns, Button(Type("button"), Class("quiet"), Data("say", text), Text(w.say("Put it in the message box")))),
			Button(Type("button"), Class("quiet"), Data("copy", w.say("Copy")), Data("copied", w.say("Copied")), Text(w.say("Copy")))))
}

// kept is a text with its lines and spaces as they are.
func kept(text string) Node { return Pre(TabIndex("0"), Dir("auto"), Text(text)) }
