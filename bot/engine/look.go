package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// lookEvery is how often it is seen whether another wave of votes is complete.
const lookEvery = time.Minute

// errCame says that votes came while the bot looked at those before.
var errCame = errors.New("votes came meanwhile")

// look looks at the votes of an open tasting if another wave of them is complete,
// and ends voting if they show something: then the verdict of the reveal is that
// of this look. It returns when to come again; zero: never.
//
// That it looked, and what it saw, goes nowhere: no post, no log, no step of
// anybody depends on it until voting is over. It comes by the clock, not by
// votes, and is done by one replica at a time.
func (b *Bot) look(ctx context.Context, id bot.TastingID) (again time.Time, err error) {
	ctx = context.WithoutCancel(ctx) // a look that has begun is finished
	for {
		t, err := b.store.Tasting(ctx, id)
		switch {
		case errors.Is(err, bot.ErrNotFound): // deleted
			return time.Time{}, nil
		case err != nil:
			return time.Time{}, fmt.Errorf("read tasting %v: %w", id, err)
		case t.State > bot.Open || t.Deal.Looked >= t.Deal.Looks-1:
			return time.Time{}, nil
		}
		err = b.lookAt(ctx, t)
		switch {
		case err == nil:
			return time.Now().Add(lookEvery), nil
		case errors.Is(err, errCame), errors.Is(err, bot.ErrMoved): // it may have ended
			continue
		}
		return time.Time{}, err
	}
}

// lookAt looks at the votes of t, if a wave of them is complete that was not
// looked at yet. errCame: something is shown, but not of all votes by now.
func (b *Bot) lookAt(ctx context.Context, t bot.Tasting) error {
	seen, err := b.rows(ctx, t)
	if err != nil {
		return err
	}
	wave := waves(t, seen)
	if wave <= t.Deal.Looked || t.State != bot.Open {
		return nil
	}
	shown := compose.Look(t, seen, wave).Verdict != stats.NotEnough
	b.opt.Step("looked")
	now := time.Now()
	err = b.store.Review(ctx, t.ID, bot.Open, func(t *bot.Tasting, rows []bot.Vote) error {
		switch {
		case t.Deal.Looked >= wave:
			return bot.ErrMoved
		case shown && !slices.Equal(rows, seen):
			return errCame
		}
		t.Deal.Looked = wave
		if shown {
			t.Deal.Shown = true
			t.State, t.ClosedAt, t.Wake = bot.Closing, now, now
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep a look at the votes of tasting %v: %w", t.ID, err)
	}
	b.opt.Step("noted a look")
	b.nudgeRun()
	return nil
}

// waves is how many waves of votes are complete, without the last.
func waves(t bot.Tasting, rows []bot.Vote) int {
	if t.Deal.Most == 0 {
		return 0
	}
	votes := len(compose.Counted(t, rows))
	return min(votes*t.Deal.Looks/t.Deal.Most, t.Deal.Looks-1)
}

// rows are all rows of a tasting, by round and user.
func (b *Bot) rows(ctx context.Context, t bot.Tasting) ([]bot.Vote, error) {
	var all []bot.Vote
	for i := range t.Rounds {
		vs, err := b.store.Votes(ctx, t.ID.Round(i+1))
		if err != nil {
			return nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(i+1), err)
		}
		all = append(all, vs...)
	}
	return all, nil
}
