package web

import (
	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

// results is the page of what has been revealed.
func (f frame) results() Node {
	w, r := f.wording, f.Results
	problem := w.said(f.Problem)
	logo := Group{Img(Src("/static/icon.svg"), Alt(""), Width("26"), Height("26")), Text(" " + f.Title)}
	brand := P(Class("brand"), logo)
	if r.Own {
		brand = A(Class("brand"), Href("/"), logo)
	}
	var back Node
	switch {
	case r.Item != nil || problem != "":
		back = A(leads(r.Home), Text(w.say("All results")))
	case r.Own:
		back = A(Href("/"), Text(w.say("Back to the channel")))
	}
	var inner Node
	switch {
	case problem != "":
		inner = Section(Class("card"), H1(Class("title"), Text(w.say("Results"))), P(Class("problem"), Role("alert"), problem),
			P(Class("next"), A(leads(r.Home), Text(w.say("All results")))))
	case r.Item != nil:
		inner = r.Item.tasting()
	default:
		inner = Group{r.survey(w), r.tastings(w)}
	}
	return f.document(nil, Body(Class("results"),
		Header(Class("top"),
			brand,
			If(f.Channel != "", P(Class("where"), Text("#"+f.Channel))),
			Nav(Class("me"), back),
			f.tongues()),
		Main(Class("messages"), inner)))
}

// report is such a page that needs nothing else.
func (f frame) report() Node {
	w, r := f.wording, f.Results
	return Doctype(HTML(Lang(htmlLang[w.Lang]),
		Head(
			plainMeta(),
			Meta(Attr("http-equiv", "Content-Security-Policy"), Content("default-src 'none'; style-src 'unsafe-inline'; font-src data:")),
			TitleEl(Text(f.Title+" · "+w.say("Results"))),
			StyleEl(f.Style)),
		Body(Class("results report"),
			Header(Class("top"), P(Class("brand"), Text(f.Title))),
			Main(Class("messages"), r.survey(w), r.tastings(w), Map(r.Whole, item.tasting)))))
}

// survey is what all of the tastings say together.
func (v *resultsView) survey(w wording) Node {
	return Group{
		Section(Class("card survey"),
			H1(Class("title"), Text(w.say("Results"))),
			v.asks(w),
			P(Class("base"), w.said(v.Base), If(len(v.Items) > 0, Group{Text(" · "), A(Href("#tastings"), Text(w.say("each of them")))})),
			If(v.CSV != "", P(Class("downloads"), Text(w.say("The votes that are seen here, as a file: ")),
				A(leads(v.CSV), Attr("download"), w.said(bot.Literal("CSV"))), Text(" · "), A(leads(v.JSONL), Attr("download"), w.said(bot.Literal("JSONL")))))),
		Iff(len(v.Items) > 0, func() Node {
			return Section(Class("card standings"), H2(Class("title"), w.said(v.Standings.Title)),
				w.p("base", v.Standings.Base),
				If(v.Ranks != "", Figure(Class("wide"), v.Ranks)),
				w.ranking(v.Standings))
		}),
		v.picks(w),
		If(v.Prices != "" || v.Course != "", Div(Class("halves"),
			If(v.Prices != "", part("beside", w.say("Cost beside taste"), Figure(v.Prices),
				legend(w.say("Cheaper is further left, better liked is higher. The bar about a dot is what the true share may be.")))),
			If(v.Course != "", part("course", w.say("Over time"), Figure(v.Course),
				legend(w.say("What standings said after some of the taste tests, each time by all votes until then. With another model the average that is beaten changes too.")))))),
		v.matrix(w),
	}
}

// part is a card with a title by which it is called.
func part(id, title string, inner ...Node) Node {
	return Section(Class("card"), Aria("labelledby", id), H2(Class("title"), ID(id), Text(title)), Group(inner))
}

func legend(text string) Node { return P(Class("legend"), Text(text)) }

// picks is taste against cost.
func (v *resultsView) picks(w wording) Node {
	if len(v.Picks) == 0 {
		return nil
	}
	return part("cost", w.say("Taste against cost"),
		legend(w.say("The cheapest model that votes show to be not worse than the best by more than ten points, for each kind of prompts.")),
		Table(Class("grid picks"),
			THead(Tr(Th(Scope("col"), Text(w.say("Prompts"))), Th(Scope("col"), Text(w.say("Take"))), Th(Scope("col"), Text(w.say("Why"))))),
			TBody(Map(v.Picks, func(p bot.CostPick) Node {
				return Tr(Th(Scope("row"), Bdi(w.said(p.For))), Td(Bdi(w.said(p.Take))), Td(w.said(p.Why)))
			}))))
}

// matrix is each model against each other.
func (v *resultsView) matrix(w wording) Node {
	if len(v.Pairs) == 0 {
		return nil
	}
	name := func(m bot.Verbatim) Node { return Bdi(Text(string(m))) }
	var rows Group
	for i, row := range v.Pairs {
		cells := Group{Th(Scope("row"), name(v.Paired[i]))}
		for j, p := range row {
			switch {
			case i == j:
				cells = append(cells, Td(Class("self")))
			case p.Votes > 0:
				cells = append(cells, Td(Class(tint(p.Tint)), B(w.said(p.Share)), space, Span(Text(w.say("{n|vote|votes}", bot.Count(p.Votes))))))
			default:
				cells = append(cells, Td(Class("never"), Text("–")))
			}
		}
		rows = append(rows, Tr(cells))
	}
	return part("pairs", w.say("Model against model"),
		legend(w.say("Of the votes between two, the share of the one whose row it is. Equal and both bad count as half.")),
		Div(Class("scroll"), TabIndex("0"), Role("region"), Aria("labelledby", "pairs"), Table(Class("grid matrix"),
			THead(Tr(Td(), Map(v.Paired, func(m bot.Verbatim) Node { return Th(Scope("col"), name(m)) }))),
			TBody(rows))))
}

// asks is the form that says which results are wanted.
func (v *resultsView) asks(w wording) Node {
	if v.Home == "" {
		return nil
	}
	wish := v.Wish
	oneOf := func(label, name, chosen string, all []string) Node {
		return Label(Span(Text(label)), Select(Name(name), Option(Value(""), Text(w.say("all"))), Map(all, func(s string) Node {
			return Option(If(s == chosen, Selected()), Text(s))
		})))
	}
	day := func(label, name, value string) Node {
		return Label(Span(Text(label)), Input(Type("date"), Name(name), Value(value)))
	}
	fields := []Node{
		oneOf(w.say("Model"), "model", wish.Model, v.Offers.Models),
		oneOf(w.say("Pack"), "pack", wish.Pack, v.Offers.Packs),
		oneOf(w.say("Category"), "category", wish.Category, v.Offers.Categories),
		day(w.say("From"), "since", wish.Since),
		day(w.say("To"), "until", wish.Until),
	}
	return Form(Method("get"), Action(address(v.Home)), Class("wish"), Role("search"), Aria("label", w.say("Which results")),
		spaced(fields, func(n Node) Node { return n }),
		P(Button(Class("button"), Text(w.say("Show"))), If(wish.Any(), Group{space, A(leads(v.Home), Text(w.say("Show all")))})))
}

// tastings are those of the page, each in short.
func (v *resultsView) tastings(w wording) Node {
	if len(v.Items) == 0 {
		return nil
	}
	return Group{
		H2(Class("part"), ID("tastings"), Text(w.say("{n|taste test|taste tests}", bot.Count(v.All)))),
		Map(v.Items, func(it item) Node { return it.inShort(v.Home) }),
		If(v.Newer != "" || v.Older != "", Nav(Class("pages"), Aria("label", w.say("More taste tests")),
			If(v.Newer != "", A(Class("button"), Rel("prev"), leads(v.Newer), Text(w.say("Newer")))), space,
			If(v.Older != "", A(Class("button"), Rel("next"), leads(v.Older), Text(w.say("Older")))))),
	}
}

// inShort leads to all of a tasting, below home; "": on the same page.
func (it item) inShort(home string) Node {
	w := it.wording
	p, _ := it.Post.(bot.Announcement)
	to := "#" + it.Anchor + "-whole"
	if home != "" {
		to = home + "/" + p.Tasting.String()
	}
	return Article(Class("card announcement"), ID(it.Anchor),
		H3(Class("title"), it.parts(A, leads(to))),
		P(Class("base"), Text(w.say("revealed on {day}", bot.Verbatim(it.Day)))),
		it.question(p.Question),
		it.Chart(),
		w.bars(p.Bars),
		If(len(p.Bars) == 0, P(Class("summary"), w.said(p.Summary))),
		P(Class("finding"), w.said(p.Finding)),
		w.p("cost", p.Cost))
}

// tasting is all that was found in one.
func (it item) tasting() Node {
	w := it.wording
	p, _ := it.Post.(bot.Announcement)
	return Group{
		Article(Class("card announcement whole"), ID(it.Anchor+"-whole"),
			H1(Class("title"), it.parts(Span)),
			P(Class("base"), Text(w.say("revealed on {day}", bot.Verbatim(it.Day)))),
			it.question(p.Question),
			it.Chart(),
			w.bars(p.Bars),
			P(besideBars(p.Bars), w.said(p.Summary)),
			P(Class("finding"), w.said(p.Finding)),
			w.p("cost", p.Cost),
			w.p("now", p.Choose),
			w.p("settle", p.Next),
			Iff(len(p.Verdict) > 0 || len(p.Notes) > 0, func() Node {
				return Section(Class("shows"), H2(Text(w.say("What this shows, and what it does not"))), w.ps(p.Verdict), w.notes(p.Notes))
			}),
			w.details(p.Details, If(p.Proof != "", Div(Class("copy columns"), kept(string(p.Proof)))))),
		If(len(it.Rounds) > 0, Ol(Class("roundlist"), Map(it.Rounds, func(round item) Node {
			return Li(Class("card reveal"), ID(round.Anchor), round.body())
		}))),
	}
}
