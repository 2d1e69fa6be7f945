package slack

import (
	"fmt"
	"slices"
	"strconv"
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
	less   *said  // what is said where Slack refuses it; nil: nothing
}

// render lays out a post.
func (w tongue) render(p bot.Post) said {
	var m said
	switch p := p.(type) {
	case bot.Head:
		m = w.head(p)
	case bot.Ballot:
		m = w.ballot(p)
	case bot.Reveal:
		m = w.reveal(p)
	case bot.Announcement:
		m = w.announcement(p, w.chart(p.Bars, p.Summary))
	case bot.Seat:
		m = said{text: w.Text(p.Title), blocks: w.seatBlocks(p)} // stands in a modal; see views.go
	case bot.Standings:
		m = w.standings(p)
	case bot.Digest:
		m = w.digest(p)
	case bot.Week:
		m = w.week(p)
	case bot.Notice:
		m = said{text: w.plain(p), blocks: w.noticeBlocks(p), alone: true}
	}
	return finished(m)
}

// finished is within Slack's limits.
func finished(m said) said {
	m.text = clip(m.text, 3000)
	m.blocks = fit(m.blocks)
	return m
}

func (w tongue) head(h bot.Head) said {
	name := w.Text(bot.Dotted(bot.Say("Taste test {id}", h.Tasting), h.Question))
	m := said{text: name, blocks: []api.Block{title(name)}}
	if !h.Intro.IsZero() {
		m.blocks = append(m.blocks, w.sentence(h.Intro))
	}
	if !h.Outcome.IsZero() {
		m.blocks = append(m.blocks, w.styledSentence(h.Outcome, bold))
	}
	if h.Main != nil {
		row := api.NewActionBlock("", w.button(*h.Main))
		beside, _ := fold(h.Menu)
		for _, b := range beside {
			row.Elements.ElementSet = append(row.Elements.ElementSet, w.button(b))
		}
		if len(h.Menu) > 0 {
			row.Elements.ElementSet = append(row.Elements.ElementSet, w.menu(h.Menu))
		}
		m.blocks = append(m.blocks, row)
		m.blocks = append(m.blocks, w.smalls(h.Progress)...)
	} else {
		if h.State.TakesVotes() {
			m.blocks = append(m.blocks, rich(paragraph(textRun(w.Text(bot.Say("Vote in this thread")), bold), plainRun(w.Text(bot.Say(": a message a round. Read both answers, then tap an emoji below them."))))))
		}
		m.blocks = append(m.blocks, w.progress(h.Progress, h.Menu)...)
	}
	if h.Whole != nil {
		m.blocks = append(m.blocks, w.buttons([]bot.Button{*h.Whole})...)
	}
	m.blocks = append(m.blocks, w.smalls(h.Privacy, crowd(h.Crowd))...)
	if len(h.Details) > 0 {
		m.parts = w.follow(bot.Say("Details"), bot.Sentence{}, []api.RichTextElement{preformatted(visible(w.Text(bot.Lines(h.Details...))))})
	}
	return m
}

func crowd(yes bool) bot.Sentence {
	if yes {
		return bot.Say("Simulated people take part: this is a demonstration.")
	}
	return bot.Sentence{}
}

// progress is a line with the menu at its end, if there is one.
func (w tongue) progress(s bot.Sentence, bs []bot.Button) []api.Block {
	if len(bs) == 0 || s.IsZero() {
		return w.smalls(s)
	}
	beside, _ := fold(bs)
	return append([]api.Block{api.NewSectionBlock(w.line(s, mostPlain), nil, api.NewAccessory(w.menu(bs)))}, w.buttons(beside)...)
}

func (w tongue) ballot(b bot.Ballot) said {
	m := said{text: w.Text(b.Title), blocks: []api.Block{w.title(b.Title), w.prompt(b.Prompt)}}
	if !b.Removed.IsZero() {
		b.Left = bot.Verbatim(w.Text(b.Removed))
		b.Right = b.Left
	}
	left, right := markdown(string(b.Left)), markdown(string(b.Right))
	if together(string(b.Prompt), left, right) {
		m.blocks = append(m.blocks,
			api.NewDividerBlock(), rich(lead("🅰️", left)...),
			api.NewDividerBlock(), rich(lead("🅱️", right)...),
			api.NewDividerBlock())
	} else {
		m.blocks = append(m.blocks, api.NewDividerBlock(), w.sentence(bot.Say("🅰️ and 🅱️ are long: read them in the thread, then tap an emoji here.")))
		m.parts = append(w.follow(b.Title, bot.Quoted("🅰️"), left), w.follow(b.Title, bot.Quoted("🅱️"), right)...)
	}
	if !b.Note.IsZero() {
		m.blocks = append(m.blocks, w.styledSentence(b.Note, api.RichTextSectionTextStyle{Italic: true}))
	}
	m.blocks = append(m.blocks, w.smalls(b.Legend)...)
	m.blocks = append(m.blocks, w.progress(b.Progress, b.Menu)...)
	m.blocks = append(m.blocks, w.smalls(b.Privacy, crowd(b.Crowd))...)
	m.blocks = append(m.blocks, w.smalls(b.Details...)...)
	return m
}

func (w tongue) reveal(r bot.Reveal) said {
	name := r.Title
	if !r.Verdict.IsZero() {
		name = bot.Say("{title}: {verdict}", r.Title, r.Verdict)
	}
	m := said{text: w.Text(name), blocks: []api.Block{w.title(r.Title), w.prompt(r.Prompt)}}
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
			m.parts = append(m.parts, w.follow(r.Title, bot.Quoted(s.Emoji), body)...)
		}
		m.blocks = append(m.blocks, w.smalls(s.Facts)...)
	}
	m.blocks = append(m.blocks, api.NewDividerBlock())
	m.blocks = append(m.blocks, w.chart(r.Bars, r.Summary)...)
	if !r.Verdict.IsZero() {
		m.blocks = append(m.blocks, w.styledSentence(r.Verdict, bold))
	}
	if r.Answer != "" {
		m.blocks = append(m.blocks, rich(paragraph(textRun(w.Text(bot.Say("The answer: ")), bold), plainRun(clip(string(r.Answer), mostWords)))))
	}
	m.blocks = append(m.blocks, w.notes(r.Notes)...)
	if r.Whole != nil {
		m.blocks = append(m.blocks, w.buttons([]bot.Button{*r.Whole})...)
	}
	return m // its details stand with the results, for those who want them
}

// announcement shows the votes by blocks: bars in text, or a picture and its
// numbers. The question is read in what it answers, where it answers something.
func (w tongue) announcement(a bot.Announcement, votes []api.Block) said {
	if a.Under.Message != "" {
		a.Question = bot.Sentence{}
	}
	m := said{text: w.Text(a.Title), blocks: w.summary(a, votes)}
	if !a.Summary.IsZero() {
		m.text += "\n" + w.Text(a.Summary)
	}
	results := a.Tasting.String() + "/results" + pageMark
	row := slices.Clone(a.Buttons)
	if len(a.Rounds) > 0 {
		row = append(row, bot.Button{ID: results + "1", Label: bot.Say("Each round")})
	}
	row = append(row, bot.Button{ID: results + strconv.Itoa(len(a.Rounds)+1), Label: bot.Say("Details")})
	m.blocks = append(m.blocks, w.buttons(row)...)
	m.blocks = append(m.blocks, w.offering(a.Comes, a.Off)...)
	return m
}

// summary is what an announcement says by itself: with the picture, and without
// the question, seven lines at most.
func (w tongue) summary(a bot.Announcement, votes []api.Block) []api.Block {
	blocks := []api.Block{w.title(a.Title)}
	if !a.Question.IsZero() {
		blocks = append(blocks, w.sentence(a.Question))
	}
	blocks = append(blocks, votes...)
	for i, s := range []bot.Sentence{a.Finding, a.Cost, a.Choose} {
		if !s.IsZero() {
			blocks = append(blocks, w.styledSentence(s, api.RichTextSectionTextStyle{Bold: i == 0}))
		}
	}
	switch {
	case a.Again != nil:
		blocks = append(blocks, api.NewSectionBlock(w.line(a.Next, mostPlain), nil, api.NewAccessory(w.button(*a.Again))))
	case !a.Next.IsZero():
		blocks = append(blocks, w.sentence(a.Next))
	}
	return blocks
}

// side is who wrote an answer.
func side(s bot.RevealSide) string {
	return clip(strings.TrimSpace(s.Emoji+" "+string(s.Model)), mostTitled)
}

// prompt is what both models were asked.
func (w tongue) prompt(p bot.Verbatim) api.Block {
	s := strings.TrimSpace(clip(string(p), mostAsked))
	if s == "" {
		return w.sentence(bot.Say("There was no prompt."))
	}
	return rich(paragraph(textRun(w.Text(bot.Say("Prompt: ")), bold), plainRun(s)))
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
func (w tongue) chart(bars []bot.Bar, otherwise bot.Sentence) []api.Block {
	if len(bars) == 0 {
		if otherwise.IsZero() {
			return nil
		}
		return []api.Block{w.sentence(otherwise)}
	}
	labels, values := make([]string, len(bars)), make([]string, len(bars))
	wide, valued, most := 0, 0, 1
	for i, b := range bars {
		labels[i], values[i] = clip(w.Text(b.Label), mostBarLabel), fmt.Sprint(b.Count)
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
func (w tongue) notes(ns []bot.Sentence) []api.Block {
	var items []api.RichTextElement
	room := mostWords
	for _, n := range ns {
		if room > 1 && !n.IsZero() {
			items = append(items, paragraph(w.runs(n, room, api.RichTextSectionTextStyle{})...))
			room -= size(w.Text(n))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []api.Block{rich(api.NewRichTextList(api.RTEListBullet, 0, items...))}
}
