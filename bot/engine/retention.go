package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const expireEvery = time.Hour

// expire deletes tastings that are older than the retention, and returns when
// to look again. Logs say how many, never which.
func (b *Bot) expire(ctx context.Context) (next time.Time, err error) {
	if b.opt.Retention <= 0 {
		return time.Time{}, nil
	}
	n, err := b.deleteEnded(ctx, time.Now().Add(-b.opt.Retention))
	if n > 0 {
		b.log.Info("deleted old tastings", "tastings", n, "retention", b.opt.Retention)
	}
	return time.Now().Add(expireEvery), err
}

// deleteEnded deletes the settled tastings that ended before the given time,
// and returns how many.
func (b *Bot) deleteEnded(ctx context.Context, before time.Time) (n int, err error) {
	ws, err := b.store.Workspaces(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for workspaces: %w", err)
	}
	defer func() {
		if n > 0 {
			b.forgetKnown()
		}
	}()
	for _, w := range ws {
		ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed, bot.Cancelled, bot.Failed}})
		if err != nil {
			return n, fmt.Errorf("look for old tastings: %w", err)
		}
		for _, t := range ts {
			if !t.Settled() || !t.Ended().Before(before) {
				continue
			}
			switch err := b.store.Delete(ctx, t.ID); {
			case err == nil:
				n++
			case !errors.Is(err, bot.ErrNotFound):
				return n, err
			}
		}
	}
	return n, nil
}
