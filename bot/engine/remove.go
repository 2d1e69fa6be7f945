package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/text"
)

// removeTyped asks whether the round that was typed, "7.3", shall be taken out.
func (b *Bot) removeTyped(ctx context.Context, t bot.Tasting, args []string) (bot.Reply, error) {
	if len(args) == 0 {
		return b.whichRound(ctx, t)
	}
	_, typed, ok := strings.Cut(args[0], ".")
	n, err := strconv.Atoi(typed)
	if !ok {
		return b.whichRound(ctx, t)
	}
	if err != nil || n < 1 || n > len(t.Rounds) {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} has no round “{typed}”. For example: {example}", t.ID, bot.Verbatim(text.Clip(args[0])), removeUsage(t)))
	}
	if err := canRemove(t, n); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Post: bot.Notice{
		Text:    bot.Say("Take round {id} out? Both its answers go for good, whichever was the cause, and its votes count nowhere.", t.ID.Round(n)),
		Buttons: []bot.Button{{ID: t.ID.Round(n).String() + "/remove", Label: bot.Say("Take it out"), Danger: true}},
	}}, nil
}

// mostAsked is how many rounds are offered as buttons.
const mostAsked = bot.MostRounds

// whichRound asks which round shall be taken out. Those of a private ballot are not
// listed: which come twice, and which are no model's, could be told by their texts and
// by what is missing.
func (b *Bot) whichRound(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if !t.State.TakesVotes() {
		return bot.Reply{}, tooLateToRemove(t)
	}
	ask := bot.Notice{Title: bot.Say("Which round shall be taken out?"),
		Text: bot.Say("Both its answers go for good, whichever was the cause, and its votes count nowhere.")}
	for _, n := range t.Live() {
		if t.Ballot == bot.Private {
			break
		}
		x, err := b.store.Texts(ctx, t.ID.Round(n))
		if err != nil {
			return bot.Reply{}, fmt.Errorf("texts of round %v: %w", t.ID.Round(n), err)
		}
		button := compose.TakeOut(t, n)
		button.Label = bot.Say("{id}: {prompt}", t.ID.Round(n), bot.Verbatim(text.Clip(x.Prompt.Text)))
		ask.Buttons = append(ask.Buttons, button)
	}
	if len(ask.Buttons) == 0 || len(ask.Buttons) > mostAsked {
		ask.Buttons = nil
		ask.Text = bot.Prose(ask.Text, bot.Say("Take it out on the page where you see it, or by its number: {example}", removeUsage(t)))
	}
	return bot.Reply{Post: ask}, nil
}

// removePressed takes a round out; of round 0 it asks which. What is stored is void
// at once, for votes and for what is shown anew. A job then removes the texts and
// edits the posts: it is there before, so that a bot that dies in between finds it.
func (b *Bot) removePressed(ctx context.Context, t bot.Tasting, n int) (bot.Reply, error) {
	if n == 0 {
		return b.whichRound(ctx, t)
	}
	if n > len(t.Rounds) {
		return bot.Reply{}, bot.UserError(bot.Say("There is no such round in this tasting. Press “Start tasting” again."))
	}
	if err := canRemove(t, n); err != nil {
		return bot.Reply{}, err
	}
	if err := b.store.Schedule(ctx, t.ID.RemoveJob(), time.Now().Add(mostWait)); err != nil {
		return bot.Reply{}, fmt.Errorf("remove round %v: %w", t.ID.Round(n), err)
	}
	b.opt.Step("will remove")
	err := b.store.Update(ctx, t.ID, t.State, func(t *bot.Tasting) error {
		if err := canRemove(*t, n); err != nil {
			return err
		}
		t.Remove(n)
		return nil
	})
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} has just moved on. Look again: {status}", t.ID, usage("status", t)))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("remove round %v: %w", t.ID.Round(n), err)
	}
	b.opt.Step("removed")
	b.log.Info("a round is taken out", "tasting", t.ID, "platform", t.ID.Platform)
	if err := b.store.Schedule(ctx, t.ID.RemoveJob(), time.Now()); err != nil {
		b.log.Warn("remove a round at once; it goes in a minute", "tasting", t.ID, "err", err)
	}
	b.nudgeRun()
	return bot.Reply{Post: bot.Notice{Text: bot.Say("Round {id} is taken out. Its answers are being removed from the posts, and its votes count nowhere.", t.ID.Round(n))}}, nil
}

// canRemove says why a round cannot be taken out, if it cannot.
func canRemove(t bot.Tasting, n int) error {
	switch {
	case !t.State.TakesVotes():
		return tooLateToRemove(t)
	case !t.Rounds[n-1].Live():
		return bot.UserError(takenOut())
	}
	if len(t.Tasted()) <= 1 { // of whichever kind this one is: a yes would tell
		return bot.UserError(bot.Say("Too little of taste test {id} is left to take out another round. To end it without a reveal: {cancel}", t.ID, usage("cancel", t)))
	}
	return nil
}

func tooLateToRemove(t bot.Tasting) error {
	return bot.UserError(bot.Say("A round of taste test {id} can be taken out only while people vote: {state}", t.ID, compose.StateLine(t)))
}

// removeUsage is the command that takes out a round of t that can be.
func removeUsage(t bot.Tasting) bot.Usage {
	n := 1
	if live := t.Live(); len(live) > 0 {
		n = live[0]
	}
	return bot.Usage{Command: "remove", Words: []string{t.ID.Round(n).String()}}
}

// takenOut is said to whoever votes in a round that is not there any more.
func takenOut() bot.Sentence {
	return bot.Say("That round was taken out, and votes on it count nowhere. Go on with the others.")
}

func isRemoved(t bot.Tasting, n int) bool {
	return n >= 1 && n <= len(t.Rounds) && t.Rounds[n-1].Removed()
}

// mayRemove reports whether a voter may take rounds out. Whether a platform calls
// them an admin is not waited for: they are here to vote.
func (b *Bot) mayRemove(ctx context.Context, t bot.Tasting, user string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second/2)
	defer cancel()
	return b.may(ctx, command.Owner, bot.Place{Workspace: t.ID.Workspace, Channel: t.Place.Channel}, user, &t) == nil
}

// clearRemoved removes the texts of rounds that were taken out, and edits their
// ballots and the head. Both answers go alike, and what was counted of them stays for
// the spending limits alone. It returns when to come again; zero: never.
func (b *Bot) clearRemoved(ctx context.Context, id bot.TastingID) (again time.Time, err error) {
	defer b.edit.Lock(id)()
	t, err := b.store.Tasting(ctx, id)
	if errors.Is(err, bot.ErrNotFound) {
		return time.Time{}, nil // deleted
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read tasting %v: %w", id, err)
	}
	for _, n := range t.Removed() {
		if err := b.clearTexts(ctx, id.Round(n)); err != nil {
			return time.Time{}, err
		}
	}
	b.opt.Step("texts removed")
	posts, err := b.store.Posts(ctx, id)
	if err != nil {
		return time.Time{}, fmt.Errorf("posts of tasting %v: %w", id, err)
	}
	for _, p := range posts {
		if p.Key.What != bot.HeadPost && (p.Key.What != bot.BallotPost || !isRemoved(t, p.Key.Round)) {
			continue
		}
		err := b.editPost(ctx, t, p)
		wait, waits := errors.AsType[bot.WaitError](err)
		switch {
		case err == nil, errors.Is(err, bot.ErrGone):
		case waits:
			return time.Now().Add(wait.For), nil
		case errors.Is(err, bot.ErrLost), errors.Is(err, bot.ErrRefused):
			b.log.Error("remove a round from its post; it stays as it is", "post", p.Key, "err", err)
		default:
			return time.Time{}, err
		}
		b.opt.Step("removed from " + p.Key.String())
	}
	return time.Time{}, nil
}

func (b *Bot) clearTexts(ctx context.Context, id bot.RoundID) error {
	x, err := b.store.Texts(ctx, id)
	if err != nil {
		return fmt.Errorf("texts of round %v: %w", id, err)
	}
	for i := range x.Answers {
		a := &x.Answers[i]
		a.Text, a.Raw, a.Leaks = "", "", nil
	}
	if err := b.store.SetTexts(ctx, id, x); err != nil {
		return fmt.Errorf("remove the texts of round %v: %w", id, err)
	}
	return nil
}
