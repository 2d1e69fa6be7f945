package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

// document is a page with what all pages have.
func (f frame) document(head Node, body Node) Node {
	title := f.Title
	if f.Channel != "" {
		title += " · #" + f.Channel
	}
	return Doctype(HTML(Lang(htmlLang[f.wording.Lang]), If(f.Theme != "", Data("theme", f.Theme)),
		Head(
			plainMeta(),
			TitleEl(Text(title)),
			Link(Rel("icon"), Href("/static/icon.svg"), Type("image/svg+xml")),
			Link(Rel("preload"), Href("/static/newsreader.woff2"), As("font"), Type("font/woff2"), Attr("crossorigin")),
			sheet("base"), sheet("posts"), sheet("standings"), If(f.Results != nil, sheet("results")),
			head),
		body))
}

func plainMeta() Node {
	return Group{
		Meta(Charset("utf-8")),
		Meta(Name("viewport"), Content("width=device-width, initial-scale=1")),
		Meta(Name("color-scheme"), Content("light dark")),
	}
}

func sheet(name string) Node { return Link(Rel("stylesheet"), Href("/static/"+name+".css")) }

func script(name string) Node { return Script(Defer(), Src("/static/"+name+".js")) }

// page is the channel, with all that its scripts need.
func (f frame) page() Node {
	w := f.wording
	weekday, day, month, time := bot.Verbatim("{weekday}"), bot.Verbatim("{day}"), bot.Verbatim("{month}"), bot.Verbatim("{time}")
	return f.document(
		Group{script("morph"), script("times"), script("channel"), script("composer"), script("web")},
		Body(Data("zone", f.Zone),
			Data("large", w.say("That file is too large: upload at most {n} MB.", bot.Count(7))),
			Data("unreached", w.say("That did not reach the server. Check the connection and try again.")),
			Data("week", w.say("{weekday} {time}", weekday, time)),
			Data("date", w.say("{weekday} {day} {month} {time}", weekday, day, month, time)),
			Data("both", w.say("{own} ({there}, {zone})", bot.Verbatim("{own}"), bot.Verbatim("{there}"), bot.Verbatim("{zone}"))),
			Data("left", w.say("in {time}", time)),
			A(Class("skip"), Href("#say"), Text(w.say("Skip to the message box"))),
			Div(ID("view"), f.channel()),
			Dialog(ID("sheet"), Class("sheet"), Aria("label", f.Title),
				Button(Type("button"), Class("x"), Attr("data-close"), Aria("label", w.say("Close")), icon("16", "M6 6l12 12M18 6 6 18")),
				Div(ID("sheet-body"))),
			Button(Type("button"), ID("fresh"), Class("button fresh"), Attr("hidden"), Text(w.say("New message")+" "), Span(Aria("hidden", "true"), Text("↓"))),
			P(ID("status"), Class("aside"), Role("status")),
			P(ID("toast"), Class("toast"), Role("alert"), Attr("hidden"))))
}

// icon draws a path in a square of 24, on the page so and so large.
func icon(size, path string, more ...Node) Node {
	return SVG(Attr("viewBox", "0 0 24 24"), Width(size), Height(size), Aria("hidden", "true"), Group(more), El("path", Attr("d", path)))
}

// channel is what changes on the page.
func (f frame) channel() Node {
	w := f.wording
	return Group{
		f.top(),
		Main(ID("messages"), Class("messages"), TabIndex("-1"), f.messages()),
		Section(ID("notices"), Class("notices"), Aria("label", w.say("Your notices")),
			If(f.Earlier > 0, Details(ID("earlier"), Summary(Text(w.say("{n|earlier notice|earlier notices}", bot.Count(f.Earlier)))))),
			Map(f.Notices, item.draw)),
		Iff(f.Me != nil, f.composer),
		Iff(f.Me == nil, f.stranger),
	}
}

func (f frame) top() Node {
	w := f.wording
	me := Node(Group{P(Class("me"), A(Href("/?join"), Attr("data-join"), Text(w.say("Give a name")))), f.tongues()})
	if f.Me != nil {
		me = f.mine()
	}
	return Header(Class("top"),
		H1(Class("brand"), Img(Src("/static/icon.svg"), Alt(""), Width("26"), Height("26")), Text(" "+f.Title)),
		P(Class("where"), Text("#"+f.Channel)),
		P(Class("offline"), Text(w.say("Not connected. Trying again …"))),
		Nav(Class("go"),
			A(Class("quiet"), Href("/results"), Text(w.say("History"))),
			sends("/tastetest start", "button new", Span(Aria("hidden", "true"), Text("+")), space, Span(Class("word"), Text(w.say("New taste test"))))),
		me)
}

// sends is a button that sends a command.
func sends(command, class string, label ...Node) Node {
	return Form(Method("post"), Action("/command"), Button(Class(class), Name("text"), Value(command), Group(label)))
}

func (f frame) messages() Node {
	w := f.wording
	if len(f.Messages) == 0 {
		return Section(Class("empty"), ID("empty"),
			Img(Src("/static/icon.svg"), Alt(""), Width("72"), Height("72")),
			H2(Text(w.say("No taste tests yet."))),
			P(Text(w.say("To begin, type:")+" "), Button(Type("button"), Class("code"), Data("say", "/tastetest "), w.said(bot.Literal("/tastetest")))))
	}
	return Map(f.Messages, item.draw)
}

// composer is the message box.
func (f frame) composer() Node {
	w := f.wording
	return Form(ID("composer"), Class("composer"), Method("post"), Action("/command"), AutoComplete("off"),
		Ul(ID("options"), Class("options"), Role("listbox"), Aria("label", w.say("Commands")), Attr("data-own"), Attr("hidden")),
		Div(Class("box"),
			Textarea(ID("say"), Name("text"), Rows("1"), Role("combobox"), Aria("autocomplete", "list"), Aria("expanded", "false"), Aria("controls", "options"),
				Aria("label", w.say("Message to Tastetest")), Placeholder(w.say("Type {command} for all it can do", bot.Verbatim("/tastetest"))),
				Attr("spellcheck", "false"), Attr("autocapitalize", "off"), Attr("data-own")),
			space,
			Button(Class("send"), Aria("label", w.say("Send")), icon("20", "M12 19V5m0 0-6 6m6-6 6 6"))))
}

// stranger asks those for a name who have given none.
func (f frame) stranger() Node {
	w := f.wording
	join := func(class, says string) Node {
		return A(Class(class), Href("/?join"), Attr("data-join"), ID("say"), Text(says))
	}
	box := Group{Span(Text(w.say("You can read along."))), space, join("button primary", w.say("Give a name to vote"))}
	if f.ByLink {
		box = Group{Span(Text(w.say("You can read along. The votes of those count who came by a personal link."))), space, join("button", w.say("Give a name"))}
	}
	return Group{
		Div(Class("composer"), P(Class("box stranger"), box)),
		Dialog(ID("join"), Class("sheet small"), Aria("labelledby", "join-title"), If(f.Join, Attr("open")),
			Form(Method("post"), Action("/name"), Class("form"),
				H2(ID("join-title"), Text(w.say("What shall we call you?"))),
				P(Text(w.say("Here people compare two answers without knowing who wrote them, and vote for the one they like better."))),
				P(Class("problem"), Role("alert"), Attr("data-own"), Attr("hidden")),
				w.asksName(),
				Div(Class("actions"), Button(Class("button primary"), Text(w.say("Join"))), space,
					Button(Class("button"), Type("button"), Attr("data-close"), Text(w.say("Just look around")))))),
	}
}

// asksName is the field for a person's name.
func (w wording) asksName() Node {
	return Label(Class("field"), Span(Text(w.say("Your name"))),
		Input(Name("name"), Required(), Data("most", number(maxName)), AutoComplete("nickname"), AutoFocus()))
}

// mine is a person's menu.
func (f frame) mine() Node {
	w := f.wording
	return Details(Class("mine"),
		Summary(Aria("label", w.say("Your menu")),
			Span(Class("me"), w.person(*f.Me), If(f.Admin, Group{space, Span(Class("tag"), Text(w.say("admin")))})),
			icon("14", "m5 9 7 7 7-7")),
		Div(Class("tonguelist"),
			sends("/tastetest me", "button", Text(w.say("My taste"))),
			Form(Method("post"), Action("/rename"), Class("choose rename"), P(Class("problem"), Role("alert"), Attr("data-own"), Attr("hidden")),
				Input(Name("name"), Value(f.Me.Name), Required(), Data("most", number(maxName)), Aria("label", w.say("Your name")), AutoComplete("nickname")),
				Button(Class("button"), Text(w.say("Rename")))),
			Form(Method("post"), Action("/me/link"), Button(Class("button"), Text(w.say("Use this on another device")))),
			Form(Method("post"), Action("/language"), Class("choose"), Span(Class("label"), Text(w.say("Language"))), f.languages()),
			Form(Method("post"), Action("/theme"), Class("choose"), Span(Class("label"), Text(w.say("Theme"))), Map(f.Themes(), func(t theme) Node {
				return Button(Class("button"), Name("theme"), Value(t.Name), If(t.Chosen, Aria("pressed", "true")), w.said(t.Label))
			})),
			sends("/tastetest help", "button", Text(w.say("Help"))),
			sends("/tastetest forget-me", "button danger", Text(w.say("Forget me")))))
}

// tongues is the menu of languages.
func (f frame) tongues() Node {
	language := f.wording.say("Language")
	return Details(Class("tongues"),
		Summary(Aria("label", language), Title(language),
			icon("18", "M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18", El("circle", Attr("cx", "12"), Attr("cy", "12"), Attr("r", "9")))),
		Form(Method("post"), Action("/language"), Class("tonguelist"), If(f.To != "", hidden("to", f.To)), f.languages()))
}

func (f frame) languages() Node {
	return Map(f.Tongues, func(t tongue) Node {
		return Button(Class("button"), Name("lang"), Value(string(t.Lang)), If(t.Chosen, Aria("pressed", "true")), f.wording.said(t.Name))
	})
}
