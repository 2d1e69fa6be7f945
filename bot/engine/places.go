package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/tastetest/tastetest/bot"
)

// A Seeding chat has emoji of its own on its ballots, for people to tap, which
// others can take away.
type Seeding interface {
	// Seed puts those back that do not stand any more. ErrGone, ErrLost.
	Seed(ctx context.Context, ref bot.Ref) error
}

// Resync reads every open reaction ballot of a workspace once, and completes
// its emoji: events may have been lost. One that is gone, whose place is lost or
// that closes meanwhile is passed over: its tasting finds that out by itself.
func (b *Bot) Resync(ctx context.Context, w bot.Workspace) error {
	chat, err := b.chat(w)
	if err != nil {
		return err
	}
	ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Posting, bot.Open}})
	if err != nil {
		return fmt.Errorf("look for open tastings: %w", err)
	}
	var errs []error
	for _, t := range ts {
		if t.Ballot != bot.Reaction {
			continue
		}
		posts, err := b.store.Posts(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
		}
		for _, p := range posts {
			if p.Key.What == bot.BallotPost {
				err := b.readRound(ctx, chat, t, p.Key.Round, p.Ref)
				if s, ok := chat.(Seeding); ok && err == nil {
					err = s.Seed(ctx, p.Ref)
				}
				if !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrLost) && !errors.Is(err, bot.ErrClosed) {
					errs = append(errs, err)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// Joined says one line on how to begin, once a place.
func (b *Bot) Joined(ctx context.Context, at bot.Place) error {
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return err
	}
	key := bot.PostKey{Tasting: bot.TastingID{Workspace: at.Workspace}, What: "joined"}
	since, ref, err := b.store.Intend(ctx, at, key)
	if err != nil || ref != (bot.Ref{}) {
		return err
	}
	ref, err = chat.Post(ctx, at, key, since, bot.Notice{
		Voice: b.Voice(ctx, at),
		Text:  bot.Say("Hello. I post two models’ answers blind, you vote, and at the end I say which was which. To begin: {start}", bot.Usage{Command: "start"}),
	})
	if err != nil {
		return fmt.Errorf("say hello: %w", err)
	}
	return b.store.Posted(ctx, at, key, ref)
}

// Gone fails the tastings of a lost place and tells their starters, once. Where
// people have voted and the place may come back, what stands is waited for.
func (b *Bot) Gone(ctx context.Context, at bot.Place, why error) error {
	states := []bot.State{bot.Draft, bot.Asking, bot.Posting, bot.Open}
	if errors.Is(why, bot.ErrGone) {
		states = append(states, bot.Closing, bot.Closed)
	}
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{Channel: at.Channel, States: states})
	if err != nil {
		return fmt.Errorf("look for tastings of a lost place: %w", err)
	}
	b.log.Warn("a place is lost", "platform", at.Platform, "tastings", len(ts), "err", why)
	var errs []error
	for _, t := range ts {
		if err := b.fail(ctx, t, lostPlace()); !errors.Is(err, bot.ErrMoved) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Moved follows a channel whose name has changed, with all tastings in it, also
// those that are over: people look at results.
func (b *Bot) Moved(ctx context.Context, from, to bot.Place) error {
	ts, err := b.store.Tastings(ctx, from.Workspace, bot.Query{Channel: from.Channel})
	if err != nil {
		return fmt.Errorf("look for tastings of a place that moved: %w", err)
	}
	ids := []bot.TastingID{{Workspace: from.Workspace}} // posts of no tasting
	for _, t := range ts {
		ids = append(ids, t.ID)
	}
	var errs []error
	for _, id := range ids {
		unlock := b.edit.Lock(id)
		errs = append(errs, b.store.Relocate(ctx, id, from, to))
		unlock()
	}
	b.log.Info("a place has another name", "platform", from.Platform, "tastings", len(ts))
	return errors.Join(errs...)
}

// Left deletes everything of a workspace.
func (b *Bot) Left(ctx context.Context, w bot.Workspace) error {
	if err := b.store.DeleteWorkspace(ctx, w); err != nil {
		return fmt.Errorf("delete everything of a workspace: %w", err)
	}
	b.outcomes.forget()
	b.log.Info("the bot was removed from a workspace, and everything of it is deleted", "platform", w.Platform)
	return nil
}

func lostPlace() bot.Sentence {
	return bot.Say("The channel is gone, or the bot may not post in it any more.")
}
