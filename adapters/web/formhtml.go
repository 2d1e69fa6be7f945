package web

import (
	"slices"
	"strings"

	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) form(f bot.Form) Node {
	w := it.wording
	kind, _, _ := strings.Cut(f.ID, "/")
	intro := w.lines(f.Intro)
	submit := w.said(f.Submit)
	if submit == "" {
		submit = drawn(Text(w.say("Send")))
	}
	return Form(Method("post"), Action("/submit"), EncType("multipart/form-data"), Class("form is-"+kind),
		hidden("form", f.ID), If(it.Card != "", hidden("card", it.Card)), If(it.Dialog, hidden("in", "dialog")),
		H2(Class("title"), w.said(f.Title)),
		If(len(intro) > 0, Div(Class("lines"), w.byLine(f.Intro))),
		it.problem(),
		w.fields(f.Fields, false),
		Iff(slices.ContainsFunc(f.Fields, func(x bot.Field) bool { return x.More }), func() Node {
			return Details(Class("rest"),
				Summary(Text(w.say("More")), If(kind == "start", Group{space, Span(Class("optional"), Text(w.say("your own prompts, until when, who tastes")))})),
				w.fields(f.Fields, true))
		}),
		Div(Class("actions formfoot"), Button(Class("button primary"), submit),
			If(it.Dialog, Group{space, Button(Class("button"), Type("button"), Attr("data-close"), Text(w.say("Not now")))})))
}

// fields are a form's: those that are behind “More”, or all others.
func (w wording) fields(all []bot.Field, more bool) Node {
	return Div(Class("fields"), Map(all, func(f bot.Field) Node {
		if f.More != more {
			return nil
		}
		return w.field(f)
	}))
}

func (w wording) field(f bot.Field) Node {
	hint := w.said(f.Hint)
	return Div(classes("field", "f-"+f.Name, "is-"+string(f.Kind), when(w.wide(f), "is-wide")),
		Label(For("field-"+f.Name), w.said(f.Label), If(optional(f), Group{space, Span(Class("optional"), Text(w.say("optional")))})),
		w.input(f),
		If(hint != "", P(Class("hint"), ID("hint-"+f.Name), hint)))
}

// input is where a field is filled in.
func (w wording) input(f bot.Field) Node {
	name := "field-" + f.Name
	names := Group{ID(name), Name(name)}
	rules := Group{If(f.Required, Required()), If(w.Text(f.Hint) != "", Aria("describedby", "hint-"+f.Name))}
	switch f.Kind {
	case bot.Select:
		return Span(Class("selectbox"), Select(names, rules, Map(f.Options, func(o bot.Option) Node {
			return Option(Value(o.Value), If(o.Value == f.Value, Selected()), Text(w.Text(o.Label)))
		})))
	case bot.Area: // a browser takes a line's end at the beginning for none of the value's
		return Textarea(names, Rows("4"), Dir("auto"), rules, Text("\n"+f.Value))
	case bot.Upload:
		return Input(Type("file"), names, rules)
	}
	return Group{
		Input(names, Value(f.Value), Dir("auto"), rules),
		If(len(f.Options) > 0, Span(Class("chips"), Map(f.Options, func(o bot.Option) Node {
			return Button(Type("button"), Class("chip"), Data("fill", name), Data("value", w.Text(o.Label)), w.said(o.Label))
		}))),
	}
}
