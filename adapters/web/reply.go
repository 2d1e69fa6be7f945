package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"

	"github.com/tastetest/tastetest/bot"
)

// reply shows what the bot answers: a page of one's own (a seat, a form, a
// question) as a dialog, everything else as a private notice. What went wrong
// in a dialog is said in it, so that nothing typed is lost. It has a case for
// each kind of post.
func (c *Chat) reply(w http.ResponseWriter, r *http.Request, user string, a bot.Reply, question bool) {
	defer c.live.pokeSoon() // whatever it did may show on all pages
	inDialog := r.PostFormValue("in") == "dialog"
	notice, isNotice := a.Post.(bot.Notice)
	_, isSeat := a.Post.(bot.Seat)
	dialog := a.Form != nil || isSeat || question
	card := r.PostFormValue("card")
	status := http.StatusOK
	if isNotice && notice.Error { // nothing was kept, or done
		status = http.StatusConflict
	}
	switch {
	case a.Post == nil && a.Form == nil:
		if card != "" {
			c.notices.dismiss(user, card)
		}
		c.later(user, "", a.Later)
		c.tell(w, r, http.StatusOK, outcome{Close: true})
	case dialog && scripted(r):
		it := newItem(c.wordingOf(r, a), "dialog", a.Post, a.Form, &c.texts)
		it.Dialog, it.Card = true, card
		html := it.HTML()
		c.later(user, "", a.Later)
		c.tell(w, r, http.StatusOK, outcome{Dialog: html})
	case isNotice && notice.Error && inDialog && scripted(r) && len(notice.Buttons) == 0:
		words := c.wording(r, notice.Voice, notice)
		o := outcome{Error: words.Text(whole(notice)), Field: notice.Field}
		for _, f := range notice.Faults {
			o.Faults = append(o.Faults, fault{f.Field, words.Text(f.Text)})
		}
		c.tell(w, r, status, o)
	case isNotice && notice.Error && len(notice.Buttons) == 0 && c.notices.refuse(user, card, whole(notice)):
		c.tell(w, r, status, outcome{Close: true, Said: "p-" + card}) // what was asked still stands
	default:
		shown := bot.Reply{Post: a.Post, Form: a.Form}
		if !c.notices.replace(user, card, shown) {
			card = c.notices.add(user, shown)
		}
		c.later(user, card, a.Later)
		o := outcome{Close: true, Said: "p-" + card}
		if notice.Awaits != (bot.PostKey{}) {
			o.Await = anchor(notice.Awaits.String())
		}
		c.tell(w, r, status, o)
	}
}

func whole(n bot.Notice) bot.Sentence { return bot.Lines(n.Title, n.Text, n.Code) }

// wordingOf is how a reply is worded for whoever sends r.
func (c *Chat) wordingOf(r *http.Request, a bot.Reply) wording {
	if a.Form != nil {
		return c.wording(r, a.Form.Voice, a.Form)
	}
	return c.wording(r, a.Post.Spoken(), a.Post)
}

// farewell signs the browser of somebody out who has been forgotten, and says
// so: private notices went with the name.
func (c *Chat) farewell(w http.ResponseWriter, r *http.Request, user string, n bot.Notice) {
	c.setCookie(w, r, userCookie, "", -1)
	c.notices.dismiss(user, "")
	c.mu.Lock()
	delete(c.admins, user)
	c.mu.Unlock()
	c.live.pokeSoon()
	if !scripted(r) {
		f := c.frame(r, n.Voice)
		f.Said, f.Inside = n.Text, true
		execute(w, http.StatusOK, f.enter())
		return
	}
	it := newItem(c.wording(r, n.Voice, n), "dialog", n, nil, &c.texts)
	it.Dialog = true
	c.tell(w, r, http.StatusOK, outcome{Dialog: it.HTML(), Out: true})
}

// later lets work say to one person how it goes on: in the place of the
// notice called id, so that ten reports of progress are one line, and no more
// once that is dismissed or something newer about the same stands there.
func (c *Chat) later(user, id string, work func(context.Context, func(bot.Post) error) error) {
	if work == nil {
		return
	}
	_, running := c.connected()
	c.working.Go(func() {
		say := func(p bot.Post) error {
			if id == "" {
				id = c.notices.add(user, bot.Reply{Post: p})
			} else if !c.notices.replace(user, id, bot.Reply{Post: p}) {
				return nil
			}
			c.live.poke(user)
			return nil
		}
		if err := safely(func() error { return work(running, say) }); err != nil && running.Err() == nil {
			id = ""
			say(bot.Notice{Text: c.public(running, err), Error: true})
		}
	})
}

// public is what may be said of an error. Of all but a UserError that is an
// id, with which it is in the log: as a fault, unless the error is that whoever
// asked in ctx has gone away.
func (c *Chat) public(ctx context.Context, err error) bot.Sentence {
	if u, ok := errors.AsType[bot.UserError](err); ok {
		return bot.Sentence(u)
	}
	id, level := rand.Text()[:8], slog.LevelError
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		level = slog.LevelDebug
	}
	c.log.Log(context.WithoutCancel(ctx), level, "web request", "id", id, "err", err)
	return bot.Say("Sorry, that did not work. Please try again; if it happens again, tell whoever runs this page the number {id}.", bot.Verbatim(id))
}

func (c *Chat) sorry(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	if _, ok := errors.AsType[bot.UserError](err); ok {
		status = http.StatusConflict
	}
	c.refuse(w, r, status, c.public(r.Context(), err))
}

func (c *Chat) fail(w http.ResponseWriter, r *http.Request, err error) {
	http.Error(w, c.plain(r, c.public(r.Context(), err)), http.StatusInternalServerError)
}
