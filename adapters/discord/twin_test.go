package discord_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
)

const peerHowto = "Copy .ci/peers/discord, run npm ci --ignore-scripts in the copy, and name the folder."

// A twin is discord-digital-twin, somebody else's idea of Discord, with people
// that a test plays.
type twin struct {
	t       *testing.T
	control string
	api     string
	Rest    string
	Token   string
	Channel string
	Guild   string
	Users   []string
}

func newTwin(t *testing.T) *twin {
	dir := adaptertest.Peer(t, "TASTETEST_DISCORD", peerHowto)
	script, err := os.Open(filepath.Join("testdata", "twin.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	defer script.Close()
	node := exec.Command("node", "--input-type=module", "-")
	node.Dir, node.Stdin, node.Stderr = dir, script, t.Output()
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		node.Process.Kill()
		node.Wait()
	})
	tw := &twin{t: t}
	for lines := bufio.NewScanner(out); tw.control == "" && lines.Scan(); {
		if port, ok := strings.CutPrefix(lines.Text(), "control "); ok {
			tw.control = "http://127.0.0.1:" + port
		}
	}
	if tw.control == "" {
		t.Fatal("the twin did not start")
	}
	go io.Copy(io.Discard, out)
	tw.do("/info", nil, tw)
	// The twin knows only one of the two routes that tell the gateway's address,
	// and takes commands without listing them.
	rest, err := url.Parse(strings.TrimSuffix(tw.Rest, "/api"))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(rest)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/gateway"):
			r.URL.Path += "/bot"
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/commands"):
			io.WriteString(w, "[]")
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	tw.api = srv.URL + "/api/v10"
	return tw
}

func (tw *twin) do(what string, in, out any) {
	tw.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		tw.t.Fatal(err)
	}
	resp, err := http.Post(tw.control+what, "application/json", bytes.NewReader(body))
	if err != nil {
		tw.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		tw.t.Fatalf("%s: %v, %s", what, err, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			tw.t.Fatalf("%s: %v in %s", what, err, answer)
		}
	}
}

// A twinAnswer is what the twin keeps of the answer to an interaction.
type twinAnswer struct {
	Type         int
	MessageID    string
	Data         json.RawMessage
	Acknowledged bool
}

// interact plays an interaction and waits for its answer.
func (tw *twin) interact(user string, kind int, data map[string]any, message string) twinAnswer {
	tw.t.Helper()
	var i struct{ ID string }
	in := map[string]any{"user": user, "type": kind, "data": data}
	if message != "" {
		in["message"] = message
	}
	tw.do("/interact", in, &i)
	return tw.answer(i.ID)
}

func (tw *twin) answer(id string) twinAnswer {
	tw.t.Helper()
	var a *twinAnswer
	adaptertest.Eventually(tw.t, "the interaction is answered", func() bool {
		tw.do("/answer", map[string]string{"id": id}, &a)
		return a != nil && a.Acknowledged
	})
	return *a
}

func (tw *twin) slash(user, name string, options ...discordfake.Input) twinAnswer {
	tw.t.Helper()
	return tw.interact(user, 2, map[string]any{"id": "1", "name": "tastetest", "type": 1,
		"options": []any{map[string]any{"name": name, "type": 1, "options": options}}}, "")
}

func (tw *twin) click(user, message, id string) twinAnswer {
	tw.t.Helper()
	return tw.interact(user, 3, map[string]any{"custom_id": id, "component_type": 2}, message)
}

// message waits for a message with a text in it.
func (tw *twin) message(want string) (id string, raw json.RawMessage) {
	tw.t.Helper()
	adaptertest.Eventually(tw.t, "a message says "+want, func() bool {
		var ms []json.RawMessage
		tw.do("/messages", nil, &ms)
		for _, m := range ms {
			if strings.Contains(string(m), want) {
				var head struct{ ID string }
				json.Unmarshal(m, &head)
				id, raw = head.ID, m
				return true
			}
		}
		return false
	})
	return id, raw
}

func (tw *twin) chat() *discord.Chat {
	tw.t.Helper()
	c := tw.hastyChat()
	c.Patient()
	return c
}

func (tw *twin) hastyChat() *discord.Chat {
	tw.t.Helper()
	c, err := discord.New(logger(tw.t), discord.Options{Token: tw.Token, APIURL: tw.api})
	if err != nil {
		tw.t.Fatal(err)
	}
	c.Lenient()
	return c
}

// A whole tasting on the twin: typed command, completion, form, buttons, a menu
// with its question, votes, and the reveal.
func TestTwinTasting(t *testing.T) {
	tw := newTwin(t)
	log := logger(t)
	store, err := bolt.OpenUnsynced(t.Context(), log, filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	library, err := packs()
	if err != nil {
		t.Fatal(err)
	}
	b := engine.New(log, store, engine.Options{
		Models:  func() []bot.Model { return []bot.Model{scribe{"kestrel", "ALPHA"}, scribe{"nova", "OMEGA"}} },
		Library: library, Limits: engine.Limits{Day: -1, Person: -1}, Policy: engine.Policy{Everyone: true}, Hold: -1,
	})
	c := tw.chat()
	b.Add(c)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	defer func() { cancel(); <-done }()
	defer adaptertest.Start(t, c, b)()
	adaptertest.Eventually(t, "it is ready", func() bool { return c.Ready() == nil })
	alice, bob, cy := tw.Users[0], tw.Users[1], tw.Users[2]

	a := tw.interact(alice, 4, map[string]any{"id": "1", "name": "tastetest", "type": 1, "options": []any{map[string]any{"name": "start", "type": 1,
		"options": []discordfake.Input{str("model", "kestrel"), {Name: "against", Type: 3, Value: "n", Focused: true}}}}}, "")
	if a.Type != 8 || !strings.Contains(fmt.Sprint(string(a.Data)), "nova") || strings.Contains(string(a.Data), "kestrel") {
		t.Errorf("completion: type %d, %s", a.Type, a.Data)
	}
	if a := tw.slash(alice, "compare"); a.Type != 9 || !strings.Contains(string(a.Data), "Compare two texts") {
		t.Errorf("the form: type %d, %s", a.Type, a.Data)
	}
	var i struct{ ID string }
	tw.do("/submit", map[string]any{"user": alice, "form": "compare", "fields": []map[string]string{
		{"customId": "prompt", "value": "Say hello."}, {"customId": "first", "value": "Hello."}, {"customId": "second", "value": "Good day."},
	}}, &i)
	if a := tw.answer(i.ID); a.Type != 4 || !strings.Contains(string(a.Data), "d1/go") || !strings.Contains(string(a.Data), `\"flags\":64`) && !strings.Contains(string(a.Data), `"flags":64`) {
		t.Errorf("the filled-in form: type %d, %s", a.Type, a.Data)
	}

	asked := tw.slash(alice, "start", str("model", "kestrel"), str("against", "nova"), str("prompt", "Why is the sky blue?"), str("until", "2h"))
	if a := tw.click(alice, asked.MessageID, "d2/go"); a.Type != 7 {
		t.Errorf("yes is answered with type %d", a.Type)
	}
	ballot, raw := tw.message("1.1/ballot")
	if strings.Contains(string(raw), "kestrel") {
		t.Errorf("the ballot names a model: %s", raw)
	}
	id := bot.TastingID{Workspace: bot.Workspace{Platform: "discord", ID: tw.Guild}, N: 1}
	adaptertest.Eventually(t, "it is open", func() bool {
		x, err := store.Tasting(t.Context(), id)
		return err == nil && x.State == bot.Open
	})
	for user, emoji := range map[string]string{alice: "🅰️", bob: "🅱️", cy: "🤝"} {
		tw.do("/react", map[string]string{"user": user, "message": ballot, "emoji": emoji}, nil)
	}
	adaptertest.Eventually(t, "three votes are kept", func() bool {
		vs, err := store.Votes(t.Context(), id.Round(1))
		return err == nil && len(vs) == 3
	})
	a = tw.interact(alice, 3, map[string]any{"custom_id": "menu", "component_type": 3, "values": []string{"1/close"}}, ballot)
	if !strings.Contains(string(a.Data), "Close voting now") {
		t.Errorf("closing asks: %s", a.Data)
	}
	tw.click(alice, a.MessageID, "1/close")
	tw.message("1/announcement")
	adaptertest.Eventually(t, "the ballot is edited into its reveal, after the announcement", func() bool {
		_, raw := tw.message("1.1/ballot")
		return strings.Contains(string(raw), "kestrel")
	})
}

// An answer that takes long is deferred, and edited in.
func TestTwinLongAnswer(t *testing.T) {
	tw := newTwin(t)
	announced := make(chan struct{})
	c := tw.hastyChat()
	adaptertest.Start(t, c, &recorder{answer: func(ctx context.Context, _ bot.Command) bot.Reply {
		select {
		case <-announced:
		case <-ctx.Done():
		}
		return bot.Reply{Post: bot.Notice{Text: bot.Literal("At last.")}}
	}})
	adaptertest.Eventually(t, "it is ready", func() bool { return c.Ready() == nil })
	if a := tw.slash(tw.Users[0], "status"); a.Type != 5 {
		t.Errorf("the first answer is of type %d", a.Type)
	}
	close(announced)
	tw.message("At last.")
}

// The twin never answers RESUME. After a while there is a new session, and
// people are heard.
func TestTwinDoesNotResume(t *testing.T) {
	tw := newTwin(t)
	var lines fakechat.Lines
	c := tw.chat()
	c.DialWith(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			lines.Add(conn)
		}
		return conn, err
	})
	c.Impatient()
	h := &recorder{}
	adaptertest.Start(t, c, h)
	adaptertest.Eventually(t, "it is ready", func() bool { return c.Ready() == nil })
	lines.Cut()
	adaptertest.Eventually(t, "it is not ready", func() bool { return c.Ready() != nil })
	adaptertest.Eventually(t, "it is ready again", func() bool { return c.Ready() == nil })
	tw.do("/react", map[string]string{"user": tw.Users[0], "message": "5", "emoji": "🤝"}, nil)
	adaptertest.Eventually(t, "people are heard", func() bool { return h.heardFrom(tw.Users[0]) })
}
