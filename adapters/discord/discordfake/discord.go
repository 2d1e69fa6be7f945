// Package discordfake is a Discord for tests: the REST API with its limits, the
// gateway with its rules over real WebSockets or within a bubble of synctest,
// threads that fall asleep, and people who tap, type and fill in forms. It
// remembers, and can be made to misbehave.
package discordfake

import (
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/bot"
)

// A Discord is a server that remembers: one bot, servers, channels, people. It
// enforces the limits that matter here, and can be made to misbehave.
type Discord struct {
	log   *slog.Logger     // says why it refuses
	Calls fakechat.Calls   // of the REST API
	Said  fakechat.Memory  // what stands in channels, threads and direct messages
	Lines fakechat.Lines   // of the gateway
	Srv   *httptest.Server // has files too, at /files/ID
	mux   *http.ServeMux

	// Mu is held to look at what follows, or to change it.
	Mu        sync.Mutex
	Users     map[string]Person
	Guilds    map[string]*Guild
	Channels  map[string]Channel
	nonces    map[string]string // to message IDs
	supers    map[string][]string
	Commands  map[string]json.RawMessage // by path
	files     map[string][]byte          // what people upload
	Sent      map[string][]byte          // what the bot attached, by message and name
	exchanges map[string]*Exchange       // by token
	Revoked   bool                       // the token is refused
	Embedded  int                        // characters of all embeds of a message; 0: Discord's own limit
	NoFiles   bool                       // the bot lacks the permission Attach Files
	MostFile  int                        // bytes of a file; 0: Discord's own limit
	Gateway   Gateway
	ahead     time.Duration // of its clock, so that a test need not wait
	oldEdits  []time.Time   // of messages older than an hour, in the last while
	Silent    bool          // it does not say when old messages may be edited again
	Edit      time.Duration // what a while is; 0: oldEditsIn
	Paced     bool          // requests of a channel come as fast as [Paces] say, and no faster
	taken     map[string]taken
}

// Messages that are older than an hour may be edited so often in a while, in
// all of a channel. Discord does not say how often; these are what was seen.
const (
	MostOldEdits = 3
	OldEditsIn   = 20 * time.Second
)

// now is the time of the fake's clock.
func (f *Discord) now() time.Time {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	return time.Now().Add(f.ahead)
}

// Later does what time does to what stands there.
func (f *Discord) Later(d time.Duration) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.ahead += d
}

// tooOld refuses an edit of an old message, if there were too many.
func (f *Discord) tooOld(id string) *refusal {
	n, _ := strconv.ParseInt(id, 10, 64)
	now := f.now()
	if now.Sub(time.UnixMilli(n>>22+1420070400000)) <= time.Hour {
		return nil
	}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	while := cmp.Or(f.Edit, OldEditsIn)
	f.oldEdits = slices.DeleteFunc(f.oldEdits, func(at time.Time) bool { return now.Sub(at) > while })
	if len(f.oldEdits) < MostOldEdits {
		f.oldEdits = append(f.oldEdits, now)
		return nil
	}
	return &refusal{429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later"}
}

// A Person is a user, or the bot.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"username"`
	Bot  bool   `json:"bot"`
}

// A Guild is a server.
type Guild struct {
	Owner  string               // a user's ID
	Roles  map[string]int64     // permissions
	Called map[string]string    // roles' names
	Member map[string][]string  // roles
	Joined map[string]time.Time // left out: long ago
}

// A Channel is one of a server, a thread or a direct message.
type Channel struct {
	ID      string `json:"id"`
	Guild   string `json:"guild_id,omitempty"`
	Parent  string `json:"parent_id,omitempty"`
	Type    int    `json:"type"`
	Name    string `json:"name,omitempty"`
	To      string `json:"-"` // of a direct message
	Rules   []Rule `json:"permission_overwrites,omitempty"`
	Refuses int    `json:"-"` // the bot everything, with this code
	May     string `json:"-"` // what the bot may do there, as interactions tell it; "": they do not
	thread
}

// A Rule is what a channel allows or denies a role or a member.
type Rule struct {
	ID    string `json:"id"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

// Who and what is there from the beginning.
const (
	BotID   = "100"
	GuildID = "200"
	TasteID = "300"
	Token   = "the-bots-token"
)

// New starts a Discord that ends with the test. What it refuses it tells log.
func New(t testing.TB, log *slog.Logger) *Discord {
	f := unserved(log)
	f.Srv = httptest.NewServer(f.Calls.Handler(f.method, f.mux))
	t.Cleanup(f.close)
	return f
}

// NewPiped is a Discord, within a bubble, that holds to every rule of the
// gateway and to the pace of requests, and the network on which alone it is reached.
func NewPiped(t testing.TB, log *slog.Logger) (*Discord, *fakechat.Pipes) {
	time.Sleep(time.Until(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))) // Discord's IDs cannot tell the year 2000
	f, net := unserved(log), fakechat.NewPipes()
	f.Gateway.Paced, f.Paced = true, true
	f.Srv = &httptest.Server{Listener: net, Config: &http.Server{Handler: f.Calls.Handler(f.method, f.mux)}}
	f.Srv.Start()
	t.Cleanup(f.close)
	return f, net
}

func (f *Discord) close() {
	f.Lines.Cut()
	f.Srv.Close()
	f.Gateway.done.Wait()
}

// unserved is a fake that nobody can reach yet.
func unserved(log *slog.Logger) *Discord {
	f := &Discord{
		log: log, mux: http.NewServeMux(),
		Users:    map[string]Person{BotID: {ID: BotID, Name: "tastetest", Bot: true}},
		Guilds:   map[string]*Guild{GuildID: {Owner: "1", Roles: map[string]int64{GuildID: 0}, Member: map[string][]string{}}},
		Channels: map[string]Channel{TasteID: {ID: TasteID, Guild: GuildID, Name: "taste"}},
		nonces:   map[string]string{}, supers: map[string][]string{}, Commands: map[string]json.RawMessage{},
		files: map[string][]byte{}, Sent: map[string][]byte{}, exchanges: map[string]*Exchange{}, taken: map[string]taken{},
	}
	f.Gateway.init()
	f.routes()
	return f
}

// URL is what a chat is told as the API's address.
func (f *Discord) URL() string { return f.Srv.URL + "/api/v10" }

// method names a request by its route: "POST /channels/{c}/messages".
func (f *Discord) method(r *http.Request) string {
	_, pattern := f.mux.Handler(r)
	verb, path, _ := strings.Cut(pattern, " ")
	return verb + " " + strings.TrimPrefix(path, "/api/v10")
}

// NewID is a new ID, as Discord makes them: it tells the time.
func (f *Discord) NewID() string {
	return strconv.FormatInt((f.now().UnixMilli()-1420070400000)<<22|f.Said.Next()%4096, 10)
}

// Join lets somebody new onto the server, and returns their ID.
func (f *Discord) Join(name string) string {
	u := Person{ID: f.NewID(), Name: name}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.Users[u.ID] = u
	f.Guilds[GuildID].Member[u.ID] = nil
	return u.ID
}

func (f *Discord) routes() {
	handle := func(pattern string, h func(*http.Request) (any, *refusal)) {
		verb, path, _ := strings.Cut(pattern, " ")
		f.mux.HandleFunc(verb+" /api/v10"+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			answer, no := any(nil), &refusal{401, 0, "401: Unauthorized"}
			f.Mu.Lock()
			revoked := f.Revoked
			f.Mu.Unlock()
			if r.Header.Get("Authorization") == "Bot "+Token && !revoked {
				if wait := f.paced(w.Header(), pattern, r.PathValue("c")); wait > 0 {
					tooFast(w, wait)
					return
				}
				answer, no = h(r)
			}
			if no != nil {
				w.WriteHeader(no.status)
				said := map[string]any{"code": no.code, "message": no.message}
				if no.code == 50035 {
					said["message"], said["errors"] = "Invalid Form Body", complaint(no.message)
				}
				if no.code == 30046 && !f.Silent {
					said["retry_after"] = cmp.Or(f.Edit, OldEditsIn).Seconds()
				}
				answer = said
			} else if answer == nil {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			w.Write(encode(answer))
		})
	}
	f.mux.HandleFunc("GET /gateway/ws/", f.serveGateway)
	f.mux.HandleFunc("GET /files/{id}", func(w http.ResponseWriter, r *http.Request) {
		f.Mu.Lock()
		defer f.Mu.Unlock()
		w.Write(f.files[r.PathValue("id")])
	})
	handle("GET /gateway", func(*http.Request) (any, *refusal) {
		return map[string]string{"url": f.gatewayURL()}, nil
	})
	handle("GET /users/@me", func(*http.Request) (any, *refusal) {
		f.Mu.Lock()
		defer f.Mu.Unlock()
		return f.Users[BotID], nil
	})
	handle("POST /users/@me/channels", f.openDM)
	handle("GET /applications/@me", func(*http.Request) (any, *refusal) {
		f.Mu.Lock()
		defer f.Mu.Unlock()
		return map[string]string{"id": BotID, "name": f.Users[BotID].Name}, nil
	})
	handle("GET /gateway/bot", func(*http.Request) (any, *refusal) {
		f.Mu.Lock()
		defer f.Mu.Unlock()
		return map[string]any{"url": f.gatewayURL(), "shards": max(1, f.Gateway.Shards), "session_start_limit": f.Gateway.left()}, nil
	})
	handle("GET /users/@me/guilds", f.listGuilds)
	handle("GET /guilds/{g}/channels", f.listChannels)
	handle("GET /applications/{app}/commands", f.listCommands)
	handle("PUT /applications/{app}/commands", f.setCommands)
	handle("GET /applications/{app}/guilds/{g}/commands", f.listCommands)
	handle("PUT /applications/{app}/guilds/{g}/commands", f.setCommands)
	handle("GET /guilds/{g}", f.getGuild)
	handle("GET /guilds/{g}/members/{u}", f.getMember)
	handle("GET /channels/{c}", func(r *http.Request) (any, *refusal) { return f.channel(r) })
	handle("PATCH /channels/{c}", f.changeThread)
	handle("POST /channels/{c}/messages", f.createMessage)
	handle("GET /channels/{c}/messages", f.listMessages)
	handle("GET /channels/{c}/messages/{m}", func(r *http.Request) (any, *refusal) { return f.message(r) })
	handle("PATCH /channels/{c}/messages/{m}", f.editMessage)
	handle("DELETE /channels/{c}/messages/{m}", f.deleteMessage)
	handle("POST /channels/{c}/messages/{m}/threads", f.openThread)
	handle("PUT /channels/{c}/messages/{m}/reactions/{e}/@me", f.putReaction)
	handle("GET /channels/{c}/messages/{m}/reactions/{e}", f.listReactors)
	handle("POST /interactions/{i}/{t}/callback", f.callback)
	handle("PATCH /webhooks/{app}/{t}/messages/@original", f.editOriginal)
}

type refusal struct {
	status  int
	code    int
	message string
}

// complaint is the tree in which Discord says what is wrong, and where, from
// "embeds.0.description: Must be 4096 or fewer in length.".
func complaint(wrong string) map[string]any {
	wrong = strings.TrimPrefix(wrong, "Invalid Form Body: ")
	path, what, ok := strings.Cut(wrong, ": ")
	if !ok || strings.Contains(path, " ") {
		path, what = "", wrong
	}
	tree := map[string]any{"_errors": []map[string]string{{"code": "BASE_TYPE_INVALID", "message": what}}}
	for _, key := range slices.Backward(strings.FieldsFunc(path, func(r rune) bool { return r == '.' })) {
		tree = map[string]any{key: tree}
	}
	return tree
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// units counts as Discord's clients do.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

func readAll(r io.Reader) []byte {
	b, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return b
}

// SetSuper puts a super reaction under a message, or takes it away.
func (f *Discord) SetSuper(ref bot.Ref, user, name string, on bool) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	key := ref.Message + name
	f.supers[key] = slices.DeleteFunc(f.supers[key], func(u string) bool { return u == user })
	if on {
		f.supers[key] = append(f.supers[key], user)
	}
}
