package slack

import (
	"context"
	"net"
	"net/http"
	"time"
)

// MostCached is how many values a cache keeps.
const MostCached = mostCached

// A Cache is a cache, for tests of what it forgets.
type Cache struct{ cache[int] }

func (c *Cache) Put(key string, v int) { c.put(key, v) }

func (c *Cache) Has(key string) bool { _, ok := c.get(key, time.Hour); return ok }

// Reconnecting returns the pauses before so many attempts to reach Slack.
func Reconnecting(n int) (all []time.Duration) {
	waits := reconnecting()
	for range n {
		all = append(all, waits.NextBackOff())
	}
	return all
}

// AttemptTime is how long an attempt may take.
const AttemptTime = attemptTime

// A Budget is that of chat.update, for tests on a clock of their own.
type Budget struct{ *budget }

func NewBudget() Budget { return Budget{newBudgets(1).update} }

// Result, Post and Count make a call of their rank.
func (b Budget) Result(ctx context.Context, f func() error) error { return b.call(ctx, first, f) }

func (b Budget) Post(ctx context.Context, f func() error) error { return b.call(ctx, soon, f) }

func (b Budget) Count(f func() error) error { return b.now(late, f) }

// DialWith has every connection made by dial.
func (c *Chat) DialWith(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.clock.next.(*http.Transport).DialContext = dial
	c.network = dial
}
