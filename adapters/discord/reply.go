package discord

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

const (
	// Discord waits three seconds for a first answer, and gives a token for
	// fifteen minutes of others.
	deferAfter = 1800 * time.Millisecond
	tokenLives = 14 * time.Minute

	firstWithin = 3 * time.Second // after that Discord takes no first answer
)

// A showing lays out a reply in its own way; nil: in the usual one.
type showing func() message

// within answers with what ask returns or, if that takes too long, says that
// the answer will come, and then edits it in.
func (x *exchange) within(ask func() (bot.Reply, showing)) {
	type asked struct {
		reply bot.Reply
		how   showing
	}
	done := make(chan asked, 1)
	x.spawn("ask for an answer", func() {
		answered := false
		var a asked
		defer func() {
			if !answered {
				a.reply = x.failed("answer an interaction", errors.New("it panicked"))
			}
			done <- a
		}()
		a.reply, a.how = ask()
		a.reply = x.spoken(a.reply)
		answered = true
	})
	late := time.NewTimer(x.chat.defers)
	defer late.Stop()
	var a asked
	waiting := false
	select {
	case a = <-done:
	case <-late.C:
		waiting = true
		x.respond(sayLater, deferred{ephemeral})
		a = <-done
	}
	if waiting {
		if err := x.editAnswer(x.layout(a.reply, a.how)); err != nil && x.ctx.Err() == nil {
			x.chat.log.Warn("edit an answer", "err", err)
		}
	} else {
		x.first(a.reply, a.how)
	}
	if a.reply.Later != nil {
		x.later(a.reply.Later)
	}
}

// voice is how one person is answered: in the language of their client where the
// bot speaks it, else as their place is spoken to.
func (x *exchange) voice(p interface{ Spoken() bot.Voice }) bot.Voice {
	v := p.Spoken()
	switch lang, _, _ := strings.Cut(x.in.Locale, "-"); {
	case x.in.Locale == inChinese:
		v.Lang = bot.Zh
	case lang == string(bot.En):
		v.Lang = bot.En
	}
	return v
}

// spoken is a reply in that voice.
func (x *exchange) spoken(r bot.Reply) bot.Reply {
	if r.Post != nil {
		r.Post = bot.Speak(r.Post, x.voice(r.Post))
	}
	if r.Form != nil {
		form := *r.Form
		form.Voice = x.voice(form)
		r.Form = &form
	}
	return r
}

// first is the first answer.
func (x *exchange) first(r bot.Reply, how showing) {
	onPrivate := x.in.Type == pressed && x.in.Message.Flags&ephemeral != 0
	notice, isNotice := r.Post.(bot.Notice)
	switch {
	case r.Form != nil && x.in.Type != filledIn:
		x.respond(askForm, x.chat.opt.tongue(*r.Form).form(*r.Form))
	case r.Post == nil && x.in.Type == pressed:
		x.respond(updateLater, nil)
	case onPrivate && !(isNotice && notice.Error):
		x.respond(update, x.layout(r, how))
	default:
		x.respond(say, private(x.layout(r, how)))
	}
}

// layout is a reply as one message.
func (x *exchange) layout(r bot.Reply, how showing) message {
	switch {
	case how != nil:
		return how()
	case r.Form != nil:
		return x.chat.render(bot.Notice{Voice: x.voice(*r.Form), Error: true, Text: bot.Say("Opening the form took too long. Please type the command again.")}, "").Main
	case r.Post == nil:
		return x.chat.render(bot.Notice{Voice: x.voice(bot.Notice{}), Text: bot.Say("Done.")}, "").Main
	}
	m := x.chat.render(r.Post, "").Main
	m.Reference = nil
	return x.chat.illustrated(r.Post, m)
}

// respond sends the first answer, while Discord waits for one. A second one is
// refused by Discord, and means that the first arrived. A picture that Discord
// does not take stays out.
func (x *exchange) respond(t responseType, data any) {
	ctx, cancel := context.WithDeadline(x.ctx, x.began.Add(x.chat.waits))
	defer cancel()
	send := func(data any) error {
		return x.chat.call(ctx, request{doing: "answer an interaction", method: "POST", bucket: x.in.bucket(),
			path: fmt.Sprintf("interactions/%s/%s/callback", x.in.ID, x.in.Token), body: response{t, data}}, nil)
	}
	err := send(data)
	if m, ok := data.(message); ok && err != nil && m.drawn() && ctx.Err() == nil {
		err = send(m.undrawn())
	}
	if err != nil && !hasCode(err, discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged) && x.ctx.Err() == nil {
		x.chat.log.Warn("answer an interaction", "err", err)
	}
}

// editAnswer edits the answer into m.
func (x *exchange) editAnswer(m message) error {
	m.Reference = nil
	err := x.edit(m)
	if err != nil && m.drawn() && x.ctx.Err() == nil {
		err = x.edit(m.undrawn())
	}
	return err
}

func (x *exchange) edit(m message) error {
	return x.chat.call(x.ctx, request{doing: "edit an answer", method: "PATCH", bucket: "webhooks/" + x.in.bucket(),
		path: fmt.Sprintf("webhooks/%s/%s/messages/@original", x.in.App, x.in.Token), message: &m}, nil)
}

// later lets the core report on what it does: in the answer or, when its token
// has died or no answer arrived, in a direct message.
func (x *exchange) later(report func(context.Context, func(bot.Post) error) error) {
	say := func(p bot.Post) error {
		p = bot.Speak(p, x.voice(p))
		if time.Since(x.began) < x.chat.lives {
			err := x.editAnswer(x.chat.render(p, "").Main)
			if !hasCode(err, discordgo.ErrCodeUnknownWebhook) && !hasCode(err, discordgo.ErrCodeInvalidWebhookTokenProvided) {
				return err
			}
		}
		return x.chat.Tell(x.ctx, bot.Voter{Workspace: x.workspace(x.in.Guild), User: x.in.Member.User.ID}, p)
	}
	x.spawn("report", func() {
		err := report(x.ctx, say)
		if err == nil || x.ctx.Err() != nil {
			return
		}
		if err := say(x.failed("report", err).Post); err != nil {
			x.chat.log.Warn("report", "err", err)
		}
	})
}

// failed is what is said of an error: a UserError's own words, or an apology
// with an id that is in the log.
func (x *exchange) failed(doing string, err error) bot.Reply {
	if u, ok := errors.AsType[bot.UserError](err); ok {
		return bot.Reply{Post: bot.Notice{Error: true, Text: bot.Sentence(u)}}
	}
	id := rand.Text()[:8]
	x.chat.log.Error(doing, "id", id, "err", err)
	return bot.Reply{Post: bot.Notice{Error: true,
		Text: bot.Say("Sorry, something went wrong here, and it is not your fault (id {id}). Please try again.", bot.Verbatim(id))}}
}
