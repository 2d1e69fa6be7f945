package web

import (
	"net/http"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// themeCookie is light or dark, for those who chose one.
const themeCookie = "theme"

// A theme is a choice of the menu.
type theme struct {
	Name   string // "" is the browser's own
	Label  bot.Sentence
	Chosen bool
}

// Themes are what the menu offers.
func (f frame) Themes() []theme {
	return []theme{
		{"", bot.Say("automatic"), f.Theme == ""},
		{"light", bot.Say("light"), f.Theme == "light"},
		{"dark", bot.Say("dark"), f.Theme == "dark"},
	}
}

// theme is what whoever sends r chose; "" is as their device has it.
func (c *Chat) theme(r *http.Request) string {
	k, err := r.Cookie(c.signer.name(themeCookie))
	if err != nil || k.Value != "light" && k.Value != "dark" {
		return ""
	}
	return k.Value
}

// shade takes the theme that somebody chooses from the menu.
func (c *Chat) shade(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, smallBody)
	name := r.FormValue("theme")
	if !slices.ContainsFunc(frame{}.Themes(), func(t theme) bool { return t.Name == name }) {
		c.refuse(w, r, http.StatusBadRequest, bot.Say("Reload the page and choose one of the themes in its menu."))
		return
	}
	age := year
	if name == "" {
		age = -1
	}
	c.setCookie(w, r, themeCookie, name, age)
	c.tell(w, r, http.StatusOK, outcome{Reload: true})
}
