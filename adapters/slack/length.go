package slack

import (
	"fmt"

	api "github.com/slack-go/slack"
)

const (
	mostTogether = 9_000   // of a prompt and both answers, so that the later reveal fits too
	mostPart     = 11_000  // of one message that follows
	mostSide     = 120_000 // of an answer that is shown at all: what 8,000 characters as people see them can come to, nearly always
	mostBlocks   = 50
)

// together reports whether both answers stand in the ballot and in its reveal.
// It depends on the texts alone, so that the reveal has the ballot's form, and
// is the same with the sides exchanged.
func together(prompt string, left, right []api.RichTextElement) bool {
	return min(size(prompt), mostAsked)+sizeOf(left)+sizeOf(right) <= mostTogether
}

// follow makes the messages in which one long text follows.
func follow(title, label string, body []api.RichTextElement) []said {
	pieces := divide(body, mostPart)
	var all []said
	for i, piece := range pieces {
		name := label
		if len(pieces) > 1 {
			name = fmt.Sprintf("%s %d of %d", label, i+1, len(pieces))
		}
		if label != "" {
			piece = append([]api.RichTextElement{paragraph(text(name, bold))}, piece...)
		}
		all = append(all, said{text: clip(title+" · "+name, 3000), blocks: []api.Block{rich(piece...)}})
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
		offset := e.Offset
		for _, item := range e.Elements {
			for _, x := range halve(item, n) {
				l := api.NewRichTextList(e.Style, e.Indent, x)
				l.Offset = offset
				all = append(all, l)
			}
			offset++
		}
	}
	return all
}

// chunk cuts runs of text into groups of at most n characters.
func chunk(runs []api.RichTextSectionElement, n int) [][]api.RichTextSectionElement {
	var all [][]api.RichTextSectionElement
	var group []api.RichTextSectionElement
	room := n
	for _, r := range runs {
		t, ok := r.(*api.RichTextSectionTextElement)
		if !ok {
			continue
		}
		for s := t.Text; s != ""; {
			if room <= 1 {
				all, group, room = append(all, group), nil, n
			}
			head := prefix(s, room)
			group = append(group, api.NewRichTextSectionTextElement(head, t.Style))
			room -= size(head)
			s = s[len(head):]
		}
	}
	if len(group) > 0 {
		all = append(all, group)
	}
	return all
}

// prefix returns the beginning of s in at most n characters, one at least.
func prefix(s string, n int) string {
	used := 0
	for i, r := range s {
		if used += size(string(r)); used > n && i > 0 {
			return s[:i]
		}
	}
	return s
}

// sizeOf counts the characters of rich text.
func sizeOf(body []api.RichTextElement) int {
	n := 0
	for _, e := range body {
		switch e := e.(type) {
		case *api.RichTextSection:
			n += sizeOfRuns(e.Elements)
		case *api.RichTextQuote:
			n += sizeOfRuns(e.Elements)
		case *api.RichTextPreformatted:
			n += sizeOfRuns(e.Elements)
		case *api.RichTextList:
			n += sizeOf(e.Elements)
		}
	}
	return n
}

func sizeOfRuns(runs []api.RichTextSectionElement) int {
	n := 0
	for _, r := range runs {
		if t, ok := r.(*api.RichTextSectionTextElement); ok {
			n += size(t.Text)
		}
	}
	return n
}

// fit leaves out small print, from the end, until a message is within Slack's
// limits.
func fit(blocks []api.Block) []api.Block {
	total := 0
	for _, b := range blocks {
		total += sizeOfBlock(b)
	}
	for i := len(blocks) - 1; i > 0 && (total > mostMessage || len(blocks) > mostBlocks); i-- {
		if c, ok := blocks[i].(*api.ContextBlock); ok {
			total -= sizeOfBlock(c)
			blocks = append(blocks[:i:i], blocks[i+1:]...)
		}
	}
	return blocks
}

func sizeOfBlock(b api.Block) int {
	switch b := b.(type) {
	case *api.RichTextBlock:
		return sizeOf(b.Elements)
	case *api.HeaderBlock:
		return size(b.Text.Text)
	case *api.SectionBlock:
		return size(b.Text.Text)
	case *api.ContextBlock:
		n := 0
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*api.TextBlockObject); ok {
				n += size(t.Text)
			}
		}
		return n
	}
	return 0
}
