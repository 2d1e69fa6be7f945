package prompts

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// isCSV reports whether text starts with a header that names a prompt.
func isCSV(said string) bool {
	if strings.HasPrefix(strings.ToLower(strings.TrimLeft(said, "\n")), "sep=") {
		return true
	}
	keys, rows, err := text.Table(strings.NewReader(said))
	if err != nil {
		return false
	}
	if _, err := rows.Read(); errors.Is(err, io.EOF) && !strings.HasSuffix(said, "\n") {
		return false // a line alone
	}
	named := false
	for _, k := range keys {
		if utf8.RuneCountInString(k) > 60 || strings.HasSuffix(k, ".") || strings.HasSuffix(k, "?") {
			return false // a sentence that begins "Prompt, …"
		}
		named = named || strings.EqualFold(k, "prompt") || len(keys) > 1 && text.Column(k) == "prompt"
	}
	return named
}

// readCSV reads a header and rows.
func readCSV(said string) ([]row, error) {
	keys, r, err := text.Table(strings.NewReader(said))
	if err != nil {
		return nil, bot.UserError(bot.Say("The first line cannot be read as a header; {example}.", example()))
	}
	line, _ := r.FieldPos(0)
	keys = dropEmpty(keys, 1)
	if isPromptfooTable(keys) {
		return nil, promptfooTable
	}
	if err := checkKeys(lineName(line), keys); err != nil {
		return nil, err
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, fault(lineName(broken.StartLine), bot.Say("a quotation mark is out of place; put the whole text in quotes and double those inside it: {example}", bot.Verbatim(`"She said ""no""."`)))
		}
		if err != nil {
			return nil, bot.UserError(bot.Say("The table cannot be read: {why}.", bot.Verbatim(err.Error())))
		}
		line, _ := r.FieldPos(0)
		rec := record{where: lineName(line)}
		if cells = dropEmpty(cells, len(keys)); strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		switch {
		case len(cells) == len(keys):
		case len(cells) == 1 && strings.Contains(cells[0], "，"):
			return nil, fault(rec.where, bot.Say("the cells are separated by “，” where other lines have “,”; write “,” between them"))
		default:
			return nil, fault(rec.where, bot.Say("there are {n} columns where the header has {names}; a text with a comma or a line break in it must stand in quotes: {example}", bot.Count(len(cells)), bot.Count(len(keys)), bot.Verbatim(`"like, this"`)))
		}
		for i, c := range cells {
			rec.fields = append(rec.fields, field{keys[i], c})
		}
		rows = append(rows, rec.row())
	}
}

// dropEmpty drops empty cells beyond the first least, which spreadsheets add.
func dropEmpty(cells []string, least int) []string {
	for len(cells) > least && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
