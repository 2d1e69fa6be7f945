package slack

import (
	"fmt"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// mostRanked is how many models fit a message's blocks.
const mostRanked = 30

// standings is a list, not a table: a phone shows some 30 characters a line.
func standings(s bot.Standings) said {
	m := said{text: s.Title.String(), blocks: []api.Block{title(s.Title.String())}}
	m.blocks = append(m.blocks, smalls(s.Base.String())...)
	for i, row := range s.Rows {
		if i == mostRanked {
			m.blocks = append(m.blocks, smalls(fmt.Sprintf("And %d more.", len(s.Rows)-i))...)
			break
		}
		m.blocks = append(m.blocks, rich(paragraph(textRun(clip(string(row.Rank+"  "+row.Model), mostTitled), bold), plainRun("\n"+clip(standing(bot.English(s.Columns), row), mostWords)))))
	}
	m.blocks = append(m.blocks, smalls(s.Legend.String())...)
	for _, line := range s.Says {
		m.blocks = append(m.blocks, sentence(line.String()))
	}
	m.blocks = append(m.blocks, notes(bot.English(s.Notes))...)
	m.blocks = append(m.blocks, smalls(bot.English(s.Details)...)...)
	return m
}

// standing is a model's values under the table's heads, but for rank and model.
func standing(columns []string, row bot.Standing) string {
	var facts []string
	for i, cell := range row.Cells() {
		if i >= 2 && i < len(columns) && !cell.IsZero() && cell.String() != "–" {
			facts = append(facts, columns[i]+" "+cell.String())
		}
	}
	return strings.Join(facts, " · ")
}
