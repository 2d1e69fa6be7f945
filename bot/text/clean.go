package text

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a model's text fit to stand beside another's: it drops what
// people do not see but what tells models apart, and what was not meant for
// them.
//
//   - Thinking goes (<think>…</think>, <thought>, [THINK] and the like, and all
//     but the final channel of Harmony), and so does all before a closing tag
//     that was never opened. Of a block that is never closed nothing is left.
//   - The tokens that begin and end a turn go (<|im_end|>, </s>), and with them
//     what was written after the turn had ended.
//   - What [CleanTyped] drops.
//
// Tags and tokens that are spoken of stay: in code, in quotation marks, within
// a line of prose. Cleaning a cleaned text changes nothing.
func Clean(raw string) string {
	s := CleanTyped(raw)
	for range mostLayers {
		next := CleanTyped(ownTurn(dropThinking(s)))
		if next == s {
			return s
		}
		s = next
	}
	return ""
}

// mostLayers is how often what was dropped may leave something to be dropped.
// A text that hides more than that was made to, and is nobody's answer.
const mostLayers = 16

// CleanTyped makes what people typed legible, and the same however it was typed.
//
//   - Invisible characters go: zero-width ones, controls, bidirectional
//     overrides and isolates, private use. Joiners stay inside emoji and in
//     scripts that are spelled with them.
//   - Line ends become \n, spaces of any width the plain one, broken UTF-8 "\uFFFD".
//   - At most two blank lines stand in a row, none at the ends.
func CleanTyped(s string) string {
	s = dropInvisible(lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD")))
	return strings.TrimSpace(blankLines.ReplaceAllString(s, "\n\n\n"))
}

var (
	lineEnds   = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	blankLines = regexp.MustCompile(`\n(?:[ \t\x{3000}]*\n){3,}`)

	// The first group is an opening tag, the second a closing one.
	thinkTag = regexp.MustCompile(`(?i)(<(?:think(?:ing)?|thoughts?|reasoning|seed:think|\|begin_of_thought\||\|thinking\|)>|\[think\]|◁think▷)|` +
		`(</(?:think(?:ing)?|thoughts?|reasoning|seed:think)>|<\|end_of_thought\|>|<\|/thinking\|>|\[/think\]|◁/think▷)`)
)

// dropThinking drops thinking wherever it stands. An opening tag within a line,
// with a space or a full stop behind it, is spoken of, as are tags in code.
func dropThinking(s string) string {
	var kept strings.Builder
	code := codeIn(s)
	from, open, spoken := 0, -1, 0 // where what is kept begins; where thinking does; pairs that are spoken of
	for _, tag := range thinkTag.FindAllStringSubmatchIndex(s, -1) {
		next, _ := utf8.DecodeRuneInString(s[tag[1]:])
		switch opens := tag[2] >= 0; {
		case opens && open >= 0:
		case !opens && open >= 0:
			kept.WriteString(s[from:open])
			from, open = tag[1], -1
		case code[tag[0]]:
		case !opens && spoken > 0:
			spoken--
		case !opens: // opened by the template: all before is thinking
			kept.Reset()
			from = tag[1]
		case from < tag[0] && !beginsLine(s, tag[0]) && (next == ' ' || unicode.IsPunct(next)):
			spoken++
		default:
			open = tag[0]
		}
	}
	if open >= 0 {
		return kept.String() + s[from:open]
	}
	return kept.String() + s[from:]
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
