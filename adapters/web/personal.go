package web

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A personal link makes a browser one person's. It works once. Opening it changes
// nothing, since previews of links open them too: its key becomes a cookie, which the
// page that then asks takes up.
const (
	personalHolds = 10 * time.Minute
	personalPath  = "/me/as"
	personalKey   = "personal" // the cookie, and what the key is signed for
)

var errUsed = errors.New("the link was used, or is too old")

func notPersonal() bot.Sentence {
	return bot.Say("That link is not one of this page’s.")
}

func usedUp() bot.Sentence {
	return bot.Say("That link was used already, or is too old: it works once. Make a new one from the menu of your name, where you gave it, or ask whoever sent it.")
}

// personal makes a link to be somebody: its path, and what is to be kept of it.
func (c *Chat) personal(user string) (path, link string) {
	secret := rand.Text()
	key := base64.RawURLEncoding.EncodeToString([]byte(user)) + "." + secret
	return "/me/open?key=" + key + "." + c.signer.sign(personalKey, key), linkHash(secret)
}

func linkHash(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// whose reads a personal link's key.
func (c *Chat) whose(key string) (user, secret string, ours bool) {
	i := strings.LastIndexByte(key, '.')
	if c.opt.People == nil || i < 0 || !c.signer.signed(personalKey, key[:i], key[i+1:]) {
		return "", "", false
	}
	id, secret, _ := strings.Cut(key[:i], ".")
	b, err := base64.RawURLEncoding.DecodeString(id)
	return string(b), secret, err == nil
}

// opens reports whether a link of somebody works still.
func opens(p bot.Profile, secret string) bool {
	return p.Link == linkHash(secret) && time.Now().Before(p.Until)
}

// device answers somebody alone with a link that makes another browser theirs.
func (c *Chat) device(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, smallBody)
	if user == "" {
		return
	}
	if c.opt.People == nil {
		c.refuse(w, r, http.StatusConflict, bot.Say("This page keeps no people, so it has no links for them."))
		return
	}
	path, link := c.personal(user)
	err := c.keep(r.Context(), user, func(p *bot.Profile) { p.Link, p.Until = link, time.Now().Add(personalHolds).UTC() })
	if err != nil {
		c.sorry(w, r, err)
		return
	}
	c.reply(w, r, user, bot.Reply{Post: bot.Notice{
		Voice: c.voice(r, bot.Voice{}),
		Title: bot.Say("Use this on another device"),
		Text:  bot.Say("Open this link there within ten minutes. It works once, and whoever opens it is you: send it to nobody."),
		Code:  bot.Literal(c.base(r) + path),
	}}, false)
}

// base is the page's address as whoever sends r has it.
func (c *Chat) base(r *http.Request) string {
	if c.encrypted(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// openPersonal takes a link's key out of the address.
func (c *Chat) openPersonal(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the step from here tells nobody the address
	key := r.URL.Query().Get("key")
	if _, _, ours := c.whose(key); !ours {
		c.closed(w, r, http.StatusForbidden, notPersonal())
		return
	}
	c.setCookie(w, r, personalKey, key, int(personalHolds.Seconds()))
	c.onward(w, r, personalPath)
}

// opened is whose link this browser has opened, and what is kept of them. If ok is
// false the request has been answered.
func (c *Chat) opened(w http.ResponseWriter, r *http.Request) (v bot.Voter, secret string, p bot.Profile, ok bool) {
	key := ""
	if k, err := r.Cookie(c.signer.name(personalKey)); err == nil {
		key = k.Value
	}
	user, secret, ours := c.whose(key)
	if !ours {
		c.closed(w, r, http.StatusForbidden, usedUp())
		return v, "", p, false
	}
	v = bot.Voter{Workspace: c.place.Workspace, User: user}
	p, err := c.opt.People.Profile(r.Context(), v)
	if err != nil {
		c.fail(w, r, err)
		return v, "", p, false
	}
	if !opens(p, secret) {
		c.closed(w, r, http.StatusForbidden, usedUp())
		return v, "", p, false
	}
	return v, secret, p, true
}

// askPersonal asks whether this browser shall be theirs whose link was opened.
func (c *Chat) askPersonal(w http.ResponseWriter, r *http.Request) {
	if elsewhere(r) { // its cookies did not come along
		c.onward(w, r, personalPath)
		return
	}
	if v, _, p, ok := c.opened(w, r); ok {
		c.askWho(w, r, http.StatusOK, v.User, p, bot.Sentence{})
	}
}

// askWho is that question, with what was wrong with an answer.
func (c *Chat) askWho(w http.ResponseWriter, r *http.Request, status int, user string, p bot.Profile, problem bot.Sentence) {
	f := c.frame(r, bot.Voice{})
	name, _, _ := cutUser(user)
	f.Channel, f.Guest, f.Problem = "", p.Guest, problem
	if f.Becomes = p.Name; !p.Guest {
		f.Becomes = cmp.Or(p.Name, name)
	}
	if now, _ := c.user(r); now != "" && now != user {
		was, _, _ := cutUser(now)
		f.Was = cmp.Or(profileOf(r).Name, was)
	}
	execute(w, status, f.personal())
}

// takePersonal makes the browser theirs whose link was opened, and uses the link up.
func (c *Chat) takePersonal(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, smallBody)
	v, secret, p, ok := c.opened(w, r)
	if !ok {
		return
	}
	here, _ := c.user(r)
	stays := p.Guest && here != "" // whoever is here is invited as who they are
	name := p.Name
	if p.Guest && name == "" && !stays {
		var err error
		if name, err = cleanName(r.PostFormValue("name")); err != nil {
			c.askWho(w, r, http.StatusUnprocessableEntity, v.User, p, c.public(r.Context(), err))
			return
		}
	}
	ctx, cancel := outlives(r)
	defer cancel()
	err := c.opt.People.SetProfile(ctx, v, func(p *bot.Profile) error {
		if !opens(*p, secret) {
			return errUsed
		}
		if stays {
			*p = bot.Profile{}
			return nil
		}
		p.Name, p.Link, p.Until = name, "", time.Time{}
		p.Linked, p.Guest = p.Linked || p.Guest, false
		return nil
	})
	if err == nil && stays {
		v.User = here
		err = c.keep(ctx, here, func(p *bot.Profile) { p.Linked = true })
	}
	switch {
	case errors.Is(err, errUsed): // by another browser, at this moment
		c.closed(w, r, http.StatusForbidden, usedUp())
		return
	case errors.Is(err, bot.ErrTaken):
		c.askWho(w, r, http.StatusConflict, v.User, p, bot.Say("Somebody here is called {name} already. Type another name.", bot.Name(name)))
		return
	case err != nil:
		c.fail(w, r, err)
		return
	}
	c.setCookie(w, r, personalKey, "", -1)
	if c.opt.Secret != "" {
		c.setCookie(w, r, enterCookie, c.signer.sign(enterCookie, c.opt.Secret), year)
	}
	c.setUser(w, r, v.User)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
