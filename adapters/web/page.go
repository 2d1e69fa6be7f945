package web

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

//go:embed static
var staticFiles embed.FS

// static serves the page's files, each by its name: a folder has no list. A browser
// asks each time whether it has changed, and is sent it once.
func static() http.Handler {
	files := http.FileServerFS(staticFiles)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := staticFiles.ReadFile(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", fmt.Sprintf(`W/"%x"`, sha256.Sum256(data)))
		files.ServeHTTP(w, r)
	})
}

// A frame is what a page is drawn from.
type frame struct {
	Title    string
	Channel  string
	Me       *person // nil: a stranger
	Admin    bool
	Join     bool // ask for a name at once
	Problem  bot.Sentence
	Said     bot.Sentence // at the gate: an answer
	Inside   bool         // at the gate: no secret need be asked
	Becomes  string       // of a personal link: whom it makes of a browser
	Was      string       // and who that was before
	Guest    bool         // it is an admin’s
	ByLink   bool         // only those who came by such a link vote
	Messages []item
	Earlier  int    // how many of Notices are folded: all but the newest
	Notices  []item // what the person alone sees, oldest first
	Tongues  []tongue
	To       string       // where a form, or a step from here, leads
	Results  *resultsView // of a page of results
	Theme    string       // light or dark, if it was chosen
	Zone     string       // in which the person’s times are meant; "" is not known
	Style    markup       // of a report: all of it

	wording wording
}

// frame is an empty page for whoever sends r, where the place is spoken to as v.
func (c *Chat) frame(r *http.Request, v bot.Voice) frame {
	w := wordingIn(c.voice(r, v))
	return frame{Title: c.opt.Title, Channel: c.opt.Channel, Tongues: tongues(w.Lang), Zone: profileOf(r).Zone, Theme: c.theme(r), wording: w}
}

// said notes on an item which language it is in, if that is not the page's.
func (f frame) said(it item) item {
	if it.wording.Lang != f.wording.Lang {
		it.Lang = htmlLang[it.wording.Lang]
	}
	return it
}

func (c *Chat) page(w http.ResponseWriter, r *http.Request) {
	f, err := c.look(w, r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	execute(w, http.StatusOK, f.page())
}

// channel answers with what changes on the page: all of it as HTML or, to the
// script, as news.
func (c *Chat) channel(w http.ResponseWriter, r *http.Request) {
	f, err := c.look(w, r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if !scripted(r) {
		execute(w, http.StatusOK, f.channel())
		return
	}
	c.json(w, http.StatusOK, newsFor(f, r.Header.Get("X-Have")))
}

// look reads what stands in the channel, as whoever asks may see it.
func (c *Chat) look(w http.ResponseWriter, r *http.Request) (frame, error) {
	user, forged := c.user(r)
	if forged {
		c.setCookie(w, r, userCookie, "", -1)
	}
	shown, err := c.reader.View(r.Context(), c.place, bot.Voter{Workspace: c.place.Workspace, User: user})
	if err != nil {
		return frame{}, err
	}
	if !c.counts(profileOf(r)) {
		shown = lookedAt(shown)
	}
	p, err := c.people(r.Context(), user, shown)
	if err != nil {
		return frame{}, err
	}
	var v bot.Voice
	if len(shown) > 0 {
		v = shown[len(shown)-1].Post.Spoken()
	}
	f := c.frame(r, v)
	for _, s := range shown {
		f.Messages = append(f.Messages, f.said(shownItem(c.wording(r, s.Post.Spoken(), s), s, p, &c.texts, &c.pieces)))
	}
	f.ByLink = c.opt.LinkedOnly
	f.Join = user == "" && r.URL.Query().Has("join")
	if user != "" {
		me := p.person(user)
		f.Me, f.Admin = &me, c.isAdmin(r)
		list := c.notices.awaiting(user, shown)
		f.Earlier = max(0, len(list)-1)
		for i, n := range list {
			it := newItem(c.wordingOf(r, n.reply), "p-"+n.id, n.reply.Post, n.reply.Form, &c.texts)
			it.Card, it.Told, it.Problem, it.Old = n.id, n.at, n.problem, i < f.Earlier
			f.Notices = append(f.Notices, f.said(it))
		}
	}
	return f, nil
}
