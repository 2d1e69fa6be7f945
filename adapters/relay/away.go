package relay

import (
	"io"
	"net/http"

	"golang.org/x/text/language"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// ours are the languages that the page speaks.
var ours = language.NewMatcher([]language.Tag{language.English, language.Chinese})

// away says that nobody leads just now. A page that was asked for asks again by
// itself; Slack and pipelines do when they have waited.
func away(w http.ResponseWriter, r *http.Request) {
	lang := bot.En
	if _, at := language.MatchStrings(ours, r.Header.Get("Accept-Language")); at == 1 {
		lang = bot.Zh
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "2")
	if r.Method == http.MethodGet {
		h.Set("Refresh", "2")
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	s := bot.Say("Another machine is taking over, so nothing was done. This page comes back by itself in a moment.")
	io.WriteString(w, say.Words{Voice: bot.Voice{Lang: lang}}.For(s).Text(s)+"\n")
}
