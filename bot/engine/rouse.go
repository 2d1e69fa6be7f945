package engine

import (
	"context"
	"errors"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	lastCall   = 15 * time.Minute // before the end threads are looked at once more
	awakeAfter = time.Hour        // the end, for the reveal
	rouseAgain = 10 * time.Minute // after it failed
	rouseTakes = 30 * time.Second // at most: voting must close
	lookTakes  = time.Second      // at most: somebody waits for an answer
)

// sleeper is the chat of a workspace, if its threads go to sleep.
func (b *Bot) sleeper(w bot.Workspace) (bot.Sleeper, bool) {
	s, ok := b.chats[w.Platform].(bot.Sleeper)
	return s, ok
}

// sleepsEarly returns after how long without a message the thread of a draft's
// ballots goes to sleep; 0: not before voting closes.
func (b *Bot) sleepsEarly(ctx context.Context, t bot.Tasting, now time.Time) time.Duration {
	s, ok := b.sleeper(t.ID.Workspace)
	if !ok {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, lookTakes)
	defer cancel()
	d, err := s.Sleeps(ctx, t.Place, t.Ballot == bot.Reaction && len(t.Rounds) > 1)
	if err != nil {
		b.log.Warn("see whether a thread goes to sleep", "tasting", t.ID, "err", err)
	}
	if now.Add(d).Before(t.Closes) {
		return d
	}
	return 0
}

// firstRouse is when a tasting's threads must be kept awake from the time on
// that it opens, or closes at another time: at once. Zero: they do not sleep.
func (b *Bot) firstRouse(t bot.Tasting, now time.Time) time.Time {
	if _, ok := b.sleeper(t.ID.Workspace); ok {
		return now
	}
	return time.Time{}
}

// rouse keeps the threads of a tasting awake, and notes when that must be done
// again. If it cannot be done now it is tried again; nothing else waits for it.
func (b *Bot) rouse(ctx context.Context, t bot.Tasting) error {
	again, err := b.keepAwake(ctx, t)
	now := time.Now()
	if err != nil {
		b.log.Warn("keep the threads of a tasting awake", "tasting", t.ID, "err", err)
		again = now.Add(rouseAgain)
	}
	err = b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		t.Rouse = nextRouse(*t, again, now)
		t.Wake = nextWake(*t)
		return nil
	})
	if err == nil {
		b.opt.Step("roused")
	}
	return err
}

// keepAwake has the places of head and ballots stay awake until the reveal, and
// returns when it must be called again; zero: not before the end.
func (b *Bot) keepAwake(ctx context.Context, t bot.Tasting) (again time.Time, err error) {
	s, ok := b.sleeper(t.ID.Workspace)
	if !ok {
		return time.Time{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, rouseTakes)
	defer cancel()
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return time.Time{}, err
	}
	seen := make(map[bot.Place]bool)
	var errs []error
	for _, p := range posts {
		if at := p.Ref.Place; !seen[at] && (p.Key.What == bot.HeadPost || p.Key.What == bot.BallotPost) {
			seen[at] = true
			next, err := s.Rouse(ctx, at, t.Closes.Add(awakeAfter))
			if again = earlier(again, next); !errors.Is(err, bot.ErrGone) {
				errs = append(errs, err)
			}
		}
	}
	return again, errors.Join(errs...)
}

// nextRouse is when the threads of a tasting are looked after again: when the
// chat wants it, before the nudge, and before the end.
func nextRouse(t bot.Tasting, again, now time.Time) time.Time {
	if !again.IsZero() && !again.After(now) {
		again = now.Add(rouseAgain)
	}
	var next time.Time
	for _, at := range []time.Time{again, nudgeAt(t), t.Closes.Add(-lastCall)} {
		if at.After(now) && at.Before(t.Closes) {
			next = earlier(next, at)
		}
	}
	return next
}

// earlier is the earlier of two times, of which a zero one never comes.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
