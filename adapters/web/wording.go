package web

import (
	"html/template"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A wording is what something is shown with: words in one language, and the
// templates that say them.
type wording struct {
	say.Words
	templates *template.Template
}

// wordings keeps a wording for each voice: there are as many as the page speaks
// languages, in as many zones as the places that it shows. The zero value is ready.
type wordings struct {
	mu sync.Mutex
	of map[bot.Voice]wording
}

func (x *wordings) in(v bot.Voice) wording {
	x.mu.Lock()
	defer x.mu.Unlock()
	w, ok := x.of[v]
	if !ok {
		w.Voice = v
		w.templates = template.Must(templates.Clone()).Funcs(w.funcs())
		if x.of == nil {
			x.of = make(map[bot.Voice]wording)
		}
		x.of[v] = w
	}
	return w
}

// funcs are what templates say things with. A text of their own is {{say "key" …}}.
func (w wording) funcs() template.FuncMap {
	return template.FuncMap{
		"said":   w.html,
		"text":   w.Text,
		"lines":  w.lines,
		"blocks": w.blocks,
		"say":    func(key string, args ...bot.Arg) string { return w.Text(bot.Say(key, args...)) },
		"count":  func(n int) bot.Count { return bot.Count(n) },
		"name":   func(s string) bot.Verbatim { return bot.Verbatim(s) },
		"lang":   func() string { return htmlLang[w.Lang] },
		"wide":   w.wide,
	}
}

// htmlLang are the languages as browsers call them.
var htmlLang = map[bot.Lang]string{bot.En: "en", bot.Zh: "zh-CN"}

// A line is one of those that something is said in.
type line struct {
	Text string
	HTML template.HTML
}

// html is a sentence with its times marked, so that the page's script can put
// them into the reader's own zone.
func (w wording) html(s bot.Sentence) template.HTML {
	var all strings.Builder
	for i, l := range w.lines(s) {
		if i > 0 {
			all.WriteByte('\n')
		}
		all.WriteString(string(l.HTML))
	}
	return template.HTML(all.String())
}

// lines is a sentence line by line; none if it says nothing.
func (w wording) lines(s bot.Sentence) []line {
	var all []line
	for _, r := range w.Runs(s) {
		if all == nil {
			all = make([]line, 1)
		}
		if !r.At.IsZero() {
			all[len(all)-1].add(r.Text, `<time datetime="`+r.At.UTC().Format(time.RFC3339)+`"`+w.there()+`>`+template.HTMLEscapeString(r.Text)+`</time>`)
			continue
		}
		for i, text := range strings.Split(r.Text, "\n") {
			if i > 0 {
				all = append(all, line{})
			}
			all[len(all)-1].add(text, template.HTMLEscapeString(text))
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
	return ` data-zone="` + template.HTMLEscapeString(w.Zone) + `"`
}

func (l *line) add(text, html string) {
	l.Text += text
	l.HTML += template.HTML(html)
}
