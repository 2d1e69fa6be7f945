package web

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
)

const (
	maxSay     = 20_000    // characters of a command
	commandMax = 256 << 10 // bytes of one, as browsers encode it
)

func (c *Chat) command(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, commandMax)
	if user == "" {
		return
	}
	text := strings.TrimSpace(r.PostFormValue("text"))
	rest, ours := cutCommand(text)
	switch {
	case text == "":
		c.tell(w, r, http.StatusOK, outcome{})
		return
	case utf8.RuneCountInString(text) > maxSay:
		c.refuse(w, r, http.StatusRequestEntityTooLarge, bot.Say("That is too long for a command. {start} alone opens a form for long texts.", bot.Usage{Command: "start"}))
		return
	case !ours:
		rest = text
	}
	h, _ := c.connected()
	ctx, cancel := outlives(r)
	defer cancel()
	c.reply(w, r, user, h.Command(ctx, bot.Command{At: c.place, User: user, Text: rest, Talk: !ours}), false)
}

// cutCommand returns what stands after /tastetest.
func cutCommand(text string) (rest string, ok bool) {
	const name = "/tastetest"
	first, rest, _ := strings.Cut(text, " ")
	if i := strings.IndexAny(text, " \t\n\u3000"); i >= 0 {
		first, rest = text[:i], text[i:]
	}
	return strings.TrimSpace(rest), strings.EqualFold(first, name)
}

// suggest completes what is being typed, as JSON.
func (c *Chat) suggest(w http.ResponseWriter, r *http.Request) {
	type suggestion struct {
		Text string `json:"text"` // replaces all that was typed
		Help string `json:"help"`
	}
	out := []suggestion{}
	user, _ := c.user(r)
	typed := r.URL.Query().Get("text")
	rest, ours := cutCommand(typed)
	switch {
	case ours && typed != "" && len(typed) <= smallBody:
		if strings.HasSuffix(typed, " ") && rest != "" {
			rest += " " // the last word is done
		}
		h, _ := c.connected()
		for _, s := range h.Suggest(r.Context(), bot.Command{At: c.place, User: user, Text: rest, Lang: c.lang(r)}) {
			out = append(out, suggestion{"/tastetest " + s.Text, c.plain(r, s.Help)})
		}
	case strings.HasPrefix("/tastetest", strings.ToLower(typed)):
		out = append(out, suggestion{"/tastetest ", c.plain(r, bot.Say("blind taste tests of two models"))})
	}
	c.json(w, http.StatusOK, out)
}
