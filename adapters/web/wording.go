package web

import (
	"html"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A wording is what something is shown with: words in one language.
type wording struct{ say.Words }

func wordingIn(v bot.Voice) wording { return wording{say.Words{Voice: v}} }

// say is a text of the page's own.
func (w wording) say(key string, args ...bot.Arg) string { return w.Text(bot.Say(key, args...)) }

// htmlLang are the languages as browsers call them.
var htmlLang = map[bot.Lang]string{bot.En: "en", bot.Zh: "zh-CN"}

// A line is one of those that something is said in.
type line struct {
	Text string
	HTML markup
}

// said is a sentence with its times marked, so that the page's script can put
// them into the reader's own zone.
func (w wording) said(s bot.Sentence) markup {
	var all strings.Builder
	for i, l := range w.lines(s) {
		if i > 0 {
			all.WriteByte('\n')
		}
		all.WriteString(string(l.HTML))
	}
	return markup(all.String())
}

// lines is a sentence line by line; none if it says nothing.
func (w wording) lines(s bot.Sentence) []line {
	var all []line
	for _, r := range w.Runs(s) {
		if all == nil {
			all = make([]line, 1)
		}
		if !r.At.IsZero() {
			all[len(all)-1].add(r.Text, `<time datetime="`+r.At.UTC().Format(time.RFC3339)+`"`+w.there()+`>`+html.EscapeString(r.Text)+`</time>`)
			continue
		}
		for i, text := range strings.Split(r.Text, "\n") {
			if i > 0 {
				all = append(all, line{})
			}
			all[len(all)-1].add(text, html.EscapeString(text))
		}
	}
	return all
}

// there is the zone that times are written in, for the script: clocks in the
// place may show another time than the reader's.
func (w wording) there() string {
	if w.Zone == "" {
		return ""
	}
	return ` data-zone="` + html.EscapeString(w.Zone) + `"`
}

func (l *line) add(text, html string) {
	l.Text += text
	l.HTML += markup(html)
}
