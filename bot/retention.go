package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const expireEvery = time.Hour

// expire deletes tastings that are older than the retention, now and once an
// hour until ctx is done. Logs say how many, never which.
func (b *Bot) expire(ctx context.Context) {
	if b.opt.Retention <= 0 {
		return
	}
	tick := time.NewTicker(expireEvery)
	defer tick.Stop()
	for {
		n, err := b.deleteEnded(ctx, time.Now().Add(-b.opt.Retention))
		if n > 0 {
			b.log.Info("deleted old tastings", "tastings", n, "retention", b.opt.Retention)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Error("delete old tastings", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
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
			b.known.forget()
		}
	}()
	for _, w := range ws {
		ts, err := b.store.Tastings(ctx, w, Query{States: []State{Revealed, Cancelled, Failed}})
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
			case !errors.Is(err, ErrNotFound):
				return n, err
			}
		}
	}
	return n, nil
}
