package discord_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

var (
	ballotKey   = bot.PostKey{Tasting: tasting(12), Round: 1, What: "ballot"}
	createRoute = "POST /channels/{c}/messages"
	emojiRoute  = "PUT /channels/{c}/messages/{m}/reactions/{e}/@me"
	editRoute   = "PATCH /channels/{c}/messages/{m}"
)

// refused is a refusal with Discord's own number for it.
func refused(status, code int) fakechat.Fault {
	return fakechat.Fault{Status: status, Header: map[string]string{"Content-Type": "application/json"},
		Body: fmt.Sprintf(`{"code":%d,"message":"no"}`, code)}
}

// Faults that pass are waited out, and a post stands once.
func TestPostThroughFaults(t *testing.T) {
	t.Parallel()
	asJSON := map[string]string{"Content-Type": "application/json"}
	page := map[string]string{"Content-Type": "text/html", "Retry-After": "0.3"}
	for _, tt := range []struct {
		name  string
		fault fakechat.Fault
	}{
		{"429 as JSON", fakechat.Fault{Status: 429, Header: asJSON, Body: `{"message":"slower","retry_after":0.2,"global":false}`}},
		{"429 as a page", fakechat.Fault{Status: 429, Header: page, Body: "<html>slower</html>"}},
		{"503", fakechat.Fault{Status: 503, Body: "<html>away</html>"}},
		{"502", fakechat.Fault{Status: 502}},
		{"the response is lost", fakechat.Fault{Lose: true}},
	} {
		for _, route := range []string{createRoute, emojiRoute} {
			t.Run(tt.name+" at "+route[:4], func(t *testing.T) {
				t.Parallel()
				f := newFake(t, logger(t))
				f.Calls.Fail(route, 3, tt.fault)
				c := f.chat(t)
				c.Hurry()
				ref, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, samples.Ballot)
				if err != nil {
					t.Fatal(err)
				}
				ms := f.Said.Messages(tasteID)
				if len(ms) != 1 || ms[0].ID != ref.Message {
					t.Fatalf("%d messages stand there, not one", len(ms))
				}
				if got := emojiOf(ms[0]); !slices.Equal(got, []string{"🅰️", "🅱️", "🤝", "👎"}) {
					t.Errorf("the emoji stand as %q", got)
				}
			})
		}
	}
}

// Long after the nonce is forgotten, the first attempt is found by its mark,
// behind all that was said since.
func TestPostFoundByItsMark(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	began := time.Now()
	c := f.chat(t)
	first, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	stranger := f.Join("Stranger")
	for range 250 {
		f.Said.Put(fakechat.Message{Channel: tasteID, ID: f.NewID(), Author: stranger, Payload: []byte(`{"content":"chatter"}`)})
	}
	forged, _ := f.Said.Message(tasteID, first.Message)
	forged.ID, forged.Author = f.NewID(), stranger // somebody repeats it, mark and all
	f.Said.Put(forged)
	f.ForgetNonces()
	again, err := f.chat(t).Post(t.Context(), taste, ballotKey, began, samples.Ballot)
	if err != nil || again != first {
		t.Errorf("posted again it is %+v, %v; not %+v", again, err, first)
	}
	other, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(12), Round: 11, What: "ballot"}, began, samples.Ballot)
	if err != nil || other == first {
		t.Errorf("another post is %+v, %v", other, err)
	}
	f.Said.Delete(tasteID, first.Message)
	f.ForgetNonces()
	if third, err := c.Post(t.Context(), taste, ballotKey, began, samples.Ballot); err != nil || third.Message == forged.ID || third == first {
		t.Errorf("with only a stranger's like it there, it is %+v, %v", third, err)
	}
}

// Old messages may be edited only so often, and the reveal must come through.
func TestCountsStandStillAfterAnHour(t *testing.T) {
	c := newFake(t, logger(t)).chat(t)
	for age, want := range map[time.Duration]time.Duration{0: time.Minute, 59 * time.Minute: time.Minute, 61 * time.Minute: 0, 24 * time.Hour: 0} {
		if got := c.CountEvery(age); got != want {
			t.Errorf("a count on a message %v old is edited every %v, not %v", age, got, want)
		}
	}
}

// A post that was cut short is completed: its emoji, and its parts in order.
func TestPostIsCompleted(t *testing.T) {
	long := samples.Ballot
	long.Left, long.Right = bot.Verbatim(strings.Repeat("Left words. ", 900)), bot.Verbatim(strings.Repeat("Right words. ", 500))
	for _, tt := range []struct {
		name  string
		route string
		after int
		post  bot.Ballot
		parts int
	}{
		{"before the second emoji", emojiRoute, 1, samples.Ballot, 0},
		{"before the second part", createRoute, 2, long, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t, logger(t))
			c := f.chat(t)
			began := time.Now()
			f.Calls.Fail(tt.route, tt.after, fakechat.Fault{})
			f.Calls.Fail(tt.route, 1, refused(403, 0))
			if _, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, tt.post); err == nil {
				t.Fatal("the post was not cut short")
			}
			f.ForgetNonces()
			ref, err := c.Post(t.Context(), taste, ballotKey, began, tt.post)
			if err != nil {
				t.Fatal(err)
			}
			ms := f.Said.Messages(tasteID)
			if len(ms) != 1 || len(ms[0].Emoji) != 4 {
				t.Errorf("%d messages stand there, with %d emoji", len(ms), len(ms[0].Emoji))
			}
			var marks []string
			for _, m := range f.Said.Messages(ref.Message) {
				marks = append(marks, mark(m))
			}
			var want []string
			for i := range tt.parts {
				want = append(want, fmt.Sprintf("12.1/ballot/%d", i+1))
			}
			if !slices.Equal(marks, want) {
				t.Errorf("parts %q, not %q", marks, want)
			}
		})
	}
}

// An edit sends what changed: old messages may be edited only so often.
func TestEditLeavesPartsThatStand(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	long := samples.Ballot
	long.Left = bot.Verbatim(strings.Repeat("Left words. ", 900))
	ref, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, long)
	if err != nil {
		t.Fatal(err)
	}
	long.Progress = bot.Literal("5 voted")
	if err := c.Edit(t.Context(), ref, long); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Calls.Journal("PATCH /channels/{c}/messages/{m}")); n != 1 {
		t.Errorf("a new count edits %d messages", n)
	}
	long.Left = bot.Verbatim(strings.Repeat("Left words. ", 500))
	if err := c.Edit(t.Context(), ref, long); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Said.Messages(ref.Message)); n != 3 {
		t.Errorf("%d parts stand, not the 3 that are still needed", n)
	}
}

// Who stands on a ballot: in all skin tones, normal and super, on all pages,
// and no bots.
func TestReadReactions(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	c.Hurry()
	ref, err := c.Post(t.Context(), taste, ballotKey, time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]bot.Choice)
	for i := range 250 {
		u := f.Join(fmt.Sprint("p", i))
		f.Said.React(tasteID, ref.Message, u, "🅰️", true)
		want[u] = bot.Left
	}
	for _, x := range []struct {
		name   string
		super  bool
		choice bot.Choice
	}{{"🤝", false, bot.Equal}, {"🤝🏽", false, bot.Equal}, {"🫱🏻\u200d🫲🏿", false, bot.Equal}, {"👎🏿", true, bot.Awful}, {"👎", true, bot.Awful}, {"🅱", false, bot.Right}, {"🍰", false, ""}} {
		u := f.Join(x.name)
		if x.super {
			f.SetSuper(ref, u, x.name, true)
		} else {
			f.Said.React(tasteID, ref.Message, u, x.name, true)
		}
		if x.choice != "" {
			want[u] = x.choice
		}
	}
	robot := f.Join("robot")
	f.changed(func() { f.Users[robot] = discordfake.Person{ID: robot, Bot: true} })
	f.Said.React(tasteID, ref.Message, robot, "🅰️", true)

	taps, err := c.Reactions(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if len(taps) != len(want) {
		t.Errorf("%d emoji stand, not %d", len(taps), len(want))
	}
	for _, x := range taps {
		if want[x.User] != x.Choice || x.Ref != ref || !x.On {
			t.Errorf("%+v stands, not %q", x, want[x.User])
		}
	}
	f.Calls.Fail("GET /channels/{c}/messages/{m}/reactions/{e}", 1, fakechat.Fault{})
	f.Calls.Fail("GET /channels/{c}/messages/{m}/reactions/{e}", 10, fakechat.Fault{Status: 503})
	if _, err := c.Reactions(t.Context(), ref); !errors.Is(err, bot.ErrPartial) {
		t.Errorf("half read: %v, not ErrPartial", err)
	}
}

// What Discord's refusals mean.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		status, code int
		want         error
	}{
		{404, 10008, bot.ErrGone}, {404, 10003, bot.ErrLost}, {403, 50001, bot.ErrLost}, {403, 50013, bot.ErrLost}, {401, 0, bot.ErrLost},
		{403, 160005, bot.ErrLost}, {400, 50035, bot.ErrRefused}, {400, 160005, bot.ErrRefused}, {413, 40005, bot.ErrRefused},
		{403, 0, nil}, {400, 30046, nil}, {408, 0, nil},
	} {
		f := newFake(t, logger(t))
		c := f.chat(t)
		fault := refused(tt.status, tt.code)
		f.Calls.Fail("PATCH /channels/{c}/messages/{m}", 1, fault)
		f.Calls.Fail("GET /channels/{c}/messages/{m}", 1, fault)
		ref := bot.Ref{Place: taste, Message: "5"}
		_, read := c.Reactions(t.Context(), ref)
		for doing, err := range map[string]error{"edit": c.Edit(t.Context(), ref, samples.Ballot), "read": read} {
			for _, kind := range []error{bot.ErrGone, bot.ErrLost, bot.ErrRefused} {
				if err == nil || errors.Is(err, kind) != (kind == tt.want) {
					t.Errorf("%s refused with %d: %v, not %v", doing, tt.code, err, tt.want)
				}
			}
		}
		if n := len(f.Calls.Journal("PATCH /channels/{c}/messages/{m}")); n != 1 {
			t.Errorf("refused with %d, it was tried %d times", tt.code, n)
		}
	}
}

// A thread that was deleted takes its ballots along, but not the tasting: what
// belongs below the head goes into the channel.
func TestThreadGone(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	headRef, err := c.Post(t.Context(), taste, bot.PostKey{Tasting: tasting(12), What: "head"}, time.Time{}, samples.Head)
	if err != nil {
		t.Fatal(err)
	}
	at, err := c.Thread(t.Context(), headRef)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := c.Post(t.Context(), at, ballotKey, time.Time{}, samples.Ballot)
	if err != nil {
		t.Fatal(err)
	}
	f.changed(func() {
		x := f.Channels[headRef.Message]
		x.Archived = true
		f.Channels[headRef.Message] = x
	})
	if err := c.Edit(t.Context(), ref, samples.Ballot); err != nil {
		t.Errorf("edit in a thread that sleeps: %v", err)
	}
	f.changed(func() { delete(f.Channels, headRef.Message) })
	f.Calls.Fail("POST /channels/{c}/messages/{m}/threads", 1, refused(400, 160004))
	if err := c.Edit(t.Context(), ref, samples.Ballot); !errors.Is(err, bot.ErrGone) {
		t.Errorf("edit in a thread that is gone: %v, not ErrGone", err)
	}
	if _, err := c.Reactions(t.Context(), ref); !errors.Is(err, bot.ErrGone) {
		t.Errorf("read in a thread that is gone: %v, not ErrGone", err)
	}
	if _, err := c.Post(t.Context(), at, bot.PostKey{Tasting: tasting(12), Round: 2, What: "ballot"}, time.Time{}, samples.Ballot); !errors.Is(err, bot.ErrGone) {
		t.Errorf("post in a thread that is gone: %v, not ErrGone", err)
	}
	if below, err := c.Thread(t.Context(), headRef); err != nil || below != taste {
		t.Errorf("below the head is %+v, %v; not the channel", below, err)
	}
}

// Long before Discord would ban the address, nothing is sent any more.
func TestRefusedRequestsEnd(t *testing.T) {
	f := newFake(t, logger(t))
	o := f.options()
	o.Token = "revoked"
	c := f.chatWith(t, o)
	for range 1100 {
		if err := c.Edit(t.Context(), bot.Ref{Place: taste, Message: "5"}, samples.Ballot); err == nil {
			t.Fatal("a revoked token was taken")
		}
	}
	if n := len(f.Calls.Journal("")); n > 1000 {
		t.Errorf("%d requests were sent", n)
	}
}

// Who may manage the server is an admin: its owner, and who has such a role.
// People are called what Discord calls them; where they are it does not tell.
func TestPerson(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	v := bot.Voter{Workspace: bot.Workspace{Platform: "discord", ID: guildID}, User: f.Join("Ada")}
	if got, err := c.Person(t.Context(), v); err != nil || got != (bot.Person{Name: "Ada"}) {
		t.Errorf("Ada is %+v, %v", got, err)
	}
	v.User = "987654321"
	if got, err := c.Person(t.Context(), v); err == nil || got.Name != "" {
		t.Errorf("who is not there is %+v, %v", got, err)
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	c := f.chat(t)
	c.Hurry()
	g := f.Guilds[guildID]
	f.changed(func() {
		g.Roles["701"], g.Roles["702"], g.Roles["703"] = 1<<5, 1<<3, 1<<11
		g.Member["1"] = nil
	})
	for roles, want := range map[string]bool{"": false, "701": true, "702": true, "703": false, "703 701": true} {
		u := f.Join("with " + roles)
		f.changed(func() { g.Member[u] = strings.Fields(roles) })
		if got, err := c.Admin(t.Context(), taste, u); err != nil || got != want {
			t.Errorf("with the roles %q: %v, %v", roles, got, err)
		}
	}
	if got, err := c.Admin(t.Context(), taste, "1"); err != nil || !got {
		t.Errorf("the owner: %v, %v", got, err)
	}
	f.Calls.Fail("GET /guilds/{g}/members/{u}", 10, fakechat.Fault{Status: 503})
	if _, err := c.Admin(t.Context(), taste, "1"); err == nil {
		t.Error("a failed look-up refuses nobody")
	}
	f.changed(func() { g.Roles[guildID] = 1 << 5 })
	f.Calls.Heal()
	if got, _ := c.Admin(t.Context(), taste, f.Join("anybody")); !got {
		t.Error("the role of everybody is not looked at")
	}
}

// A role is found by what Discord makes of an @, and by its name.
func TestGroup(t *testing.T) {
	f := newFake(t, logger(t))
	c := f.chat(t)
	f.changed(func() {
		f.Guilds[guildID].Roles["701"] = 0
		f.Guilds[guildID].Called = map[string]string{"701": "Cooks"}
	})
	for called, want := range map[string]string{"701": "701 Cooks", "cooks": "701 Cooks", "cokks": "Did you mean @Cooks?", "702": "no role “702”"} {
		id, name, err := c.Group(t.Context(), taste, called)
		got := id + " " + name
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("the role %q is %q, not %q", called, got, want)
		}
	}
}

// Whose votes count: by role, age of the account, and when they joined.
func TestElects(t *testing.T) {
	f := newFake(t, logger(t))
	c := f.chat(t)
	g := f.Guilds[guildID]
	began := time.Now()
	const old = "80351110224678912" // an account of 2015
	young := f.Join("young")
	f.changed(func() {
		f.Users[old] = discordfake.Person{ID: old}
		g.Member[old] = []string{"701"}
		g.Joined = map[string]time.Time{young: began.Add(time.Second)}
	})
	for _, tt := range []struct {
		rule       bot.Electorate
		old, young bool
	}{
		{bot.Electorate{}, true, true},
		{bot.Electorate{Group: "701"}, true, false},
		{bot.Electorate{Group: "702"}, false, false},
		{bot.Electorate{Group: guildID}, true, true}, // @everyone, which no member's list names
		{bot.Electorate{Age: 30 * 24 * time.Hour}, true, false},
		{bot.Electorate{Before: true}, true, false},
		{bot.Electorate{Group: "701", Age: time.Hour, Before: true}, true, false},
	} {
		for user, want := range map[string]bool{old: tt.old, young: tt.young} {
			if got, err := c.Elects(t.Context(), taste, user, tt.rule, began); err != nil || got != want {
				t.Errorf("%+v elects %s: %v, %v", tt.rule, f.Users[user].Name, got, err)
			}
		}
	}
	asked := len(f.Calls.Journal(""))
	if got, err := c.Elects(t.Context(), taste, old, bot.Electorate{Age: time.Hour}, began); !got || err != nil || len(f.Calls.Journal("")) != asked {
		t.Errorf("an age, which the ID tells: %v, %v, after %d requests", got, err, len(f.Calls.Journal(""))-asked)
	}
	if got, err := c.Elects(t.Context(), taste, "404", bot.Electorate{Before: true}, began); got || err != nil {
		t.Errorf("somebody who is no member any more: %v, %v", got, err)
	}
	c.Hurry()
	f.Calls.Fail("GET /guilds/{g}/members/{u}", 10, fakechat.Fault{Status: 503})
	if got, err := c.Elects(t.Context(), taste, old, bot.Electorate{Before: true}, began); got || err == nil {
		t.Errorf("while Discord is away: %v, %v", got, err)
	}
}
