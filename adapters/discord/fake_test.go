package discord_test

import (
	"cmp"
	"encoding/json"
	"fmt"
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
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/bot"
)

// A fake is a Discord that remembers: one bot, servers, channels, people. It
// enforces the limits that matter here, and can be made to misbehave.
type fake struct {
	log   *slog.Logger
	calls fakechat.Calls
	said  fakechat.Memory
	lines fakechat.Lines // of the gateway
	srv   *httptest.Server
	mux   *http.ServeMux

	mu        sync.Mutex
	users     map[string]person
	guilds    map[string]*guild
	channels  map[string]channel
	nonces    map[string]string // to message IDs
	supers    map[string][]string
	commands  map[string]json.RawMessage // by path
	files     map[string][]byte          // what people upload
	sent      map[string][]byte          // what the bot attached, by message and name
	exchanges map[string]*exchange       // by token
	revoked   bool                       // the token is refused
	embedded  int                        // characters of all embeds of a message; 0: Discord's own limit
	gateway   gateway
	ahead     time.Duration // of its clock, so that a test need not wait
	oldEdits  []time.Time   // of messages older than an hour, in the last while
	silent    bool          // it does not say when old messages may be edited again
	edit      time.Duration // what a while is; 0: oldEditsIn
}

// Messages that are older than an hour may be edited so often in a while, in
// all of a channel. Discord does not say how often; these are what was seen.
const (
	mostOldEdits = 3
	oldEditsIn   = 20 * time.Second
)

// now is the time of the fake's clock.
func (f *fake) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Add(f.ahead)
}

// later does what time does to what stands there.
func (f *fake) later(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ahead += d
}

// tooOld refuses an edit of an old message, if there were too many.
func (f *fake) tooOld(id string) *refusal {
	n, _ := strconv.ParseInt(id, 10, 64)
	now := f.now()
	if now.Sub(time.UnixMilli(n>>22+1420070400000)) <= time.Hour {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	while := cmp.Or(f.edit, oldEditsIn)
	f.oldEdits = slices.DeleteFunc(f.oldEdits, func(at time.Time) bool { return now.Sub(at) > while })
	if len(f.oldEdits) < mostOldEdits {
		f.oldEdits = append(f.oldEdits, now)
		return nil
	}
	return &refusal{429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later"}
}

type person struct {
	ID   string `json:"id"`
	Name string `json:"username"`
	Bot  bool   `json:"bot"`
}

type guild struct {
	owner  string
	roles  map[string]int64     // permissions
	called map[string]string    // roles' names
	member map[string][]string  // roles
	joined map[string]time.Time // left out: long ago
}

type channel struct {
	ID      string `json:"id"`
	Guild   string `json:"guild_id,omitempty"`
	Parent  string `json:"parent_id,omitempty"`
	Type    int    `json:"type"`
	Name    string `json:"name,omitempty"`
	to      string // of a direct message
	Rules   []rule `json:"permission_overwrites,omitempty"`
	refuses int    // the bot everything, with this code
	may     string // what the bot may do there, as interactions tell it; "": they do not
	thread
}

// A rule is what a channel allows or denies a role or a member.
type rule struct {
	ID    string `json:"id"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

const (
	botID   = "100"
	guildID = "200"
	tasteID = "300"
	token   = "the-bots-token"
)

func newFake(t testing.TB, log *slog.Logger) *fake {
	f := unserved(log)
	f.srv = httptest.NewServer(f.calls.Handler(f.method, f.mux))
	t.Cleanup(f.close)
	return f
}

func (f *fake) close() {
	f.lines.Cut()
	f.srv.Close()
	f.gateway.done.Wait()
}

// unserved is a fake that nobody can reach yet.
func unserved(log *slog.Logger) *fake {
	f := &fake{
		log: log, mux: http.NewServeMux(),
		users:    map[string]person{botID: {ID: botID, Name: "tastetest", Bot: true}},
		guilds:   map[string]*guild{guildID: {owner: "1", roles: map[string]int64{guildID: 0}, member: map[string][]string{}}},
		channels: map[string]channel{tasteID: {ID: tasteID, Guild: guildID, Name: "taste"}},
		nonces:   map[string]string{}, supers: map[string][]string{}, commands: map[string]json.RawMessage{},
		files: map[string][]byte{}, sent: map[string][]byte{}, exchanges: map[string]*exchange{},
	}
	f.gateway.init()
	f.routes()
	return f
}

// options are what a Chat needs to find the fake.
func (f *fake) options() discord.Options {
	return discord.Options{Token: token, APIURL: f.srv.URL + "/api/v10"}
}

func (f *fake) chat(t testing.TB) *discord.Chat { return f.chatWith(t, f.options()) }

func (f *fake) chatWith(t testing.TB, o discord.Options) *discord.Chat {
	t.Helper()
	c, err := discord.New(f.log, o)
	if err != nil {
		t.Fatal(err)
	}
	c.Patient()
	return c
}

// hastyChat says that an answer will come, as Discord wants it, when it takes
// long.
func (f *fake) hastyChat(t testing.TB) *discord.Chat {
	t.Helper()
	c, err := discord.New(f.log, f.options())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	workspace = bot.Workspace{Platform: "discord", ID: guildID}
	taste     = bot.Place{Workspace: workspace, Channel: tasteID}
)

// method names a request by its route: "POST /channels/{c}/messages".
func (f *fake) method(r *http.Request) string {
	_, pattern := f.mux.Handler(r)
	verb, path, _ := strings.Cut(pattern, " ")
	return verb + " " + strings.TrimPrefix(path, "/api/v10")
}

// id is a new ID, as Discord makes them: it tells the time.
func (f *fake) id() string {
	return strconv.FormatInt((f.now().UnixMilli()-1420070400000)<<22|f.said.Next()%4096, 10)
}

func (f *fake) join(name string) string {
	u := person{ID: f.id(), Name: name}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users[u.ID] = u
	f.guilds[guildID].member[u.ID] = nil
	return u.ID
}

func (f *fake) routes() {
	handle := func(pattern string, h func(*http.Request) (any, *refusal)) {
		verb, path, _ := strings.Cut(pattern, " ")
		f.mux.HandleFunc(verb+" /api/v10"+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			answer, no := any(nil), &refusal{401, 0, "401: Unauthorized"}
			f.mu.Lock()
			revoked := f.revoked
			f.mu.Unlock()
			if r.Header.Get("Authorization") == "Bot "+token && !revoked {
				answer, no = h(r)
			}
			if no != nil {
				w.WriteHeader(no.status)
				said := map[string]any{"code": no.code, "message": no.message}
				if no.code == 30046 && !f.silent {
					said["retry_after"] = cmp.Or(f.edit, oldEditsIn).Seconds()
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
		f.mu.Lock()
		defer f.mu.Unlock()
		w.Write(f.files[r.PathValue("id")])
	})
	handle("GET /gateway", func(*http.Request) (any, *refusal) {
		return map[string]string{"url": f.gatewayURL()}, nil
	})
	handle("GET /users/@me", func(*http.Request) (any, *refusal) { return f.users[botID], nil })
	handle("POST /users/@me/channels", f.openDM)
	handle("GET /applications/@me", func(*http.Request) (any, *refusal) { return f.users[botID], nil })
	handle("GET /gateway/bot", func(*http.Request) (any, *refusal) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return map[string]any{"url": f.gatewayURL(), "shards": 1, "session_start_limit": f.gateway.left}, nil
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

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func (f *fake) channel(r *http.Request) (channel, *refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, ok := f.grown(r.PathValue("c"))
	if !ok {
		return c, &refusal{404, 10003, "Unknown Channel"}
	}
	if c.refuses != 0 {
		return c, &refusal{403, c.refuses, "Missing something"}
	}
	in := r.PathValue("m") != "" || r.Method == http.MethodPost // a message, not the thread itself
	if c.archived && in && r.Method != http.MethodGet && (c.locked || r.PathValue("m") != "") {
		return c, &refusal{400, 50083, "Thread is archived"}
	}
	return c, nil
}

func (f *fake) openDM(r *http.Request) (any, *refusal) {
	var body struct {
		To string `json:"recipient_id"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return nil, &refusal{400, 50035, "Invalid Form Body"}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.users[body.To]; !ok {
		return nil, &refusal{400, 50033, "Invalid Recipient(s)"}
	}
	c := channel{ID: "9" + body.To, Type: 1, to: body.To}
	f.channels[c.ID] = c
	return c, nil
}

func (f *fake) openThread(r *http.Request) (any, *refusal) {
	parent, no := f.channel(r)
	if no != nil {
		return nil, no
	}
	if _, no := f.message(r); no != nil {
		return nil, no
	}
	var body struct {
		Name    string `json:"name"`
		Minutes int    `json:"auto_archive_duration"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Name == "" || units(body.Name) > 100 {
		return nil, &refusal{400, 50035, "Invalid Form Body: name"}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, stands := f.channels[r.PathValue("m")]; stands {
		return nil, &refusal{400, 160004, "A thread has already been created for this message"}
	}
	if parent.Type != 0 && parent.Type != 5 {
		return nil, &refusal{400, 50024, "Cannot execute action on this channel type"}
	}
	kind := 11
	if parent.Type == 5 {
		kind = 10
	}
	c := channel{ID: r.PathValue("m"), Guild: parent.Guild, Parent: parent.ID, Type: kind, Name: body.Name}
	c.owner, c.minutes, c.active = botID, body.Minutes, time.Now().Add(f.ahead)
	f.channels[c.ID] = c
	return c, nil
}

func (f *fake) getGuild(r *http.Request) (any, *refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, ok := f.guilds[r.PathValue("g")]
	if !ok {
		return nil, &refusal{404, 10004, "Unknown Guild"}
	}
	var roles []map[string]string
	for id, p := range g.roles {
		roles = append(roles, map[string]string{"id": id, "name": g.called[id], "permissions": fmt.Sprint(p)})
	}
	return map[string]any{"id": r.PathValue("g"), "owner_id": g.owner, "roles": roles}, nil
}

func (f *fake) listGuilds(*http.Request) (any, *refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []map[string]string{}
	for id := range f.guilds {
		all = append(all, map[string]string{"id": id, "name": "Acme"})
	}
	return all, nil
}

func (f *fake) listChannels(r *http.Request) (any, *refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []channel{}
	for _, c := range f.channels {
		if c.Guild == r.PathValue("g") && c.Type == 0 {
			all = append(all, c)
		}
	}
	return all, nil
}

func (f *fake) getMember(r *http.Request) (any, *refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.guilds[r.PathValue("g")]
	if g == nil {
		return nil, &refusal{404, 10004, "Unknown Guild"}
	}
	roles, ok := g.member[r.PathValue("u")]
	if !ok {
		return nil, &refusal{404, 10007, "Unknown Member"}
	}
	joined, ok := g.joined[r.PathValue("u")]
	if !ok {
		joined = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return map[string]any{"user": f.users[r.PathValue("u")], "roles": append([]string{}, roles...), "joined_at": joined}, nil
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

func (f *fake) setSuper(ref bot.Ref, user, name string, on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := ref.Message + name
	f.supers[key] = slices.DeleteFunc(f.supers[key], func(u string) bool { return u == user })
	if on {
		f.supers[key] = append(f.supers[key], user)
	}
}
