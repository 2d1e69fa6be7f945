package slack

import api "github.com/slack-go/slack"

// Slack refuses messages of more than some 13,200 characters
// (msg_blocks_too_long), and does not say what it counts: the text, with the
// three signs that it escapes, and something for what stands around it. People
// have measured 100 to 125 characters for a header or a divider, and that rich
// text of many small pieces is refused long before its text is so long. So all
// is counted here, about as long as it is in JSON.
const (
	boxCost     = 50 // of a paragraph, a list, a block
	runCost     = 26 // of a piece of text, without a style
	styleCost   = 30 // of a style, and what it says
	mostRunCost = runCost + 2*styleCost
	dateCost    = 100 // of a time, beside its fallback
	ruleCost    = 125 // of a divider; of a header, beside its text
	buttonCost  = 250
)

// cost is what a character counts, at most.
func cost(r rune) int {
	switch {
	case r == '&':
		return len("&amp;")
	case r == '<' || r == '>':
		return len("&lt;")
	case r == '\n' || r == '\t' || r == '"' || r == '\\':
		return 2
	case r > 0xffff:
		return 2 // two in UTF-16
	}
	return 1
}

func costOf(s string) int {
	n := 0
	for _, r := range s {
		n += cost(r)
	}
	return n
}

// sizeOf counts the characters of rich text.
func sizeOf(body []api.RichTextElement) int {
	n := 0
	for _, e := range body {
		n += boxCost
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
		n += sizeOfRun(r)
	}
	return n
}

func sizeOfRun(r api.RichTextSectionElement) int {
	if d, ok := r.(*api.RichTextSectionDateElement); ok {
		return mostRunCost + dateCost + costOf(*d.Fallback)
	}
	t, ok := r.(*api.RichTextSectionTextElement)
	if !ok {
		return 0
	}
	n := runCost + costOf(t.Text)
	if s := styleOf(t); s != (style{}) {
		n += styleCost
		if s.Bold && s.Italic || s.Code && (s.Bold || s.Italic) || s.Strike {
			n += styleCost
		}
	}
	return n
}

func sizeOfBlock(b api.Block) int {
	switch b := b.(type) {
	case *api.RichTextBlock:
		return boxCost + sizeOf(b.Elements)
	case *api.HeaderBlock:
		return ruleCost + costOf(b.Text.Text)
	case *api.SectionBlock:
		return 5*buttonCost + costOf(b.Text.Text) // with a menu
	case *api.ContextBlock:
		n := boxCost
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*api.TextBlockObject); ok {
				n += boxCost + costOf(t.Text)
			}
		}
		return n
	case *api.ImageBlock:
		return ruleCost + costOf(b.AltText)
	case *api.DataTableBlock:
		n := ruleCost + costOf(b.Caption)
		for _, row := range b.Rows {
			for _, cell := range row {
				n += boxCost + costOf(cell.(*api.DataTableRawTextCell).Text)
			}
		}
		return n
	case *api.ActionBlock:
		return boxCost + buttonCost*len(b.Elements.ElementSet)
	}
	return ruleCost
}
