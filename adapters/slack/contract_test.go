package slack_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

func TestContractOverSockets(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, log *slog.Logger) adaptertest.World { return newWorld(t, log, false) })
}

func TestContractOverHTTP(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, log *slog.Logger) adaptertest.World { return newWorld(t, log, true) })
}

// A world is a workspace with a channel and people.
type world struct {
	*slackfake.Slack
	log  *slog.Logger
	team *slackfake.Team
	http bool
	chat *slack.Chat
	dial func(ctx context.Context, network, address string) (net.Conn, error) // to Slack; nil: the usual

	seedEvery time.Duration // for chats that start from now on; 0: a millisecond
	replicas  bool          // others have sockets too

	slept atomic.Bool // so that another bot may act
}

var errSlept = errors.New("another bot may act")

func newWorld(t *testing.T, log *slog.Logger, http bool) *world {
	t.Helper()
	w := &world{Slack: slackfake.New(t), log: log, http: http}
	w.AckWait = 2 * time.Second
	w.team = w.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-1", AppToken: "xapp-1", Secret: "a signing secret"})
	w.chat = w.start(t)
	return w
}

// worldInBubble is a world within a bubble, where waiting takes no time. Its Slack
// delivers over a socket.
func worldInBubble(t *testing.T, log *slog.Logger) *world {
	t.Helper()
	fake, pipes := slackfake.NewPiped(t)
	w := &world{Slack: fake, log: log, dial: pipes.Dial}
	w.AckWait = 2 * time.Second
	w.team = w.AddTeam(slackfake.Team{ID: "T1", BotToken: "xoxb-1", AppToken: "xapp-1", Secret: "a signing secret"})
	w.chat = w.start(t)
	return w
}

// overBoth runs a test in a world over HTTP, and in one over a socket.
func overBoth(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("over HTTP", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, logger(t), true))
	})
	t.Run("over a socket", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) { test(t, worldInBubble(t, logger(t))) })
	})
}

func (w *world) start(t *testing.T) *slack.Chat {
	t.Helper()
	var ln net.Listener
	opt := slack.Options{Replicas: w.replicas, APIURL: w.APIURL(), SeedEvery: cmp.Or(w.seedEvery, time.Millisecond), PingEvery: 2 * time.Second, Faster: 1000, Acts: func() error {
		if w.slept.Load() {
			return errSlept
		}
		return nil
	}}
	ws := slack.Workspace{Name: "acme", BotToken: w.team.BotToken, AppToken: w.team.AppToken}
	if w.http {
		var err error
		if ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		ws.AppToken, ws.SigningSecret = "", w.team.Secret
		w.Change(func() { w.team.URL = "http://" + ln.Addr().String() + "/slack/events" })
	}
	opt.Workspaces = []slack.Workspace{ws}
	c, err := slack.New(w.log, opt)
	if err != nil {
		t.Fatal(err)
	}
	if w.dial != nil {
		c.DialWith(w.dial)
	}
	if w.http {
		adaptertest.Serve(t, ln, c.Handler())
	}
	return c
}

// ready waits until the chat hears the workspace.
func (w *world) ready(t *testing.T) {
	t.Helper()
	adaptertest.Eventually(t, "the chat is ready", func() bool { return w.chat.Ready() == nil })
}

func (w *world) Chat() bot.Chat { return w.chat }

func (w *world) Place() bot.Place {
	return bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, Channel: "CT1"}
}

func (w *world) Join(t *testing.T, name string) string {
	t.Helper()
	w.ready(t)
	return w.AddUser(slackfake.User{Name: name, Team: "T1"})
}

var emoji = map[bot.Choice]string{bot.Left: "a", bot.Right: "b", bot.Equal: "handshake", bot.Awful: "-1"}

func (w *world) Tap(t *testing.T, ref bot.Ref, user string, c bot.Choice, on bool) error {
	if err := w.Slack.Tap(user, ref.Channel, ref.Message, emoji[c], on); err != nil {
		// As Slack's client would show it after a while: not there.
		w.React(ref.Channel, ref.Message, user, emoji[c], !on)
		return err
	}
	return nil
}

func (w *world) TapOther(t *testing.T, ref bot.Ref, user string) {
	t.Helper()
	if err := w.Slack.Tap(user, ref.Channel, ref.Message, "heart", true); err != nil {
		t.Errorf("a heart was not acknowledged: %v", err)
	}
}

func (w *world) Command(t *testing.T, user, text string) string {
	w.CloseModal(user)
	return w.Slack.Command(user, "CT1", text)
}

func (w *world) Press(t *testing.T, ref bot.Ref, user, button string) string {
	return w.Slack.Press(user, ref.Channel, ref.Message, button)
}

func (w *world) Submit(t *testing.T, user, _ string, values map[string]string, files map[string]bot.File) string {
	up := make(map[string]slackfake.File)
	for k, f := range files {
		up[k] = slackfake.File(f)
	}
	return w.Slack.Submit(user, values, up)
}

func (w *world) Suggest(t *testing.T, user, text string) []string {
	w.Slack.Command(user, "CT1", "")
	return slices.DeleteFunc(w.Slack.Suggest(user, text), func(s string) bool { return s == text })
}

func (w *world) Seen(t *testing.T, ref bot.Ref, _ string) string {
	t.Helper()
	m, ok := w.Message(ref.Channel, ref.Message)
	if !ok {
		t.Fatalf("no message %s in %s", ref.Message, ref.Channel)
	}
	var b strings.Builder
	b.WriteString(slackfake.Show(m.Payload))
	for _, below := range w.payloads(ref.Channel + "/" + ref.Message) {
		b.WriteString(slackfake.Show(below))
	}
	return b.String()
}

// payloads are the payloads of what stands in a channel or thread.
func (w *world) payloads(channel string) (all [][]byte) {
	for _, m := range w.Memory.Messages(channel) {
		all = append(all, m.Payload)
	}
	return all
}

func (w *world) Private(t *testing.T, user string) string { return w.Slack.Private(user) }

func (w *world) Messages(t *testing.T, at bot.Place) int { return len(w.Memory.Messages(at.Channel)) }

func (w *world) Delete(t *testing.T, ref bot.Ref) bool { return w.Remove(ref.Channel, ref.Message) }

func (w *world) Break(_ *testing.T, what adaptertest.Loss) (mend func()) {
	switch what {
	case adaptertest.Token:
		w.Change(func() { w.team.Revoked = true })
	case adaptertest.Taking:
		w.Change(func() { w.Lenient, w.team.Bars = true, "rich_text" })
	case adaptertest.Reading:
		for _, m := range []string{"conversations.history", "conversations.replies", "conversations.info", "reactions.get", "users.info"} {
			w.Fail(m, 100, fault(`{"ok":false,"error":"not_allowed_token_type"}`))
		}
	}
	return func() {
		w.Heal()
		w.Change(func() { w.Lenient, w.team.Bars, w.team.Revoked = false, "", false })
	}
}

func (w *world) Restart(t *testing.T) bot.Chat {
	t.Helper()
	w.chat = w.start(t)
	return w.chat
}
