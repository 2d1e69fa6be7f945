package slack

import (
	"fmt"
	"regexp"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A tongue words posts and lays them out as Slack takes them, with times that
// each reader sees in their own zone where Slack has such times.
type tongue struct{ say.Words }

// tongueOf is that of a post or a form.
func tongueOf(p interface{ Spoken() bot.Voice }) tongue {
	return tongue{say.Words{Voice: p.Spoken()}.For(p)}
}

// render lays out a post, in words.
func render(p bot.Post) said { return tongueOf(p).render(p) }

// timeFormat is how Slack writes a time, in the reader's language and zone:
// "Tomorrow 5:00 PM", "Mar 5th 17:00".
const timeFormat = "{date_short_pretty} {time}"

// runs are a sentence as rich text of at most n characters.
func (w tongue) runs(s bot.Sentence, n int, style api.RichTextSectionTextStyle) []api.RichTextSectionElement {
	var all []api.RichTextSectionElement
	for _, r := range w.Runs(s) {
		text := clip(r.Text, n)
		if text == "…" || text == "" {
			break
		}
		if n -= size(text); r.At.IsZero() || text != r.Text {
			all = append(all, textRun(text, style))
			continue
		}
		date := api.NewRichTextSectionDateElement(r.At.Unix(), timeFormat, nil, &text)
		if style != (api.RichTextSectionTextStyle{}) {
			date.Style = &style
		}
		all = append(all, date)
	}
	if len(all) == 0 {
		return []api.RichTextSectionElement{textRun("", style)}
	}
	return all
}

// formatting is what Slack reads as formatting where it reads any.
var formatting = regexp.MustCompile("[*_~`<>&@\\n]|:[\\w+-]+:")

// line is a sentence as a text object. Only one with times, and without a sign
// that Slack could read as formatting, is given to it to read.
func (w tongue) line(s bot.Sentence, n int) *api.TextBlockObject {
	whole, timed := w.Text(s), false
	var b strings.Builder
	for _, r := range w.Runs(s) {
		if r.At.IsZero() {
			b.WriteString(r.Text)
			continue
		}
		timed = true
		b.WriteString(liveTime(r))
	}
	if !timed || size(whole) > n || formatting.MatchString(whole) {
		return literal(clip(whole, n))
	}
	return api.NewTextBlockObject(api.MarkdownType, b.String(), false, true)
}

// liveTime is a time in text that Slack reads formatting in.
func liveTime(r say.Run) string {
	return fmt.Sprintf("<!date^%d^%s|%s>", r.At.Unix(), timeFormat, r.Text)
}

// sentence is a block of one plain paragraph.
func (w tongue) sentence(s bot.Sentence) api.Block {
	return w.styledSentence(s, api.RichTextSectionTextStyle{})
}

func (w tongue) styledSentence(s bot.Sentence, style api.RichTextSectionTextStyle) api.Block {
	return rich(paragraph(w.runs(s, mostWords, style)...))
}

// title is a header; one that is too long is a bold paragraph.
func (w tongue) title(s bot.Sentence) api.Block { return title(w.Text(s)) }

// smalls are lines in small grey type; empty ones are left out.
func (w tongue) smalls(lines ...bot.Sentence) []api.Block {
	var blocks []api.Block
	for _, l := range lines {
		if !l.IsZero() {
			blocks = append(blocks, api.NewContextBlock("", w.line(l, mostWords)))
		}
	}
	return blocks
}
