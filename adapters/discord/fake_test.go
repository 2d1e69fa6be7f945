package discord_test

import (
	"log/slog"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

// A fake is a Discord with chats that find it.
type fake struct {
	*discordfake.Discord
	log *slog.Logger
}

// changed changes what the fake knows, while nobody looks.
func (f *fake) changed(change func()) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	change()
}

func newFake(t testing.TB, log *slog.Logger) *fake { return &fake{discordfake.New(t, log), log} }

// options are what a Chat needs to find the fake.
func (f *fake) options() discord.Options {
	return discord.Options{Token: token, APIURL: f.URL()}
}

func (f *fake) chat(t testing.TB) *discord.Chat { return f.chatWith(t, f.options()) }

func (f *fake) chatWith(t testing.TB, o discord.Options) *discord.Chat {
	t.Helper()
	c, err := discord.New(f.log, o)
	if err != nil {
		t.Fatal(err)
	}
	c.Patient()
	return c
}

// A piped is a fake, within a bubble, that holds to every rule of the gateway.
type piped struct {
	*fake
	net *fakechat.Pipes
}

func newPiped(t testing.TB, log *slog.Logger) *piped {
	f, net := discordfake.NewPiped(t, log)
	return &piped{&fake{f, log}, net}
}

func (f *piped) chat(t testing.TB, set ...func(*discord.Options)) *discord.Chat {
	t.Helper()
	o := f.options()
	for _, s := range set {
		s(&o)
	}
	c, err := discord.New(f.log, o) // within a bubble no machine is busy
	if err != nil {
		t.Fatal(err)
	}
	c.DialWith(f.net.Dial)
	return c
}

var (
	workspace = bot.Workspace{Platform: "discord", ID: guildID}
	taste     = bot.Place{Workspace: workspace, Channel: tasteID}
)

const (
	botID   = discordfake.BotID
	guildID = discordfake.GuildID
	tasteID = discordfake.TasteID
	token   = discordfake.Token
)
