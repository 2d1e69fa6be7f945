package slack_test

import (
	"context"
	"fmt"
	"maps"
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

// Guests, strangers, and channels that are shared or without the bot.
func TestWhoMayAsk(t *testing.T) {
	for _, tt := range []struct {
		name    string
		user    string
		room    slackfake.Room
		text    string
		allow   bool
		want    string
		refused bool
	}{
		{"a member", "", slackfake.Room{}, "start", false, "Fine.", false},
		{"a guest", "guest", slackfake.Room{}, "status", false, "allow_guests", true},
		{"a guest who may", "guest", slackfake.Room{}, "status", true, "Fine.", false},
		{"somebody of another organisation", "away", slackfake.Room{}, "status", false, "allow_shared_channels", true},
		{"somebody of another workspace of the organisation", "sister", slackfake.Room{}, "status", false, "Fine.", false},
		{"a shared channel", "", slackfake.Room{Shared: true}, "start a b", false, "allow_shared_channels", true},
		{"a shared channel that may", "", slackfake.Room{Shared: true}, "start a b", true, "Fine.", false},
		{"a channel without the bot", "", slackfake.Room{Absent: true}, "start a b", false, "/invite @tastetest", true},
		{"help without the bot", "", slackfake.Room{Absent: true}, "help", false, "Fine.", false},
		{"a direct message", "", slackfake.Room{ID: "DX"}, "compare", false, "needs a channel", true},
		{"a direct message, alone", "", slackfake.Room{ID: "DX"}, "start", false, "needs a channel", true},
		{"a group's direct message", "", slackfake.Room{ID: "GX", Group: true}, "start a b", false, "needs a channel", true},
		{"a group's direct message, named as channels are", "", slackfake.Room{ID: "CGX", Group: true}, "start a b", false, "needs a channel", true},
		{"help in a direct message", "", slackfake.Room{ID: "DX"}, "help", false, "Fine.", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, logger(t), false)
			w.team.Org = "EOURS"
			w.chat = w.with(t, func(x *slack.Workspace) { x.AllowGuests, x.AllowShared = tt.allow, tt.allow })
			h := newPlayer()
			h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
			run(t, w, h)
			user := w.AddUser(userOf(tt.user, "UX"))
			if tt.room.ID == "" {
				tt.room.ID = "CX"
			}
			tt.room.Team = "T1"
			w.AddRoom(tt.room)
			if shown := w.Slack.Command(user, tt.room.ID, tt.text); !strings.Contains(shown, tt.want) {
				t.Errorf("shown:\n%s", shown)
			}
			if refused := len(h.said) == 0; refused != tt.refused {
				t.Errorf("the core heard %q", h.said)
			}
		})
	}
}

// A command is acknowledged at once, however long it takes Slack to say who
// asks. Then Slack is not asked any longer than somebody waits.
func TestSlowLookUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := worldInBubble(t, logger(t))
		h := newPlayer()
		h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
		run(t, w, h)
		ann := w.Join(t, "Ann")
		w.Fail("users.info", 1, fakechat.Fault{Delay: time.Minute})
		if shown := w.Slack.Command(ann, "CT1", "status"); !strings.Contains(shown, "Sorry") { // a minute is longer than Slack waits
			t.Errorf("while Slack does not say who asks a command is answered with:\n%s", shown)
		}
		if shown := w.Slack.Command(ann, "CT1", "status"); !strings.Contains(shown, "Fine.") {
			t.Errorf("the next one:\n%s", shown)
		}
	})
}

// with is a chat whose workspace is changed.
func (w *world) with(t *testing.T, change func(*slack.Workspace)) *slack.Chat {
	t.Helper()
	ws := slack.Workspace{Name: "acme", BotToken: w.team.BotToken, AppToken: w.team.AppToken}
	change(&ws)
	c, err := slack.New(w.log, slack.Options{APIURL: w.APIURL(), SeedEvery: time.Millisecond, PingEvery: 2 * time.Second, Faster: 1000, Workspaces: []slack.Workspace{ws}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAdmins(t *testing.T) {
	w := newWorld(t, logger(t), false)
	w.team.Org = "EOURS"
	w.chat = w.with(t, func(x *slack.Workspace) { x.Admins = []string{"UNAMED"} })
	run(t, w, newPlayer())
	w.AddUser(userOf("admin", "UADMIN"))
	w.AddUser(userOf("", "UNAMED"))
	w.AddUser(userOf("", "UOTHER"))
	for user, want := range map[string]bool{"UADMIN": true, "UNAMED": true, "UOTHER": false} {
		if got, err := w.chat.Admin(t.Context(), w.Place(), user); err != nil || got != want {
			t.Errorf("%s: %v, %v", user, got, err)
		}
	}
	sister := userOf("sister", "USISTER")
	sister.Admin = true // in a workspace of the same organisation, and not here
	w.AddUser(sister)
	if got, err := w.chat.Admin(t.Context(), w.Place(), "USISTER"); err != nil || got {
		t.Errorf("the admin of another workspace: %v, %v", got, err)
	}
	w.AddUser(userOf("admin", "UNEW"))
	w.Fail("users.info", 1, fakechat.Fault{Status: 500})
	if got, err := w.chat.Admin(t.Context(), w.Place(), "UNEW"); err == nil || got {
		t.Errorf("when Slack cannot be asked: %v, %v", got, err)
	}
}

// Slack says what somebody is called and in which time zone they are.
func TestPerson(t *testing.T) {
	w := newWorld(t, logger(t), false)
	run(t, w, newPlayer())
	w.AddUser(slackfake.User{ID: "UANA", Name: "ana", Team: "T1", Display: "Ana", Zone: "Europe/Lisbon"})
	ana := bot.Voter{Workspace: w.Place().Workspace, User: "UANA"}
	if got, err := w.chat.Person(t.Context(), ana); err != nil || got != (bot.Person{Name: "Ana", Zone: "Europe/Lisbon"}) {
		t.Errorf("Ana is %+v, %v", got, err)
	}
	ana.User = "UNEW"
	w.AddUser(slackfake.User{ID: "UNEW", Team: "T1"})
	w.Fail("users.info", 1, fakechat.Fault{Status: 500})
	if got, err := w.chat.Person(t.Context(), ana); err == nil || got != (bot.Person{}) {
		t.Errorf("when Slack cannot be asked: %+v, %v", got, err)
	}
}

// What people type arrives as they typed it, whatever Slack makes of it on the
// way; and the core hears who is meant by the names in it.
func TestTyped(t *testing.T) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
	run(t, w, h)
	w.AddUser(slackfake.User{ID: "UANA", Name: "ana", Team: "T1"})
	w.AddUser(slackfake.User{ID: "U2", Name: "user2", Team: "T1"})
	li := w.AddUser(slackfake.User{ID: "ULI", Name: "li", Team: "T1"})
	for text, meant := range map[string]map[string]string{
		"start a b invite=@ana,@user2":                    {"@ana": "UANA", "@user2": "U2"},
		`start prompt="Write to ada@x.org"`:               {},
		`start prompt="What is on example.com?"`:          {},
		`start prompt="Read https://example.com/a?b=1&c"`: {},
		`start prompt="Greet @user2 and @here"`:           {"@user2": "U2"},
		`start prompt="Greet @nobody"`:                    {},
		`start prompt="Sum up #ct1"`:                      {},
		`start prompt="1 < 2 && 3 > 2, &lt;"`:             {},
		`start prompt=a>b`:                                {},
		`start prompt=a<b`:                                {},
	} {
		w.Slack.Command(li, "CT1", text)
		if got := h.last(); got.Text != text || len(got.Meant) != len(meant) || !maps.Equal(got.Meant, meant) {
			t.Errorf("typed: %s\narrives as: %s\nwith %v, want %v", text, got.Text, got.Meant, meant)
		}
	}
	// What no client sends that is known here, and one might.
	for wire, want := range map[string]string{
		`start prompt="Greet <@U2>, <@U9>"`:      `start prompt="Greet @user2, <@U9>"`,
		"start invite=<@U2>":                     "start invite=@user2",
		"start invite=<@U2|ana>,<@U3|ana>":       "start invite=@ana,<@U3>",
		"start invite=<@U2|Ana Li>":              "start invite=@user2",
		"start prompt=<https://example.com|see>": "start prompt=see",
		"start prompt=<#C9|>":                    "start prompt=<#C9>",
		"start prompt=<!subteam^S1|@designers>":  "start prompt=@designers",
		"start prompt=<!subteam^S1|designers>":   "start prompt=@designers",
		"start prompt=<https://example.com>":     "start prompt=https://example.com",
	} {
		w.Sent(li, "CT1", wire)
		if got := h.last(); got.Text != want {
			t.Errorf("%s arrives as %q, want %q", wire, got.Text, want)
		}
	}
}

// A modal that comes too late is said instead; an answer whose address is used
// up goes to the person directly.
func TestWaysBack(t *testing.T) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ann := w.Join(t, "Ann")
	h.answer(bot.Reply{Form: &samples.Form})
	w.Fail("views.open", 1, fault(`{"ok":false,"error":"expired_trigger_id"}`))
	if shown := w.Slack.Command(ann, "CT1", "start"); !strings.Contains(shown, "once more") {
		t.Errorf("a modal that came too late:\n%s", shown)
	}
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
	w.Fail("response_url", 1, fakechat.Fault{Status: 404, Body: "used_url"})
	if shown := w.Slack.Command(ann, "CT1", "status"); !strings.Contains(shown, "Fine.") {
		t.Errorf("an answer without its address:\n%s", shown)
	}
	if n := len(w.Memory.Messages("D" + ann)); n != 1 {
		t.Errorf("%d direct messages, not 1", n)
	}
}

// Long work says more than its address takes: some is left out, but not the
// last word. In a modal that was closed, it comes as a direct message.
func TestLongWork(t *testing.T) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ann := w.Join(t, "Ann")
	chatty := func(_ context.Context, say func(bot.Post) error) error {
		for i := range 40 {
			if err := say(bot.Notice{Text: bot.Literal(fmt.Sprintf("%d of 40", i+1))}); err != nil {
				return err
			}
		}
		return say(bot.Notice{Text: bot.Literal("All ready.")})
	}
	// The address of a command replaces nothing: one word at once, and the last.
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}, Later: chatty})
	w.Slack.Command(ann, "CT1", "start a b")
	adaptertest.Eventually(t, "the last word arrives", func() bool { return strings.Contains(w.Slack.Private(ann), "All ready.") })
	if n, told := len(w.Memory.Private(ann)), len(w.Memory.Messages("D"+ann)); n != 2 || told != 0 {
		t.Errorf("%d private and %d direct messages stand there, not two", n, told)
	}
	// That of a button in a private message does.
	h.answer(bot.Reply{Post: question})
	w.Slack.Command(ann, "CT1", "start a b")
	before := len(w.Memory.Private(ann))
	used := len(w.Journal("response_url"))
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}, Later: chatty})
	w.Slack.Press(ann, "CT1", "", "d12/go")
	adaptertest.Eventually(t, "the last word arrives", func() bool {
		all := w.Memory.Private(ann)
		return strings.Contains(slackfake.Show(all[len(all)-1].Payload), "All ready.")
	})
	if n := len(w.Journal("response_url")) - used; n > 5 {
		t.Errorf("its address was used %d times", n)
	}
	if n, told := len(w.Memory.Private(ann)), len(w.Memory.Messages("D"+ann)); n != before || told != 0 {
		t.Errorf("%d more private and %d direct messages stand there; the question should have been edited", n-before, told)
	}

	h.answer(bot.Reply{Form: &samples.Form})
	w.Slack.Command(ann, "CT1", "start")
	closed := make(chan struct{})
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}, Later: func(ctx context.Context, say func(bot.Post) error) error {
		<-closed
		if err := say(bot.Notice{Text: bot.Literal("Half.")}); err != nil {
			return err
		}
		return say(bot.Notice{Text: bot.Literal("Ready after you left.")})
	}})
	w.Slack.Submit(ann, map[string]string{"text": "x"}, nil)
	w.CloseModal(ann)
	close(closed)
	adaptertest.Eventually(t, "the last word arrives", func() bool { return strings.Contains(w.Slack.Private(ann), "Ready after you left.") })
}

// Several workspaces in one process: two on one app token, one on its own.
// Each hears what is its own, and answers there.
func TestWorkspacesApart(t *testing.T) {
	s := slackfake.New(t)
	s.AckWait = 2 * time.Second
	var opt slack.Options
	opt.APIURL, opt.SeedEvery, opt.Faster = s.APIURL(), time.Millisecond, 1000
	for i, app := range []string{"xapp-a", "xapp-a", "xapp-b"} {
		id := fmt.Sprint("T", i+1)
		s.AddTeam(slackfake.Team{ID: id, BotToken: "xoxb-" + id, AppToken: app})
		s.AddUser(slackfake.User{ID: "U" + id, Team: id})
		opt.Workspaces = append(opt.Workspaces, slack.Workspace{Name: id, BotToken: "xoxb-" + id, AppToken: app})
	}
	c, err := slack.New(logger(t), opt)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Slack: s, log: logger(t), chat: c}
	h := newPlayer()
	h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
	run(t, w, h)
	adaptertest.Eventually(t, "one socket an app token is open", func() bool { return s.Sockets.Open() == 2 })
	for i := range 3 {
		id := fmt.Sprint("T", i+1)
		at := bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: id}, Channel: "C" + id}
		ref, err := c.Post(t.Context(), at, bot.PostKey{What: "ballot"}, time.Time{}, samples.Ballot)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(s.Memory.Messages("C" + id)); n != 1 {
			t.Errorf("%d messages stand in %s", n, id)
		}
		if err := s.Tap("U"+id, "C"+id, ref.Message, "a", true); err != nil {
			t.Error(err)
		}
		if got := h.heard()[i]; got.Ref != ref || got.Ref.ID != id {
			t.Errorf("heard %+v, not of %+v", got, ref)
		}
		if shown := s.Command("U"+id, "C"+id, "status"); !strings.Contains(shown, "Fine.") {
			t.Errorf("in %s a command is answered with %q", id, shown)
		}
		// The neighbour's channel is none of its own.
		other := bot.Place{Workspace: at.Workspace, Channel: fmt.Sprint("CT", (i+1)%3+1)}
		if _, err := c.Post(t.Context(), other, bot.PostKey{What: "x"}, time.Time{}, bot.Notice{Text: bot.Literal("Hello.")}); err == nil {
			t.Errorf("%s posted in another workspace's channel", id)
		}
	}
	if _, err := c.Post(t.Context(), bot.Place{Workspace: bot.Workspace{Platform: "slack", ID: "T9"}, Channel: "C"}, bot.PostKey{}, time.Time{}, samples.Ballot); err == nil {
		t.Error("a post in an unknown workspace was taken")
	}
}

// Two quick taps in one modal: both are taken at once, and what it shows in
// the end is the answer to the second, however slow the first one's was.
func TestQuickTaps(t *testing.T) {
	w := newWorld(t, logger(t), false)
	h := newPlayer()
	run(t, w, h)
	ann := w.Join(t, "Ann")
	h.answer(bot.Reply{Post: samples.Seat})
	w.Slack.Press(ann, "CT1", "", "12/taste")
	h.slow = make(chan struct{})
	next := samples.Seat
	next.Note = bot.Literal("The first tap.")
	shown := make(chan struct{})
	h.answer(bot.Reply{Post: next, Later: func(context.Context, func(bot.Post) error) error { close(shown); return nil }})
	go w.Slack.Press(ann, "CT1", "", "12.3/left")
	adaptertest.Eventually(t, "the first tap is taken", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.said) == 2 })
	next.Note = bot.Literal("The second tap.")
	h.answer(bot.Reply{Post: next})
	w.Slack.Press(ann, "CT1", "", "12.3/right")
	adaptertest.Eventually(t, "the modal shows the second", func() bool { return strings.Contains(w.Slack.Private(ann), "The second tap.") })
	close(h.slow)
	<-shown // what is reported later comes after what is shown at once
	if modal := w.Slack.Private(ann); !strings.Contains(modal, "The second tap.") {
		t.Errorf("in the end the modal shows:\n%s", modal)
	}
}

// A file that somebody uploads arrives. If the scope was taken away since, they
// are told which; an app without it has a form without the field.
func TestUpload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := worldInBubble(t, logger(t))
		h := newPlayer()
		stop := run(t, w, h)
		ann := w.Join(t, "Ann")
		h.answer(bot.Reply{Form: &samples.Form})
		w.Slack.Command(ann, "CT1", "start")
		h.answer(bot.Reply{Post: bot.Notice{Text: bot.Literal("Fine.")}})
		w.Change(func() { w.team.Lacks = "files:read" })
		up := map[string]slackfake.File{"file": {Name: "a.csv", Data: []byte("prompt")}}
		if shown := w.Slack.Submit(ann, nil, up); !strings.Contains(shown, "files:read") {
			t.Errorf("without the scope:\n%s", shown)
		}
		w.Change(func() { w.team.Lacks = "" })
		w.Fail("file", 1, fakechat.Fault{Delay: time.Minute}) // Slack waits three seconds for a form
		w.Change(func() { w.AckWait = 3 * time.Second })
		if shown := w.Slack.Submit(ann, nil, up); !strings.HasPrefix(shown, "file: ") || !strings.Contains(shown, "took too long") {
			t.Errorf("a file that does not come:\n%s", shown)
		}
		if shown := w.Slack.Submit(ann, nil, up); !strings.Contains(shown, "Fine.") {
			t.Errorf("with it:\n%s", shown)
		}
		stop()
		w.Change(func() { w.team.Lacks = "files:read" })
		w.Restart(t)
		run(t, w, h)
		h.answer(bot.Reply{Form: &samples.Form})
		if shown := w.Command(t, ann, "start"); !strings.Contains(shown, "New taste test") || !strings.Contains(shown, "files:read") {
			t.Errorf("the form of an app without the scope:\n%s", shown)
		}
	})
}
