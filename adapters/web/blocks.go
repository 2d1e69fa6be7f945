package web

import (
	"regexp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// A block is part of what a notice says: a line, or terms with what they mean.
type block struct {
	Line  markup
	Terms []term
}

type term struct {
	Name, Meaning string
	Typed         string // what a tap on Name sends, if it is a command
	Sent          bool   // at once: it shows or asks something, and changes nothing by itself
}

// A term stands alone before two spaces or more, and its meaning has no columns.
var termLine = regexp.MustCompile(`^ {0,2}(\S+) {2,}(\S+(?: \S+)*)$`)

// blocks takes a notice's text apart.
func (w wording) blocks(s bot.Sentence) []block {
	var out []block
	for _, line := range w.lines(s) {
		m := termLine.FindStringSubmatch(line.Text)
		switch last := len(out) - 1; {
		case m == nil:
			out = append(out, block{Line: line.HTML})
		case last >= 0 && out[last].Terms != nil:
			out[last].Terms = append(out[last].Terms, term{Name: m[1], Meaning: m[2]})
		default:
			out = append(out, block{Terms: []term{{Name: m[1], Meaning: m[2]}}})
		}
	}
	return out
}

// Listing is a notice's code if all of it says what terms mean, with headings or
// without: a list to read, and not to copy.
func (it item) Listing() []block {
	n, ok := it.Post.(bot.Notice)
	if !ok {
		return nil
	}
	bs, terms := it.wording.blocks(n.Code), 0
	for i, b := range bs {
		if b.Terms == nil && (i+1 == len(bs) || bs[i+1].Terms == nil) { // it heads nothing
			return nil
		}
		terms += len(b.Terms)
	}
	if terms < 2 {
		return nil
	}
	for _, b := range bs {
		for i := range b.Terms {
			if _, ok := command.Called(b.Terms[i].Name); ok {
				b.Terms[i].Typed, b.Terms[i].Sent = "/tastetest "+b.Terms[i].Name, b.Terms[i].Name != "extend"
			}
		}
	}
	return bs
}
