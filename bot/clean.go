package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// Clean makes a model's text fit to stand beside another's: it drops what
// people do not see but what tells models apart, and what was not meant for
// them.
//
//   - A leading block of thinking goes (<think>…</think>, [THINK]…[/THINK]),
//     and so does all before a closing tag that was never opened. If the block
//     is never closed, nothing is left.
//   - Invisible characters go: zero-width ones, controls, bidirectional
//     overrides and isolates, private use. Joiners stay inside emoji and in
//     scripts that are spelled with them.
//   - Line ends become \n, spaces of any width the plain one, broken UTF-8 "\uFFFD".
//   - At most two blank lines stand in a row, none at the ends.
//
// Cleaning a cleaned text changes nothing.
func Clean(raw string) string {
	s := dropInvisible(lineEnds.Replace(strings.ToValidUTF8(raw, "\uFFFD")))
	s = blankLines.ReplaceAllString(dropThinking(s), "\n\n\n")
	return strings.TrimSpace(s)
}

var (
	lineEnds   = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	blankLines = regexp.MustCompile(`\n(?:[ \t\x{3000}]*\n){3,}`)

	// The second group is a closing tag.
	thinkTag = regexp.MustCompile(`(?i)(<think(?:ing)?>|\[think\]|◁think▷)|(</think(?:ing)?>|\[/think\]|◁/think▷)`)
)

func dropThinking(s string) string {
	rest, open := 0, false // where what is kept begins; whether a leading block is open
	for _, tag := range thinkTag.FindAllStringSubmatchIndex(s, -1) {
		switch {
		case tag[4] >= 0:
			rest, open = tag[1], false
		case open:
		case strings.TrimSpace(s[rest:tag[0]]) == "":
			open = true
		default:
			return s[rest:]
		}
	}
	if open {
		return ""
	}
	return s[rest:]
}

// maxMarks is how many combining marks may stand on one letter. Real spelling
// needs fewer; a tower of them runs over the neighbouring answer.
const maxMarks = 8

// dropInvisible drops what cannot be seen and makes all spaces plain.
func dropInvisible(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	runes := []rune(s)
	var last rune // the last one kept
	marks := 0
	for i, r := range runes {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == '\n', r == '\t', r == '\u3000':
		case unicode.Is(unicode.Zs, r):
			r = ' '
		case r == '\u200c', r == '\u200d': // the joiners
			if i+1 == len(runes) || !joinerShows(last, runes[i+1]) {
				continue
			}
		case r == '\ufe0e', r == '\ufe0f': // text or emoji style
			if last == r {
				continue
			}
		case isInvisible(r), marks > maxMarks:
			continue
		}
		out.WriteRune(r)
		last = r
	}
	return out.String()
}

// isInvisible reports whether r shows nothing by itself.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Co, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// joinerShows reports whether a joiner between a and b changes what people see.
func joinerShows(a, b rune) bool {
	return isEmoji(a) && isEmoji(b) || spelledWithJoiners(a) && spelledWithJoiners(b)
}

func isEmoji(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk) || r == '\ufe0f' || r == '♀' || r == '♂'
}

func spelledWithJoiners(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar)
}
