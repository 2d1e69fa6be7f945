package slack

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"
	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// said is a post as Slack is given it.
type said struct {
	text   string // for notifications and screen readers
	blocks []api.Block
	parts  []said // what follows in its thread
	alone  bool   // the text says all that the blocks do
}

// render lays out a post.
func render(p bot.Post) said {
	var m said
	switch p := p.(type) {
	case bot.Head:
		m = head(p)
	case bot.Ballot:
		m = ballot(p)
	case bot.Reveal:
		m = reveal(p)
	case bot.Announcement:
		m = announcement(p, chart(p.Bars, p.Summary.String()))
	case bot.Seat:
		m = said{text: p.Title.String(), blocks: seatBlocks(p)} // stands in a modal; see views.go
	case bot.Standings:
		m = standings(p)
	case bot.Notice:
		m = said{text: plain(p), blocks: noticeBlocks(p), alone: true}
	}
	return finished(m)
}

// finished is within Slack's limits.
func finished(m said) said {
	m.text = clip(m.text, 3000)
	m.blocks = fit(m.blocks)
	return m
}

func head(h bot.Head) said {
	name := fmt.Sprintf("Taste test %v · %s", h.Tasting, h.Question)
	m := said{text: name, blocks: []api.Block{title(name)}}
	if !h.Intro.IsZero() {
		m.blocks = append(m.blocks, sentence(h.Intro.String()))
	}
	if h.Main != nil {
		row := api.NewActionBlock("", button(*h.Main))
		if len(h.Menu) > 0 {
			row.Elements.ElementSet = append(row.Elements.ElementSet, menu(h.Menu))
		}
		m.blocks = append(m.blocks, row)
		m.blocks = append(m.blocks, smalls(h.Progress.String())...)
	} else {
		if h.State.TakesVotes() {
			m.blocks = append(m.blocks, rich(paragraph(textRun("Vote in this thread", bold), plainRun(": a message a round. Read both answers, then tap an emoji below them."))))
		}
		m.blocks = append(m.blocks, progress(h.Progress.String(), h.Menu)...)
	}
	m.blocks = append(m.blocks, smalls(h.Privacy.String(), crowd(h.Crowd))...)
	if len(h.Details) > 0 {
		m.parts = follow("Details", "", []api.RichTextElement{preformatted(visible(strings.Join(bot.English(h.Details), "\n")))})
	}
	return m
}

func crowd(yes bool) string {
	if yes {
		return "Simulated people take part: this is a demonstration."
	}
	return ""
}

// progress is a line with the menu at its end, if there is one.
func progress(s string, bs []bot.Button) []api.Block {
	if len(bs) == 0 || s == "" {
		return smalls(s)
	}
	return []api.Block{api.NewSectionBlock(literal(clip(s, mostPlain)), nil, api.NewAccessory(menu(bs)))}
}

func ballot(b bot.Ballot) said {
	m := said{text: b.Title.String(), blocks: []api.Block{title(b.Title.String()), prompt(string(b.Prompt))}}
	left, right := markdown(string(b.Left)), markdown(string(b.Right))
	if together(string(b.Prompt), left, right) {
		m.blocks = append(m.blocks,
			api.NewDividerBlock(), rich(lead("🅰️", left)...),
			api.NewDividerBlock(), rich(lead("🅱️", right)...),
			api.NewDividerBlock())
	} else {
		m.blocks = append(m.blocks, api.NewDividerBlock(), sentence("🅰️ and 🅱️ are long: read them in the thread, then tap an emoji here."))
		m.parts = append(follow(b.Title.String(), "🅰️", left), follow(b.Title.String(), "🅱️", right)...)
	}
	if !b.Note.IsZero() {
		m.blocks = append(m.blocks, styledSentence(b.Note.String(), api.RichTextSectionTextStyle{Italic: true}))
	}
	m.blocks = append(m.blocks, smalls(b.Legend.String())...)
	m.blocks = append(m.blocks, progress(b.Progress.String(), b.Menu)...)
	m.blocks = append(m.blocks, smalls(b.Privacy.String(), crowd(b.Crowd))...)
	m.blocks = append(m.blocks, smalls(bot.English(b.Details)...)...)
	return m
}

func reveal(r bot.Reveal) said {
	name := r.Title.String()
	if !r.Verdict.IsZero() {
		name += ": " + r.Verdict.String()
	}
	m := said{text: name, blocks: []api.Block{title(r.Title.String()), prompt(string(r.Prompt))}}
	left, right := markdown(string(r.Sides[0].Text)), markdown(string(r.Sides[1].Text))
	inline := together(string(r.Prompt), left, right)
	for i, body := range [][]api.RichTextElement{left, right} {
		s := r.Sides[i]
		who := side(s)
		m.blocks = append(m.blocks, api.NewDividerBlock())
		if inline {
			m.blocks = append(m.blocks, rich(append([]api.RichTextElement{paragraph(textRun(who, bold))}, body...)...))
		} else {
			m.blocks = append(m.blocks, rich(paragraph(textRun(who, bold))))
			m.parts = append(m.parts, follow(r.Title.String(), s.Emoji, body)...)
		}
		m.blocks = append(m.blocks, smalls(s.Facts.String())...)
	}
	m.blocks = append(m.blocks, api.NewDividerBlock())
	m.blocks = append(m.blocks, chart(r.Bars, r.Summary.String())...)
	if !r.Verdict.IsZero() {
		m.blocks = append(m.blocks, styledSentence(r.Verdict.String(), bold))
	}
	if r.Answer != "" {
		m.blocks = append(m.blocks, rich(paragraph(textRun("The answer: ", bold), plainRun(clip(string(r.Answer), mostWords)))))
	}
	m.blocks = append(m.blocks, notes(bot.English(r.Notes))...)
	return m // its details stand with the results, for those who want them
}

// announcement shows the votes by blocks: bars in text, or a picture.
func announcement(a bot.Announcement, votes []api.Block) said {
	m := said{text: a.Title.String(), blocks: summary(a, votes)}
	if !a.Summary.IsZero() {
		m.text += "\n" + a.Summary.String()
	}
	row := []bot.Button{{ID: a.Tasting.String() + "/results", Label: bot.Say("Each round, and details")}}
	if a.Plan != nil {
		row = append(row, *a.Plan)
	}
	m.blocks = append(m.blocks, buttons(row)...)
	return m
}

// summary is what an announcement says without its rounds.
func summary(a bot.Announcement, votes []api.Block) []api.Block {
	blocks := []api.Block{title(a.Title.String())}
	if !a.Question.IsZero() {
		blocks = append(blocks, sentence(a.Question.String()))
	}
	blocks = append(blocks, votes...)
	blocks = append(blocks, smalls(a.Base.String())...)
	for i, v := range a.Verdict {
		blocks = append(blocks, styledSentence(v.String(), api.RichTextSectionTextStyle{Bold: i == 0}))
	}
	for _, s := range []string{a.Cost.String(), a.Next.String()} {
		if s != "" {
			blocks = append(blocks, sentence(s))
		}
	}
	blocks = append(blocks, notes(bot.English(a.Notes))...)
	return append(blocks, smalls(crowd(a.Crowd))...)
}

// side is who wrote an answer.
func side(s bot.RevealSide) string {
	return clip(strings.TrimSpace(s.Emoji+" "+string(s.Model)), mostTitled)
}

// prompt is what both models were asked.
func prompt(s string) api.Block {
	if s = strings.TrimSpace(clip(s, mostAsked)); s == "" {
		return sentence("There was no prompt.")
	}
	return rich(paragraph(textRun("Prompt: ", bold), plainRun(s)))
}

// lead puts a side's emoji before its text.
func lead(emoji string, body []api.RichTextElement) []api.RichTextElement {
	if p, ok := body[0].(*api.RichTextSection); ok {
		first := paragraph(append([]api.RichTextSectionElement{plainRun(emoji + "  ")}, p.Elements...)...)
		return append([]api.RichTextElement{first}, body[1:]...)
	}
	return append([]api.RichTextElement{paragraph(plainRun(emoji))}, body...)
}

// chart is bars as text; without any, the line that says why.
func chart(bars []bot.Bar, otherwise string) []api.Block {
	if len(bars) == 0 {
		if otherwise == "" {
			return nil
		}
		return []api.Block{sentence(otherwise)}
	}
	labels, values := make([]string, len(bars)), make([]string, len(bars))
	wide, valued, most := 0, 0, 1
	for i, b := range bars {
		labels[i], values[i] = clip(b.Label.String(), mostBarLabel), fmt.Sprint(b.Count)
		if b.Percent > 0 {
			values[i] += fmt.Sprintf(" · %d%%", b.Percent)
		}
		wide, valued, most = max(wide, uniseg.StringWidth(labels[i])), max(valued, uniseg.StringWidth(values[i])), max(most, b.Count)
	}
	room := min(barWidth, phoneWidth-wide-valued-len("   "))
	var lines []string
	for i, b := range bars {
		if room < barWidth/2 { // a bar on a line of its own
			lines = append(lines, labels[i]+"  "+values[i])
			if b.Count > 0 {
				lines = append(lines, bar(b.Count, most, barWidth))
			}
			continue
		}
		lines = append(lines, labels[i]+strings.Repeat(" ", wide-uniseg.StringWidth(labels[i]))+"  "+bar(b.Count, most, room)+" "+values[i])
	}
	return []api.Block{rich(preformatted(strings.Join(lines, "\n")))}
}

const (
	phoneWidth   = 38 // characters of such a line that a phone shows
	barWidth     = 16
	mostBarLabel = 24
)

func bar(n, most, width int) string {
	full := (n*width + most/2) / most
	if n > 0 && full == 0 {
		return "▏"
	}
	return strings.Repeat("█", full)
}

// notes are a list of what was unusual.
func notes(ns []string) []api.Block {
	var items []api.RichTextElement
	room := mostWords
	for _, n := range ns {
		if n = clip(n, room); n != "…" && n != "" {
			items = append(items, paragraph(plainRun(n)))
			room -= size(n)
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []api.Block{rich(api.NewRichTextList(api.RTEListBullet, 0, items...))}
}
