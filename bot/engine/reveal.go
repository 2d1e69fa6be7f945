package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// reveal posts the one announcement and gives back the money that was not
// spent. The ballots are edited after that: nobody is told of an edit, and a
// chat may take its time over them. What the chat refuses for good, also in
// plain words, is left out, and the starter is told.
func (b *Bot) reveal(ctx context.Context, t bot.Tasting, past *bot.Past) error {
	if err := b.callJudges(ctx, t, time.Now()); err != nil {
		return err
	}
	unlock := b.edit.Lock(t.ID)
	defer unlock()
	t.RevealedAt = time.Now()
	var refused []error
	_, err := b.post(ctx, t, t.Place, bot.PostKey{Tasting: t.ID, Round: 0, What: bot.AnnouncementPost})
	switch {
	case err == nil:
	case errors.Is(err, bot.ErrRefused) && past.RefusedFor(t.RevealedAt) >= refusedAfter:
		refused = append(refused, err)
	default:
		return err
	}
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	err = b.store.Update(ctx, t.ID, bot.Closed, func(stored *bot.Tasting) error {
		stored.State, stored.RevealedAt, stored.Reserved = bot.Revealed, t.RevealedAt, 0
		stored.Wake, stored.Unshown = t.RevealedAt, nil
		for _, p := range posts {
			if p.Key.What == bot.HeadPost || p.Key.What == bot.BallotPost {
				stored.Unshown = append(stored.Unshown, p.Key.Round)
			}
		}
		t.Unshown = slices.Clone(stored.Unshown)
		return nil
	})
	if err != nil {
		return err
	}
	b.opt.Step("revealed")
	b.giveBack(ctx, t)
	return b.editReveals(ctx, t, posts, refused)
}
