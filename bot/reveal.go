package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// giveUpEdits is how long after closing the announcement waits for edits that
// fail again and again.
const giveUpEdits = 10 * time.Minute

// reveal edits each ballot into its reveal and the head into its end, posts
// the one announcement, gives back the money that was not spent, and is done.
// What the chat refuses for good, also in plain words, is left out, and the
// starter is told.
func (b *Bot) reveal(ctx context.Context, t Tasting, past *Past) error {
	unlock := b.edit.lock(t.ID)
	defer unlock()
	t.RevealedAt = time.Now()
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	var refused []error
	for _, p := range posts {
		if p.Key.What != headPost && p.Key.What != ballotPost {
			continue
		}
		err := b.editPost(ctx, t, p)
		if errors.Is(err, ErrGone) && p.Key.What == ballotPost {
			err = b.postBelow(ctx, t, PostKey{t.ID, p.Key.Round, revealPost})
		}
		switch {
		case err == nil, errors.Is(err, ErrGone):
		case errors.Is(err, ErrRefused):
			refused = append(refused, err)
		case errors.Is(err, ErrLost), t.RevealedAt.Sub(t.ClosedAt) < giveUpEdits:
			return err
		default:
			b.log.Error("edit a ballot into its reveal; the announcement comes without", "post", p.Key, "err", err)
		}
		b.opt.Step("edited " + p.Key.String())
	}
	_, err = b.post(ctx, t, t.Place, PostKey{t.ID, 0, announcementPost})
	switch {
	case err == nil:
	case errors.Is(err, ErrRefused) && past.refusedFor(t.RevealedAt) >= refusedAfter:
		refused = append(refused, err)
	default:
		return err
	}
	err = b.store.Update(ctx, t.ID, Closed, func(stored *Tasting) error {
		stored.State, stored.RevealedAt, stored.Reserved = Revealed, t.RevealedAt, 0
		return nil
	})
	if err != nil {
		return err
	}
	b.opt.Step("revealed")
	b.settle(ctx, t)
	b.tellRefused(ctx, t, refused)
	return nil
}
