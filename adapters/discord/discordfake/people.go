package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// An Exchange is an interaction and its answers.
type Exchange struct {
	user, channel string
	on            string // the message whose button was pressed
	began         time.Time
	told          map[string]any // what the bot hears of it
	Original      string         // the message that @original is
	answered      chan struct{}
	one           sync.Mutex // held while a first answer is looked at
	Kind          int
	Data          json.RawMessage // of the first answer
}

// firstAnswer is how long the fake waits. Discord waits three seconds; tests
// that go by the clock would fail on a busy machine.
const firstAnswer = 30 * time.Second

// How long an interaction waits for a first answer, and for others, where the
// fake holds to Discord's times.
const (
	firstWithin = 3 * time.Second
	tokenLives  = 15 * time.Minute
)

// late reports whether the fake holds to Discord's times, and one is over.
func (f *Discord) late(x *Exchange, after time.Duration) bool {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	return f.Gateway.Paced && time.Since(x.began) > after
}

func (f *Discord) callback(r *http.Request) (any, *refusal) {
	f.Mu.Lock()
	x := f.exchanges[r.PathValue("t")]
	f.Mu.Unlock()
	if x == nil || !x.Answered() && f.late(x, firstWithin) {
		return nil, &refusal{404, 10062, "Unknown interaction"}
	}
	body := readAll(r.Body)
	var in struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart") {
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, &refusal{400, 50035, err.Error()}
		}
	} else {
		in.Type = 4
		if strings.Contains(string(body), `{"type":7`) {
			in.Type = 7
		}
	}
	x.one.Lock()
	defer x.one.Unlock()
	if x.Answered() {
		return nil, &refusal{400, 40060, "Interaction has already been acknowledged."}
	}
	switch in.Type {
	case 4, 7:
		r.Body = http.NoBody
		r.Body = nopCloser{strings.NewReader(string(body))}
		m, files, no := f.read(r, "data")
		if no == nil && len(files) > 0 && f.filesBarred() {
			no = &refusal{403, 50013, "Missing Permissions"}
		}
		if no != nil {
			return nil, no
		}
		if in.Type == 7 {
			x.Original = x.on
			f.Said.Edit(x.channel, x.on, encode(m))
		} else {
			x.Original = f.NewID()
			only := ""
			if m.Flags&64 != 0 {
				only = x.user
			}
			f.Said.Put(fakechat.Message{Channel: x.channel, ID: x.Original, Author: BotID, Only: only, Payload: encode(m)})
		}
		in.Data = encode(m)
		f.Mu.Lock()
		for name, data := range files {
			f.Sent[x.Original+"/"+name] = data
		}
		f.Mu.Unlock()
	case 5:
		x.Original = f.NewID()
		f.Said.Put(fakechat.Message{Channel: x.channel, ID: x.Original, Author: BotID, Only: x.user, Payload: encode(Sent{Content: "thinking"})})
	case 6:
		x.Original = x.on
	case 9:
		if no := checkModal(in.Data); no != "" {
			return nil, &refusal{400, 50035, "Invalid Form Body: " + no}
		}
	}
	x.Kind, x.Data = in.Type, in.Data
	close(x.answered)
	return nil, nil
}

type nopCloser struct{ *strings.Reader }

func (nopCloser) Close() error { return nil }

func (f *Discord) editOriginal(r *http.Request) (any, *refusal) {
	f.Mu.Lock()
	x := f.exchanges[r.PathValue("t")]
	f.Mu.Unlock()
	if x == nil || x.Original == "" {
		return nil, &refusal{404, 10015, "Unknown Webhook"}
	}
	if f.late(x, tokenLives) {
		return nil, &refusal{401, 50027, "Invalid Webhook Token"}
	}
	m, _, no := f.read(r, "")
	if no != nil {
		return nil, no
	}
	f.Said.Edit(x.channel, x.Original, encode(m))
	return map[string]any{"id": x.Original}, nil
}

// Interact tells the bot of an interaction and waits for the first answer.
func (f *Discord) Interact(t testing.TB, channel, user string, kind int, data map[string]any, on *fakechat.Message) *Exchange {
	t.Helper()
	x := f.Begin(t, channel, user, kind, data, on)
	select {
	case <-x.answered:
	case <-time.After(firstAnswer):
		t.Fatalf("the interaction got no answer within %v", firstAnswer)
	}
	return x
}

// Begin tells the bot of an interaction, once it listens, and does not wait.
func (f *Discord) Begin(t testing.TB, channel, user string, kind int, data map[string]any, on *fakechat.Message) *Exchange {
	t.Helper()
	f.Connected(t)
	return f.Tell(channel, user, kind, data, on)
}

// Tell tells the bot of an interaction, whether it listens or not.
func (f *Discord) Tell(channel, user string, kind int, data map[string]any, on *fakechat.Message) *Exchange {
	x := &Exchange{user: user, channel: channel, began: time.Now(), answered: make(chan struct{})}
	secret := "interaction-token-" + f.NewID()
	f.Mu.Lock()
	f.exchanges[secret] = x
	c, u := f.Channels[channel], f.Users[user]
	f.Mu.Unlock()
	x.told = map[string]any{
		"id": f.NewID(), "application_id": BotID, "type": kind, "token": secret, "guild_id": c.Guild, "channel_id": channel,
		"channel": c,
		"member":  map[string]any{"user": u, "roles": []string{}, "permissions": "0"}, "data": data,
	}
	if c.Type == 1 { // a direct message is of no server
		delete(x.told, "guild_id")
		delete(x.told, "member")
		x.told["user"] = u
	}
	if c.May != "" {
		x.told["app_permissions"] = c.May
	}
	if on != nil {
		x.on = on.ID
		m := f.shown(*on)
		if on.Only != "" {
			m["flags"] = 64
		}
		x.told["message"] = m
	}
	f.Again(x)
	return x
}

// Again tells the bot of an interaction once more: Discord promises no event
// only once.
func (f *Discord) Again(x *Exchange) { f.Dispatch("INTERACTION_CREATE", x.told) }

// Answered reports whether the first answer is there.
func (x *Exchange) Answered() bool {
	select {
	case <-x.answered:
		return true
	default:
		return false
	}
}

// Press presses a button, or chooses from a menu, by its ID.
func (f *Discord) Press(t testing.TB, channel, message, user, id string) *Exchange {
	t.Helper()
	m, ok := f.Said.Message(channel, message)
	if !ok {
		t.Fatalf("there is no message %s to press a button on", message)
	}
	var said Sent
	if err := json.Unmarshal(m.Payload, &said); err != nil {
		t.Fatal(err)
	}
	data := map[string]any{"custom_id": id, "component_type": 2}
	for _, row := range said.Components {
		for _, c := range row.Components {
			for _, o := range c.Options {
				if o.Value == id {
					data = map[string]any{"custom_id": c.ID, "component_type": 3, "values": []string{id}}
				}
			}
		}
	}
	return f.Interact(t, channel, user, 3, data, &m)
}

// An Input is one option as somebody types it.
type Input struct {
	Name    string `json:"name"`
	Type    int    `json:"type"`
	Value   any    `json:"value"`
	Focused bool   `json:"focused,omitempty"`
}

// Slash types a command with typed options.
func (f *Discord) Slash(t testing.TB, channel, user, name string, options ...Input) *Exchange {
	t.Helper()
	data := f.SlashData(name, options)
	if needs := f.Needs(data["name"].(string)); f.permissions(user)&needs != needs {
		t.Fatalf("somebody without the permission %b does not see /%s %s", needs, data["name"], name)
	}
	return f.Interact(t, channel, user, 2, data, nil)
}

// SlashData is what an interaction says of a typed command.
func (f *Discord) SlashData(name string, options []Input) map[string]any {
	attachments := make(map[string]any)
	f.Mu.Lock()
	for _, o := range options {
		if o.Type == 11 {
			id := o.Value.(string)
			attachments[id] = map[string]any{"id": id, "filename": "prompts.csv", "url": f.Srv.URL + "/files/" + id, "size": len(f.files[id])}
		}
	}
	f.Mu.Unlock()
	return map[string]any{
		"id": "1", "name": f.CommandOf(name), "type": 1,
		"options":  []any{map[string]any{"name": name, "type": 1, "options": options}},
		"resolved": map[string]any{"attachments": attachments},
	}
}

// A registered command, as far as the fake's people look at it.
// A Registration is a command as Discord keeps it.
type Registration struct {
	Name      string
	Installed []int   `json:"integration_types"` // 0: on a server; 1: by a person, for all servers where that person is
	Needs     *string `json:"default_member_permissions"`
	Options   []struct {
		Name    string
		Options []struct {
			Name      string
			Type      int
			Called    map[string]string `json:"name_localizations"`
			Described map[string]string `json:"description_localizations"`
		}
	}
}

// Registered are the commands that people see, of all servers.
func (f *Discord) Registered() []Registration {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	var all []Registration
	for _, raw := range f.Commands {
		var some []Registration
		if err := json.Unmarshal(raw, &some); err != nil {
			panic(err)
		}
		all = append(all, some...)
	}
	return all
}

// CommandOf is the command that was registered with a subcommand.
func (f *Discord) CommandOf(subcommand string) string {
	for _, c := range f.Registered() {
		for _, o := range c.Options {
			if o.Name == subcommand {
				return c.Name
			}
		}
	}
	return "tastetest" // not registered yet
}

// Needs are the permissions without which a command is hidden.
func (f *Discord) Needs(command string) (bits int64) {
	for _, c := range f.Registered() {
		if c.Name == command && c.Needs != nil {
			bits, _ = strconv.ParseInt(*c.Needs, 10, 64)
		}
	}
	return bits
}

func (f *Discord) permissions(user string) (bits int64) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	for _, role := range f.Guilds[GuildID].Member[user] {
		bits |= f.Guilds[GuildID].Roles[role]
	}
	return bits
}

// Typed makes options of a command's text, as a client would have them.
func Typed(text string) (name string, options []Input) {
	var words []string
	var word strings.Builder
	quoted := false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			words = append(words, word.String())
			word.Reset()
		default:
			word.WriteRune(r)
		}
	}
	words = append(words, word.String())
	bare := []string{"model", "against"}
	for _, w := range words[1:] {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case w == "" && words[0] != "":
			continue
		case !ok && words[0] == "start":
			key, value, bare = bare[0], w, bare[1:]
		case !ok:
			key, value = "tasting", w
		}
		options = append(options, Input{Name: key, Type: 3, Value: value})
	}
	return words[0], options
}

// StringsOf are all strings of a JSON text, as a client would show them.
func StringsOf(raw json.RawMessage) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return string(raw)
	}
	var all []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return strings.Join(all, "\n")
}

// Upload keeps a file that somebody uploads, and returns its ID.
func (f *Discord) Upload(data []byte) string {
	id := f.NewID()
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.files[id] = data
	return id
}

// String says what was answered.
func (x *Exchange) String() string { return fmt.Sprintf("type %d: %s", x.Kind, x.Data) }
