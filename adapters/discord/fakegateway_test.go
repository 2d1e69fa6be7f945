package discord_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

// A gateway keeps its sessions, and what was said in them, for RESUME.
type gateway struct {
	beat     time.Duration
	resume   resumption
	sessions map[string]*gatewaySession
	opened   int // connections
	resumes  int
	done     sync.WaitGroup
	muted    bool // nothing is said any more
	spent    bool // no more sessions today
	refuse   int  // identifying and resuming are answered with this close code
}

// A resumption is what the gateway does when somebody resumes.
type resumption int

const (
	replays    resumption = iota // what was missed, then RESUMED
	forgets                      // RESUMED, without what was missed
	invalid                      // INVALID_SESSION, and then READY again
	keepsQuiet                   // nothing is ever said
)

type gatewaySession struct {
	id   string
	said []packet
	conn *websocket.Conn // nil: none
	mu   sync.Mutex      // of writes
}

type packet struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  int    `json:"s,omitempty"`
	Type string `json:"t,omitempty"`
}

func (g *gateway) init() {
	g.beat, g.sessions = 41250*time.Millisecond, make(map[string]*gatewaySession)
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
	beat := f.gateway.beat
	f.mu.Unlock()
	var session *gatewaySession
	write := func(p packet) {
		if f.isMuted() {
			return
		}
		if session != nil {
			session.mu.Lock()
			defer session.mu.Unlock()
		}
		ws.WriteJSON(p)
	}
	write(packet{Op: 10, Data: map[string]any{"heartbeat_interval": beat.Milliseconds()}})
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if session != nil && session.conn == ws {
			session.conn = nil
		}
	}()
	for {
		var in struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if ws.ReadJSON(&in) != nil {
			return
		}
		switch in.Op {
		case 1:
			write(packet{Op: 11})
		case 2:
			var who struct {
				Token   string `json:"token"`
				Intents int    `json:"intents"`
			}
			json.Unmarshal(in.Data, &who)
			f.mu.Lock()
			refuse := f.gateway.refuse
			f.mu.Unlock()
			switch {
			case who.Token != "Bot "+token:
				refuse = 4004
			case who.Intents != 1|1<<10:
				refuse = 4014
			}
			if refuse != 0 {
				ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(refuse, "Refused."), time.Now().Add(time.Second))
				return
			}
			session = f.identify(ws)
		case 6:
			var who struct {
				Session string `json:"session_id"`
				Seq     int    `json:"seq"`
			}
			json.Unmarshal(in.Data, &who)
			f.mu.Lock()
			f.gateway.resumes++
			how, old := f.gateway.resume, f.gateway.sessions[who.Session]
			refuse := f.gateway.refuse
			f.mu.Unlock()
			if refuse != 0 {
				ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(refuse, "Refused."), time.Now().Add(time.Second))
				return
			}
			switch {
			case how == keepsQuiet:
			case how == invalid || old == nil:
				write(packet{Op: 9, Data: false})
			default:
				session = old
				f.mu.Lock()
				var missed []packet
				for _, p := range old.said {
					if p.Seq > who.Seq && how == replays {
						missed = append(missed, p)
					}
				}
				old.conn = ws
				f.mu.Unlock()
				for _, p := range missed {
					write(p)
				}
				f.say(session, "RESUMED", map[string]any{})
			}
		}
	}
}

func (f *fake) identify(ws *websocket.Conn) *gatewaySession {
	s := &gatewaySession{id: f.id(), conn: ws}
	f.mu.Lock()
	f.gateway.sessions[s.id] = s
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
	me := f.users[botID]
	f.mu.Unlock()
	f.say(s, "READY", map[string]any{"v": 9, "user": me, "session_id": s.id, "guilds": guilds, "application": map[string]any{"id": botID}})
	for _, g := range creates {
		f.say(s, "GUILD_CREATE", g)
	}
	return s
}

// say says one event in a session, also if nobody listens just now.
func (f *fake) say(s *gatewaySession, kind string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.mu.Lock()
	p := packet{Op: 0, Data: data, Seq: len(s.said) + 1, Type: kind}
	s.said = append(s.said, p)
	conn := s.conn
	muted := f.gateway.muted
	f.mu.Unlock()
	if conn != nil && !muted {
		conn.WriteJSON(p)
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

// mute lets connections stand and says nothing any more.
func (f *fake) mute(muted bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.muted = muted
}

func (f *fake) isMuted() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.muted
}

// op says an opcode to everybody who is connected.
func (f *fake) op(op int) {
	f.mu.Lock()
	var all []*gatewaySession
	for _, s := range f.gateway.sessions {
		all = append(all, s)
	}
	f.mu.Unlock()
	for _, s := range all {
		s.mu.Lock()
		if s.conn != nil {
			s.conn.WriteJSON(packet{Op: op})
		}
		s.mu.Unlock()
	}
}

// connected waits until somebody listens.
func (f *fake) connected(t testing.TB) {
	t.Helper()
	adaptertest.Eventually(t, "the chat is connected", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, s := range f.gateway.sessions {
			if s.conn != nil {
				return true
			}
		}
		return false
	})
}
