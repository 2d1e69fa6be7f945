package slack

import (
	"strings"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// mostRanked is how many models fit a message's blocks.
const mostRanked = 30

// standings is a list, not a table: a phone shows some 30 characters a line.
func (w tongue) standings(s bot.Standings) said {
	m := said{text: w.Text(s.Title), blocks: []api.Block{w.title(s.Title)}}
	m.blocks = append(m.blocks, w.smalls(s.Base)...)
	for i, row := range s.Rows {
		if i == mostRanked {
			m.blocks = append(m.blocks, w.smalls(bot.Say("And {n} more.", bot.Count(len(s.Rows)-i)))...)
			break
		}
		m.blocks = append(m.blocks, rich(paragraph(textRun(clip(string(row.Rank+"  "+row.Model), mostTitled), bold), plainRun("\n"+clip(standing(w.Texts(s.Columns), w.Texts(row.Cells())), mostWords)))))
	}
	m.blocks = append(m.blocks, w.smalls(s.Legend)...)
	for _, line := range s.Says {
		m.blocks = append(m.blocks, w.sentence(line))
	}
	m.blocks = append(m.blocks, w.notes(s.Notes)...)
	m.blocks = append(m.blocks, w.smalls(s.Details...)...)
	return m
}

// standing is a model's values under the table's heads, but for rank and model.
func standing(columns, cells []string) string {
	var facts []string
	for i, cell := range cells {
		if i >= 2 && i < len(columns) && cell != "" && cell != "–" {
			facts = append(facts, columns[i]+" "+cell)
		}
	}
	return strings.Join(facts, " · ")
}
