package discord

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
)

// Widths of a chart in text, in columns: what a phone shows in one line.
const (
	mostBarLabel = 12
	barLength    = 12
)

// bars is a bar chart in text, in a block of code so that it aligns.
// Percentages are left out where the core gives none.
func (w tongue) bars(bs []bot.Bar) string {
	if len(bs) == 0 {
		return ""
	}
	most, percents, wide := 1, 0, 0
	for _, b := range bs {
		most, percents = max(most, b.Count), percents+b.Percent
		wide = max(wide, len(fmt.Sprint(b.Count)))
	}
	var lines []string
	for _, b := range bs {
		line := column(w.Text(b.Label), mostBarLabel) + " " + column(bar(b.Count, most), barLength)
		line += fmt.Sprintf(" %*d", wide, b.Count)
		if percents > 0 {
			line += fmt.Sprintf(" %3d%%", b.Percent)
		}
		lines = append(lines, line)
	}
	return block(strings.Join(lines, "\n"))
}

// bar is n of most as blocks, in eighths.
func bar(n, most int) string {
	eighths := n * barLength * 8 / most
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string(rune('█' + 8 - rest))
	}
	return s
}

// column is s in exactly n columns.
func column(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if uniseg.StringWidth(s) > n {
		var cut string
		for g := uniseg.NewGraphemes(s); g.Next() && uniseg.StringWidth(cut+g.Str()) < n; {
			cut += g.Str()
		}
		s = cut + "…"
	}
	return s + strings.Repeat(" ", max(0, n-uniseg.StringWidth(s)))
}

// block is a block of code of a program's own words: a table, an example.
func block(s string) string { return fenced("", s) }
