package prompts

import (
	"regexp"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// The line below the header of a table in Markdown.
var markdownRule = regexp.MustCompile(`^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$`)

// isMarkdown reports whether text has a table in it as wikis and reports have
// it: names between upright lines, and a rule of dashes below.
func isMarkdown(text string) bool {
	above := ""
	for line := range strings.Lines(text) {
		if strings.Contains(above, "|") && markdownRule.MatchString(strings.TrimRight(line, "\n")) {
			return true
		}
		above = line
	}
	return false
}

func readMarkdown(text string) ([]row, error) {
	var keys []string
	var rows []row
	n := 0
	for line := range strings.Lines(text) {
		n++
		where := lineName(n)
		switch {
		case isBlank(line), markdownRule.MatchString(strings.TrimRight(line, "\n")):
			continue
		case !strings.Contains(line, "|"):
			return nil, fault(where, bot.Say("this is not part of the table that is written with |; send the table alone"))
		}
		cells := markdownCells(line)
		if keys == nil {
			keys = cells
			if isPromptfooTable(keys) {
				return nil, promptfooTable
			}
			if err := checkKeys(where, keys); err != nil {
				return nil, err
			}
			continue
		}
		if len(cells) != len(keys) {
			return nil, fault(where, bot.Say(`there are {n} cells where the header has {names}; write \| for an upright line in a text`, bot.Count(len(cells)), bot.Count(len(keys))))
		}
		rec := record{where: where}
		for i, c := range cells {
			rec.fields = append(rec.fields, field{keys[i], c})
		}
		rows = append(rows, rec.row())
	}
	return rows, nil
}

var lineBreak = regexp.MustCompile(`(?i)<br\s*/?>`)

// markdownCells splits a row at the upright lines that have no backslash.
func markdownCells(line string) []string {
	const kept = "\x00"
	line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, kept)
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		c = lineBreak.ReplaceAllString(strings.TrimSpace(c), "\n")
		cells[i] = strings.ReplaceAll(c, kept, "|")
	}
	return cells
}
