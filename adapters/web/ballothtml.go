package web

import (
	"strconv"

	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) ballot(p bot.Ballot) Node {
	w := it.wording
	return Group{
		it.menu(),
		it.heading(),
		w.prompt(p.Prompt),
		w.p("note", p.Note),
		it.pair(),
		it.more(),
		it.taps(),
		it.who(),
		Footer(Class("foot"),
			P(Class("progress"), w.said(p.Progress)), P(Class("privacy"), w.said(p.Privacy)),
			w.crowd(p.Crowd), w.details(p.Details, nil)),
		If(it.Next != "", P(Class("next"), A(Href("#"+it.Next), Text(w.say("Next round"))))),
	}
}

// taps are the four emoji to vote with; once that is over, to be looked at.
func (it item) taps() Node {
	w := it.wording
	if !it.Open {
		return Group{
			w.p("note", it.Barred),
			P(Class("taps over"), Map(it.Taps, func(t tapped) Node {
				return Span(classes("tap", when(t.Mine, "mine")), w.face(t))
			})),
		}
	}
	return Form(Method("post"), Action("/tap"), Class("taps"), TabIndex("-1"), Aria("label", w.say("Your vote")),
		hidden("channel", it.Channel), hidden("message", it.Message),
		spaced(it.Taps, func(t tapped) Node {
			turn, heard := "on:", w.Text(t.Aria)
			if t.Mine {
				turn = "off:"
			}
			if it.Voted {
				heard = w.say("{choice}, {n} voted", t.Aria, bot.Count(t.Count))
			}
			return Button(Class("tap"), Name("tap"), Value(turn+string(t.Choice)),
				Aria("pressed", strconv.FormatBool(t.Mine)), Aria("label", heard), w.face(t))
		}))
}

// mark draws an emoji, 🅰️ and 🅱️ as letters in colours of their own.
func mark(emoji string) Node {
	class := "emoji"
	if l := letter(emoji); l != "" {
		class = "letter is-" + l
	}
	return Span(Class(class), Aria("hidden", "true"), Text(emoji))
}

func (w wording) face(t tapped) Node {
	return Group{mark(t.Emoji), Span(Class("word"), w.said(t.Label)), Span(Class("count"), Text(when(t.Count > 0, number(t.Count))))}
}

// who names those who tapped, emoji by emoji.
func (it item) who() Node {
	w := it.wording
	return P(Class("who"), Map(it.Taps, func(t tapped) Node {
		if len(t.People) == 0 {
			return nil
		}
		var names Group
		for i, p := range t.People {
			if i > 0 {
				names = append(names, Text(w.say(", ")))
			}
			names = append(names, w.person(p))
		}
		if t.More > 0 {
			names = append(names, Text(w.say(" and {n} more", bot.Count(t.More))))
		}
		return Group{Span(Class("whose"), mark(t.Emoji), Span(Class("aside"), Text(w.say("{choice}:", t.Aria))), space, names), space}
	}))
}

func (w wording) person(p person) Node {
	return Span(classes("person", when(p.Me, "self")), Bdi(Text(p.Name)),
		If(p.Suffix != "", Span(Class("suffix"), Text(dot+p.Suffix))),
		If(p.Simulated, Group{space, Span(Class("bot"), Title(w.say("simulated")), Text("🤖"), Span(Class("aside"), Text(" "+w.say("simulated"))))}))
}

// pair draws two answers.
func (it item) pair() Node {
	w := it.wording
	return Div(classes("pair", when(it.Long(), "cut")), ID(it.Anchor+"-pair"), Map(it.Sides, func(s side) Node {
		return Section(classes("answer", s.Tint), Aria("label", w.Text(s.Name)),
			H3(Class("side"), Iff(s.Emoji != "", func() Node { return mark(s.Emoji) }), If(s.Model != "", Group{space, Bdi(Class("model"), Text(s.Model))})),
			w.p("facts", s.Facts),
			Div(Class("text"), Dir("auto"), s.HTML))
	}))
}
