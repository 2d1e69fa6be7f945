package web

// Guesses is guesses, for a test under a clock of its own.
type Guesses struct{ guesses }

func (g *Guesses) Try(addr, guess, key string) (right, tooMany bool) { return g.try(addr, guess, key) }

// OpenPages is how many pages a chat takes to be open.
func (c *Chat) OpenPages() int {
	c.live.mu.Lock()
	defer c.live.mu.Unlock()
	return len(c.live.pages)
}
