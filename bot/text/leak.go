package text

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Leaks is [Known.Leaks] for one text. names are the ids and aliases of the
// configured models.
func Leaks(text, prompt string, names []string) []Leak { return NewKnown(names).Leaks(text, prompt) }

// Leaks returns the places where text gives its author away, the worst first.
//
//   - [Self]: it says who it is, outside quotation marks: "I'm Claude",
//     "trained by OpenAI", a signature; 我是通义千问.
//   - [Strong]: the name of a model or vendor that means nothing else, or one of
//     those known. Not if the prompt has it too.
//   - [Mention]: a word that is a model's name and something else ("Gemini"), an
//     ordinary word that somebody named a model by, or "as an AI", which names
//     nobody. Not if the prompt has it too, nor in a person's name, nor in a
//     phrase that is known to mean something else.
//
// Prompts that ask for names ([bot.Prompt.AllowNames]) are the caller's to spare.
func (k Known) Leaks(text, prompt string) []Leak {
	d := leakDetector{
		text:   legibleText(text),
		prompt: legibleText(prompt),
		known:  k,
		level:  make(map[string]LeakLevel),
	}
	d.whole = wholeQuote.MatchString(d.text)
	d.self()
	for _, r := range []*regexp.Regexp{strongName, d.known.distinct} {
		d.each(r, func(m nameMatch) { d.note(Strong, m) })
	}
	for _, r := range []*regexp.Regexp{wordName, d.known.plain, asAnAI} {
		d.each(r, func(m nameMatch) {
			if !d.harmless(m) {
				d.note(Mention, m)
			}
		})
	}
	slices.SortStableFunc(d.leaks, func(a, b Leak) int { return cmp.Compare(b.Level, a.Level) })
	return d.leaks
}

// legibleText drops what would hide a name from a pattern: invisible characters
// and marks of emphasis.
func legibleText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u2010' && r <= '\u2012': // hyphens, not dashes
			return '-'
		case r == '*', r == '`', r == '\u200c', r == '\u200d', r != '\n' && r != '\t' && isInvisible(r):
			return -1
		case r == '’', r == 'ʼ':
			return '\''
		case unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, norm.NFKC.String(s))
	return strings.TrimSpace(strings.ReplaceAll(s, "__", ""))
}

// Nobody reads more leaks of one text, nor more of a paragraph before one:
// a text that is all names takes no longer than another.
const (
	maxLeaks = 50
	lookBack = 2000 // bytes
)

// A nameMatch is a name found in a text.
type nameMatch struct {
	start, end int
	text       string
}

type leakDetector struct {
	text, prompt string
	whole        bool // text is quoted as a whole
	known        Known
	leaks        []Leak
	level        map[string]LeakLevel // of the leaks, by their text in lower case
}

// each calls found for every match of r that is a word of its own. If r has a
// group called name, that is the match.
func (d *leakDetector) each(r *regexp.Regexp, found func(nameMatch)) {
	if r == nil {
		return
	}
	group := max(0, 2*r.SubexpIndex("name"))
	for _, at := range r.FindAllStringSubmatchIndex(d.text, -1) {
		m := nameMatch{at[group], at[group+1], ""}
		m.text = d.text[m.start:m.end]
		if d.stands(m) {
			found(m)
		}
	}
}

// stands reports whether no letter or digit continues the match. Chinese and
// Japanese are written without spaces and Korean endings with none, so their
// characters continue nothing.
func (d *leakDetector) stands(m nameMatch) bool {
	continues := func(outer, inner rune) bool {
		word := func(r rune) bool {
			return (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
		}
		return word(outer) && word(inner)
	}
	before, _ := utf8.DecodeLastRuneInString(d.text[:m.start])
	after, _ := utf8.DecodeRuneInString(d.text[m.end:])
	first, _ := utf8.DecodeRuneInString(m.text)
	last, _ := utf8.DecodeLastRuneInString(m.text)
	return !continues(before, first) && !continues(after, last)
}

// note keeps a leak, unless it is known already or the prompt has the word.
func (d *leakDetector) note(level LeakLevel, m nameMatch) {
	key := strings.ToLower(m.text)
	if len(d.leaks) == maxLeaks || d.level[key] >= level || level < Self && d.prompted(m.text) {
		return
	}
	for noted, l := range d.level {
		if l >= level && strings.Contains(noted, key) {
			return
		}
	}
	d.level[key] = level
	d.leaks = append(d.leaks, Leak{level, m.text})
}

func (d *leakDetector) prompted(word string) bool {
	return strings.Contains(strings.ToLower(d.prompt), strings.ToLower(word))
}

// self finds where the text says who wrote it.
func (d *leakDetector) self() {
	ai := aiContext.MatchString(d.text)
	for _, r := range []*regexp.Regexp{selfName, selfAs, selfSigned, selfChinese, selfRole} {
		d.each(r, func(m nameMatch) {
			switch {
			case d.quoted(m.start), ownsSomething.MatchString(d.text[m.end:]):
			case strongName.MatchString(m.text):
				d.note(Self, m)
			case d.harmless(m), d.prompted(m.text):
			case !givenName.MatchString(m.text), ai, d.known.has(m.text), r == selfChinese, r == selfRole:
				d.note(Self, m)
			}
		})
	}
	for _, r := range slices.Concat(d.known.self, []*regexp.Regexp{selfMade, selfMadeChinese}) {
		d.each(r, func(m nameMatch) {
			if !d.quoted(m.start) && !ownsSomething.MatchString(d.text[m.end:]) {
				d.note(Self, m)
			}
		})
	}
}

// quoted reports whether the text at a place is inside quotation marks: what a
// person in a story says is not what the author says. A text that is quoted as
// a whole is not.
func (d *leakDetector) quoted(at int) bool {
	start := strings.LastIndexByte(d.text[:at], '\n') + 1
	before := d.text[max(start, at-lookBack):at]
	if d.whole {
		return false
	}
	if strings.Count(before, `"`)%2 == 1 {
		return true
	}
	for _, pair := range [][2]string{{"“", "”"}, {"„", "“"}, {"«", "»"}, {"「", "」"}, {"『", "』"}} {
		if strings.Count(before, pair[0]) > strings.Count(before, pair[1]) {
			return true
		}
	}
	return false
}

// harmless reports whether a word that is also a model's name stands in a
// person's name ("Claude Monet", "Jean-Claude") or a phrase ("the Bard").
func (d *leakDetector) harmless(m nameMatch) bool {
	before, after := d.text[max(0, m.start-len("the ")):m.start], d.text[m.end:]
	return strings.HasSuffix(before, "-") || m.text == "Bard" && strings.EqualFold(before, "the ") ||
		knownPhrase.MatchString(d.text[m.start:]) || surnameFollows.MatchString(after) && !modelWord.MatchString(after)
}

// Worst is the highest level among leaks; 0 without any.
func Worst(leaks []Leak) LeakLevel {
	var w LeakLevel
	for _, l := range leaks {
		w = max(w, l.Level)
	}
	return w
}

// A Leak is a place where a text names its author.
type Leak struct {
	Level LeakLevel
	Match string
}

// A LeakLevel says how surely a text names its author.
type LeakLevel uint8

const (
	Mention LeakLevel = iota + 1 // a word that is also a model's name: a note
	Strong                       // the name of a model or vendor: asked again, then flagged
	Self                         // it says who it is: asked again, then the round is void
)
