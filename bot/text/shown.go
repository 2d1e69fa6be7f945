package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shown spells out what a terminal would obey or turn round instead of showing
// it, as in \u001b and \u202e: control characters, bidirectional marks, line and
// paragraph separators, and as \xff what is not UTF-8. Characters in keep stay
// as they are, such as "\n\t" of a whole text; a name keeps none.
func Shown(s, keep string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = ' ' <= s[i] && s[i] <= '~'
	}
	if plain { // nearly always, and of millions of names
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case obeyed(r) && !strings.ContainsRune(keep, r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// obeyed reports whether a terminal may do something with r that is not showing it.
func obeyed(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
