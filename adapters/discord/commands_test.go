package discord_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

const (
	setGlobal = "PUT /applications/{app}/commands"
	setOwn    = "PUT /applications/{app}/guilds/{g}/commands"
)

// The core's table is registered, typed, for servers alone.
func TestCommandsAreRegistered(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	adaptertest.Start(t, f.chat(t), &recorder{})
	adaptertest.Eventually(t, "they are registered", func() bool { return len(f.Registered()) > 0 })
	all := f.Registered()
	if len(all) == 1 && !slices.Equal(all[0].Installed, []int{0}) {
		t.Errorf("somebody who installs the application for themself gets the commands: they are of installations %v", all[0].Installed)
	}
	if len(all) != 1 || all[0].Needs != nil {
		t.Fatalf("where others than admins may start there are %+v, not one command that everybody sees", all)
	}
	here := slices.DeleteFunc(command.Table(), func(s command.Spec) bool { return s.Page })
	if len(all[0].Options) != len(here) {
		t.Errorf("%d subcommands are registered, not the %d that are not the page's alone", len(all[0].Options), len(here))
	}
	for i, spec := range here {
		sub := all[0].Options[i]
		if sub.Name != spec.Name {
			t.Errorf("subcommand %d is %s, not %s", i, sub.Name, spec.Name)
		}
		for _, o := range spec.Options {
			found := false
			for _, r := range sub.Options {
				found = found || r.Name == o.Name && (o.Type != command.NumberValue || r.Type == 4)
			}
			if !found {
				t.Errorf("%s has no option %s of its type", sub.Name, o.Name)
			}
		}
	}
}

// Commands of one server and commands for all are never there together,
// whichever way the setting is changed.
func TestCommandsOfOneServer(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	one := f.options()
	one.Guilds = []string{guildID}
	for _, tt := range []struct {
		set string
		opt discord.Options
	}{{"for all", f.options()}, {"for one server", one}, {"for all again", f.options()}} {
		stop := adaptertest.Start(t, f.chatWith(t, tt.opt), &recorder{})
		adaptertest.Eventually(t, "the commands are registered "+tt.set+", and nowhere else", func() bool {
			f.Mu.Lock()
			global := string(f.Commands["/api/v10/applications/"+botID+"/commands"])
			own := string(f.Commands["/api/v10/applications/"+botID+"/guilds/"+guildID+"/commands"])
			f.Mu.Unlock()
			if len(tt.opt.Guilds) > 0 {
				global, own = own, global
			}
			return strings.Contains(global, `"tastetest"`) && !strings.Contains(own, `"tastetest"`)
		})
		stop()
	}
}

// Commands are registered again only when they changed, of one server as well:
// Discord keeps less of these.
func TestCommandsThatStand(t *testing.T) {
	for route, guilds := range map[string][]string{setGlobal: nil, setOwn: {guildID}} {
		synctest.Test(t, func(t *testing.T) {
			f := newPiped(t, logger(t))
			for range 3 {
				stop := adaptertest.Start(t, f.chat(t, func(o *discord.Options) { o.Guilds = guilds }), &recorder{})
				time.Sleep(time.Minute)
				synctest.Wait()
				stop()
			}
			if n := len(f.Calls.Journal(route)); n != 1 || len(f.Registered()) != 1 {
				t.Errorf("in three runs, unchanged, %d commands were registered %d times", len(f.Registered()), n)
			}
		})
	}
}

// Where only admins may start, the commands for it are out of others' sight.
func TestAdminsCommandsAreHidden(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	o := f.options()
	o.AdminsOnly = true
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Say("Or type {close}", bot.Usage{Command: "close", Words: []string{"7"}})}}}
	adaptertest.Start(t, f.chatWith(t, o), h)
	adaptertest.Eventually(t, "they are registered", func() bool { return len(f.Registered()) == 2 })
	for _, spec := range slices.DeleteFunc(command.Table(), func(s command.Spec) bool { return s.Page }) {
		name := f.CommandOf(spec.Name)
		if hidden := f.Needs(name) == 1<<5; hidden == (spec.Who == command.Anyone) {
			t.Errorf("%s may be used by %s, and stands in /%s, which needs %b", spec.Name, spec.Who, name, f.Needs(name))
		}
	}
	boss := f.Join("Boss")
	f.Mu.Lock()
	f.Guilds[guildID].Roles["777"] = 1 << 5
	f.Guilds[guildID].Member[boss] = []string{"777"}
	f.Mu.Unlock()
	x := f.Slash(t, tasteID, boss, "close", str("tasting", "7"))
	h.read(func() {
		if got := h.heard[0].Text; got != "close 7" {
			t.Errorf("/tastetest-admin close is heard as %q", got)
		}
	})
	if !strings.Contains(string(x.Data), "/tastetest-admin close tasting:7") {
		t.Errorf("the answer names the command as it is not typed here: %s", x.Data)
	}
}

// Typed options become the text that the core's parser understands.
func TestTypedOptions(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}}}
	adaptertest.Start(t, f.chat(t), h)
	ann := f.Join("Ann")
	for _, tt := range []struct {
		name    string
		options []discordfake.Input
		want    string
	}{
		{"status", nil, "status"},
		{"close", []discordfake.Input{str("tasting", "7")}, "close 7"},
		{"start", []discordfake.Input{{Name: "rounds", Type: 4, Value: 5}, str("against", "nova"), str("model", "kestrel"), str("until", "Thu 17:00")}, `start kestrel nova rounds=5 until="Thu 17:00"`},
		{"start", []discordfake.Input{str("prompt", "say “no” and \"yes\" \\ back")}, `start prompt="say \“no\” and \"yes\" \\ back"`},
		{"start", []discordfake.Input{str("prompt", "close 7 pack=x")}, `start prompt="close 7 pack=x"`},
		{"help", []discordfake.Input{str("command", "start")}, "help start"},
		{"schedule", []discordfake.Input{str("when", "weekdays 10:00"), str("model", "kestrel"), str("against", "nova"), {Name: "rounds", Type: 4, Value: 1}, {Name: "block", Type: 4, Value: 3}}, `schedule kestrel nova when="weekdays 10:00" rounds=1 block=3`},
		{"schedule", []discordfake.Input{{Name: "pause", Type: 4, Value: 2}}, "schedule pause=2"},
	} {
		f.Slash(t, tasteID, ann, tt.name, tt.options...)
		h.read(func() {
			if got := h.heard[len(h.heard)-1].Text; got != tt.want {
				t.Errorf("heard %s, not %s", got, tt.want)
			}
		})
	}
}

// What starts tests by itself is registered with fields of its own types and a Chinese
// name, and what is typed into them is understood as in Slack.
func TestScheduleIsRegistered(t *testing.T) {
	f := newFake(t, logger(t))
	adaptertest.Start(t, f.chat(t), &recorder{})
	adaptertest.Eventually(t, "it is registered", func() bool { return len(f.Registered()) > 0 })
	f.Mu.Lock()
	registered := string(f.Commands["/api/v10/applications/"+botID+"/commands"])
	f.Mu.Unlock()
	for _, want := range []string{`"name":"schedule","name_localizations":{"zh-CN":"定时"}`, `"name":"when"`, `"name":"block"`, `"name":"skip"`, `"name":"against"`} {
		if !strings.Contains(registered, want) {
			t.Errorf("registered is nothing with %s", want)
		}
	}
	typed, err := command.Parse(`schedule kestrel nova when="weekdays 10:00" rounds=1 block=3`, command.Examples{})
	said, err2 := command.Parse("schedule weekdays 10:00 start kestrel nova rounds=1 block=3", command.Examples{})
	if err != nil || err2 != nil || !reflect.DeepEqual(typed.Opts, said.Opts) || !slices.Equal(typed.Args, said.Args) {
		t.Errorf("in fields it is %v %v, %v; in words %v %v, %v", typed.Args, typed.Opts, err, said.Args, said.Opts, err2)
	}
}

// A file that comes with start is handed over; one that is too long is refused
// before it is fetched.
func TestAttachment(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}}}
	adaptertest.Start(t, f.chat(t), h)
	ann := f.Join("Ann")
	f.Slash(t, tasteID, ann, "start", discordfake.Input{Name: "file", Type: 11, Value: f.Upload([]byte("prompt\nHi\n"))})
	h.read(func() {
		if a := h.heard[0].Attached; a == nil || a.Name != "prompts.csv" || string(a.Data) != "prompt\nHi\n" || h.heard[0].Text != "start" {
			t.Errorf("heard %+v with %+v", h.heard[0], a)
		}
	})
	x := f.Slash(t, tasteID, ann, "start", discordfake.Input{Name: "file", Type: 11, Value: f.Upload(make([]byte, 5<<20))})
	if !strings.Contains(string(x.Data), "at most 4 MB") || len(h.heard) != 1 {
		t.Errorf("a long file: %v", x)
	}
}

// An answer that takes long is announced, and edited in.
func TestLongAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newPiped(t, logger(t))
		h := &recorder{answer: func(context.Context, bot.Command) bot.Reply {
			time.Sleep(time.Minute)
			return bot.Reply{Post: bot.Notice{Text: bot.Literal("At last.")}}
		}}
		adaptertest.Start(t, f.chat(t), h)
		ann := f.Join("Ann")
		x := f.Slash(t, tasteID, ann, "status")
		if x.Kind != 5 {
			t.Fatalf("the first answer is of %v", x)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if m, _ := f.Said.Message(tasteID, x.Original); !strings.Contains(string(m.Payload), "At last.") || m.Only != ann {
			t.Errorf("a minute later %s reads %s", m.Only, m.Payload)
		}
	})
}

// News of work that outlives the interaction come as a direct message.
func TestNewsAfterTheTokenDied(t *testing.T) {
	t.Parallel()
	f := newFake(t, logger(t))
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Asking.")}, Later: func(_ context.Context, say func(bot.Post) error) error {
		return say(bot.Notice{Text: bot.Literal("15 of 15 ready.")})
	}}}
	c := f.chat(t)
	c.TokensDie()
	adaptertest.Start(t, c, h)
	ann := f.Join("Ann")
	f.Slash(t, tasteID, ann, "status")
	adaptertest.Eventually(t, "the news arrive as a direct message", func() bool {
		for _, m := range f.Said.Private(ann) {
			if m.Channel != tasteID && strings.Contains(string(m.Payload), "15 of 15 ready.") {
				return true
			}
		}
		return false
	})
}

// The tokens of interactions, by which one can answer in the bot's name, are
// not logged when something fails.
func TestInteractionTokensAreNotLogged(t *testing.T) {
	t.Parallel()
	logged := &adaptertest.Logs{}
	f := newFake(t, slogTo(logged))
	f.Calls.Fail("POST /interactions/{i}/{t}/callback", 4, fakechat.Fault{Lose: true})
	f.Calls.Fail("PATCH /webhooks/{app}/{t}/messages/@original", 20, fakechat.Fault{Lose: true})
	h := &recorder{reply: bot.Reply{Post: bot.Notice{Text: bot.Literal("Yes.")}, Later: func(_ context.Context, say func(bot.Post) error) error {
		return say(bot.Notice{Text: bot.Literal("More.")})
	}}}
	c := f.chat(t)
	c.Hurry()
	adaptertest.Start(t, c, h)
	f.Slash(t, tasteID, f.Join("Ann"), "status")
	adaptertest.Eventually(t, "it fails", func() bool { return strings.Contains(logged.String(), "report") })
	if text := logged.String(); strings.Contains(text, "interaction-token") || strings.Contains(text, token) {
		t.Errorf("logged:\n%s", text)
	}
}

// Whoever reads Chinese on Discord finds every option by a Chinese name of its own,
// and a description.
func TestOptionsInChinese(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	adaptertest.Eventually(t, "they are registered", func() bool { return len(s.Registered()) > 0 })
	for _, c := range s.Registered() {
		for _, sub := range c.Options {
			seen := make(map[string]string)
			for _, o := range sub.Options {
				name, help := o.Called["zh-CN"], o.Described["zh-CN"]
				if name == "" || help == "" || seen[name] != "" {
					t.Errorf("%s %s is called %q in Chinese, described as %q; %q is called so too", sub.Name, o.Name, name, help, seen[name])
				}
				seen[name] = o.Name
			}
		}
	}
}

// Discord tells nobody's time zone: whoever starts first is asked, in a form.
func TestTheZoneIsAskedForOnDiscord(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	x := s.Slash(t, tasteID, s.boss, "start", str("model", "kestrel"), str("against", "nova"), str("until", "tomorrow 17:00"))
	if x.Kind != 4 || !strings.Contains(string(x.Data), "d1/zone") {
		t.Fatalf("start is answered with %v; want a button for the time zone", x)
	}
	form := s.Press(t, tasteID, x.Original, s.boss, "d1/zone").Form(t)
	y := s.Fill(t, form, tasteID, s.boss, map[string][]string{"zone": {"Shangai"}}, nil)
	if !strings.Contains(string(y.Data), "Asia/Shanghai") || strings.Contains(string(y.Data), "d1/go") {
		t.Errorf("a slip is answered %v", y)
	}
	y = s.Fill(t, form, tasteID, s.boss, map[string][]string{"zone": {"上海"}}, nil)
	if !strings.Contains(string(y.Data), "Times typed here are Asia/Shanghai time.") || !strings.Contains(string(y.Data), "d1/go") {
		t.Fatalf("the zone is answered %v", y)
	}
	s.Press(t, tasteID, y.Original, s.boss, "d1/go")
	s.state(1, bot.Open)
	got, err := s.store.Settings(t.Context(), taste)
	if err != nil || got.Zone != "Asia/Shanghai" {
		t.Errorf("of the channel is kept %+v, %v", got, err)
	}
}

// A slip is answered with what was meant, as a button that does it.
func TestWhatWasMeantOnDiscord(t *testing.T) {
	t.Parallel()
	s := newStage(t, t.Output())
	x := s.Slash(t, tasteID, s.boss, "start", str("model", "kestrel"), str("against", "nvoa"), str("pack", "humour"))
	const meant = "type/start kestrel nova pack=humour"
	if !strings.Contains(string(x.Data), `"custom_id":"`+meant+`"`) || !strings.Contains(string(x.Data), "model:kestrel against:nova pack:humour") {
		t.Fatalf("the slip is answered %v", x)
	}
	if y := s.Press(t, tasteID, x.Original, s.boss, meant); !strings.Contains(string(y.Data), "/go") {
		t.Errorf("what was meant is answered %v", y)
	}
}
