package bot

import (
	"context"
	"errors"
	"fmt"
)

// A Seeding chat has emoji of its own on its ballots, for people to tap, which
// others can take away.
type Seeding interface {
	// Seed puts those back that do not stand any more. ErrGone, ErrLost.
	Seed(ctx context.Context, ref Ref) error
}

// Resync reads every open reaction ballot of a workspace once, and completes
// its emoji: events may have been lost.
func (b *Bot) Resync(ctx context.Context, w Workspace) error {
	chat, err := b.chat(w)
	if err != nil {
		return err
	}
	ts, err := b.store.Tastings(ctx, w, Query{States: []State{Posting, Open}})
	if err != nil {
		return fmt.Errorf("look for open tastings: %w", err)
	}
	var errs []error
	for _, t := range ts {
		if t.Ballot != Reaction {
			continue
		}
		posts, err := b.store.Posts(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
		}
		for _, p := range posts {
			if p.Key.What == ballotPost {
				errs = append(errs, b.readRound(ctx, chat, t, p.Key.Round, p.Ref))
				if s, ok := chat.(Seeding); ok {
					errs = append(errs, s.Seed(ctx, p.Ref))
				}
			}
		}
	}
	return errors.Join(errs...)
}

// Joined says one line on how to begin, once a place.
func (b *Bot) Joined(ctx context.Context, at Place) error {
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return err
	}
	key := PostKey{Tasting: TastingID{Workspace: at.Workspace}, What: "joined"}
	since, ref, err := b.store.Intend(ctx, at, key)
	if err != nil || ref != (Ref{}) {
		return err
	}
	ref, err = chat.Post(ctx, at, key, since, Notice{
		Text: "Hello. I post two models’ answers blind, you vote, and at the end I say which was which. To begin: /tastetest start",
	})
	if err != nil {
		return fmt.Errorf("say hello: %w", err)
	}
	return b.store.Posted(ctx, at, key, ref)
}

// Gone fails the tastings of a lost place and tells their starters, once. Where
// people have voted and the place may come back, what stands is waited for.
func (b *Bot) Gone(ctx context.Context, at Place, why error) error {
	states := []State{Draft, Asking, Posting, Open}
	if errors.Is(why, ErrGone) {
		states = append(states, Closing, Closed)
	}
	ts, err := b.store.Tastings(ctx, at.Workspace, Query{Channel: at.Channel, States: states})
	if err != nil {
		return fmt.Errorf("look for tastings of a lost place: %w", err)
	}
	b.log.Warn("a place is lost", "platform", at.Platform, "tastings", len(ts), "err", why)
	var errs []error
	for _, t := range ts {
		if err := b.fail(ctx, t, lostPlace); !errors.Is(err, ErrMoved) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Left deletes everything of a workspace.
func (b *Bot) Left(ctx context.Context, w Workspace) error {
	if err := b.store.DeleteWorkspace(ctx, w); err != nil {
		return fmt.Errorf("delete everything of a workspace: %w", err)
	}
	b.known.forget()
	b.log.Info("the bot was removed from a workspace, and everything of it is deleted", "platform", w.Platform)
	return nil
}

const lostPlace = "The channel is gone, or the bot may not post in it any more."
