package discord_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
)

const everything = 309237763136 // what the invitation asks for

func TestInviteAsksForWhatIsNeeded(t *testing.T) {
	want := "https://discord.com/oauth2/authorize?client_id=42&scope=bot+applications.commands&permissions=" + strconv.Itoa(everything)
	if got := discord.InviteURL("42"); got != want {
		t.Errorf("the link is %s, not %s", got, want)
	}
}

// What is wrong with a token, a server or a channel is said with what to click.
func TestCheck(t *testing.T) {
	deny := func(who string, bits int) discordfake.Rule {
		return discordfake.Rule{ID: who, Allow: "0", Deny: strconv.Itoa(bits)}
	}
	for _, tt := range []struct {
		name   string
		set    func(*fake, *discord.Options)
		want   string
		failed int
	}{
		{"all is well", func(*fake, *discord.Options) {}, "channels that can be used: 1", 0},
		{"the token is refused", func(_ *fake, o *discord.Options) { o.Token = "old" }, "Reset Token", 1},
		{"Discord is away", func(f *fake, _ *discord.Options) {
			f.Calls.Fail("GET /applications/@me", 10, fakechat.Fault{Status: 503})
		}, "Discord cannot be reached", 1},
		{"connected too often", func(f *fake, _ *discord.Options) { f.changed(func() { f.Gateway.Left.Remaining = 0 }) }, "lets it in again within a day", 1},
		{"connected almost too often", func(f *fake, _ *discord.Options) { f.changed(func() { f.Gateway.Left.Remaining = 20 }) }, "lets it in again within a day", 1},
		{"it wants several connections", func(f *fake, _ *discord.Options) { f.changed(func() { f.Gateway.Shards = 4 }) }, "it asks for 4 connections (shards), and the bot makes as many", 0},
		{"several, and has not so many left", func(f *fake, _ *discord.Options) {
			f.changed(func() { f.Gateway.Shards, f.Gateway.Left.Remaining = 4, 23 })
		}, "lets it in again within a day", 1},
		{"on no server", func(f *fake, _ *discord.Options) { f.changed(func() { clear(f.Guilds) }) }, "https://discord.com/oauth2/authorize?client_id=" + botID, 1},
		{"a server is missing", func(_ *fake, o *discord.Options) { o.Guilds = []string{"999"} }, "server 999: it stands under guilds, and the bot is not on it", 1},
		{"a role lacks something", func(f *fake, _ *discord.Options) {
			f.changed(func() { f.Guilds[guildID].Roles["55"] = everything &^ (1<<6 | 1<<14) })
		}, "#taste lacks Embed Links, Add Reactions. In Discord: Edit Channel", 1},
		{"a channel denies everybody", func(f *fake, _ *discord.Options) { f.rule(deny(guildID, 1<<38)) }, "#taste lacks Send Messages in Threads", 1},
		{"a channel denies and allows the role", func(f *fake, _ *discord.Options) {
			f.rule(deny(guildID, 1<<38), discordfake.Rule{ID: "55", Allow: strconv.Itoa(1 << 38), Deny: "0"})
		}, "channels that can be used: 1", 0},
		{"a channel denies the bot", func(f *fake, _ *discord.Options) { f.rule(deny(botID, 1<<11)) }, "#taste lacks Send Messages", 1},
		{"a channel is hidden", func(f *fake, _ *discord.Options) { f.rule(deny(guildID, 1<<10)) }, "the bot sees no channel", 1},
		{"an administrator", func(f *fake, _ *discord.Options) {
			f.changed(func() { f.Guilds[guildID].Roles["55"] = 1 << 3 })
			f.rule(deny(guildID, 1<<11))
		}, "channels that can be used: 1", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t, logger(t))
			f.changed(func() {
				f.Guilds[guildID].Roles["55"] = everything
				f.Guilds[guildID].Member[botID] = []string{"55"}
			})
			o := f.options()
			tt.set(f, &o)
			var all []string
			failed := 0
			c := f.chatWith(t, o)
			c.Hurry()
			for _, x := range c.Check(t.Context()) {
				all = append(all, x.What+": "+x.Say)
				if !x.OK {
					failed++
				}
			}
			if text := strings.Join(all, "\n"); !strings.Contains(text, tt.want) || failed != tt.failed || strings.Contains(text, o.Token) {
				t.Errorf("%d things are wrong, not %d, and it should say %q:\n%s", failed, tt.failed, tt.want, text)
			}
		})
	}
}

// rule sets what the channel allows and denies.
func (f *fake) rule(rules ...discordfake.Rule) {
	f.changed(func() {
		c := f.Channels[tasteID]
		c.Rules = rules
		f.Channels[tasteID] = c
	})
}
