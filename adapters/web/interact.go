package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	smallBody = 64 << 10 // bytes of most requests
	largeBody = 8 << 20  // of a form with a file
	patience  = 10 * time.Second
)

// An outcome is what the script on the page is told about a request. Without
// the script the browser is sent back to the page, and what is said stands
// there as a private notice.
type outcome struct {
	Dialog markup  `json:"dialog,omitempty"` // to show
	Close  bool    `json:"close,omitempty"`  // the dialog it came from is done with
	Error  string  `json:"error,omitempty"`
	Field  string  `json:"field,omitempty"`  // of the form that Error is about
	Faults []fault `json:"faults,omitempty"` // where it is several fields: all of it
	Join   bool    `json:"join,omitempty"`   // the person has no name yet
	Out    bool    `json:"out,omitempty"`    // the person has no name any more
	Said   string  `json:"said,omitempty"`   // the anchor of a new private notice
	Await  string  `json:"await,omitempty"`  // the anchor of the post that is coming of it
	Reload bool    `json:"reload,omitempty"` // all of the page is another now
}

// A fault is what must be changed in one field of a form.
type fault struct {
	Field string `json:"field"`
	Error string `json:"error"`
}

func scripted(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

func (c *Chat) tell(w http.ResponseWriter, r *http.Request, status int, o outcome) {
	if scripted(r) {
		c.json(w, status, o)
		return
	}
	switch {
	case o.Join:
		http.Redirect(w, r, "/?join", http.StatusSeeOther)
	case o.Error != "":
		http.Error(w, o.Error, status)
	case o.Await != "":
		http.Redirect(w, r, "/#"+o.Await, http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

// refuse says what is wrong, in the language of whoever sent r.
func (c *Chat) refuse(w http.ResponseWriter, r *http.Request, status int, why bot.Sentence) {
	c.tell(w, r, status, outcome{Error: c.plain(r, why)})
}

func (c *Chat) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		c.log.Debug("the page went away", "err", err)
	}
}

// acting checks who acts, and only then reads what they send. If it returns ""
// the request has been answered.
func (c *Chat) acting(w http.ResponseWriter, r *http.Request, body int64) (user string) {
	if user = c.actor(w, r); user == "" || !c.read(w, r, body) {
		return ""
	}
	return user
}

// actor checks who acts. If it returns "" the request has been answered.
func (c *Chat) actor(w http.ResponseWriter, r *http.Request) (user string) {
	user, forged := c.user(r)
	switch {
	case forged:
		c.refuse(w, r, http.StatusForbidden, bot.Say("This browser’s name is not valid here any more. Reload the page and give your name again."))
		return ""
	case user == "":
		c.tell(w, r, http.StatusUnauthorized, outcome{Join: true, Error: c.plain(r, bot.Say("Give a name first: reload the page."))})
	}
	return user
}

// read reads a form of at most so many bytes. If it returns false the request
// has been answered.
func (c *Chat) read(w http.ResponseWriter, r *http.Request, body int64) bool {
	r.Body = http.MaxBytesReader(w, r.Body, body)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(1 << 20)
	} else {
		err = r.ParseForm()
	}
	return c.unread(w, r, err)
}

// unread answers a request that could not be read; false if that is so.
func (c *Chat) unread(w http.ResponseWriter, r *http.Request, err error) bool {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.refuse(w, r, http.StatusRequestEntityTooLarge, bot.Say("That is too much at once: send at most {n} KB.", bot.Count(tooLarge.Limit>>10)))
	case err != nil:
		c.refuse(w, r, http.StatusBadRequest, bot.Say("That request could not be read. Reload the page and try again."))
	}
	return err == nil
}

// name takes the name that somebody gives.
func (c *Chat) name(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, smallBody)
	if user, _ := c.user(r); user != "" { // a second one would be a second vote
		c.tell(w, r, http.StatusOK, outcome{Close: true})
		return
	}
	user, err := newUser(r.FormValue("name"))
	if err != nil {
		c.refuse(w, r, http.StatusUnprocessableEntity, c.public(r.Context(), err))
		return
	}
	name, _, _ := cutUser(user)
	err = c.keep(r.Context(), user, func(p *bot.Profile) {
		p.Name = name
		p.Zone = browsersZone(r)
		if k, err := r.Cookie(c.signer.name(langCookie)); err == nil && offered(bot.Lang(k.Value)) {
			p.Lang = bot.Lang(k.Value)
		}
	})
	if errors.Is(err, bot.ErrTaken) {
		c.refuse(w, r, http.StatusConflict, bot.Say("Somebody here is called {name} already. Type another name. If that is you, open the menu of your name where you gave it: “Use this on another device” makes a link, to be opened here.", bot.Name(name)))
		return
	}
	if err != nil {
		c.sorry(w, r, err)
		return
	}
	c.setUser(w, r, user)
	c.tell(w, r, http.StatusOK, outcome{Close: true})
}

// outlives is the context of what a request asks for: whoever goes away once
// it was read changes nothing about it, so that no vote is lost or half kept.
func outlives(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), patience)
}

// react takes an emoji, "on:left" or "off:left". The page shows one emoji a
// person, so this says all that shall stand: one request, one write.
func (c *Chat) react(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, smallBody)
	if user == "" {
		return
	}
	turn, choice, _ := strings.Cut(r.PostFormValue("tap"), ":")
	ref := bot.Ref{Place: bot.Place{Workspace: c.place.Workspace, Channel: r.PostFormValue("channel")}, Message: r.PostFormValue("message")}
	if !known(bot.Choice(choice)) || turn != "on" && turn != "off" || !c.within(ref.Place) {
		c.refuse(w, r, http.StatusBadRequest, bot.Say("Reload the page and tap one of the four emoji."))
		return
	}
	if !c.counts(profileOf(r)) {
		c.refuse(w, r, http.StatusForbidden, looksOn())
		return
	}
	ctx, cancel := outlives(r)
	defer cancel()
	if err := c.Tap(ctx, ref, user, bot.Choice(choice), turn == "on"); err != nil {
		c.sorry(w, r, err)
		return
	}
	c.tell(w, r, http.StatusOK, outcome{})
}

func known(choice bot.Choice) bool {
	for _, c := range bot.Choices {
		if c.Choice == choice {
			return true
		}
	}
	return false
}

// within reports whether at is the channel or a thread of it.
func (c *Chat) within(at bot.Place) bool {
	return at == c.place || strings.HasPrefix(at.Channel, c.place.Channel+"/")
}

// forgetMe is the button after which the core knows a person no more.
const forgetMe = "forget-me"

func (c *Chat) press(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, smallBody)
	if user == "" {
		return
	}
	if q := r.PostFormValue("confirm"); q != "" {
		c.reply(w, r, user, bot.Reply{Post: bot.Notice{Text: bot.Literal(q), Buttons: []bot.Button{
			{ID: r.PostFormValue("button"), Label: bot.Literal(r.PostFormValue("label")), Primary: true, Danger: r.PostFormValue("danger") != ""},
		}}}, true)
		return
	}
	h, _ := c.connected()
	ctx, cancel := outlives(r)
	defer cancel()
	b := r.PostFormValue("button")
	if votes(b) && !c.counts(profileOf(r)) {
		c.refuse(w, r, http.StatusForbidden, looksOn())
		return
	}
	a := h.Press(ctx, bot.Press{At: c.place, User: user, Button: b})
	if n, ok := a.Post.(bot.Notice); ok && b == forgetMe && !n.Error {
		c.farewell(w, r, user, n)
		return
	}
	c.reply(w, r, user, a, false)
}

func (c *Chat) dismiss(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, smallBody)
	if user == "" {
		return
	}
	if card := r.PostFormValue("card"); card != "" {
		c.notices.dismiss(user, card)
		c.live.poke(user)
	}
	c.tell(w, r, http.StatusOK, outcome{})
}
