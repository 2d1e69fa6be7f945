package text

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
)

// Table reads the header of a table, and returns a reader of its rows, whose
// lines are counted from the table's first. What in read must be plain ([Plain]).
//
//   - Cells are separated by commas, semicolons, tabs or upright lines: as the
//     first line says ("sep=;", which Excel writes), else as the header shows.
//   - The header may be typed on a Chinese or Japanese keyboard: full-width forms
//     and typographic quotes are read as the plain ones. So may the rows, if the
//     first one is.
//   - A row may have more cells or fewer than the header.
func Table(in io.Reader) (header []string, rows *csv.Reader, err error) {
	whole := bufio.NewReaderSize(in, 1<<16)
	var above strings.Builder // empty lines, so that lines are counted
	first, comma := "", rune(0)
	for first == "" {
		line, err := whole.ReadString('\n')
		switch said := strings.TrimSpace(line); {
		case comma == 0 && isSeparatorLine(said):
			comma = rune(said[len("sep="):][0])
			above.WriteString("\n")
		case comma == 0 && strings.HasPrefix(strings.TrimRight(line, "\n"), "sep=\t"):
			comma = '\t'
			above.WriteString("\n")
		case said == "" && err == nil:
			above.WriteString("\n")
		default:
			first = line
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
	}
	narrowed := Narrow(first)
	if comma == 0 {
		comma = Separator(narrowed)
	}
	rows = csv.NewReader(io.MultiReader(strings.NewReader(above.String()), strings.NewReader(narrowed), whole))
	rows.Comma = comma
	rows.FieldsPerRecord = -1
	if header, err = rows.Read(); err != nil {
		return nil, nil, err
	}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	start, _ := whole.Peek(1 << 12) // an error comes again from reading
	next, _, _ := strings.Cut(string(start), "\n")
	if between := len(header) - 1; comma == ',' && strings.Count(next, ",") < between && strings.Count(next, "，") >= between {
		rows.Comma = '，'
	}
	return header, rows, nil
}

// isSeparatorLine reports whether a line says what separates the cells.
func isSeparatorLine(line string) bool {
	c, ok := strings.CutPrefix(strings.ToLower(line), "sep=")
	return ok && len(c) == 1 && strings.Contains(",;|", c)
}

// Separator is what stands between the names of a header: a comma, a
// semicolon, a tab or an upright line, whichever there is most of.
func Separator(header string) rune {
	best, most := ',', 0
	for _, d := range ",;\t|" {
		if n := strings.Count(header, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}

// Narrow turns the full-width forms that Chinese and Japanese keyboards type
// into the plain ones (ｐｒｏｍｐｔ， → prompt,) and typographic quotes into
// straight ones.
func Narrow(s string) string {
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
