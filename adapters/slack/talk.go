package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// talkLasts is for how long a message that was answered is known again. Slack
// delivers an event for the last time some six minutes after the first; an edit
// of a message that mentions the bot is an event of its own.
const talkLasts = time.Hour

// isTalk reports whether an event is plain words to the bot: a message that
// mentions it, or a direct message. What it or another app says is none, nor is
// what Slack tells of messages that were edited or deleted.
func (e event) isTalk(t *team) bool {
	if e.Bot != "" || e.User == "" || e.User == t.bot || e.TS == "" {
		return false
	}
	switch e.Subtype {
	case "", "file_share", "thread_broadcast":
		return e.Type == "app_mention" || e.Type == "message" && e.ChannelType == "im"
	}
	return false
}

// talked answers plain words with what may be meant, once a message, beside the
// rest. What was said goes to the core, for this answer, and nowhere else.
func (l *line) talked(t *team, e event) {
	at := e.at(t)
	if at.Channel == "" || !t.talks.claim(at.Channel+"/"+e.TS, struct{}{}, talkLasts) {
		return
	}
	a := &asker{team: t, log: l.log, at: at, user: e.User, thread: e.Thread}
	l.beside("answer plain words in Slack", func() {
		ctx, cancel := context.WithTimeout(l.ctx, handleTime)
		defer cancel()
		if p, err := t.person(ctx, first, e.User, kindLasts); err != nil || p.bot {
			return // of whom nothing is known may be a bot
		}
		a.voice = l.h.Voice(ctx, at)
		var r bot.Reply
		if err := a.admit(ctx, at, e.User, false); err != nil {
			r = l.refuse(a, "look up who talks", err, "")
		} else {
			said, meant := typed(strings.ReplaceAll(e.Text, "<@"+t.bot+">", " "))
			r = l.h.Command(ctx, bot.Command{At: at, User: e.User, Text: strings.TrimSpace(said), Meant: meant, Talk: true})
		}
		if r.Post != nil {
			a.try(ctx, a.reply(ctx, r.Post, e.ChannelType == "im"))
		}
	})
}

// reply answers a message where it stands: for whoever wrote it alone or, if
// nobody else is there, as a message.
func (a *asker) reply(ctx context.Context, p bot.Post, direct bool) error {
	m := render(p)
	channel, _ := split(a.at)
	if direct {
		_, err := a.say(ctx, first, channel, a.thread, attempt{}, m)
		return err
	}
	opts := []api.MsgOption{api.MsgOptionText(m.text, true), api.MsgOptionBlocks(m.blocks...), api.MsgOptionDisableMarkdown(), api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl()}
	if a.thread != "" {
		opts = append(opts, api.MsgOptionTS(a.thread))
	}
	err := call(ctx, func() error {
		_, err := a.api.PostEphemeralContext(ctx, channel, a.user, opts...)
		return err
	})
	if _, said := errors.AsType[api.SlackErrorResponse](err); said { // else it may stand there
		return a.tell(ctx, a.user, p)
	}
	return explain("answer plain words", err)
}
