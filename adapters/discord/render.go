package discord

import (
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// Colours of embeds: of the bot's own words, of answers (both alike), of errors.
const (
	ownColor    = 0x5865F2
	answerColor = 0x99AAB5
	errorColor  = 0xED4245
)

// A layout is a post as messages.
type layout struct {
	Main  message
	Parts []message // that follow in the thread: answers too long for one message
	Seeds bool      // the four emoji stand on it, for people to tap
}

// render lays a post out. mark, if set, stands in the footers, by which the
// post is found again: "12.3/ballot", and "12.3/ballot/2" on its second part. A digest is
// found by its date.
func (w tongue) render(p bot.Post, mark string) layout {
	var l layout
	switch p := p.(type) {
	case bot.Ballot:
		l = w.ballot(p)
	case bot.Reveal:
		l = w.reveal(p)
	case bot.Head:
		l.Main = w.head(p)
	case bot.Seat:
		l.Main = w.seat(p)
	case bot.Announcement:
		l.Main = w.announcement(p, w.votes(p))
	case bot.Standings:
		l.Main = w.standings(p)
	case bot.Digest:
		l.Main = w.digest(p)
	case bot.Week:
		l.Main = w.week(p)
	case bot.Notice:
		l.Main = w.notice(p)
	}
	fit(l.Main.Embeds)
	if d, ok := p.(bot.Digest); ok && mark != "" {
		w.date(&l.Main.Embeds[0], d)
	} else if mark != "" {
		sign(&l.Main, mark)
		for i := range l.Parts {
			sign(&l.Parts[i], fmt.Sprintf("%s/%d", mark, i+1))
		}
	}
	return l
}

func sign(m *message, mark string) {
	if n := len(m.Embeds); n > 0 {
		m.Embeds[n-1].Footer = &footer{mark}
	}
}

// mostMark is room for a footer.
const mostMark = 60

// fit cuts descriptions, the last ones first, until a message's embeds fit.
// Posts are laid out so that only notes and details are ever cut.
func fit(embeds []embed) {
	total := mostMark
	for i := range embeds {
		e := &embeds[i]
		e.Title, e.Description = trim(e.Title, mostTitle), trim(e.Description, mostDescription)
		total += length(e.Title) + length(e.Description)
	}
	for i := len(embeds) - 1; i >= 0 && total > mostEmbeds; i-- {
		e := &embeds[i]
		long := length(e.Description)
		e.Description = trim(e.Description, max(1, long-(total-mostEmbeds)))
		total -= long - length(e.Description)
	}
}

// trim cuts markdown to at most n characters.
func trim(s string, n int) string {
	if length(s) <= n {
		return s
	}
	if n < len("\n```")+8 {
		return "…"
	}
	piece, _ := firstPiece(s, n-len(" …"))
	return piece + " …"
}

func (w tongue) head(p bot.Head) message {
	lines := []string{
		w.text(p.Intro),
		w.bold(p.Outcome),
		w.bold(p.Progress),
		w.small(p.Privacy),
		w.crowd(p.Crowd),
		w.details(p.Details),
	}
	var row []bot.Button
	if p.Main != nil {
		row = append(row, *p.Main)
	}
	if p.Whole != nil {
		row = append(row, *p.Whole)
	}
	return message{
		Embeds:     []embed{{Title: w.text(bot.Dotted(bot.Say("Taste test {id}", p.Tasting), p.Question)), Description: join(lines), Color: ownColor}},
		Components: w.buttons(row, p.Menu),
	}
}

func (w tongue) seat(p bot.Seat) message {
	if p.Round.Round == 0 {
		return message{
			Embeds:     []embed{{Title: w.text(p.Title), Description: w.text(p.Note), Color: ownColor}},
			Components: w.buttons(p.Nav, nil),
		}
	}
	note := join([]string{w.text(p.Note), w.small(bot.Say("{dots} {n} of {all} done", bot.Verbatim(dots(p.Voted)), bot.Count(p.Done), bot.Count(p.Of)))})
	if !p.Question.IsZero() {
		p.Title = bot.Dotted(p.Title, p.Question)
	}
	m := message{Components: append(w.buttons(p.Buttons, nil), w.buttons(p.Nav, nil)...)}
	asked, shown, files := w.shownOrFiled(string(p.Prompt), [2]string{string(p.Left), string(p.Right)})
	m.Embeds = []embed{{Title: w.text(p.Title), Description: asked, Color: ownColor}, answer("🅰️", shown[0]), answer("🅱️", shown[1]), {Description: note, Color: ownColor}}
	if m.Files = files; files == nil {
		m.Attachments = &[]attachment{} // those of the round before go
	}
	return m
}

// dots are a voter's rounds, filled where they have voted.
func dots(voted []bool) string {
	var b strings.Builder
	for _, v := range voted {
		if v {
			b.WriteRune('●')
		} else {
			b.WriteRune('○')
		}
	}
	return b.String()
}

// notice takes a second embed where its text is too long for one, as that of a pack of
// forty prompts is.
func (w tongue) notice(p bot.Notice) message {
	color := ownColor
	if p.Error {
		color = errorColor
	}
	said, rest := w.text(p.Text), ""
	if p.Code.IsZero() {
		said, rest = firstPiece(said, mostDescription)
	} else {
		// The code is what people copy: the text gives way to it.
		code := block(shorten(w.Text(p.Code), mostDescription/2))
		said = strings.TrimSpace(trim(said, mostDescription-length(code)-1) + "\n" + code)
	}
	embeds := []embed{{Title: w.text(p.Title), Description: said, Color: color}}
	if rest != "" {
		embeds = append(embeds, embed{Description: rest, Color: color})
	}
	return message{Embeds: embeds, Components: w.buttons(p.Buttons, nil)}
}

// prompt is the prompt as a ballot shows it: text, whatever stands in it.
func prompt(s string) string { return quote(escape(s)) }

func quote(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }

func answer(title, text string) embed {
	if text == "" {
		text = small("no text")
	}
	return embed{Title: title, Description: text, Color: answerColor}
}

// bold is a sentence in bold type.
func (w tongue) bold(s bot.Sentence) string { return bold(w.inside(s)) }

// bold is markdown in bold type.
func bold(md string) string {
	if md == "" {
		return ""
	}
	return "**" + strings.ReplaceAll(md, "\n", " ") + "**"
}

// small is a sentence in small print.
func (w tongue) small(s bot.Sentence) string { return small(w.inside(s)) }

// small is markdown in small print.
func small(md string) string {
	if md == "" {
		return ""
	}
	return "-# " + strings.ReplaceAll(md, "\n", " ")
}

// details are hidden until clicked.
func (w tongue) details(lines []bot.Sentence) string {
	if len(lines) == 0 {
		return ""
	}
	hidden := strings.ReplaceAll(w.inside(bot.Dotted(lines...)), "\n", " ")
	return small(w.inside(bot.Say("Details:")) + " ||" + hidden + "||")
}

func (w tongue) crowd(simulated bool) string {
	if !simulated {
		return ""
	}
	return w.small(bot.Say("Some of the people here are simulated."))
}

// join puts lines below each other and passes over empty ones.
func join(lines []string) string {
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}
