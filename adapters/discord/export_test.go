package discord

import (
	"context"
	"net"
	"time"
)

// Hurry shortens the pauses between tries, for tests of requests that fail.
func (c *Chat) Hurry() { c.pause, c.reread = time.Millisecond, time.Millisecond }

// Impatient gives the gateway little time to answer.
func (c *Chat) Impatient() { c.answers = time.Second }

// Patient lets first answers take as long as they do on a busy machine.
func (c *Chat) Patient() {
	c.Lenient()
	c.defers = time.Minute
}

// Lenient does not give first answers up, where a fake waits longer than Discord.
func (c *Chat) Lenient() { c.waits = time.Hour }

// TokensDie makes interactions too old to be answered again, for tests of what
// takes a quarter of an hour.
func (c *Chat) TokensDie() { c.lives = 0 }

// DialWith has every connection made by dial.
func (c *Chat) DialWith(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.http.next.DialContext = dial
	c.dial = dial
}

// StartsInAnHour is how many sessions are begun by as many bots as there are
// ledgers, if each begins one whenever it may.
func StartsInAnHour(ctx context.Context, ledgers ...Ledger) (n int) {
	now := time.Now().Truncate(time.Hour)
	for range 100 {
		for _, l := range ledgers {
			s := newStarts(l, nil)
			if s.take(ctx, shard{0, 1}, now) == nil {
				n++
			}
		}
	}
	return n
}
