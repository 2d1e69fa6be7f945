package bot

import (
	"context"
	"errors"
	"time"
)

// fail ends a tasting that cannot go on; note says why, in a sentence.
func (b *Bot) fail(ctx context.Context, t Tasting, note string) error {
	return b.end(ctx, t, Failed, note)
}

// end ends a tasting without a reveal, Cancelled or Failed. Its votes are kept
// and stay secret.
func (b *Bot) end(ctx context.Context, t Tasting, s State, note string) error {
	err := b.store.Update(ctx, t.ID, t.State, func(t *Tasting) error {
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
func (b *Bot) tellOver(ctx context.Context, t Tasting) error {
	unlock := b.edit.lock(t.ID)
	defer unlock()
	if err := b.editVoting(ctx, t); err != nil && !errors.Is(err, ErrLost) {
		return err
	}
	err := b.store.Update(ctx, t.ID, t.State, func(t *Tasting) error {
		t.Told, t.Reserved = true, 0
		return nil
	})
	if err != nil {
		return err
	}
	b.settle(ctx, t)
	if t.State == Failed {
		b.tell(ctx, t.Starter, failedNotice(t))
	}
	return nil
}

// dropDraft forgets a tasting that was described and never wanted.
func (b *Bot) dropDraft(ctx context.Context, t Tasting) error {
	return b.store.Update(ctx, t.ID, Draft, func(t *Tasting) error {
		t.State, t.Told, t.Note = Cancelled, true, "Nobody said yes to it."
		return nil
	})
}
