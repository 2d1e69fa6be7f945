package slack

import (
	"strings"

	"github.com/rivo/uniseg"
	api "github.com/slack-go/slack"
	exast "github.com/yuin/goldmark/extension/ast"
)

// table is a table in columns, for type of one width. One that padding would
// make much longer keeps its cells as they are: what is long on one side only
// must not become longer still.
func (w *writer) table(t *exast.Table) string {
	var rows [][]string
	var wide []int
	raw := 0
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		var row []string
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			s := strings.ReplaceAll(words(w.inline(c, style{})), "\n", " ")
			if len(row) == len(wide) {
				wide = append(wide, 0)
			}
			wide[len(row)] = max(wide[len(row)], uniseg.StringWidth(s))
			row = append(row, s)
			raw += size(s) + 3
		}
		rows = append(rows, row)
	}
	width := 0
	for _, n := range wide {
		width += n + 3
	}
	padded := width*len(rows) <= 4*raw+200
	var lines []string
	for i, row := range rows {
		var b strings.Builder
		for j, s := range row {
			if j > 0 {
				b.WriteString(" │ ")
			}
			b.WriteString(s)
			if padded && j < len(row)-1 {
				b.WriteString(strings.Repeat(" ", max(0, wide[j]-uniseg.StringWidth(s))))
			}
		}
		lines = append(lines, b.String())
		if i == 0 && padded {
			var rules []string
			for _, n := range wide {
				rules = append(rules, strings.Repeat("─", n))
			}
			lines = append(lines, strings.Join(rules, "─┼─"))
		}
	}
	return strings.Join(lines, "\n")
}

// words are the texts of runs, without their styles.
func words(runs []api.RichTextSectionElement) string {
	var b strings.Builder
	for _, r := range runs {
		if t, ok := r.(*api.RichTextSectionTextElement); ok {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}
