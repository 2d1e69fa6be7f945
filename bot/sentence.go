package bot

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot/text"
)

// A Sentence is something that the bot says, as a value: a key, which is the
// English text, with typed arguments. It becomes text when it leaves, in the
// language of whoever reads it; package say does that. The zero value says
// nothing.
type Sentence struct {
	key   string
	args  []Arg
	joint joint
	opens bool
}

// A joint says what stands between the parts of a sentence that has no key.
type joint uint8

const (
	keyed joint = iota
	prose       // a sentence after the other
	lines       // each on a line of its own
	dots        // " · " between them
	semis       // "; " between them
)

// Say makes a sentence. The key names its arguments in the order of args:
//
//	Say("{n|vote|votes} from {who}", Count(3), Verbatim("Ada"))   3 votes from Ada
//	Say("{n|person|people} {n?was|were} left out", Count(1))      1 person was left out
//
// {n} is an argument, {n|one|many} a count with its noun, {n?one|many} one of two
// words by a count. A name may stand there again. Key and arguments must fit:
// the test of the catalogue says where they do not.
func Say(key string, args ...Arg) Sentence { return Sentence{key: key, args: args} }

// Prose says sentences one after the other. Those that say nothing are left out,
// here and in Lines, Dotted and Clauses.
func Prose(said ...Sentence) Sentence { return join(prose, said) }

// Lines says each on a line of its own.
func Lines(said ...Sentence) Sentence { return join(lines, said) }

// Dotted says them in one line, with " · " between them.
func Dotted(said ...Sentence) Sentence { return join(dots, said) }

// Clauses says them in one line, with semicolons between them.
func Clauses(said ...Sentence) Sentence { return join(semis, said) }

func join(by joint, said []Sentence) Sentence {
	s := Sentence{joint: by}
	for _, one := range said {
		if !one.IsZero() {
			s.args = append(s.args, one)
		}
	}
	return s
}

// Opening says s where a line begins: with a capital, but for a name and for what
// people wrote, which stay as they are. It is not kept where sentences are stored.
func Opening(s Sentence) Sentence {
	s.opens = true
	return s
}

// Quoted says what people or models wrote, and nothing else.
func Quoted(written string) Sentence {
	if written == "" {
		return Sentence{}
	}
	return Say("{text}", Verbatim(written))
}

// Literal says text of our own in English, in whatever language the rest is: for
// what only the machine's commands print, and for tests.
func Literal(text string) Sentence { return Quoted(text) }

// IsZero reports whether s says nothing.
func (s Sentence) IsZero() bool { return s.key == "" && len(s.args) == 0 }

// Key is the English text with the names of its arguments; "" of what is put
// together by [Prose], [Lines], [Dotted] or [Clauses].
func (s Sentence) Key() string { return s.key }

// Args are what the key names, in the order in which it does, or what is put
// together.
func (s Sentence) Args() []Arg { return slices.Clone(s.args) }

// A Part of a sentence is text of a wording, or an argument.
type Part struct {
	Text string
	Arg  Arg // nil: Text
}

// Parts takes apart a wording of s, its key or another language's: the text
// between the arguments, with words chosen by their counts, and the arguments.
func (s Sentence) Parts(wording string) []Part {
	parts := s.parts(wording)
	if !s.opens || len(parts) == 0 {
		return parts
	}
	first := &parts[0]
	if within, ok := first.Arg.(Sentence); ok {
		first.Arg = Opening(within)
	} else if letter, n := utf8.DecodeRuneInString(first.Text); n > 0 {
		first.Text = string(unicode.ToUpper(letter)) + first.Text[n:]
	}
	return parts
}

func (s Sentence) parts(wording string) []Part {
	if s.joint != keyed {
		var parts []Part
		for i, a := range s.args {
			if i > 0 {
				parts = append(parts, Part{Text: [...]string{prose: " ", lines: "\n", dots: " · ", semis: "; "}[s.joint]})
			}
			parts = append(parts, Part{Arg: a})
		}
		return parts
	}
	names := Placeholders(s.key)
	var parts []Part
	for wording != "" {
		before, rest, found := strings.Cut(wording, "{")
		if before != "" {
			parts = append(parts, Part{Text: before})
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			break
		}
		parts = append(parts, s.filled(names, inside)...)
		wording = after
	}
	return parts
}

// filled is what stands for one placeholder.
func (s Sentence) filled(names []string, inside string) []Part {
	name, forms, by := placeholder(inside)
	i := slices.Index(names, name)
	if i < 0 || i >= len(s.args) {
		return []Part{{Text: "{" + inside + "}"}}
	}
	one, many, _ := strings.Cut(forms, "|")
	if n, ok := s.args[i].(Count); !ok || n != 1 {
		one = many
	}
	switch by {
	case '|':
		return []Part{{Arg: s.args[i]}, {Text: " " + one}}
	case '?':
		return []Part{{Text: one}}
	}
	return []Part{{Arg: s.args[i]}}
}

// Placeholders are the names of a wording's arguments, each once, in the order in
// which they first stand there.
func Placeholders(wording string) []string {
	var names []string
	for wording != "" {
		_, rest, _ := strings.Cut(wording, "{")
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			break
		}
		if name, _, _ := placeholder(inside); !slices.Contains(names, name) {
			names = append(names, name)
		}
		wording = after
	}
	return names
}

// placeholder takes apart "n|vote|votes": a name, its forms, and what parts them.
func placeholder(inside string) (name, forms string, by byte) {
	if i := strings.IndexAny(inside, "|?"); i >= 0 {
		return inside[:i], inside[i+1:], inside[i]
	}
	return inside, "", 0
}

// String is the sentence in English, for logs, tests and the machine's commands.
func (s Sentence) String() string {
	var b strings.Builder
	for _, p := range s.Parts(s.key) {
		if p.Arg != nil {
			fmt.Fprint(&b, p.Arg)
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// Dots are the parts of what [Dotted] put together; of anything else, s alone.
func (s Sentence) Dots() []Sentence {
	if s.joint != dots {
		return []Sentence{s}
	}
	var all []Sentence
	for _, a := range s.args {
		all = append(all, a.(Sentence))
	}
	return all
}

// Map returns s with f applied to its arguments, and to those of sentences within.
func (s Sentence) Map(f func(Arg) Arg) Sentence {
	s.args = slices.Clone(s.args)
	for i, a := range s.args {
		if inner, ok := a.(Sentence); ok {
			s.args[i] = inner.Map(f)
			continue
		}
		s.args[i] = f(a)
	}
	return s
}

// An Arg is a value in a [Sentence]. As a string it is written in English.
type Arg interface {
	fmt.Stringer
	isArg()
}

// Verbatim is what people, models and other programs wrote: the same in every
// language, and data wherever it is shown.
type Verbatim string

// Name is a command's name alone: start.
type Name string

// Count is a number of things: 12,345.
type Count int

// Percent is written 55%.
type Percent int

// Money is a sum in pico-USD: $15.60, $0.0012.
type Money int64

// Pace is how long an answer took: 2.1 s.
type Pace time.Duration

// Lasting is a duration of a minute or more: 3 days, 6 hours, 45 minutes.
type Lasting time.Duration

// Moment is a time in a post: 17:00, Thu 17:00, Thu 3 Dec 17:00.
type Moment time.Time

// A List is read as "a, b and c"; beyond Most of them, as "a, b and 7 more".
type List struct {
	Of   []Arg
	Most int // 0: all
}

// A Series is read as "a, b, c".
type Series []Arg

// Names lists names, of models or people.
func Names(names ...string) List {
	var l List
	for _, n := range names {
		l.Of = append(l.Of, Verbatim(n))
	}
	return l
}

// Upto is the list with most things written out.
func (l List) Upto(most int) List {
	l.Most = most
	return l
}

// A Table is read in columns, for letters of one width: in a post's code.
type Table [][]Arg

// A Usage is a command or a part of one, which each chat spells in its own way:
// /tastetest close 7, on Discord /tastetest-admin close tasting:7.
type Usage struct {
	Command string   // "close"; "" if only options are named
	Words   []string // bare ones: models, a tasting's number
	Options []Setting
}

// A Setting is an option with a value, or an option's name alone.
type Setting struct{ Name, Value string }

func (Sentence) isArg()  {}
func (Verbatim) isArg()  {}
func (Name) isArg()      {}
func (Count) isArg()     {}
func (Percent) isArg()   {}
func (Money) isArg()     {}
func (Pace) isArg()      {}
func (Lasting) isArg()   {}
func (Moment) isArg()    {}
func (List) isArg()      {}
func (Series) isArg()    {}
func (Table) isArg()     {}
func (Usage) isArg()     {}
func (Cost) isArg()      {}
func (TastingID) isArg() {}
func (RoundID) isArg()   {}

func (v Verbatim) String() string { return string(v) }
func (n Name) String() string     { return string(n) }
func (n Percent) String() string  { return strconv.Itoa(int(n)) + "%" }
func (p Pace) String() string     { return fmt.Sprintf("%.1f s", time.Duration(p).Seconds()) }

func (n Count) String() string {
	s := strconv.Itoa(int(n))
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// String writes at least two digits that say something. More than nothing is
// never written as nothing.
func (m Money) String() string {
	pico, sign := int64(m), ""
	if pico < 0 {
		sign, pico = "-", -pico
	}
	switch {
	case pico == 0:
		return "$0.00"
	case pico < 1e6:
		return sign + "under $0.000001"
	case pico >= 1e10: // a cent
		cents := (pico + 5e9) / 1e10
		return fmt.Sprintf("%s$%v.%02d", sign, Count(cents/100), cents%100)
	}
	s := strconv.FormatFloat(float64(pico)/1e12, 'f', 6, 64)
	first := strings.IndexAny(s[2:], "123456789") + 2
	return sign + "$" + s[:min(first+2, len(s))]
}

// String is the sum as [Money], "local, no cost" for a known cost of nothing,
// "cost unknown" for an unknown one.
func (c Cost) String() string {
	switch {
	case !c.Known:
		return "cost unknown"
	case c.Pico == 0:
		return "local, no cost"
	}
	return Money(c.Pico).String()
}

// Units are d in days, hours or minutes, whichever says it best; the others are 0.
func (l Lasting) Units() (days, hours, minutes int) {
	d := time.Duration(l)
	switch day := 24 * time.Hour; {
	case d >= day && d%day == 0:
		return int(d / day), 0, 0
	case d >= 90*time.Minute:
		return 0, int(d.Round(time.Hour).Hours()), 0
	}
	return 0, 0, int(d.Round(time.Minute).Minutes())
}

func (l Lasting) String() string {
	switch days, hours, minutes := l.Units(); {
	case days > 0:
		return Say("{n|day|days}", Count(days)).String()
	case hours > 0:
		return Say("{n|hour|hours}", Count(hours)).String()
	default:
		return Say("{n|minute|minutes}", Count(minutes)).String()
	}
}

// String writes the time as of now, in its own zone: the weekday alone within six
// days, with the date beyond.
func (m Moment) String() string {
	t := time.Time(m)
	now := time.Now().In(t.Location())
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Sub(now).Abs() < 6*24*time.Hour:
		return t.Format("Mon 15:04")
	}
	return t.Format("Mon 2 Jan 15:04")
}

// Shown are the parts of the list that are written out, and how many more there
// are. It never says "and 1 more" where the one could stand.
func (l List) Shown() (shown []Arg, more int) {
	if more = len(l.Of) - l.Most; l.Most > 0 && more > 1 {
		return l.Of[:l.Most], more
	}
	return l.Of, 0
}

func (l List) String() string {
	shown, more := l.Shown()
	var all []string
	for _, a := range shown {
		all = append(all, a.String())
	}
	if more > 0 {
		all = append(all, fmt.Sprintf("%d more", more))
	}
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " and " + all[last]
}

func (s Series) String() string {
	var all []string
	for _, a := range s {
		all = append(all, a.String())
	}
	return strings.Join(all, ", ")
}

func (t Table) String() string { return t.Words(Arg.String) }

// Words is the table with its cells worded.
func (t Table) Words(word func(Arg) string) string {
	rows := make([][]string, len(t))
	for i, row := range t {
		for _, a := range row {
			rows[i] = append(rows[i], word(a))
		}
	}
	return text.Aligned(rows)
}

// String spells the command as Slack and the page do. When something is to start
// stands before it, without quotes.
func (u Usage) String() string {
	var words []string
	if u.Command != "" {
		words = append(words, "/tastetest", u.Command)
	}
	if u.Timed() {
		words = append(words, u.Options[0].Value, "start")
		u.Options = u.Options[1:]
	}
	words = append(words, u.Words...)
	for _, o := range u.Options {
		value := o.Value
		if strings.ContainsAny(value, " \t\n") {
			value = `"` + value + `"`
		}
		words = append(words, o.Name+"="+value)
	}
	return strings.Join(words, " ")
}

// Timed reports whether when something is to start stands before it.
func (u Usage) Timed() bool {
	return len(u.Words) > 0 && len(u.Options) > 0 && u.Options[0].Name == "when"
}

// MarshalText writes the sentence in English: what machines read of it.
func (s Sentence) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Equal reports whether s and t say the same with the same values.
func (s Sentence) Equal(t Sentence) bool { return reflect.DeepEqual(s, t) }

// Literals are texts in English, in whatever language the rest is.
func Literals(texts []string) []Sentence {
	var all []Sentence
	for _, t := range texts {
		all = append(all, Literal(t))
	}
	return all
}

// English are the sentences in English, for logs, tests and the machine's commands.
func English(said []Sentence) []string {
	var all []string
	for _, s := range said {
		all = append(all, s.String())
	}
	return all
}
