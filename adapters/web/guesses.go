package web

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	wrongGuesses  = 10              // of a key that an address may make in a row
	guessAgain    = 6 * time.Second // then one more as often as this
	mostAddresses = 10_000          // remembered
)

// guesses holds up whoever tries out keys. The zero value is ready.
type guesses struct {
	mu   sync.Mutex
	made map[string]time.Time // by address: when its wrong guesses will all have been waited for
}

// try reports whether a guess is right; tooMany if it was not looked at,
// because too many wrong ones came from this address. Right ones are free.
func (g *guesses) try(addr, guess, key string) (right, tooMany bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	made := g.made[addr]
	switch {
	case made.Sub(now) > (wrongGuesses-1)*guessAgain:
		return false, true
	case key != "" && equal(guess, key):
		return true, false
	}
	if len(g.made) >= mostAddresses {
		clear(g.made)
	}
	if g.made == nil {
		g.made = make(map[string]time.Time)
	}
	if made.Before(now) {
		made = now
	}
	g.made[addr] = made.Add(guessAgain)
	return false, false
}

// address is where a request comes from: what a reverse proxy of ours says,
// else the other end of the connection.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() && !ip.IsPrivate() {
		return host
	}
	all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if last := strings.TrimSpace(all[len(all)-1]); last != "" { // the one that the proxy saw itself
		return last
	}
	return host
}
