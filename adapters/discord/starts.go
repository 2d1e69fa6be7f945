package discord

import (
	"context"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A Ledger counts under a key, over restarts and for all who share it. A
// [bot.Store] is one, and says what the methods do.
type Ledger interface {
	Reserve(ctx context.Context, key string, cost, limit int64) error
	Reserved(ctx context.Context, key string) (int64, error)
}

// Discord lets a bot identify itself once in five seconds. If it does so 1,000
// times in a day, its token is taken away.
// https://docs.discord.com/developers/events/gateway#session-start-limit
const (
	startGap        = 5 * time.Second
	startsAtOnce    = 8 // in an hour; after these the gap doubles each time
	longestGap      = 5 * time.Minute
	startsAnHour    = 30 // 24 hours touch 25 hours of the clock: 750
	startsLeftAlone = 20 // of those that Discord grants a day: the last one costs the token
)

// starts pace IDENTIFYs. Each is counted in the ledger, under the hour in which
// it is sent, so that a bot that dies and is started again and again is slowed
// down as well.
type starts struct {
	ledger Ledger
	last   time.Time // zero: by an earlier process, if at all
}

func startsKey(now time.Time) string {
	return "discord/identify/" + now.UTC().Format("2006-01-02T15")
}

// wait returns how long to wait before the next IDENTIFY.
func (s *starts) wait(ctx context.Context, now time.Time) (time.Duration, error) {
	n, err := s.ledger.Reserved(ctx, startsKey(now))
	if err != nil {
		return 0, fmt.Errorf("count the hour's sessions: %w", err)
	}
	switch {
	case n >= startsAnHour:
		return now.Truncate(time.Hour).Add(time.Hour).Sub(now), nil
	case s.last.IsZero() && n == 0:
		return 0, nil
	}
	gap := min(startGap<<max(0, n-startsAtOnce), longestGap)
	if s.last.IsZero() {
		return gap, nil // the last may just have been
	}
	return max(0, gap-now.Sub(s.last)), nil
}

// take counts an IDENTIFY that is about to be sent. An error: it must not be.
func (s *starts) take(ctx context.Context, now time.Time) error {
	if err := s.ledger.Reserve(ctx, startsKey(now), 1, startsAnHour); err != nil {
		return fmt.Errorf("count a session: %w", err)
	}
	s.last = now
	return nil
}

// A tally is a ledger that lasts as long as the process.
type tally map[string]int64

func (t tally) Reserve(_ context.Context, key string, cost, limit int64) error {
	if limit >= 0 && t[key] > limit-cost {
		return bot.ErrLimit
	}
	t[key] += cost
	return nil
}

func (t tally) Reserved(_ context.Context, key string) (int64, error) { return t[key], nil }
