package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

// gateCard is a page of one card.
func (f frame) gateCard(inner ...Node) Node {
	return f.document(nil, Body(Class("gate"), Main(Class("card gatecard"),
		Img(Src("/static/icon.svg"), Alt(""), Width("56"), Height("56")), H1(Text(f.Title)), Group(inner))))
}

func (f frame) wrong() Node {
	problem := f.wording.said(f.Problem)
	return If(problem != "", P(Class("problem"), Role("alert"), problem))
}

// enter asks for the secret, or says something to whoever is in.
func (f frame) enter() Node {
	w := f.wording
	said := w.lines(f.Said)
	next := Form(Method("post"), Action("/enter"), Class("form"), If(f.To != "", hidden("to", f.To)),
		Label(Class("field"), Span(Text(w.say("Secret"))), Input(Name("secret"), Type("password"), Required(), AutoFocus(), AutoComplete("current-password"))),
		Div(Class("actions"), Button(Class("button primary"), Text(w.say("Come in")))))
	if f.Inside {
		next = Div(Class("actions"), A(Class("button primary"), Href("/"), Text(w.say("Go on to {title}", bot.Verbatim(f.Title)))))
	}
	return f.gateCard(
		If(!f.Inside, P(Text(w.say("This page is for people who have its secret.")))),
		f.wrong(),
		If(len(said) > 0, Div(Class("lines"), w.byLine(f.Said))),
		next)
}

// closed says why a link does not open.
func (f frame) closed() Node {
	return f.gateCard(P(Class("problem"), Role("alert"), f.wording.said(f.Problem)))
}

// personal asks whether a browser shall be somebody's.
func (f frame) personal() Node {
	w := f.wording
	was, becomes := bot.Verbatim(f.Was), bot.Verbatim(f.Becomes)
	asks := w.say("This link makes you {name} in this browser.", becomes)
	join := w.say("Join")
	if becomes != "" {
		join = w.say("Go on as {name}", becomes)
	}
	switch {
	case f.Guest && was != "":
		asks, join = w.say("This link is for one person, who in this browser is you: {name}.", was), w.say("Go on as {name}", was)
	case f.Guest:
		asks = w.say("This link is for one person: you.")
	case was != "":
		asks += " " + w.say("So far you are {name} here.", was)
	}
	return f.gateCard(
		P(Text(asks)),
		f.wrong(),
		Form(Method("post"), Action("/me/as"), Class("form"),
			If(becomes == "" && was == "", w.asksName()),
			Div(Class("actions"), Button(Class("button primary"), Text(join)), space, A(Class("button"), Href("/"), Text(w.say("Leave it as it is"))))))
}

// onward leads to another page by itself.
func (f frame) onward() Node {
	return f.document(
		Meta(Attr("http-equiv", "refresh"), Content("0; url="+address(f.To))),
		Body(Class("gate"), Main(P(A(leads(f.To), Text(f.wording.say("Go on to {title}", bot.Verbatim(f.Title))))))))
}
