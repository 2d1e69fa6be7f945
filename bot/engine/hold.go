package engine

import (
	"context"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// hold waits, once everything is answered, for the time from which on it may
// show. Whoever knows which model is fast could tell from a quicker end that the
// long text is that one's.
func (b *Bot) hold(ctx context.Context, t bot.Tasting) error {
	if !t.Timed() || t.Asked.IsZero() || b.opt.Hold < 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(held(t.Asked, time.Now(), b.opt.Hold))):
		return nil
	}
}

// held is when what was asked at one time and answered by another may show:
// after hold, twice hold, or a multiple of four times that.
func held(asked, answered time.Time, hold time.Duration) time.Time {
	step := hold
	switch took := answered.Sub(asked); {
	case took > 2*hold:
		step = (took + 4*hold - 1) / (4 * hold) * 4 * hold
	case took > hold:
		step = 2 * hold
	}
	return asked.Add(step)
}
