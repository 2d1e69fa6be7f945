package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// An unreadError is that of votes that cannot be read at closing, or not be told
// from those that do not count, and are waited for.
type unreadError struct {
	doing string
	err   error
}

func (e unreadError) Error() string { return fmt.Sprintf("%s: %v", e.doing, e.err) }
func (e unreadError) Unwrap() error { return e.err }

const (
	// warnAfter is how long an outage may last without anybody hearing of it.
	warnAfter = time.Minute
)

// patient reports whether votes that cannot be read are waited for any longer.
// Just after a start they are, however long ago their time was up.
func (b *Bot) patient(t bot.Tasting) bool {
	return t.ReadBy.IsZero() || time.Now().Before(t.ReadBy) || time.Since(b.began) < min(warnAfter, b.opt.WaitForVotes)
}

// await notes that the votes of a closing tasting are waited for, and until
// when. The starter is told once, if it takes long.
func (b *Bot) await(ctx context.Context, t bot.Tasting) error {
	now := time.Now()
	warn := !t.Warned && now.Sub(t.ClosedAt) >= warnAfter
	if !t.ReadBy.IsZero() && !warn {
		return nil
	}
	err := b.store.Update(ctx, t.ID, bot.Closing, func(stored *bot.Tasting) error {
		if stored.ReadBy.IsZero() {
			stored.ReadBy = now.Add(b.opt.WaitForVotes)
		}
		stored.Warned = stored.Warned || warn
		t = *stored
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that votes are waited for: %w", err)
	}
	if warn {
		b.tell(ctx, t, compose.UnreadNotice(t))
	}
	return nil
}

// Healthy returns an error that names the tastings whose votes are waited for.
func (b *Bot) Healthy(ctx context.Context) error {
	now := time.Now()
	ws, err := b.store.Workspaces(ctx)
	if err != nil {
		return fmt.Errorf("look for workspaces: %w", err)
	}
	var errs []error
	for _, w := range ws {
		ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Closing}})
		if err != nil {
			return fmt.Errorf("look for tastings that close: %w", err)
		}
		for _, t := range ts {
			if !t.ReadBy.IsZero() && now.Sub(t.ClosedAt) >= warnAfter {
				errs = append(errs, fmt.Errorf("%s: the votes of tasting %v cannot be read since it closed, and are waited for until %s",
					w.Platform, t.ID, t.ReadBy.Format(time.RFC3339)))
			}
		}
	}
	return errors.Join(errs...)
}
