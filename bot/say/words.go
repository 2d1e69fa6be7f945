package say

import (
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
)

// Words word sentences for whoever reads them, as they leave.
type Words struct {
	bot.Voice
	Usage func(bot.Usage, bot.Lang) string // how a chat spells commands; nil: as Slack and the page do

	renamed renamings // nil: those of the program
}

// current is the wording of today for a key that may be stored.
func (w Words) current(key string) string {
	if w.renamed == nil {
		return renamed.current(key)
	}
	return w.renamed.current(key)
}

// A Run is a piece of what a sentence says: text, or a time that a chat may write
// in its own way.
type Run struct {
	Text string
	At   time.Time // zero: it is no time; else Text is the time in the place's zone
}

// For returns words for p, a post or a form: English as a whole if one of its
// sentences is not there in the language.
func (w Words) For(p any) Words {
	if w.Lang == bot.Zh && !w.whole(reflect.ValueOf(p)) {
		w.Lang = bot.En
	}
	return w
}

var sentenceType = reflect.TypeFor[bot.Sentence]()

// whole reports whether all sentences in v are there in Chinese.
func (w Words) whole(v reflect.Value) bool {
	switch {
	case v.IsValid() && v.Type() == sentenceType:
		return w.worded(v.Interface().(bot.Sentence))
	case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
		return v.IsNil() || w.whole(v.Elem())
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		for i := range v.Len() {
			if !w.whole(v.Index(i)) {
				return false
			}
		}
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			if !w.whole(v.Field(i)) {
				return false
			}
		}
	}
	return true
}

// worded reports whether a sentence and those within it are there in Chinese.
func (w Words) worded(s bot.Sentence) bool {
	if s.Key() != "" {
		if _, ok := inChinese(w.current(s.Key())); !ok {
			return false
		}
	}
	for _, a := range s.Args() {
		switch a := a.(type) {
		case bot.Sentence:
			if !w.worded(a) {
				return false
			}
		case bot.List:
			if !w.wordedAll(a.Of) {
				return false
			}
		case bot.Series:
			if !w.wordedAll(a) {
				return false
			}
		case bot.Table:
			for _, row := range a {
				if !w.wordedAll(row) {
					return false
				}
			}
		}
	}
	return true
}

func (w Words) wordedAll(args []bot.Arg) bool {
	for _, a := range args {
		if s, ok := a.(bot.Sentence); ok && !w.worded(s) {
			return false
		}
	}
	return true
}

// Text is a sentence in words.
func (w Words) Text(s bot.Sentence) string {
	var b strings.Builder
	for _, r := range w.Runs(s) {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Texts are sentences in words.
func (w Words) Texts(said []bot.Sentence) []string {
	var all []string
	for _, s := range said {
		all = append(all, w.Text(s))
	}
	return all
}

// Runs is a sentence in words, with its times apart.
func (w Words) Runs(s bot.Sentence) []Run {
	var out runs
	w.sentence(&out, s)
	return out
}

// runs gather text; pieces of text that follow each other are one.
type runs []Run

func (r *runs) text(s string) {
	if s == "" {
		return
	}
	if n := len(*r); n > 0 && (*r)[n-1].At.IsZero() {
		(*r)[n-1].Text += s
		return
	}
	*r = append(*r, Run{Text: s})
}

func (r runs) endsIn(set string) bool {
	if len(r) == 0 || r[len(r)-1].Text == "" {
		return false
	}
	last := []rune(r[len(r)-1].Text)
	return strings.ContainsRune(set, last[len(last)-1])
}

func (w Words) sentence(out *runs, s bot.Sentence) {
	key := w.current(s.Key())
	wording := key
	if w.Lang == bot.Zh {
		if zh, ok := inChinese(key); ok && zh != "" { // a key without words of its own is the same in both
			wording = zh
		}
	}
	joins := false // to Chinese that follows, without a space
	for _, p := range s.Parts(wording) {
		switch {
		case p.Arg != nil && s.Key() != "" && w.Lang == bot.Zh:
			joins = w.set(out, p.Arg)
		case p.Arg != nil:
			w.arg(out, p.Arg)
		case joins && startsSpaced(p.Text):
			out.text(p.Text[1:])
		case s.Key() != "" || w.Lang != bot.Zh:
			out.text(p.Text)
		case p.Text == " ": // between two sentences, or two halves of a title
			switch {
			case out.endsIn("。！？：；”）…"):
			case out.endsIn(".!?:;)"):
				out.text(" ")
			default:
				out.text("，")
			}
		case p.Text == "; ":
			out.text("；")
		default:
			out.text(p.Text)
		}
	}
}

// set puts a name, names or a time into a Chinese sentence. Its space is for other
// letters and for digits: there is none to a Chinese name, nor to 周四 17:00. It reports
// whether what it put there ends in Chinese.
func (w Words) set(out *runs, a bot.Arg) (ends bool) {
	switch a.(type) {
	case bot.Verbatim, bot.List, bot.Series, bot.Moment:
	default:
		w.arg(out, a)
		return false
	}
	var name runs
	w.arg(&name, a)
	if len(name) == 0 {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(name[0].Text); unicode.Is(unicode.Han, first) {
		out.unspace()
	}
	for _, r := range name {
		if r.At.IsZero() {
			out.text(r.Text)
		} else {
			*out = append(*out, r)
		}
	}
	last, _ := utf8.DecodeLastRuneInString(name[len(name)-1].Text)
	return unicode.Is(unicode.Han, last)
}

// unspace takes away a space that follows Chinese.
func (r runs) unspace() {
	if len(r) == 0 {
		return
	}
	text, spaced := strings.CutSuffix(r[len(r)-1].Text, " ")
	if last, _ := utf8.DecodeLastRuneInString(text); spaced && unicode.Is(unicode.Han, last) {
		r[len(r)-1].Text = text
	}
}

// startsSpaced reports whether a text is Chinese after a space.
func startsSpaced(text string) bool {
	rest, spaced := strings.CutPrefix(text, " ")
	first, _ := utf8.DecodeRuneInString(rest)
	return spaced && unicode.Is(unicode.Han, first)
}

func (w Words) arg(out *runs, a bot.Arg) {
	switch a := a.(type) {
	case bot.Sentence:
		w.sentence(out, a)
	case bot.Usage:
		if w.Usage != nil {
			out.text(w.Usage(a, w.Lang))
			return
		}
		out.text(Spelled(a, w.Lang))
	case bot.Name:
		out.text(Called(string(a), w.Lang))
	case bot.Moment:
		at := w.in(time.Time(a))
		*out = append(*out, Run{Text: clock(at, time.Now().In(at.Location()), w.Lang), At: at})
	case bot.Series:
		w.joined(out, a, w.comma(), w.comma())
	case bot.List:
		w.list(out, a)
	case bot.Table:
		out.text(a.Words(w.cell))
	case bot.Money, bot.Cost, bot.Pace, bot.Lasting:
		if w.Lang == bot.Zh {
			out.text(quantity(a))
			return
		}
		out.text(a.String())
	default:
		out.text(a.String())
	}
}

// cell is an argument alone, as text.
func (w Words) cell(a bot.Arg) string { return w.Text(bot.Say("{cell}", a)) }

// in is a time in the reader's zone; as it is given where that is not known.
func (w Words) in(t time.Time) time.Time {
	if loc, err := time.LoadLocation(w.Zone); err == nil && w.Zone != "" {
		return t.In(loc)
	}
	return t
}

func (w Words) comma() string {
	if w.Lang == bot.Zh {
		return "、"
	}
	return ", "
}

func (w Words) joined(out *runs, all []bot.Arg, between, last string) {
	for i, a := range all {
		switch {
		case i > 0 && i == len(all)-1:
			out.text(last)
		case i > 0:
			out.text(between)
		}
		w.arg(out, a)
	}
}

func (w Words) list(out *runs, l bot.List) {
	shown, more := l.Shown()
	if more > 0 {
		shown = append(append([]bot.Arg(nil), shown...), bot.Say("{n} more", bot.Count(more)))
	}
	if n := len(shown); w.Lang == bot.Zh && n > 1 {
		w.joined(out, shown[:n-1], w.comma(), w.comma())
		var last runs
		w.arg(&last, shown[n-1])
		out.text(and(*out, last))
		for _, r := range last {
			if r.At.IsZero() {
				out.text(r.Text)
			} else {
				*out = append(*out, r)
			}
		}
		return
	}
	w.joined(out, shown, w.comma(), " and ")
}

// and joins what stands before it and after it in Chinese, with a space to what is
// written in other letters: “小李和 Ana”.
func and(before, after runs) string {
	s := "和"
	if len(before) > 0 {
		if r, _ := utf8.DecodeLastRuneInString(before[len(before)-1].Text); r < unicode.MaxLatin1 {
			s = " " + s
		}
	}
	if len(after) > 0 {
		if r, _ := utf8.DecodeRuneInString(after[0].Text); r < unicode.MaxLatin1 {
			s += " "
		}
	}
	return s
}
