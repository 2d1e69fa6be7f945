package text

import "strings"

const (
	mostMarkdown = 64 << 10 // bytes
	mostNesting  = 24       // quotes and lists that one line opens
	mostBrackets = 2000
)

// Tangled reports whether a text could keep a parser of markdown busy, and is
// better shown as it is: a very long one, one with a line that opens many
// quotes or lists, one whose brackets pile up.
func Tangled(text string) bool {
	if len(text) > mostMarkdown || strings.Count(text, "[")+strings.Count(text, "<") > mostBrackets {
		return true
	}
	for line := range strings.Lines(text) {
		rest := strings.TrimLeft(line, ">-+* \t")
		marks := line[:len(line)-len(rest)]
		if strings.Trim(rest, "\r\n") == "" && !strings.Contains(marks, ">") {
			continue // a rule
		}
		spaces := strings.Count(marks, " ") + strings.Count(marks, "\t")
		if len(marks)-spaces > mostNesting || spaces+3*strings.Count(marks, "\t") > 8*mostNesting {
			return true
		}
	}
	return false
}
