package discord_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

// A gateway keeps its sessions, and what was said in them, for RESUME. Whoever
// breaks its rules is closed, as by Discord.
type gateway struct {
	beat     time.Duration
	slow     time.Duration // before each answer
	paced    bool          // one IDENTIFY in five seconds, as Discord has it
	forgets  bool          // RESUMED comes without what was missed
	shy      bool          // READY names no address to resume at
	sessions map[string]*gatewaySession
	opened   int         // connections
	dialed   []string    // where
	began    []time.Time // IDENTIFYs
	resumes  int
	beats    []any // what heartbeats said was heard last
	beatAt   []time.Time
	done     sync.WaitGroup
	left     sessionsLeft
	plans    map[moment]*plan
}

// sessionsLeft is what GET /gateway/bot says of a day's IDENTIFYs.
type sessionsLeft struct {
	Total      int   `json:"total"`
	Remaining  int   `json:"remaining"`
	ResetAfter int64 `json:"reset_after"` // ms
	At         int   `json:"max_concurrency"`
}

type gatewaySession struct {
	id   string
	said []packet
	line *line // nil: none
	mu   sync.Mutex
}

type packet struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  int    `json:"s,omitempty"`
	Type string `json:"t,omitempty"`
}

// A line is a connection.
type line struct {
	ws      *websocket.Conn
	mu      sync.Mutex // of what is written
	stalled bool       // nothing is said on it any more
}

func (l *line) write(p packet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.stalled {
		l.ws.WriteJSON(p)
	}
}

func (l *line) close(code int) {
	l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "Refused."), time.Now().Add(time.Second))
	l.ws.Close()
}

func (g *gateway) init() {
	g.beat, g.sessions, g.plans = 41250*time.Millisecond, make(map[string]*gatewaySession), make(map[moment]*plan)
	g.left = sessionsLeft{Total: 1000, Remaining: 999, ResetAfter: (12 * time.Hour).Milliseconds(), At: 1}
}

func (f *fake) serveGateway(w http.ResponseWriter, r *http.Request) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	f.gateway.done.Add(1)
	defer f.gateway.done.Done()
	defer ws.Close()
	defer f.lines.Add(ws)()
	f.mu.Lock()
	f.gateway.opened++
	f.gateway.dialed = append(f.gateway.dialed, r.URL.Path)
	beat, slow := f.gateway.beat, f.gateway.slow
	f.mu.Unlock()
	l := &line{ws: ws}
	f.trouble(l, beforeHello)
	if !f.trouble(l, insteadOfHello) {
		l.write(packet{Op: 10, Data: map[string]any{"heartbeat_interval": beat.Milliseconds()}})
	}
	var session *gatewaySession
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if session != nil && session.line == l {
			session.line = nil
		}
	}()
	for alive := time.Now().Add(2 * beat); ; {
		ws.SetReadDeadline(alive)
		var in struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if err := ws.ReadJSON(&in); err != nil {
			if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) && session != nil {
				f.mu.Lock()
				delete(f.gateway.sessions, session.id)
				f.mu.Unlock()
			}
			if errors.Is(err, os.ErrDeadlineExceeded) {
				l.close(4009)
			}
			return
		}
		time.Sleep(slow)
		switch in.Op {
		case 1:
			alive = time.Now().Add(2 * beat)
			var seq any
			json.Unmarshal(in.Data, &seq)
			f.mu.Lock()
			f.gateway.beats = append(f.gateway.beats, seq)
			f.gateway.beatAt = append(f.gateway.beatAt, time.Now())
			f.mu.Unlock()
			l.write(packet{Op: 11})
		case 2:
			if session != nil {
				l.close(4005)
				return
			}
			session = f.identify(l, in.Data)
		case 6:
			session = f.resumed(l, in.Data)
		default:
			l.close(4001)
			return
		}
	}
}

// identify begins a session, and returns nil if it does not.
func (f *fake) identify(l *line, data json.RawMessage) *gatewaySession {
	var who struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
	}
	json.Unmarshal(data, &who)
	f.mu.Lock()
	g := &f.gateway
	hasty := g.paced && len(g.began) > 0 && time.Since(g.began[len(g.began)-1]) < 5*time.Second
	g.began = append(g.began, time.Now())
	f.mu.Unlock()
	switch {
	case who.Token != token:
		l.close(4004)
		return nil
	case who.Intents != 1|1<<10:
		l.close(4014)
		return nil
	case hasty:
		l.write(packet{Op: 9, Data: false})
		return nil
	case f.trouble(l, onIdentify):
		return nil
	}
	s := &gatewaySession{id: f.id(), line: l}
	f.mu.Lock()
	g.sessions[s.id] = s
	var guilds []map[string]any
	var creates []map[string]any
	for id := range f.guilds {
		guilds = append(guilds, map[string]any{"id": id, "unavailable": true})
		var channels []channel
		for _, c := range f.channels {
			if c.Guild == id && c.Type == 0 {
				channels = append(channels, c)
			}
		}
		creates = append(creates, map[string]any{"id": id, "channels": channels, "system_channel_id": tasteID})
	}
	ready := map[string]any{"v": 10, "user": f.users[botID], "session_id": s.id, "guilds": guilds, "application": map[string]any{"id": botID}}
	if !g.shy {
		ready["resume_gateway_url"] = f.gatewayURL() + "resume/"
	}
	f.mu.Unlock()
	f.say(s, "READY", ready)
	for _, g := range creates {
		f.say(s, "GUILD_CREATE", g)
	}
	return s
}

func (f *fake) gatewayURL() string {
	return "ws" + strings.TrimPrefix(f.srv.URL, "http") + "/gateway/ws/"
}

// resumed goes on with a session, and returns nil if it does not.
func (f *fake) resumed(l *line, data json.RawMessage) *gatewaySession {
	var who struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	json.Unmarshal(data, &who)
	f.mu.Lock()
	f.gateway.resumes++
	s, forgets := f.gateway.sessions[who.Session], f.gateway.forgets
	f.mu.Unlock()
	switch {
	case who.Token != token:
		l.close(4004)
		return nil
	case f.trouble(l, onResume):
		return nil
	case s == nil:
		l.write(packet{Op: 9, Data: false})
		return nil
	case who.Seq > len(s.said):
		l.close(4007)
		return nil
	}
	s.mu.Lock()
	f.mu.Lock()
	missed := s.said[who.Seq:]
	if forgets {
		missed = nil
	}
	s.line = l
	f.mu.Unlock()
	for _, p := range missed {
		l.write(p)
	}
	s.mu.Unlock()
	f.say(s, "RESUMED", map[string]any{})
	return s
}

// say says one event in a session, also if nobody listens just now.
func (f *fake) say(s *gatewaySession, kind string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.mu.Lock()
	p := packet{Op: 0, Data: data, Seq: len(s.said) + 1, Type: kind}
	s.said = append(s.said, p)
	l := s.line
	f.mu.Unlock()
	if l != nil {
		l.write(p)
	}
}

// dispatch says an event to everybody who has a session.
func (f *fake) dispatch(kind string, data any) {
	f.mu.Lock()
	var all []*gatewaySession
	for _, s := range f.gateway.sessions {
		all = append(all, s)
	}
	f.mu.Unlock()
	for _, s := range all {
		f.say(s, kind, data)
	}
}

func (f *fake) dispatchReaction(channel, message, user, name string, on, super bool) {
	f.mu.Lock()
	guild, u := f.channels[channel].Guild, f.users[user]
	f.mu.Unlock()
	e := map[string]any{
		"guild_id": guild, "channel_id": channel, "message_id": message, "user_id": user,
		"emoji": map[string]any{"id": nil, "name": name}, "burst": super, "type": 0,
	}
	kind := "MESSAGE_REACTION_REMOVE"
	if on {
		kind = "MESSAGE_REACTION_ADD"
		e["member"] = map[string]any{"user": u}
		e["message_author_id"] = botID
	}
	f.dispatch(kind, e)
}

// connected waits until somebody listens.
func (f *fake) connected(t testing.TB) {
	t.Helper()
	adaptertest.Eventually(t, "the chat is connected", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, s := range f.gateway.sessions {
			if s.line != nil {
				return true
			}
		}
		return false
	})
}
