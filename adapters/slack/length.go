package slack

import (
	"strings"

	"github.com/rivo/uniseg"
	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// Limits in the characters that cost.go counts.
const (
	mostMessage  = 12_000  // of all blocks of a message; Slack refuses somewhere above 13,000
	mostTogether = 9_000   // of a prompt and both answers, so that the later reveal fits too
	mostPart     = 11_000  // of one message that follows
	mostSide     = 120_000 // of an answer that is shown at all: what 8,000 characters as people see them can come to, nearly always
	mostBlocks   = 50
)

// together reports whether both answers stand in the ballot and in its reveal.
// It depends on the texts alone, so that the reveal has the ballot's form, and
// is the same with the sides exchanged.
func together(prompt string, left, right []api.RichTextElement) bool {
	return sizeOf([]api.RichTextElement{paragraph(plainRun(clip(prompt, mostAsked)))})+sizeOf(left)+sizeOf(right) <= mostTogether
}

// follow makes the messages in which one long text follows.
func (w tongue) follow(title, label bot.Sentence, body []api.RichTextElement) []said {
	pieces := divide(body, mostPart)
	var all []said
	for i, piece := range pieces {
		name := label
		if len(pieces) > 1 {
			name = bot.Say("{label} {n} of {all}", label, bot.Count(i+1), bot.Count(len(pieces)))
		}
		if !label.IsZero() {
			piece = append([]api.RichTextElement{paragraph(textRun(w.Text(name), bold), plainRun(" · "+clip(w.Text(title), mostTitled)))}, piece...)
		}
		all = append(all, said{text: clip(w.Text(bot.Dotted(title, name)), 3000), blocks: []api.Block{rich(piece...)}})
	}
	return all
}

// divide cuts rich text into pieces of at most n characters, and drops what is
// beyond mostSide.
func divide(body []api.RichTextElement, n int) [][]api.RichTextElement {
	var pieces [][]api.RichTextElement
	var piece []api.RichTextElement
	room, total := n, mostSide
	for _, e := range body {
		for _, x := range halve(e, n) {
			s := sizeOf([]api.RichTextElement{x})
			if total -= s; total < 0 {
				break
			}
			if s > room {
				pieces, piece, room = append(pieces, piece), nil, n
			}
			piece, room = append(piece, x), room-s
		}
	}
	return append(pieces, piece)
}

// halve cuts an element that is longer than n into several.
func halve(e api.RichTextElement, n int) []api.RichTextElement {
	if sizeOf([]api.RichTextElement{e}) <= n {
		return []api.RichTextElement{e}
	}
	var all []api.RichTextElement
	switch e := e.(type) {
	case *api.RichTextSection:
		for _, runs := range chunk(e.Elements, n) {
			all = append(all, paragraph(runs...))
		}
	case *api.RichTextQuote:
		for _, runs := range chunk(e.Elements, n) {
			all = append(all, &api.RichTextQuote{Type: api.RTEQuote, Elements: runs})
		}
	case *api.RichTextPreformatted:
		for _, runs := range chunk(e.Elements, n) {
			all = append(all, &api.RichTextPreformatted{Type: api.RTEPreformatted, Elements: runs})
		}
	case *api.RichTextList:
		var open *api.RichTextList
		for i, item := range e.Elements {
			for _, x := range halve(item, n-boxCost) {
				if open == nil || sizeOf([]api.RichTextElement{open, x}) > n {
					open = api.NewRichTextList(e.Style, e.Indent)
					open.Offset = e.Offset + i
					all = append(all, open)
				}
				open.Elements = append(open.Elements, x)
			}
		}
	}
	return all
}

// chunk cuts runs of text into groups of at most n characters.
func chunk(runs []api.RichTextSectionElement, n int) [][]api.RichTextSectionElement {
	var all [][]api.RichTextSectionElement
	var group []api.RichTextSectionElement
	room := n - boxCost
	for _, r := range runs {
		t, ok := r.(*api.RichTextSectionTextElement)
		if !ok {
			continue
		}
		for s := t.Text; s != ""; {
			if room <= mostRunCost+1 && len(group) > 0 {
				all, group, room = append(all, group), nil, n-boxCost
			}
			head := prefix(s, room-mostRunCost)
			group = append(group, api.NewRichTextSectionTextElement(head, t.Style))
			room -= sizeOfRun(group[len(group)-1])
			s = s[len(head):]
		}
	}
	if len(group) > 0 {
		all = append(all, group)
	}
	return all
}

// prefix returns the beginning of s of at most n characters, one at least. It
// ends with a line or a word if it can, and not inside what people see as one
// character.
func prefix(s string, n int) string {
	if costOf(s) <= n {
		return s
	}
	end, used := 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += costOf(cluster); used > n && end > 0 {
			break
		}
		end += len(cluster)
	}
	for _, gap := range []string{"\n", " "} {
		if i := strings.LastIndex(s[:end], gap); i > end/2 {
			return s[:i+1]
		}
	}
	return s[:end]
}

// joined puts runs of one style that follow each other together.
func joined(runs []api.RichTextSectionElement) []api.RichTextSectionElement {
	var all []api.RichTextSectionElement
	var last *api.RichTextSectionTextElement
	var b strings.Builder
	flush := func() {
		if last != nil {
			last.Text = b.String()
			b.Reset()
		}
	}
	for _, r := range runs {
		t, ok := r.(*api.RichTextSectionTextElement)
		if ok && last != nil && styleOf(t) == styleOf(last) {
			b.WriteString(t.Text)
			continue
		}
		flush()
		last = nil
		if ok {
			last = api.NewRichTextSectionTextElement("", t.Style)
			b.WriteString(t.Text)
			r = last
		}
		all = append(all, r)
	}
	flush()
	return all
}

func styleOf(t *api.RichTextSectionTextElement) style {
	if t.Style == nil {
		return style{}
	}
	return *t.Style
}

// fit leaves out, from the end, small print and then paragraphs until a message
// is within Slack's limits.
func fit(blocks []api.Block) []api.Block {
	total := 0
	for _, b := range blocks {
		total += sizeOfBlock(b)
	}
	drop := func(mayGo func(api.Block) bool) {
		for i := len(blocks) - 1; i > 0 && (total > mostMessage || len(blocks) > mostBlocks); i-- {
			if mayGo(blocks[i]) {
				total -= sizeOfBlock(blocks[i])
				blocks = append(blocks[:i:i], blocks[i+1:]...)
			}
		}
	}
	drop(func(b api.Block) bool { _, ok := b.(*api.ContextBlock); return ok })
	drop(func(b api.Block) bool { _, ok := b.(*api.RichTextBlock); return ok })
	return blocks
}
