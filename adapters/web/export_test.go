package web

import "time"

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
