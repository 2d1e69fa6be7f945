package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// command takes a slash command. What it returns does what it says: that may
// need a look at Slack, and Slack waits for an acknowledgement no longer than
// three seconds.
func (l *line) command(t *team, cmd api.SlashCommand) (after func()) {
	a := &asker{
		team: t, log: l.log, at: bot.Place{Workspace: t.where, Channel: cmd.ChannelID}, user: cmd.UserID,
		trigger: cmd.TriggerID, url: cmd.ResponseURL,
	}
	a.voice = l.h.Voice(l.ctx, a.at)
	text, meant := typed(cmd.Text)
	if strings.TrimSpace(text) == "" {
		return func() { a.try(l.ctx, a.open(l.ctx, tongueOf(a.voice).composerView(a.at))) }
	}
	return func() {
		ctx, cancel := context.WithTimeout(l.ctx, handleTime)
		defer cancel()
		l.answer(a, l.obey(ctx, a, t.withNames(ctx, text, meant), meant))
	}
}

// obey has a command answered, if its asker may ask here at all.
func (l *line) obey(ctx context.Context, a *asker, text string, meant map[string]string) bot.Reply {
	if err := a.admit(ctx, a.at, a.user, posting(text)); err != nil {
		return l.refuse(a, "look up who may do this", err, "")
	}
	return l.h.Command(ctx, bot.Command{At: a.at, User: a.user, Text: text, Meant: meant})
}

// interact takes a tap on a button, a form, or a question for completions.
func (l *line) interact(ctx context.Context, t *team, cb api.InteractionCallback) (answer any, after func()) {
	channel := cb.Channel.ID
	if channel == "" {
		channel = cb.Container.ChannelID
	}
	a := &asker{
		team: t, log: l.log, user: cb.User.ID, trigger: cb.TriggerID, url: cb.ResponseURL,
		mine: cb.Container.IsEphemeral, view: cb.View.ID, thread: cmp.Or(cb.Container.ThreadTs, cb.Message.ThreadTimestamp),
	}
	if cb.View.ID != "" {
		channel = cb.View.PrivateMetadata
	}
	a.at = bot.Place{Workspace: t.where, Channel: channel}
	a.voice = l.h.Voice(ctx, a.at)
	switch cb.Type {
	case api.InteractionTypeBlockActions:
		for _, action := range cb.ActionCallback.BlockActions {
			return nil, l.press(ctx, a, action)
		}
	case api.InteractionTypeViewSubmission:
		return l.submit(ctx, a, cb.View)
	case api.InteractionTypeBlockSuggestion:
		return l.suggest(ctx, a, cb.Value), nil
	}
	return nil, nil
}

// press takes a tap on a button or on a line of a menu.
func (l *line) press(ctx context.Context, a *asker, action *api.BlockAction) (after func()) {
	id := action.Value
	if id == "" {
		id = action.SelectedOption.Value
	}
	id, question, asks := strings.Cut(id, "?")
	id, a.page = cutPage(id)
	if asks {
		// Literal, because it comes back from Slack: we worded it when the menu was shown,
		// in the place's language then, and a menu carries words, not sentences.
		ask := bot.Notice{Voice: a.voice, Text: bot.Literal(question), Buttons: []bot.Button{{ID: id, Label: bot.Literal(action.SelectedOption.Text.Text), Primary: true}}}
		return func() { l.answer(a, bot.Reply{Post: ask}) }
	}
	tap := l.taps.Add(1)
	typed, isTyped := strings.CutPrefix(id, bot.TypedButton)
	var r bot.Reply
	if err := a.admit(ctx, a.at, a.user, isTyped && posting(typed)); err != nil {
		r = l.refuse(a, "look up who may do this", err, "")
	} else {
		r = l.h.Press(ctx, bot.Press{At: a.at, User: a.user, Button: id})
	}
	return func() {
		if a.view == "" {
			l.answer(a, r)
			return
		}
		// What a modal shows last is the answer to the last tap in it.
		defer l.edits.Lock(a.view)()
		if newest, ok := l.shown.get(a.view, time.Hour); ok && newest > tap {
			l.follow(a, r)
			return
		}
		l.shown.put(a.view, tap)
		l.answer(a, r)
	}
}

// submit takes a filled-in form. What Slack is answered at once replaces it,
// or says below a field what is wrong and leaves all that was typed.
func (l *line) submit(ctx context.Context, a *asker, v api.View) (answer any, after func()) {
	r := l.submitted(ctx, a, v)
	n, isNotice := r.Post.(bot.Notice)
	if blame := blamed(v, n.Field); isNotice && n.Error && len(n.Buttons) == 0 && blame != "" {
		said := map[string]string{blame: clip(tongueOf(n).plain(n), 2000)}
		if len(n.Faults) > 0 {
			said = tongueOf(n).faults(v, n.Faults)
		}
		return api.NewErrorsViewSubmissionResponse(said), nil
	}
	if view, ok := a.replyView(a.at, r, 0); ok {
		answer = api.NewUpdateViewSubmissionResponse(&view)
		if js, err := json.Marshal(answer); err == nil && len(js) < largestAck {
			return answer, func() { l.follow(a, r) }
		}
	}
	a.view = "" // the modal closes
	return nil, func() { l.answer(a, r) }
}

// submitted passes a form on.
func (l *line) submitted(ctx context.Context, a *asker, v api.View) bot.Reply {
	if v.CallbackID == composerID {
		return l.obey(ctx, a, chosen(v), nil)
	}
	if err := a.admit(ctx, a.at, a.user, true); err != nil {
		return l.refuse(a, "look up who may do this", err, "")
	}
	s, blame, err := a.submission(ctx, v)
	if err != nil {
		return l.refuse(a, "read a form", err, blame)
	}
	return l.h.Submit(ctx, s)
}

// largestAck is how many bytes of an answer Slack takes over a socket, less
// what stands around it.
const largestAck = 19 << 10

// suggest offers what a command may go on with.
func (l *line) suggest(ctx context.Context, a *asker, typed string) any {
	options := []*api.OptionBlockObject{}
	w := tongueOf(a.voice)
	for _, s := range l.h.Suggest(ctx, bot.Command{At: a.at, User: a.user, Text: typed}) {
		if s.Text != "" && len(s.Text) <= 150 {
			options = append(options, api.NewOptionBlockObject(s.Text, literal(clip(s.Text, 75)), literal(clip(w.Text(s.Help), 75))))
		}
	}
	if typed != "" && len(typed) <= 150 {
		options = append(options, api.NewOptionBlockObject(typed, literal(clip(typed, 75)), literal(w.Text(bot.Say("as typed")))))
	}
	return struct {
		Options []*api.OptionBlockObject `json:"options"`
	}{options}
}

// refuse turns an error into what its causer is told. field is the one of a
// form that it is about, if any.
func (in *inbox) refuse(a *asker, doing string, err error, field string) bot.Reply {
	if e, ok := errors.AsType[bot.UserError](err); ok {
		return bot.Reply{Post: bot.Notice{Voice: a.voice, Error: true, Text: bot.Sentence(e), Field: field}}
	}
	return bot.Reply{Post: in.sorry(a, doing, err)}
}
