package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/say"
)

func (b *Bot) closeQuestion(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if t.State != bot.Open {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v is not open for votes: %s", t.ID, compose.StateLine(t)))
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	warning := ""
	if t.Ballot == bot.Private && n.All < bot.TooFewToBreakDown {
		warning = " With under three votes a round no counts can be shown, or they would tell who voted for what."
	}
	return bot.Reply{Post: bot.Notice{
		Text: fmt.Sprintf("Close taste test %v now? %s tasted; it would run until %s.", t.ID,
			say.Plural(n.All, "person has", "people have"), say.Clock(t.Closes, time.Now(), t.TimeZone)) + warning,
		Buttons: []bot.Button{{ID: t.ID.String() + "/close", Label: "Close and reveal", Primary: true}},
	}}, nil
}

func cancelQuestion(t bot.Tasting) bot.Reply {
	return bot.Reply{Post: bot.Notice{
		Text:    fmt.Sprintf("Cancel taste test %v? Its votes will never be revealed.", t.ID),
		Buttons: []bot.Button{{ID: t.ID.String() + "/cancel", Label: "Cancel it", Danger: true}},
	}}
}

// extend gives an open tasting more time: until what was typed, else one
// working day more.
func (b *Bot) extend(ctx context.Context, t bot.Tasting, typed string) (bot.Reply, error) {
	now := time.Now()
	until := command.WorkingDays(t.Closes.In(b.zone(t)), 1)
	if typed != "" {
		var err error
		if until, err = command.When(typed, now.In(b.zone(t))); err != nil {
			return bot.Reply{}, err
		}
	}
	if t.State == bot.Open && !until.After(t.Closes) {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("It closes %s already. To end it earlier: /tastetest close %v", say.Clock(t.Closes, now, t.TimeZone), t.ID))
	}
	err := b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		t.Closes, t.Stale, t.Wake = until, true, now
		return nil
	})
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v is not open for votes: %s", t.ID, compose.StateLine(t)))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("extend tasting %v: %w", t.ID, err)
	}
	b.nudgeRun()
	return bot.Reply{Post: bot.Notice{Text: fmt.Sprintf("Taste test %v now closes %s.", t.ID, say.Clock(until, now, t.TimeZone))}}, nil
}

func (b *Bot) closeNow(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if t.State != bot.Open {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v is not open for votes: %s", t.ID, compose.StateLine(t)))
	}
	err := b.endVoting(ctx, t, time.Now(), true)
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v has been closed already.", t.ID))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("close tasting %v: %w", t.ID, err)
	}
	b.nudgeRun()
	return bot.Reply{Post: bot.Notice{
		Text:   fmt.Sprintf("Voting in taste test %v is closed. The reveal is coming.", t.ID),
		Awaits: bot.PostKey{Tasting: t.ID, Round: 0, What: bot.AnnouncementPost},
	}}, nil
}

func (b *Bot) cancelNow(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if t.State >= bot.Closing {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("It is too late to cancel taste test %v: %s", t.ID, compose.StateLine(t)))
	}
	err := b.end(ctx, t, bot.Cancelled, "Its starter or an admin cancelled it.")
	if errors.Is(err, bot.ErrMoved) {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v has just moved on. Look again: /tastetest status %v", t.ID, t.ID))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("cancel tasting %v: %w", t.ID, err)
	}
	return bot.Reply{Post: bot.Notice{Text: fmt.Sprintf("Taste test %v is cancelled. Its votes will not be revealed.", t.ID)}}, nil
}

// fail ends a tasting that cannot go on; note says why, in a sentence.
func (b *Bot) fail(ctx context.Context, t bot.Tasting, note string) error {
	return b.end(ctx, t, bot.Failed, note)
}

// end ends a tasting without a reveal, Cancelled or Failed. Its votes are kept
// and stay secret.
func (b *Bot) end(ctx context.Context, t bot.Tasting, s bot.State, note string) error {
	err := b.store.Update(ctx, t.ID, t.State, func(t *bot.Tasting) error {
		t.State, t.Note, t.Wake = s, note, time.Now()
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
// A lost place is not tried again.
func (b *Bot) tellOver(ctx context.Context, t bot.Tasting) error {
	unlock := b.edit.Lock(t.ID)
	defer unlock()
	if err := b.editVoting(ctx, t); err != nil && !errors.Is(err, bot.ErrLost) {
		return err
	}
	err := b.store.Update(ctx, t.ID, t.State, func(t *bot.Tasting) error {
		t.Told, t.Reserved = true, 0
		return nil
	})
	if err != nil {
		return err
	}
	b.giveBack(ctx, t)
	if t.State == bot.Failed {
		b.tell(ctx, t.Starter, compose.Failed(t))
	}
	return nil
}

// dropDraft forgets a tasting that was described and never wanted.
func (b *Bot) dropDraft(ctx context.Context, t bot.Tasting) error {
	return b.store.Update(ctx, t.ID, bot.Draft, func(t *bot.Tasting) error {
		t.State, t.Told, t.Note = bot.Cancelled, true, "Nobody said yes to it."
		return nil
	})
}
