package web

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	maxPages  = 500 // open at once
	heartbeat = 20 * time.Second
)

// live are the open pages. The zero value is ready.
type live struct {
	mu    sync.Mutex
	pages map[*openPage]bool
}

type openPage struct {
	user    string
	changed chan struct{} // holds one: pokes that a slow page has not read are one
}

// open adds a page; nil if there are too many.
func (l *live) open(user string) *openPage {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pages) >= maxPages {
		return nil
	}
	if l.pages == nil {
		l.pages = make(map[*openPage]bool)
	}
	p := &openPage{user, make(chan struct{}, 1)}
	p.changed <- struct{}{} // what changed before it was open, it has not seen
	l.pages[p] = true
	return p
}

func (l *live) close(p *openPage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.pages, p)
}

// poke makes the pages of a user look again; all pages for "".
func (l *live) poke(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pages {
		if user != "" && p.user != user {
			continue
		}
		select {
		case p.changed <- struct{}{}:
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
// again.
func (c *Chat) events(w http.ResponseWriter, r *http.Request) {
	user, _ := c.user(r)
	p := c.live.open(user)
	if p == nil {
		w.Header().Set("Retry-After", "30")
		http.Error(w, c.plain(r, bot.Say("Too many pages are open. This one shows news when you reload it.")), http.StatusServiceUnavailable)
		return
	}
	defer c.live.close(p)
	_, running := c.connected()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	rc := http.NewResponseController(w)
	if err := rc.SetReadDeadline(time.Time{}); err != nil { // or the server's own would end it
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	line := "retry: 1500\n\n"
	for {
		// A page that does not read is dropped; it comes back by itself.
		if err := rc.SetWriteDeadline(time.Now().Add(heartbeat)); err != nil {
			return
		}
		if _, err := fmt.Fprint(w, line); err != nil {
			return
		}
		if err := rc.Flush(); err != nil {
			return
		}
		select {
		case <-p.changed:
			line = "event: changed\ndata: \n\n"
		case <-beat.C: // whatever was missed is seen by then
			line = "event: changed\ndata: \n\n"
		case <-r.Context().Done():
			return
		case <-running.Done():
			return
		}
	}
}
