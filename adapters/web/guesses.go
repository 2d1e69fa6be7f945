package web

import (
	"net/http"
	"sync"
	"time"
)

const (
	wrongGuesses  = 10               // that an address may make in a row without waiting
	wrongOfAll    = 100              // that all may make at one key
	guessAgain    = 6 * time.Second  // then one more as often as this
	mostPause     = 10 * time.Second // before an answer
	mostAddresses = 10_000           // remembered
)

// guesses slow down whoever tries out keys, and lock nobody out: however many
// wrong keys came before, from an address or at a key, the right one lets in,
// after no longer a pause than a wrong one has. The zero value is ready.
type guesses struct {
	mu   sync.Mutex
	made map[string]time.Time // by address, and by key: when the wrong guesses will all have been waited for
}

// try reports whether a guess at a key, which is for what, is right, and how
// long the answer has to wait.
func (g *guesses) try(addr, what, guess, key string) (right bool, pause time.Duration) {
	right = key != "" && equal(guess, key)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.made) >= mostAddresses {
		clear(g.made)
	}
	if g.made == nil {
		g.made = make(map[string]time.Time)
	}
	now := time.Now()
	for _, of := range []struct {
		name string
		free int
	}{{"from " + addr, wrongGuesses}, {"at " + what, wrongOfAll}} {
		made := g.made[of.name]
		if made.Before(now) {
			made = now
		}
		free := time.Duration(of.free-1) * guessAgain
		pause = max(pause, min(mostPause, made.Sub(now)-free))
		if !right { // a long attack is over soon after its end
			g.made[of.name] = now.Add(min(made.Sub(now)+guessAgain, free+mostPause))
		}
	}
	return right, pause
}

// Admits reports whether a key is the admins', for what stands beside the page and asks
// for the same: whoever tries keys out there is as slow as here.
func (c *Chat) Admits(r *http.Request, key string) bool {
	return c.guess(r, "admin", key, c.opt.AdminKey)
}

// guess is try for a request. It returns after the pause, or when nobody waits
// for the answer any more.
func (c *Chat) guess(r *http.Request, what, guess, key string) (right bool) {
	right, pause := c.guesses.try(c.address(r), what, guess, key)
	if pause == 0 {
		return right
	}
	_, running := c.connected()
	wait := time.NewTimer(pause)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-r.Context().Done():
		return false
	case <-running.Done():
		return false
	}
	return right
}
