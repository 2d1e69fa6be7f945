package prompts

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// isCSV reports whether text starts with a header that names a prompt.
func isCSV(text string) bool {
	line, _, more := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	line = narrow(line)
	cells, err := csvReader(line, delimiter(line)).Read()
	if err != nil || !more {
		return false
	}
	named := false
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if utf8.RuneCountInString(c) > 60 || strings.HasSuffix(c, ".") || strings.HasSuffix(c, "?") {
			return false // a sentence that begins "Prompt, …"
		}
		named = named || strings.EqualFold(c, "prompt") || strings.EqualFold(c, "text") && len(cells) > 1
	}
	return named
}

func readCSV(text string) ([]row, error) {
	skipped := len(text) - len(strings.TrimLeft(text, "\n"))
	header, rest, _ := strings.Cut(text[skipped:], "\n")
	header = narrow(header)
	r := csvReader(header+"\n"+rest, delimiter(header))
	keys, err := r.Read()
	if err != nil {
		return nil, csvError(err, skipped)
	}
	for len(keys) > 1 && strings.TrimSpace(keys[len(keys)-1]) == "" {
		keys = keys[:len(keys)-1]
	}
	if err := checkHeader(lineName(skipped+1), keys); err != nil {
		return nil, err
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, csvError(err, skipped)
		}
		line, _ := r.FieldPos(0)
		rec := record{where: lineName(line + skipped)}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		for len(cells) > len(keys) && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) != len(keys) {
			return nil, userErrorf("%s has %d columns where the header has %d. A text with a comma or a line break in it must stand in quotes: \"like, this\".", upper(rec.where), len(cells), len(keys))
		}
		for i, c := range cells {
			rec.fields = append(rec.fields, field{keys[i], c})
		}
		row, err := tableRow(rec)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
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

func csvError(err error, skipped int) error {
	if fault, ok := errors.AsType[*csv.ParseError](err); ok {
		if errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote) {
			return userErrorf("A quotation mark is out of place in the text that starts on line %d. Put the whole text in quotes and double the quotes inside it: \"She said \"\"no\"\".\"", fault.StartLine+skipped)
		}
	}
	return userErrorf("The first line cannot be read as a header. Write for example: prompt,model,answer")
}
