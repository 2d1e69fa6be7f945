package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// Limits of Slack's blocks, in characters.
const (
	mostHeader = 150
	mostLabel  = 75 // of a button or an option
	mostPlain  = 2000
	mostTitled = 300  // of a title that is too long for a header
	mostWords  = 1500 // of one of the core's sentences, with what is quoted in it
	mostAsked  = 6000 // of a prompt
)

// All text of people and models stands in rich text or plain text objects,
// where Slack takes it as it is: no mention, link or formatting comes of it.
// What else it reads formatting in is a line with a time: see line.

// literal is a text object whose text is taken as it is.
func literal(s string) *api.TextBlockObject {
	if s = visible(s); strings.TrimSpace(s) == "" {
		s = "–" // Slack refuses empty texts
	}
	return api.NewTextBlockObject(api.PlainTextType, s, false, false)
}

// textRun is a run of rich text.
func textRun(s string, style api.RichTextSectionTextStyle) api.RichTextSectionElement {
	if s == "" {
		s = " " // Slack refuses empty runs
	}
	if style == (api.RichTextSectionTextStyle{}) {
		return api.NewRichTextSectionTextElement(s, nil)
	}
	return api.NewRichTextSectionTextElement(s, &style)
}

var bold = api.RichTextSectionTextStyle{Bold: true}

// paragraph is one paragraph of rich text, of runs that are not empty.
func paragraph(runs ...api.RichTextSectionElement) *api.RichTextSection {
	return api.NewRichTextSection(joined(runs)...)
}

func plainRun(s string) api.RichTextSectionElement {
	return textRun(s, api.RichTextSectionTextStyle{})
}

func preformatted(s string) *api.RichTextPreformatted {
	return &api.RichTextPreformatted{Type: api.RTEPreformatted, Elements: []api.RichTextSectionElement{plainRun(s)}}
}

func rich(elements ...api.RichTextElement) *api.RichTextBlock {
	return api.NewRichTextBlock("", elements...)
}

// title is a header; one that is too long is a bold paragraph.
func title(s string) api.Block {
	s = visible(s)
	if size(s) <= mostHeader {
		return api.NewHeaderBlock(literal(s))
	}
	return rich(paragraph(textRun(clip(s, mostTitled), bold)))
}

// button is a button that hands back its ID and nothing else.
func (w tongue) button(b bot.Button) *api.ButtonBlockElement {
	label := b.Label
	if b.Chosen {
		label = bot.Say("✓ {label}", label)
	}
	e := api.NewButtonBlockElement(b.ID, b.ID, api.NewTextBlockObject(api.PlainTextType, clip(w.Text(label), mostLabel), true, false))
	switch {
	case b.Danger:
		e.Style = api.StyleDanger
	case b.Primary, b.Chosen:
		e.Style = api.StylePrimary
	}
	e.URL = b.URL
	if !b.Confirm.IsZero() {
		e.Confirm = api.NewConfirmationBlockObject(literal(w.Text(bot.Say("Sure?"))), literal(clip(w.Text(b.Confirm), 300)), literal(clip(w.Text(b.Label), 30)), literal(w.Text(bot.Say("Back"))))
	}
	return e
}

func (w tongue) buttons(bs []bot.Button) []api.Block {
	var blocks []api.Block
	for len(bs) > 0 {
		n := min(len(bs), 25)
		row := api.NewActionBlock("")
		for _, b := range bs[:n] {
			row.Elements.ElementSet = append(row.Elements.ElementSet, w.button(b))
		}
		blocks, bs = append(blocks, row), bs[n:]
	}
	return blocks
}

// menu is the ⋯ of a tasting. Slack's menus cannot ask before one of their
// lines; so the question stands behind a line's ID, and is asked when it is
// tapped.
func (w tongue) menu(bs []bot.Button) *api.OverflowBlockElement {
	var options []*api.OptionBlockObject
	_, bs = fold(bs)
	for _, b := range bs {
		value := b.ID
		if !b.Confirm.IsZero() {
			value = clip(b.ID+"?"+w.Text(b.Confirm), mostLabel)
		}
		options = append(options, api.NewOptionBlockObject(value, literal(clip(w.Text(b.Label), mostLabel)), nil))
	}
	return api.NewOverflowBlockElement("menu", options...)
}

// fold says which buttons of a menu go into Slack's, which takes five, and which stand
// beside it: the first.
func fold(bs []bot.Button) (beside, within []bot.Button) {
	n := max(0, len(bs)-5)
	return bs[:n], bs[n:]
}

// visible drops what Slack refuses or shows as nothing: bytes that are no
// text, and control characters.
func visible(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// size counts the characters of s as Slack's limits do at worst: those outside
// the basic plane twice.
func size(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xffff {
			n++
		}
	}
	return n
}

// clip returns s, or its beginning with "…", in at most n characters. It does
// not cut through what people see as one.
func clip(s string, n int) string {
	if s = visible(s); size(s) <= n {
		return s
	}
	used, at := len("…"), 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += size(cluster); used > n {
			break
		}
		at += len(cluster)
	}
	return strings.TrimRight(s[:at], " \n") + "…"
}

// escaped is s as Slack wants it where it would read formatting.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
