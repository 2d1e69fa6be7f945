package discordfake

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
)

// A Gateway keeps its sessions, and what was said in them, for RESUME. Whoever
// breaks its rules is closed, as by Discord.
type Gateway struct {
	Beat     time.Duration
	Slow     time.Duration // before each answer
	Paced    bool          // one IDENTIFY in five seconds, and so many a day, as Discord has it
	Forgets  bool          // RESUMED comes without what was missed
	Shy      bool          // READY names no address to resume at
	Counts   bool          // RESUMED has no number of its own, but that of what was said last
	Shards   int           // that GET /gateway/bot asks for; 0: one
	Needs    int           // of fewer shards no session is begun (4011)
	sessions map[string]*gatewaySession
	opened   int               // connections
	dialed   []string          // where
	Began    []time.Time       // IDENTIFYs
	Parts    [][]int           // the shard that each of these named, with how many there are; nil: none
	began    map[int]time.Time // the last one, by shard modulo max_concurrency
	resumes  int
	beats    []any // what heartbeats said was heard last
	beatAt   []time.Time
	done     sync.WaitGroup
	Left     SessionsLeft
	day      time.Time // when all are granted again
	plans    map[Moment]*plan
}

// SessionsLeft is what GET /gateway/bot says of a day's IDENTIFYs.
type SessionsLeft struct {
	Total      int   `json:"total"`
	Remaining  int   `json:"remaining"`
	ResetAfter int64 `json:"reset_after"` // ms
	At         int   `json:"max_concurrency"`
}

type gatewaySession struct {
	id    string
	shard shard
	said  []packet
	line  *line // nil: none
	mu    sync.Mutex
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

func (g *Gateway) init() {
	g.Beat, g.sessions, g.plans = 41250*time.Millisecond, make(map[string]*gatewaySession), make(map[Moment]*plan)
	g.began = make(map[int]time.Time)
	g.Left = SessionsLeft{Total: 1000, Remaining: 999, ResetAfter: (12 * time.Hour).Milliseconds(), At: 1}
}

func (f *Discord) serveGateway(w http.ResponseWriter, r *http.Request) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	f.Gateway.done.Add(1)
	defer f.Gateway.done.Done()
	defer ws.Close()
	defer f.Lines.Add(ws)()
	f.Mu.Lock()
	f.Gateway.opened++
	f.Gateway.dialed = append(f.Gateway.dialed, r.URL.Path)
	beat, slow := f.Gateway.Beat, f.Gateway.Slow
	f.Mu.Unlock()
	l := &line{ws: ws}
	f.trouble(l, BeforeHello)
	if !f.trouble(l, InsteadOfHello) {
		l.write(packet{Op: 10, Data: map[string]any{"heartbeat_interval": beat.Milliseconds()}})
	}
	var session *gatewaySession
	defer func() {
		f.Mu.Lock()
		defer f.Mu.Unlock()
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
				f.Mu.Lock()
				delete(f.Gateway.sessions, session.id)
				f.Mu.Unlock()
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
			f.Mu.Lock()
			f.Gateway.beats = append(f.Gateway.beats, seq)
			f.Gateway.beatAt = append(f.Gateway.beatAt, time.Now())
			f.Mu.Unlock()
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
func (f *Discord) identify(l *line, data json.RawMessage) *gatewaySession {
	var who struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Shard   []int  `json:"shard"`
	}
	json.Unmarshal(data, &who)
	part, is := shardOf(who.Shard)
	f.Mu.Lock()
	g := &f.Gateway
	hasty, few := g.asked(part, who.Shard), part.of < g.Needs
	if g.Paced && g.Left.Remaining <= 0 {
		f.Revoked = true // the token is taken away
	}
	f.Mu.Unlock()
	switch {
	case who.Token != Token:
		l.close(4004)
		return nil
	case who.Intents != 1|1<<9|1<<10|1<<12:
		l.close(4014)
		return nil
	case !is:
		l.close(4010)
		return nil
	case hasty:
		l.write(packet{Op: 9, Data: false})
		return nil
	case few:
		l.close(4011)
		return nil
	case f.trouble(l, OnIdentify):
		return nil
	}
	s := &gatewaySession{id: f.NewID(), shard: part, line: l}
	f.Mu.Lock()
	g.sessions[s.id] = s
	var guilds []map[string]any
	var creates []map[string]any
	for id := range f.Guilds {
		if !part.hears(id) {
			continue
		}
		guilds = append(guilds, map[string]any{"id": id, "unavailable": true})
		var channels []Channel
		for _, c := range f.Channels {
			if c.Guild == id && c.Type == 0 {
				channels = append(channels, c)
			}
		}
		creates = append(creates, map[string]any{"id": id, "channels": channels, "system_channel_id": TasteID})
	}
	ready := map[string]any{"v": 10, "user": f.Users[BotID], "session_id": s.id, "guilds": guilds, "application": map[string]any{"id": BotID}}
	if who.Shard != nil {
		ready["shard"] = who.Shard
	}
	if !g.Shy {
		ready["resume_gateway_url"] = f.gatewayURL() + "resume/"
	}
	f.Mu.Unlock()
	f.say(s, "READY", ready)
	for _, g := range creates {
		f.say(s, "GUILD_CREATE", g)
	}
	return s
}

func (f *Discord) gatewayURL() string {
	return "ws" + strings.TrimPrefix(f.Srv.URL, "http") + "/gateway/ws/"
}

// resumed goes on with a session, and returns nil if it does not.
func (f *Discord) resumed(l *line, data json.RawMessage) *gatewaySession {
	var who struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	json.Unmarshal(data, &who)
	f.Mu.Lock()
	f.Gateway.resumes++
	s, forgets, counts := f.Gateway.sessions[who.Session], f.Gateway.Forgets, f.Gateway.Counts
	f.Mu.Unlock()
	switch {
	case who.Token != Token:
		l.close(4004)
		return nil
	case f.trouble(l, OnResume):
		return nil
	case s == nil:
		l.write(packet{Op: 9, Data: false})
		return nil
	case who.Seq > len(s.said):
		l.close(4007)
		return nil
	}
	s.mu.Lock()
	f.Mu.Lock()
	missed := s.said[who.Seq:]
	if forgets {
		missed = nil
	}
	s.line = l
	f.Mu.Unlock()
	for _, p := range missed {
		l.write(p)
	}
	last := len(s.said)
	s.mu.Unlock()
	if counts {
		l.write(packet{Op: 0, Data: map[string]any{}, Seq: last, Type: "RESUMED"})
	} else {
		f.say(s, "RESUMED", map[string]any{})
	}
	return s
}

// say says one event in a session, also if nobody listens just now.
func (f *Discord) say(s *gatewaySession, kind string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Mu.Lock()
	p := packet{Op: 0, Data: data, Seq: len(s.said) + 1, Type: kind}
	s.said = append(s.said, p)
	l := s.line
	f.Mu.Unlock()
	if l != nil {
		l.write(p)
	}
}

// Dispatch says an event to everybody who has a session in which it is heard.
func (f *Discord) Dispatch(kind string, data any) {
	f.Mu.Lock()
	var all []*gatewaySession
	for _, s := range f.Gateway.sessions {
		if s.shard.hears(guildOf(kind, data)) {
			all = append(all, s)
		}
	}
	f.Mu.Unlock()
	for _, s := range all {
		f.say(s, kind, data)
	}
}

// DispatchReaction says that somebody put an emoji under a message, or took it away.
func (f *Discord) DispatchReaction(channel, message, user, name string, on, super bool) {
	f.Mu.Lock()
	guild, u := f.Channels[channel].Guild, f.Users[user]
	f.Mu.Unlock()
	e := map[string]any{
		"guild_id": guild, "channel_id": channel, "message_id": message, "user_id": user,
		"emoji": map[string]any{"id": nil, "name": name}, "burst": super, "type": 0,
	}
	kind := "MESSAGE_REACTION_REMOVE"
	if on {
		kind = "MESSAGE_REACTION_ADD"
		e["member"] = map[string]any{"user": u}
		e["message_author_id"] = BotID
	}
	f.Dispatch(kind, e)
}

// Connected waits until somebody listens, to all shards.
func (f *Discord) Connected(t testing.TB) {
	t.Helper()
	for range 1500 {
		if f.heard() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nobody listened to the gateway within 15 s")
}
