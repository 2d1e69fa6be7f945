package discord

import "time"

// Hurry shortens the pauses between tries, for tests of requests that fail.
func (c *Chat) Hurry() { c.pause, c.reread = time.Millisecond, time.Millisecond }

// Patient lets first answers take as long as they do on a busy machine.
func (c *Chat) Patient() { c.defers = time.Minute }

// TokensDie makes interactions too old to be answered again, for tests of what
// takes a quarter of an hour.
func (c *Chat) TokensDie() { c.lives = 0 }

// ConnectsInADay is how often a Chat connects in a day in which it never lasts.
func ConnectsInADay() (n int) {
	var s starts
	began := time.Now()
	for now := began; now.Sub(began) < 24*time.Hour; n++ {
		now = now.Add(max(time.Second, s.pause(now)))
	}
	return n
}
