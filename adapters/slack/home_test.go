package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// People of another organisation, and of another workspace of the same one,
// vote in a modal, whose payloads name their own workspace as the team. Each
// tap is kept, or refused in words; so is a form.
func TestModalsOfOtherWorkspaces(t *testing.T) {
	for _, tt := range []struct {
		who   string
		allow bool
		voted bool
	}{
		{"", false, true},
		{"sister", false, true},
		{"away", true, true},
		{"away", false, false},
	} {
		for _, http := range []bool{false, true} {
			if http && tt.allow {
				continue // allowing does not depend on the way
			}
			t.Run(fmt.Sprintf("%q, allowed %v, over HTTP %v", tt.who, tt.allow, http), func(t *testing.T) {
				w := newWorld(t, logger(t), http)
				w.team.Org = "EOURS"
				if tt.allow {
					w.chat = w.with(t, func(x *slack.Workspace) { x.AllowShared = true })
				}
				h := newPlayer()
				run(t, w, h)
				user := w.AddUser(userOf(tt.who, "UX"))
				head, err := w.chat.Post(t.Context(), w.Place(), key(12, "head"), time.Time{}, samples.Head)
				if err != nil {
					t.Fatal(err)
				}
				h.answer(bot.Reply{Post: samples.Seat})
				shown := w.Slack.Press(user, "CT1", head.Message, "12/taste")
				if !tt.voted {
					if !strings.Contains(shown, "allow_shared_channels") || len(h.said) != 0 {
						t.Errorf("they are told %q, and the core heard %q", shown, h.said)
					}
					return
				}
				next := samples.Seat
				next.Note = bot.Literal("The next prompt.")
				h.answer(bot.Reply{Post: next})
				if shown := w.Slack.Press(user, "CT1", head.Message, "12.3/left"); !strings.Contains(shown, "The next prompt.") {
					t.Errorf("after a vote in the modal it shows:\n%s", shown)
				}
				h.answer(bot.Reply{Form: &samples.Form})
				w.Command(t, user, "start")
				h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}})
				if shown := w.Slack.Submit(user, nil, nil); !strings.Contains(shown, "Asking.") {
					t.Errorf("a form is answered with %q", shown)
				}
				if got := fmt.Sprint(h.said); !strings.Contains(got, "12/taste 12.3/left start form") {
					t.Errorf("the core heard %s", got)
				}
			})
		}
	}
}

// Completions are asked for from within a modal too.
func TestCompletionsForAColleague(t *testing.T) {
	w := newWorld(t, logger(t), false)
	w.team.Org = "EOURS"
	run(t, w, newPlayer())
	user := w.AddUser(userOf("sister", "UX"))
	w.Slack.Command(user, "CT1", "")
	if got := w.Slack.Suggest(user, "start"); len(got) != 1 || got[0] != "start" {
		t.Errorf("a colleague of another workspace is offered %q", got)
	}
}

// What somebody does where the app is installed and this bot is not connected
// is answered in words.
func TestWorkspaceThatIsNotConfigured(t *testing.T) {
	for _, http := range []bool{false, true} {
		w := newWorld(t, logger(t), http)
		h := newPlayer()
		run(t, w, h)
		other := *w.team // the same app, installed once more
		other.ID, other.Bot, other.BotToken = "T9", "", "xoxb-9"
		w.AddTeam(other)
		user := w.AddUser(slackfake.User{ID: "U9", Team: "T9"})
		for what, shown := range map[string]string{
			"a command": w.Slack.Command(user, "CT9", "status"),
			"a tap":     w.Slack.Press(user, "CT9", "1.1", "1/taste"),
		} {
			if !strings.Contains(shown, "not connected to this workspace") {
				t.Errorf("over HTTP %v: %s is answered with %q", http, what, shown)
			}
		}
		if len(h.said) != 0 {
			t.Errorf("the core heard %q", h.said)
		}
	}
}

// Where both sides of a shared channel have the app, Slack tells one of them of
// an emoji, whichever wrote the ballot. It counts on the ballot.
func TestEmojiToldToTheOtherSide(t *testing.T) {
	s := slackfake.New(t)
	s.AckWait = 2 * time.Second
	opt := slack.Options{APIURL: s.APIURL(), SeedEvery: time.Millisecond}
	for _, id := range []string{"T1", "T2"} {
		team := s.AddTeam(slackfake.Team{ID: id, BotToken: "xoxb-" + id, AppToken: "xapp-1"})
		opt.Workspaces = append(opt.Workspaces, slack.Workspace{Name: id, BotToken: team.BotToken, AppToken: team.AppToken})
	}
	c, err := slack.New(logger(t), opt)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Slack: s, log: logger(t), chat: c}
	s.AddUser(slackfake.User{ID: "U1", Team: "T1"})
	h := newPlayer()
	run(t, w, h)
	adaptertest.Eventually(t, "the socket is open", func() bool { return s.Sockets.Open() == 1 })
	if err := s.Event("T2", map[string]any{
		"type": "reaction_added", "user": "U1", "reaction": "a", "item_user": "UBOTT1", "event_ts": "1.000001",
		"item": map[string]any{"type": "message", "channel": "CT1", "ts": "1.1"},
	}); err != nil {
		t.Fatal(err)
	}
	if taps := h.heard(); len(taps) != 1 || taps[0].Ref.ID != "T1" {
		t.Errorf("heard %+v, not an emoji on the ballot of T1", taps)
	}
}
