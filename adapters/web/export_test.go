package web

import (
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Guesses is guesses, for a test under a clock of its own.
type Guesses struct{ guesses }

func (g *Guesses) Try(addr, what, guess, key string) (right bool, pause time.Duration) {
	return g.try(addr, what, guess, key)
}

// OpenPages is how many pages a chat takes to be open.
func (c *Chat) OpenPages() int {
	c.live.mu.Lock()
	defer c.live.mu.Unlock()
	return len(c.live.pages)
}

// Hurry lets streams, and answers that nobody reads, last only so long. Call it before
// Handler.
func (c *Chat) Hurry(lasts, stalls time.Duration) { c.live.lasts, c.live.stalls = lasts, stalls }

// Rendered is how many pieces of posts were rendered, and not found rendered.
func (c *Chat) Rendered() int {
	c.pieces.mu.Lock()
	defer c.pieces.mu.Unlock()
	return c.pieces.made
}

// LinkUntil is the pass of a link that holds until a time; of a session, if so asked.
func LinkUntil(key []byte, at bot.Place, until time.Time, session bool) string {
	if session {
		return signer{key}.pass(sessionPass, at, until)
	}
	return signer{key}.pass(linkPass, at, until)
}
