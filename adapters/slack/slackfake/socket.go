package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// pingEvery is how often a client is pinged.
const pingEvery = 100 * time.Millisecond

// A cord is an open socket.
type cord struct {
	slack *Slack
	token string // the app's

	writing sync.Mutex // held while something is written; nothing that is read waits for it
	ws      *websocket.Conn

	mu      sync.Mutex // of the fields below
	stalled bool
	waiting map[string]*parcel // by envelope
}

func (s *Slack) ticket(token string) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.teams {
		if t.AppToken == token && token != "" {
			id := fmt.Sprint(len(s.tickets) + 1)
			s.tickets[id] = token
			return object{"ok": true, "url": strings.Replace(s.address(), "http", "ws", 1) + "/link/" + id}
		}
	}
	return no("invalid_auth")
}

// link serves a socket. Clients come from https://api.slack.com, strangely.
// Surprising: the socket is in the list before the client hears of it, and
// pings come from the server.
func (s *Slack) link(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	token, ok := s.tickets[strings.TrimPrefix(r.URL.Path, "/link/")]
	s.mu.Unlock()
	if !ok {
		http.Error(w, "no ticket", http.StatusForbidden)
		return
	}
	// It is known before the client is told: what is pushed from then on waits.
	c := &cord{slack: s, token: token, waiting: make(map[string]*parcel)}
	c.writing.Lock()
	s.mu.Lock()
	s.cords = append(s.cords, c)
	plugged := 0
	for _, other := range s.cords {
		if other.token == token {
			plugged++
		}
	}
	s.mu.Unlock()
	defer s.unplug(c)
	up := websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "https://api.slack.com" }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		c.fallSilent()
		c.writing.Unlock()
		return
	}
	c.ws = ws
	remove := s.Sockets.Add(ws)
	defer remove()
	defer ws.Close()
	ws.WriteJSON(object{"type": "hello", "num_connections": plugged, "connection_info": object{"app_id": "A1"}})
	c.writing.Unlock()
	stop := make(chan struct{})
	var pinging sync.WaitGroup
	pinging.Go(func() { c.ping(stop) })
	s.mu.Lock()
	var missed []*parcel
	for _, p := range s.parcels {
		if !p.acked && p.attempt.Load() < retries && p.team.AppToken == token {
			p.attempt.Add(1)
			missed = append(missed, p)
		}
	}
	s.mu.Unlock()
	pinging.Go(func() { // whoever reads it may have to write meanwhile
		for _, p := range missed {
			c.push(p)
		}
	})
	c.read()
	close(stop)
	ws.Close()
	pinging.Wait()
}

// unplug forgets a socket.
func (s *Slack) unplug(c *cord) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cords = slices.DeleteFunc(s.cords, func(x *cord) bool { return x == c })
}

// silent reports whether nothing is written any more, nor heard.
func (c *cord) silent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stalled
}

func (c *cord) fallSilent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stalled = true
}

func (c *cord) write(v object) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.silent() {
		return nil
	}
	return c.ws.WriteJSON(v)
}

func (c *cord) ping(stop chan struct{}) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		c.writing.Lock()
		if !c.silent() {
			c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
		}
		c.writing.Unlock()
		select {
		case <-tick.C:
		case <-stop:
			return
		}
	}
}

// read takes acknowledgements until the socket ends.
func (c *cord) read() {
	for {
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := c.ws.ReadJSON(&ack); err != nil {
			return
		}
		c.mu.Lock()
		p := c.waiting[ack.ID]
		if !c.stalled {
			delete(c.waiting, ack.ID)
		}
		stalled := c.stalled
		c.mu.Unlock()
		if p == nil {
			// Slack takes an acknowledgement on any of the app's sockets.
			p = c.slack.elsewhere(ack.ID)
		}
		if p != nil && !stalled {
			c.slack.done(p, ack.Payload)
		}
	}
}

func (s *Slack) elsewhere(envelope string) *parcel {
	s.mu.Lock()
	cords := append([]*cord(nil), s.cords...)
	s.mu.Unlock()
	for _, c := range cords {
		c.mu.Lock()
		p := c.waiting[envelope]
		c.mu.Unlock()
		if p != nil {
			return p
		}
	}
	return nil
}

// push sends a parcel over any one of its app's sockets, as Slack does.
func (s *Slack) push(p *parcel) error {
	var open []*cord
	s.mu.Lock()
	for _, c := range s.cords {
		if c.token == p.team.AppToken {
			open = append(open, c)
		}
	}
	s.mu.Unlock()
	if len(open) == 0 {
		return errors.New("no socket is open")
	}
	return open[rand.IntN(len(open))].push(p)
}

func (c *cord) push(p *parcel) error {
	id := fmt.Sprint("E", c.slack.Next())
	c.mu.Lock()
	c.waiting[id] = p
	c.mu.Unlock()
	v := object{"envelope_id": id, "type": p.kind, "payload": json.RawMessage(p.payload), "accepts_response_payload": p.kind != "events_api"}
	if p.attempt.Load() > 0 {
		v["retry_attempt"], v["retry_reason"] = p.attempt.Load(), "timeout"
	}
	return c.write(v)
}

// Raw sends a frame over every open socket, and returns the parcel-less
// envelope's acknowledgement as it would any other's.
func (s *Slack) Raw(envelope string, frame map[string]any) (acked bool) {
	p := &parcel{got: make(chan []byte, 1)}
	s.mu.Lock()
	cords := append([]*cord(nil), s.cords...)
	s.mu.Unlock()
	for _, c := range cords {
		c.mu.Lock()
		c.waiting[envelope] = p
		c.mu.Unlock()
		c.write(frame)
	}
	select {
	case <-p.got:
		return true
	case <-time.After(s.AckWait):
		return false
	}
}

// Disconnect sends every socket a disconnect frame.
func (s *Slack) Disconnect(reason string) {
	s.mu.Lock()
	cords := append([]*cord(nil), s.cords...)
	s.mu.Unlock()
	for _, c := range cords {
		c.write(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "fake"}})
	}
}

// Stall makes the sockets that are open now fall silent.
func (s *Slack) Stall() {
	s.mu.Lock()
	cords := append([]*cord(nil), s.cords...)
	s.cords = nil
	s.mu.Unlock()
	for _, c := range cords {
		c.fallSilent()
	}
}
