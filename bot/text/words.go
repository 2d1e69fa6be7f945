package text

import (
	"strings"
	"unicode"
)

// Words counts words: what stands between spaces or dashes and has a letter or
// a digit in it. Every Han character counts as one, as Chinese writers count.
func Words(s string) int {
	n := 0
	parts := strings.FieldsFunc(s, func(r rune) bool {
		if unicode.Is(unicode.Han, r) {
			n++
			return true
		}
		return unicode.IsSpace(r) || r == '—' || r == '–'
	})
	for _, p := range parts {
		if strings.ContainsFunc(p, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// LengthWarning reports whether one text is so much longer than the other that
// people may vote for the length: half as long again, and by 40 words or more.
func LengthWarning(a, b string) bool {
	short, long := Words(a), Words(b)
	if short > long {
		short, long = long, short
	}
	return long-short >= 40 && 2*long >= 3*short
}
