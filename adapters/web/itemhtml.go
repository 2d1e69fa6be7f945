package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

// draw draws an item as it stands in the channel, or in a dialog.
func (it item) draw() Node {
	switch {
	case it.Empty:
		return Article(ID(it.Anchor))
	case it.Dialog:
		return it.body()
	}
	return Article(If(it.Lang != "", Lang(it.Lang)), classes("card", it.Kind(), when(it.Card != "", "private"), when(it.Old, "old")), ID(it.Anchor),
		If(it.Card != "", TabIndex("-1")), If(it.Open, Attr("data-open")),
		Iff(it.Card != "", it.only),
		it.Piece("body", item.body),
		it.thread(),
	)
}

// only says whose a private notice is, with a button that puts it away.
func (it item) only() Node {
	w := it.wording
	return Header(Class("only"), P(w.said(it.Only())),
		Form(Method("post"), Action("/dismiss"), hidden("card", it.Card), Button(Class("quiet"), Aria("label", w.say("Dismiss")), Text("✕"))))
}

// body draws a post, or a form.
func (it item) body() Node {
	switch p := it.Post.(type) {
	case bot.Head:
		return it.head(p)
	case bot.Ballot:
		return it.ballot(p)
	case bot.Seat:
		return it.seat(p)
	case bot.Reveal:
		return it.reveal(p)
	case bot.Announcement:
		return it.announcement(p)
	case bot.Standings:
		return it.standings(p)
	case bot.Digest:
		return it.digest(p)
	case bot.Week:
		return it.week(p)
	case bot.Notice:
		return it.notice(p)
	}
	if it.Form != nil {
		return it.form(*it.Form)
	}
	return nil
}

func (it item) heading() Node { return H2(Class("title"), it.parts(Span)) }

// parts are a title's: the small line over it, and the headline in an element.
func (it item) parts(headline func(...Node) Node, attrs ...Node) Node {
	w := it.wording
	var eyebrow Node
	if small := w.said(it.Eyebrow()); small != "" {
		eyebrow = Group{Span(Class("eyebrow"), small), space}
	}
	return Group{eyebrow, headline(Dir("auto"), Group(attrs), w.said(it.Headline()))}
}

func (w wording) prompt(text bot.Verbatim) Node {
	return Div(Class("prompt"), Span(Class("label"), Text(w.say("Prompt"))), BlockQuote(Dir("auto"), Text(string(text))))
}

// more shows all of two answers that are cut.
func (it item) more() Node {
	if !it.Long() {
		return nil
	}
	w := it.wording
	whole := w.say("Show all of both answers")
	return Button(Type("button"), Class("more"), Aria("expanded", "false"), Data("more", it.Anchor+"-pair"),
		Data("whole", whole), Data("less", w.say("Show less of both")), Attr("data-own"), Text(whole))
}

// p is a paragraph that says something; nothing if there is nothing to say.
func (w wording) p(class string, s bot.Sentence) Node {
	if said := w.said(s); said != "" {
		return P(Class(class), said)
	}
	return nil
}

// ps says each of some sentences in a paragraph of its own.
func (w wording) ps(all []bot.Sentence) Node {
	return Map(all, func(s bot.Sentence) Node { return P(w.said(s)) })
}

// byLine says each line of a sentence in a paragraph of its own.
func (w wording) byLine(s bot.Sentence) Node {
	return Map(w.lines(s), func(l line) Node { return P(l.HTML) })
}

// details are numbers for those who want them, folded, with what else belongs there.
func (w wording) details(all []bot.Sentence, more Node) Node {
	if len(all) == 0 && more == nil {
		return nil
	}
	return Details(Class("details"), Summary(Text(w.say("Details"))), Div(Class("fine"), Map(all, w.byLine), more))
}

func (w wording) button(b *button) Node {
	switch {
	case b == nil:
		return nil
	case b.URL != "":
		return A(classes("button", when(b.Primary, "primary")), leads(b.URL), w.said(b.Label))
	}
	return b.form("press", w.asks(*b),
		Button(classes("button", when(b.Primary, "primary"), when(b.Danger, "danger")), If(b.Chosen, Aria("pressed", "true")), w.said(b.Label)))
}

func (w wording) buttons(all []button) Node {
	return Map(all, func(b button) Node { return w.button(&b) })
}

// form is what a button sends.
func (b button) form(class string, inner ...Node) Node {
	return Form(Method("post"), Action("/press"), Class(class), hidden("button", b.ID),
		If(b.Card != "", hidden("card", b.Card)), If(b.Dialog, hidden("in", "dialog")), Group(inner))
}

// asks is the question that a button asks first.
func (w wording) asks(b button) Node {
	question := w.Text(b.Confirm)
	if question == "" {
		return nil
	}
	return Group{hidden("confirm", question), hidden("label", w.Text(b.Label)), If(b.Danger, hidden("danger", "1"))}
}

func (it item) menu() Node {
	w, all := it.wording, it.Menu()
	if len(all) == 0 {
		return nil
	}
	return Details(Class("menu"),
		Summary(Aria("label", w.say("Menu of this taste test")), Title(w.say("Menu")), Span(Aria("hidden", "true"), Text("⋯"))),
		Div(Class("menulist"), w.buttons(all)))
}

func (w wording) crowd(simulated bool) Node {
	if !simulated {
		return nil
	}
	return P(Class("crowd"), Text("🤖 "+w.say("Simulated people take part. Each is marked with 🤖.")))
}
