package prompts

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// isCSV reports whether text starts with a header that names a prompt.
func isCSV(text string) bool {
	header, _, more := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	keys, err := csvReader(narrow(header), delimiter(narrow(header))).Read()
	if err != nil || !more {
		return false
	}
	named := false
	for _, k := range keys {
		k = strings.TrimSpace(k)
		if utf8.RuneCountInString(k) > 60 || strings.HasSuffix(k, ".") || strings.HasSuffix(k, "?") {
			return false // a sentence that begins "Prompt, …"
		}
		named = named || strings.EqualFold(k, "prompt") || strings.EqualFold(k, "text") && len(keys) > 1
	}
	return named
}

// typoInHeader returns a UserError about a table whose header nearly names a
// prompt: the first line has several short cells, one of them a slip of
// “prompt” or “text”, and every other line has as many cells. nil if it is prose.
func typoInHeader(text string) error {
	above := len(text) - len(strings.TrimLeft(text, "\n")) // empty lines
	header, rest, _ := strings.Cut(text[above:], "\n")
	header = narrow(header)
	lines, err := csvReader(header+"\n"+rest, delimiter(header)).ReadAll()
	if err != nil || len(lines) < 2 || len(lines[0]) < 2 {
		return nil
	}
	word, meant := "", ""
	for _, cell := range lines[0] {
		cell = strings.TrimSpace(cell)
		if cell == "" || len(strings.Fields(cell)) > 2 || strings.ContainsAny(cell, ".?!:") {
			return nil // a sentence
		}
		for _, right := range []string{"prompt", "text"} {
			if word == "" && slip(cell, right) {
				word, meant = cell, right
			}
		}
	}
	if word == "" || slices.ContainsFunc(lines, func(cells []string) bool { return len(cells) != len(lines[0]) }) {
		return nil
	}
	return fault(lineName(above+1), "there is %q, but no column “prompt”; write %q instead of %q", word, meant, word)
}

// slip reports whether somebody who typed word may have meant right.
func slip(word, right string) bool {
	return !strings.EqualFold(word, right) && utf8.RuneCountInString(word) >= len(right)-1 && text.Nearest(word, []string{right}) != ""
}

// readCSV reads a header and rows, separated by commas, semicolons or tabs. It
// is long because spreadsheets write CSV in several ways, and a mistake in each
// is named with its line.
func readCSV(text string) ([]row, error) {
	above := len(text) - len(strings.TrimLeft(text, "\n")) // empty lines
	header, rest, _ := strings.Cut(text[above:], "\n")
	header = narrow(header)
	r := csvReader(header+"\n"+rest, delimiter(header))
	keys, err := r.Read()
	if err != nil {
		return nil, bot.UserError("The first line cannot be read as a header; " + example + ".")
	}
	keys = dropEmpty(keys, 1)
	for i := range keys {
		keys[i] = strings.TrimSpace(keys[i])
	}
	if err := checkKeys(lineName(above+1), keys); err != nil {
		return nil, err
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, fault(lineName(broken.StartLine+above), `a quotation mark is out of place; put the whole text in quotes and double those inside it: "She said ""no""."`)
		}
		if err != nil {
			return nil, userErrorf("The table cannot be read: %v.", err)
		}
		line, _ := r.FieldPos(0)
		rec := record{where: lineName(line + above)}
		if cells = dropEmpty(cells, len(keys)); strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if len(cells) != len(keys) {
			return nil, fault(rec.where, `there are %d columns where the header has %d; a text with a comma or a line break in it must stand in quotes: "like, this"`, len(cells), len(keys))
		}
		for i, c := range cells {
			rec.fields = append(rec.fields, field{keys[i], c})
		}
		rows = append(rows, rec.row())
	}
}

func csvReader(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	return r
}

// delimiter returns what separates the cells of a header.
func delimiter(header string) rune {
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t'} {
		if n := strings.Count(header, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}

// dropEmpty drops empty cells beyond the first least, which spreadsheets add.
func dropEmpty(cells []string, least int) []string {
	for len(cells) > least && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// narrow turns the full-width forms that Chinese and Japanese keyboards type
// into the plain ones (ｐｒｏｍｐｔ， → prompt,) and typographic quotes into
// straight ones.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == '\u3000':
			return ' '
		case r == '“' || r == '”' || r == '„':
			return '"'
		}
		return r
	}, s)
}
