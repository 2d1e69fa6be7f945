package web

import (
	"strconv"

	. "github.com/tastetest/tastetest/adapters/web/elements"
	"github.com/tastetest/tastetest/bot"
)

func (it item) standings(p bot.Standings) Node {
	return Group{it.heading(), it.wording.p("base", p.Base), it.wording.ranking(p)}
}

// ranking draws standings without their title.
func (w wording) ranking(p bot.Standings) Node {
	return Group{
		Iff(len(p.Rows) > 0, func() Node {
			return Table(Class("ranks"),
				THead(Tr(Map(p.Columns, func(head bot.Sentence) Node { return Th(Scope("col"), w.said(head)) }))),
				TBody(Map(p.Rows, func(row bot.Standing) Node { return w.rank(p.Columns, row) })))
		}),
		w.p("legend", p.Legend),
		If(len(p.Says) > 0, Div(Class("verdict"), w.ps(p.Says))),
		w.notes(p.Notes),
		w.details(p.Details, nil),
	}
}

// rank is a row: the second cell names the model, the third is its score.
func (w wording) rank(heads []bot.Sentence, row bot.Standing) Node {
	var cells Group
	for i, cell := range row.Cells() {
		if i == 1 {
			cells = append(cells, Th(Scope("row"), Bdi(w.said(cell))))
			continue
		}
		cells = append(cells, Td(Data("head", w.Text(heads[i])), Span(w.said(cell)), If(i == 2 && row.High != 0, interval(row))))
	}
	return Tr(cells)
}

// interval draws what a true score may be, beside half.
func interval(row bot.Standing) Node {
	upright := func(class string, x string) Node {
		return El("line", Class(class), Attr("x1", x), Attr("x2", x), Attr("y1", "0"), Attr("y2", "8"))
	}
	along := func(class string, from, to string) Node {
		return El("line", Class(class), Attr("x1", from), Attr("x2", to), Attr("y1", "4"), Attr("y2", "4"))
	}
	return SVG(Class("range"), Attr("viewBox", "0 0 100 8"), Attr("preserveAspectRatio", "none"), Aria("hidden", "true"),
		along("axis", "0", "100"), upright("half", "50"), along("fits", number(row.Low), number(row.High)), upright("best", number(row.Score)))
}

func number(n int) string { return strconv.Itoa(n) }
