package web

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	maxPages     = 500 // open at once
	maxOfAddress = 200 // of them from one address: an office, or a proxy that is not named as ours
	maxOfUser    = 12  // of them one person's
	heartbeat    = 20 * time.Second
	streamLasts  = 15 * time.Minute       // then the page opens another: one that nobody reads is let go
	restBetween  = 250 * time.Millisecond // looks of one page, at least
	looksASecond = 100                    // that all pages together are asked for
)

// live are the open pages. The zero value is ready.
type live struct {
	mu    sync.Mutex
	pages map[*openPage]bool

	lasts  time.Duration // a stream; 0: streamLasts
	stalls time.Duration // an answer, at most; 0: answerTime
}

type openPage struct {
	user, address string
	changed       chan struct{} // holds one: pokes that a slow page has not read are one
	own           chan struct{} // the same, of what is for this user alone and waits for nothing
}

// open adds a page; nil if there are too many: in all, of this user, or from this
// address.
func (l *live) open(user, address string) *openPage {
	l.mu.Lock()
	defer l.mu.Unlock()
	users, there := 0, 0
	for p := range l.pages {
		if p.user == user && user != "" {
			users++
		}
		if p.address == address {
			there++
		}
	}
	if len(l.pages) >= maxPages || users >= maxOfUser || there >= maxOfAddress {
		return nil
	}
	if l.pages == nil {
		l.pages = make(map[*openPage]bool)
	}
	p := &openPage{user, address, make(chan struct{}, 1), make(chan struct{}, 1)}
	p.own <- struct{}{} // what changed before it was open, it has not seen
	l.pages[p] = true
	return p
}

func (l *live) close(p *openPage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.pages, p)
}

// rest is how long a page is told nothing after it was told to look: the more are
// open, the longer. It differs from time to time, so that they do not all look at once.
func (l *live) rest() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := max(restBetween, time.Duration(len(l.pages))*time.Second/looksASecond)
	return d/2 + rand.N(d)
}

// poke makes the pages of a user look again; all pages for "", each when it has rested.
func (l *live) poke(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pages {
		if user != "" && p.user != user {
			continue
		}
		to := p.changed
		if user != "" {
			to = p.own
		}
		select {
		case to <- struct{}{}:
		default:
		}
	}
}

// pokeSoon pokes all pages now and a little later again: the core notes a post
// only after the chat has said that it landed.
func (l *live) pokeSoon() {
	l.poke("")
	for _, wait := range []time.Duration{200 * time.Millisecond, 2 * time.Second} {
		time.AfterFunc(wait, func() { l.poke("") })
	}
}

// events tells a page, by server-sent events, when to look again. Surprising: a
// heartbeat says "changed" too, so that a page that missed something looks
// again. Whoever is told no news asks by themself, as channel.js does.
func (c *Chat) events(w http.ResponseWriter, r *http.Request) {
	user, _ := c.user(r)
	p := c.live.open(user, c.address(r))
	if p == nil {
		w.Header().Set("Retry-After", "10")
		http.Error(w, c.plain(r, bot.Say("Too many pages are open. This one asks for news every now and then.")), http.StatusTooManyRequests)
		return
	}
	defer c.live.close(p)
	_, running := c.connected()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.Header().Set("Connection", "close") // when the stream is over, whoever reads nothing shall not keep it
	rc := http.NewResponseController(w)
	if err := rc.SetReadDeadline(time.Time{}); err != nil { // or the server's own would end it
		return
	}
	over, cancel := context.WithTimeout(r.Context(), cmp.Or(c.live.lasts, streamLasts))
	defer cancel()
	for line := "retry: 1500\n\n"; ; line = "event: changed\ndata: \n\n" {
		if _, err := fmt.Fprint(w, line); err != nil {
			return
		}
		if err := rc.Flush(); err != nil {
			return
		}
		if !p.wait(over, running, c.live.rest()) {
			return
		}
	}
}

// wait returns when the page shall look again: after a rest, but for what is its
// user's own; at every heartbeat. It reports false once the stream is over.
func (p *openPage) wait(over, running context.Context, rest time.Duration) bool {
	rested := time.NewTimer(rest)
	defer rested.Stop()
	beat := time.NewTimer(heartbeat)
	defer beat.Stop()
	var changed <-chan struct{}
	for {
		select {
		case <-rested.C:
			changed = p.changed
			continue
		case <-changed:
		case <-p.own:
		case <-beat.C: // whatever was missed is seen by then
		case <-over.Done():
			return false
		case <-running.Done():
			return false
		}
		return true
	}
}
