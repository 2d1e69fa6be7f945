package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
)

func (b *Bot) closeQuestion(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if t.State != bot.Open {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} is not open for votes: {state}", t.ID, compose.StateLine(t)))
	}
	n, err := b.knownTurnout(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	var warning bot.Sentence
	if t.Ballot == bot.Private && n.All < bot.TooFewToBreakDown {
		warning = bot.Say("With under three votes a round no counts can be shown, or they would tell who voted for what.")
	}
	return bot.Reply{Post: bot.Notice{
		Text:    bot.Prose(bot.Say("Close taste test {id} now? {all|person has|people have} tasted; it would run until {closes}.", t.ID, bot.Count(n.All), t.At(t.Closes)), warning),
		Buttons: []bot.Button{{ID: t.ID.String() + "/close", Label: bot.Say("Close and reveal"), Primary: true}},
	}}, nil
}

func cancelQuestion(t bot.Tasting) bot.Reply {
	return bot.Reply{Post: bot.Notice{
		Text:    bot.Say("Cancel taste test {id}? Its votes will never be revealed.", t.ID),
		Buttons: []bot.Button{{ID: t.ID.String() + "/cancel", Label: bot.Say("Cancel it"), Danger: true}},
	}}
}

// extend gives an open tasting more time: until what was typed, else one
// working day more.
func (b *Bot) extend(ctx context.Context, t bot.Tasting, typed string) (bot.Reply, error) {
	if t.Block() {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} opens a round at a time, and its end was fixed when it began: {when}. To end it earlier: {close}", t.ID, t.At(t.Closes), usage("close", t)))
	}
	now := time.Now()
	until := command.WorkingDays(t.Closes.In(b.zone(ctx, t)), 1)
	if typed != "" {
		var err error
		if until, err = command.When(typed, now.In(b.zone(ctx, t))); err != nil {
			return bot.Reply{}, err
		}
	}
	if t.State == bot.Open && !until.After(t.Closes) {
		return bot.Reply{}, bot.UserError(bot.Say("It closes {closes} already. To end it earlier: {close}", t.At(t.Closes), usage("close", t)))
	}
	err := b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		t.Closes, t.Stale, t.Wake = until, true, now
		return nil
	})
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} is not open for votes: {state}", t.ID, compose.StateLine(t)))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("extend tasting %v: %w", t.ID, err)
	}
	b.nudgeRun()
	return bot.Reply{Post: bot.Notice{Text: bot.Say("Taste test {id} now closes {until}.", t.ID, t.At(until))}}, nil
}

// closeNow ends voting at once. Whoever did so from another channel than the one
// in which the reveal will stand is given a way to it.
func (b *Bot) closeNow(ctx context.Context, at bot.Place, t bot.Tasting) (bot.Reply, error) {
	if t.State != bot.Open {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} is not open for votes: {state}", t.ID, compose.StateLine(t)))
	}
	err := b.endVoting(ctx, t, time.Now(), true)
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} has been closed already.", t.ID))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("close tasting %v: %w", t.ID, err)
	}
	b.nudgeRun()
	n := bot.Notice{
		Text:   bot.Say("Voting in taste test {id} is closed. The reveal is coming.", t.ID),
		Awaits: bot.PostKey{Tasting: t.ID, Round: 0, What: bot.AnnouncementPost},
	}
	if bot.Root(at) != bot.Root(t.Place) {
		n.Buttons = []bot.Button{compose.Whole(t)}
	}
	return bot.Reply{Post: n}, nil
}

func (b *Bot) cancelNow(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if t.State >= bot.Closing {
		return bot.Reply{}, bot.UserError(bot.Say("It is too late to cancel taste test {id}: {state}", t.ID, compose.StateLine(t)))
	}
	err := b.end(ctx, t, bot.Cancelled, bot.Say("Its starter or an admin cancelled it."))
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} has just moved on. Look again: {status}", t.ID, usage("status", t)))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("cancel tasting %v: %w", t.ID, err)
	}
	return bot.Reply{Post: bot.Notice{Text: bot.Say("Taste test {id} is cancelled. Its votes will not be revealed.", t.ID)}}, nil
}

// fail ends a tasting that cannot go on; note says why.
func (b *Bot) fail(ctx context.Context, t bot.Tasting, note bot.Sentence) error {
	return b.end(ctx, t, bot.Failed, note)
}

// end ends a tasting without a reveal, Cancelled or Failed. Its votes are kept
// and stay secret.
func (b *Bot) end(ctx context.Context, t bot.Tasting, s bot.State, note bot.Sentence) error {
	now := time.Now()
	err := b.store.Update(ctx, t.ID, t.State, func(t *bot.Tasting) error {
		t.State, t.Reason, t.Wake, t.Reminders = s, bot.Stored(note), now, nil
		if t.ClosedAt.IsZero() {
			t.ClosedAt = now
		}
		return nil
	})
	if err == nil {
		b.opt.Step(s.String())
		b.late.forget(t.ID)
		b.nudgeRun()
	}
	return err
}

// tellOver edits the posts of a tasting that was cancelled or failed, tells
// its starter, gives back the money that was not spent, and is done with it.
func (b *Bot) tellOver(ctx context.Context, t bot.Tasting) error {
	unlock := b.edit.Lock(t.ID)
	defer unlock()
	if waits, err := b.editOver(ctx, t); waits || err != nil {
		return err
	}
	err := b.store.Update(ctx, t.ID, t.State, func(t *bot.Tasting) error {
		t.Told, t.Reserved, t.JudgesReserved, t.Unshown = true, 0, 0, nil
		return nil
	})
	if err != nil {
		return err
	}
	b.giveBack(ctx, t)
	if t.State == bot.Failed {
		b.tell(ctx, t, compose.Failed(t))
	}
	return nil
}

// editOver edits the posts that people voted by into the end without a reveal.
// A lost place is not tried again, and nothing is for longer than a day, unless
// the chat is switched off. If the chat takes no more edits for now, waits: it is
// noted which are left, and when they are tried again.
func (b *Bot) editOver(ctx context.Context, t bot.Tasting) (waits bool, err error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return false, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	posts = slices.DeleteFunc(posts, func(p bot.Posted) bool {
		return p.Key.What != bot.HeadPost && p.Key.What != bot.BallotPost || t.Unshown != nil && !slices.Contains(t.Unshown, p.Key.Round)
	})
	if _, err := b.chat(t.ID.Workspace); err != nil && len(posts) > 0 {
		return false, err
	}
	for i, p := range posts {
		if err := bot.Stopped(ctx); err != nil {
			return false, err
		}
		err := b.editPost(ctx, t, p)
		wait, old := errors.AsType[bot.WaitError](err)
		switch {
		case err == nil, errors.Is(err, bot.ErrGone):
		case errors.Is(err, bot.ErrLost):
			return false, nil
		case bot.Stopped(ctx) != nil:
			return false, err
		case errors.Is(err, bot.ErrRefused), time.Since(t.ClosedAt) >= longestEdits:
			b.log.Error("tell of an end in a post; it stays as it is", "post", p.Key, "err", err)
		case old:
			return true, b.store.Update(ctx, t.ID, t.State, func(t *bot.Tasting) error {
				t.Wake, t.Unshown = time.Now().Add(wait.For), nil
				for _, left := range posts[i:] {
					t.Unshown = append(t.Unshown, left.Key.Round)
				}
				return nil
			})
		default:
			return false, err
		}
	}
	return false, nil
}

// dropDraft forgets a tasting that was described and never wanted.
func (b *Bot) dropDraft(ctx context.Context, t bot.Tasting) error {
	if err := b.store.Delete(ctx, t.ID); err != nil && !isNotFound(err) {
		return fmt.Errorf("drop draft %v: %w", t.ID, err)
	}
	return nil
}
