package discord

import "time"

// Hurry shortens the pauses between tries, for tests of requests that fail.
func (c *Chat) Hurry() { c.pause = time.Millisecond }
