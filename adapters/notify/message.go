package notify

import (
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A message is what a robot says: plain text, in which nothing is a mention or
// formatting, and where it leads.
type message struct{ title, text, link string }

// messageOf says what a post is about, of a digest all, in its place's language. ok is false for
// posts that robots are not told of. A ballot's texts stay on the page: robots say
// that there is one.
func messageOf(p bot.Post, link string) (m message, ok bool) {
	var title bot.Sentence
	var lines []bot.Sentence
	var w say.Words
	switch p := p.(type) {
	case bot.Head:
		w = say.Words{Voice: p.Voice}.For(p)
		title = bot.Dotted(bot.Say("Taste test {id}", p.Tasting), p.Question)
		lines = []bot.Sentence{p.Intro, p.Progress, p.Privacy}
	case bot.Ballot:
		w = say.Words{Voice: p.Voice}.For(p)
		title = p.Title
		lines = []bot.Sentence{p.Progress, p.Privacy}
	case bot.Announcement:
		w = say.Words{Voice: p.Voice}.For(p)
		title = p.Title
		lines = []bot.Sentence{p.Question, p.Summary, p.Finding, p.Cost, p.Choose, p.Next}
	case bot.Digest:
		w = say.Words{Voice: p.Voice}.For(p)
		title, lines = p.Title, p.Lines()[1:]
	default:
		return message{}, false
	}
	m = message{title: plain(w.Text(title)), link: link}
	var said []string
	for _, l := range lines {
		if !l.IsZero() {
			said = append(said, plain(w.Text(l)))
		}
	}
	m.text = strings.Join(said, "\n")
	return m, true
}

// plain is a text without what a robot would read as a mention. Feishu and
// WeCom know <at …> and <@…>, DingTalk @ and a number. The full-width signs are read
// in the same way by people.
func plain(s string) string {
	return strings.NewReplacer("<", "＜", ">", "＞", "@", "＠").Replace(s)
}

// cut shortens s to n bytes, at a character and with "…" if something is missing.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && s[n]&0xC0 == 0x80 { // in the middle of a character
		n--
	}
	return strings.TrimRight(s[:n], " \n") + "…"
}
