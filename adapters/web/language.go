package web

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A tongue is a language that the page's menu offers.
type tongue struct {
	Lang   bot.Lang
	Name   bot.Sentence // its own, whatever the page speaks
	Chosen bool         // the page speaks it
}

func tongues(chosen bot.Lang) []tongue {
	return []tongue{
		{bot.En, bot.Literal("English"), chosen == bot.En},
		{bot.Zh, bot.Literal("中文"), chosen == bot.Zh},
	}
}

func offered(lang bot.Lang) bool {
	return slices.ContainsFunc(tongues(""), func(t tongue) bool { return t.Lang == lang })
}

// lang is the language that whoever sends r reads: what they chose from the menu,
// in any browser, else what was chosen in this one before they had a name, else the
// first of ours that it asks for; "" if it asks for none.
func (c *Chat) lang(r *http.Request) bot.Lang {
	if lang := profileOf(r).Lang; offered(lang) {
		return lang
	}
	if k, err := r.Cookie(c.signer.name(langCookie)); err == nil && offered(bot.Lang(k.Value)) {
		return bot.Lang(k.Value)
	}
	asked, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // what cannot be read asks for nothing
	for _, tag := range asked {
		base, _ := tag.Base()
		if lang := bot.Lang(base.String()); offered(lang) {
			return lang
		}
	}
	return ""
}

// voice is how whoever sends r is told what is said in v. Times stay in the
// place's zone: the page's script puts them into the reader's own.
func (c *Chat) voice(r *http.Request, v bot.Voice) bot.Voice {
	if lang := c.lang(r); lang != "" {
		v.Lang = lang
	}
	if !offered(v.Lang) {
		v.Lang = bot.En
	}
	return v
}

// wording is how a post or form that is said in v is worded for whoever sends r.
func (c *Chat) wording(r *http.Request, v bot.Voice, p any) wording {
	return wording{say.Words{Voice: c.voice(r, v)}.For(p)}
}

// plain is a sentence for whoever sends r, as text.
func (c *Chat) plain(r *http.Request, s bot.Sentence) string {
	return say.Words{Voice: c.voice(r, bot.Voice{})}.For(s).Text(s)
}

// speak takes the language that somebody chooses from the menu.
func (c *Chat) speak(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, smallBody)
	lang := bot.Lang(r.FormValue("lang"))
	if !offered(lang) {
		c.refuse(w, r, http.StatusBadRequest, bot.Say("Reload the page and choose one of the languages in its menu."))
		return
	}
	c.setCookie(w, r, langCookie, string(lang), year)
	if user, _ := c.user(r); user != "" {
		if err := c.keep(r.Context(), user, func(p *bot.Profile) { p.Lang = lang }); err != nil {
			c.sorry(w, r, err)
			return
		}
	}
	if to := r.FormValue("to"); ofResults(to) {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	c.tell(w, r, http.StatusOK, outcome{Reload: true})
}
