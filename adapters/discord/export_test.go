package discord

import "time"

// Hurry shortens the pauses between tries, for tests of requests that fail.
func (c *Chat) Hurry() { c.pause = time.Millisecond }

// TokensDie makes interactions too old to be answered again, for tests of what
// takes a quarter of an hour.
func (c *Chat) TokensDie() { c.lives = 0 }
