package slack_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

func userOf(kind, id string) slackfake.User {
	return slackfake.User{ID: id, Name: kind, Team: "T1", Guest: kind == "guest", Bot: kind == "bot", Away: kind == "away", Sister: kind == "sister", Admin: kind == "admin"}
}

// posted is a world with a ballot in it.
func posted(t *testing.T, http bool) (*world, *player, bot.Ref, func()) {
	t.Helper()
	return postedIn(t, newWorld(t, logger(t), http))
}

func postedIn(t *testing.T, w *world) (*world, *player, bot.Ref, func()) {
	t.Helper()
	h := newPlayer()
	stop := run(t, w, h)
	ref, err := w.chat.Post(t.Context(), w.Place(), key(1, "ballot"), time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	return w, h, ref, stop
}

// A vote's stamp is Slack's, to the microsecond, so that what comes twice, or
// in another order, says the same.
func TestStampsAndRedelivery(t *testing.T) {
	w, h, ref, _ := posted(t, false)
	ann := w.Join(t, "Ann")
	for _, on := range []bool{true, false, true} {
		if err := w.Slack.Tap(ann, "CT1", ref.Message, "a", on); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Again(); err != nil {
		t.Fatal(err)
	}
	taps := h.heard()
	if len(taps) != 6 {
		t.Fatalf("heard %d taps, not each twice", len(taps))
	}
	stamps := make(map[time.Time]bool)
	var v, once bot.Vote
	for i, x := range taps {
		if x.At.IsZero() || x.At.Nanosecond()%1000 != 0 {
			t.Errorf("a stamp is %v", x.At)
		}
		stamps[x.At] = true
		m := bot.Mark{On: x.On, At: x.At}
		v.Hear(bot.First, m)
		if i < 3 {
			once.Hear(bot.First, m)
		}
	}
	if len(stamps) != 3 || v.Marks != once.Marks || v.Pick() != bot.First {
		t.Errorf("delivered twice the vote is %+v, once %+v", v.Marks, once.Marks)
	}
}

// What was not kept, and what came while no socket was open, comes again
// after a restart.
func TestUnackedComesAfterRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, h, ref, stop := postedIn(t, worldInBubble(t, logger(t)))
		ann, bob := w.Join(t, "Ann"), w.Join(t, "Bob")
		h.fail(errors.New("the disk is full"))
		if err := w.Slack.Tap(ann, "CT1", ref.Message, "a", true); err == nil {
			t.Error("a vote that was not kept was acknowledged")
		}
		stop()
		if err := w.Slack.Tap(bob, "CT1", ref.Message, "b", true); err == nil {
			t.Error("a vote was acknowledged by nobody")
		}
		h.fail(nil)
		w.Restart(t)
		run(t, w, h)
		adaptertest.Eventually(t, "both votes arrive", func() bool { return len(h.heard()) == 2 })
		adaptertest.Eventually(t, "all is acknowledged", func() bool { return w.Unacked() == 0 })
	})
}

// Whatever ends a socket, another one is opened, readiness shows it, no vote
// is lost, and open ballots are read again.
func TestReconnects(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		end  func(*world)
	}{
		{"cut", func(w *world) { w.Sockets.Cut() }},
		{"disconnect: warning", func(w *world) { w.Disconnect("warning") }},
		{"disconnect: refresh_requested", func(w *world) { w.Disconnect("refresh_requested") }},
		{"disconnect: too_many_websockets", func(w *world) { w.Disconnect("too_many_websockets") }},
		{"silence", func(w *world) { w.Stall() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, h, ref, _ := postedIn(t, worldInBubble(t, logger(t)))
				ann := w.Join(t, "Ann")
				before := h.resynced()
				tt.end(w)
				_ = w.Slack.Tap(ann, "CT1", ref.Message, "a", true) // perhaps nobody hears it now
				adaptertest.Eventually(t, "ballots are read again", func() bool { return h.resynced() > before })
				adaptertest.Eventually(t, "the chat is ready", func() bool { return w.chat.Ready() == nil })
				adaptertest.Eventually(t, "the vote arrives", func() bool { return len(h.heard()) > 0 })
				adaptertest.Eventually(t, "all is acknowledged", func() bool { return w.Unacked() == 0 })
			})
		})
	}
}

// Ballots that could not be read again after events were lost are read again
// until they can.
func TestResyncIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, h, _, _ := postedIn(t, worldInBubble(t, logger(t)))
		before := h.resynced()
		h.mu.Lock()
		h.unread = 2
		h.mu.Unlock()
		if err := w.RateLimited("T1"); err != nil {
			t.Fatal(err)
		}
		adaptertest.Eventually(t, "the third time they are read", func() bool { return h.resynced() == before+3 })
	})
}

func TestNotReadyWithoutSocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := worldInBubble(t, logger(t))
		if w.chat.Ready() == nil {
			t.Error("the chat is ready before it runs")
		}
		run(t, w, newPlayer())
		w.Calls.Fail("apps.connections.open", 3, fault(`{"ok":false,"error":"missing_scope","needed":"connections:write"}`))
		w.Sockets.Cut()
		adaptertest.Eventually(t, "it says which scope is missing", func() bool {
			err := w.chat.Ready()
			return err != nil && strings.Contains(err.Error(), "connections:write")
		})
		adaptertest.Eventually(t, "the chat is ready again", func() bool { return w.chat.Ready() == nil })
	})
}

// Unknown envelopes are acknowledged, or Slack would send them for ever; so
// are events that are none of ours.
func TestUnknownIsAcknowledged(t *testing.T) {
	w, h, _, _ := posted(t, false)
	for name, frame := range map[string]map[string]any{
		"an unknown envelope": {"envelope_id": "X1", "type": "holograms", "payload": map[string]any{}},
		"an unknown event":    {"envelope_id": "X2", "type": "events_api", "payload": map[string]any{"type": "event_callback", "team_id": "T1", "event": map[string]any{"type": "moon_rose"}}},
		"a malformed payload": {"envelope_id": "X3", "type": "events_api", "payload": "what?"},
		"an odd interaction":  {"envelope_id": "X4", "type": "interactive", "payload": map[string]any{"type": 7}},
		"an odd type":         {"envelope_id": "X5", "type": 7},
		"another workspace":   {"envelope_id": "X6", "type": "events_api", "payload": map[string]any{"type": "event_callback", "team_id": "T999", "event": map[string]any{"type": "reaction_added"}}},
	} {
		if !w.Raw(frame["envelope_id"].(string), frame) {
			t.Errorf("%s was not acknowledged", name)
		}
	}
	before := h.resynced()
	if err := w.RateLimited("T1"); err != nil {
		t.Errorf("app_rate_limited: %v", err)
	}
	adaptertest.Eventually(t, "ballots are read again", func() bool { return h.resynced() > before })
}

// A vote waits for no question to Slack: not who votes, nor what it is for.
func TestVoteWaitsForNoLookUp(t *testing.T) {
	for _, http := range []bool{false, true} {
		w, h, ref, _ := posted(t, http)
		for _, method := range []string{"users.info", "conversations.info", "reactions.get"} {
			w.Calls.Fail(method, 100, fakechat.Fault{Delay: time.Minute})
		}
		for i := range 5 {
			user := w.AddUser(slackfake.User{ID: fmt.Sprint("UX", i), Team: "T1"})
			if err := w.Slack.Tap(user, "CT1", ref.Message, "a", true); err != nil {
				t.Errorf("over HTTP %v: while Slack answers nothing a vote is %v", http, err)
			}
		}
		if got := len(h.heard()); got != 5 {
			t.Errorf("over HTTP %v: %d votes were heard, not 5", http, got)
		}
	}
}

// 256 events are in flight; one that waits for the disk holds up no other.
func TestManyInFlight(t *testing.T) {
	w, h, ref, _ := posted(t, false)
	w.AckWait = time.Minute
	hold := make(chan struct{})
	h.hold = hold
	const n = 200
	done := make(chan error, n)
	for i := range n {
		user := w.AddUser(slackfake.User{ID: fmt.Sprint("UX", i), Team: "T1"})
		go func() { done <- w.Slack.Tap(user, "CT1", ref.Message, "a", true) }()
	}
	ann := w.Join(t, "Ann")
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
	adaptertest.Eventually(t, "all votes wait for the disk", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return h.waiting == n })
	if shown := w.Command(t, ann, "status"); !strings.Contains(shown, "Fine.") {
		t.Errorf("while votes wait for the disk a command is answered with %q", shown)
	}
	close(hold)
	for range n {
		if err := <-done; err != nil {
			t.Errorf("a vote: %v", err)
		}
	}
	if got := len(h.heard()); got != n {
		t.Errorf("%d votes arrived, not %d", got, n)
	}
}

// Added, removed, archived.
func TestChannelLife(t *testing.T) {
	w, h, _, _ := posted(t, false)
	in := func(e map[string]any) {
		t.Helper()
		if err := w.Event("T1", e); err != nil {
			t.Errorf("%v: %v", e["type"], err)
		}
	}
	ann := w.Join(t, "Ann")
	in(map[string]any{"type": "member_joined_channel", "user": ann, "channel": "CT1"})
	in(map[string]any{"type": "member_joined_channel", "user": w.team.Bot, "channel": "CNEW"})
	in(map[string]any{"type": "channel_rename", "channel": map[string]any{"id": "CT1", "name": "x"}})
	in(map[string]any{"type": "channel_left", "channel": "C1"})
	in(map[string]any{"type": "channel_archive", "channel": "C2", "user": ann})
	in(map[string]any{"type": "group_deleted", "channel": "C3"})
	in(map[string]any{"type": "member_left_channel", "channel": "C4", "user": ann})
	adaptertest.Eventually(t, "the bot says hello", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.joined) == 1 })
	if h.joined[0].Channel != "CNEW" || len(h.gone) != 3 || h.gone[0].Channel != "C1" || h.gone[2].Channel != "C3" {
		t.Errorf("joined %v, gone %v", h.joined, h.gone)
	}
	in(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{ann}}})
	if err := w.chat.Ready(); err != nil {
		t.Errorf("after a person's own token was revoked the chat says %v", err)
	}
	in(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"bot": []string{w.team.Bot}}})
	if err := w.chat.Ready(); !errors.Is(err, bot.ErrLost) {
		t.Errorf("after its token was revoked the chat says %v", err)
	}
	if len(h.left) != 0 {
		t.Error("a revoked token, for which a new one may come, deletes the workspace")
	}
	in(map[string]any{"type": "app_uninstalled"})
	if err := w.chat.Ready(); !errors.Is(err, bot.ErrLost) {
		t.Errorf("after the app was removed the chat says %v", err)
	}
	if len(h.left) != 1 || h.left[0] != "T1" {
		t.Errorf("after the app was removed these workspaces are deleted: %v", h.left)
	}
}

func TestRefusedTokens(t *testing.T) {
	w := newWorld(t, logger(t), false)
	w.Change(func() { w.team.Revoked = true })
	if err := w.chat.Run(t.Context(), newPlayer()); err == nil || !strings.Contains(err.Error(), "token_revoked") || strings.Contains(err.Error(), "xoxb") {
		t.Errorf("Run with a revoked token: %v", err)
	}
	w.Change(func() { w.team.Revoked, w.team.AppToken = false, "xapp-other" })
	c, err := slack.New(logger(t), slack.Options{APIURL: w.APIURL(), Workspaces: []slack.Workspace{{Name: "acme", BotToken: "xoxb-1", AppToken: "xapp-1"}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := c.Run(ctx, newPlayer()); err == nil || ctx.Err() != nil {
		t.Errorf("Run with a refused app token: %v", err)
	}
}

// A token that is revoked later shows in readiness, and ends nothing else.
func TestRevokedWhileRunning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := worldInBubble(t, logger(t))
		stop := run(t, w, newPlayer())
		w.Change(func() { w.team.AppToken = "xapp-other" })
		w.Sockets.Cut()
		adaptertest.Eventually(t, "readiness says that the token is refused", func() bool { return strings.Contains(fmt.Sprint(w.chat.Ready()), "invalid_auth") })
		stop() // fails the test if Run has ended with an error
	})
}

// In a shared channel the event of a stranger's emoji names the stranger's
// workspace first. It is heard in the one that has the app.
func TestStrangersEmoji(t *testing.T) {
	t.Parallel()
	for _, http := range []bool{false, true} {
		w, h, ref, _ := posted(t, http)
		away := w.AddUser(userOf("away", "UAWAY"))
		if err := w.Slack.Tap(away, "CT1", ref.Message, "a", true); err != nil {
			t.Error(err)
		}
		if taps := h.heard(); len(taps) == 0 || taps[0].Ref != ref || taps[0].User != away {
			t.Errorf("over HTTP %v: heard %+v, not the emoji on %+v", http, taps, ref)
		}
	}
}

// What goes wrong with one delivery leaves the others alone: it is logged, not
// acknowledged, and comes again.
func TestPanic(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, w *world) {
		_, h, ref, _ := postedIn(t, w)
		ann, bob := w.Join(t, "Ann"), w.Join(t, "Bob")
		h.mu.Lock()
		h.broken = true
		h.mu.Unlock()
		if err := w.Slack.Tap(ann, "CT1", ref.Message, "a", true); err == nil {
			t.Error("a vote that was not kept was acknowledged")
		}
		h.mu.Lock()
		h.broken = false
		h.mu.Unlock()
		if err := w.Slack.Tap(bob, "CT1", ref.Message, "a", true); err != nil {
			t.Errorf("the next vote: %v", err)
		}
		if err := w.Retry(); err != nil || len(h.heard()) != 2 {
			t.Errorf("the retry: %v; heard %+v", err, h.heard())
		}
	})
}

func TestNew(t *testing.T) {
	for _, tt := range []struct {
		name string
		opt  slack.Options
		want string
	}{
		{"nothing", slack.Options{}, "no Slack workspace"},
		{"no bot token", slack.Options{Workspaces: []slack.Workspace{{Name: "acme", AppToken: "x"}}}, "no bot token"},
		{"neither way", slack.Options{Workspaces: []slack.Workspace{{Name: "acme", BotToken: "x"}}}, "either an app token"},
		{"both ways", slack.Options{Workspaces: []slack.Workspace{{Name: "acme", BotToken: "x", AppToken: "x", SigningSecret: "x"}}}, "either an app token"},
	} {
		if _, err := slack.New(logger(t), tt.opt); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q in it", tt.name, err, tt.want)
		}
	}
}
