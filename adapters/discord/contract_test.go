package discord_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
)

func TestContract(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, log *slog.Logger) adaptertest.World {
		w := &world{fake: newFake(t, log)}
		w.now = watched{w.fake.chat(t), w}
		w.kept = make(chan error, 100)
		return w
	})
}

// A world is the fake Discord with people on it.
type world struct {
	*fake
	now  watched
	kept chan error       // what became of each tap
	form discordfake.Form // that was opened last
}

// watched is a chat whose taps the world follows: nothing on Discord says
// whether a reaction was kept.
type watched struct {
	*discord.Chat
	w *world
}

func (c watched) Run(ctx context.Context, h bot.Handler) error {
	return c.Chat.Run(ctx, watcher{h, c.w})
}

type watcher struct {
	bot.Handler
	w *world
}

func (h watcher) React(ctx context.Context, t bot.Tap) error {
	err := h.Handler.React(ctx, t)
	h.w.kept <- err
	return err
}

func (w *world) Chat() bot.Chat                        { return w.now }
func (w *world) Place() bot.Place                      { return taste }
func (w *world) Join(_ *testing.T, name string) string { return w.Discord.Join(name) }
func (w *world) Restart(t *testing.T) bot.Chat         { w.now = watched{w.chat(t), w}; return w.now }
func (w *world) Delete(_ *testing.T, ref bot.Ref) bool {
	return w.Said.Delete(api(ref.Channel), ref.Message)
}
func (w *world) Break(_ *testing.T, what adaptertest.Loss) (mend func()) {
	set := func(revoked bool, most int) {
		w.Mu.Lock()
		defer w.Mu.Unlock()
		w.Revoked, w.Embedded = revoked, most
	}
	set(what == adaptertest.Token, 0)
	switch what {
	case adaptertest.Taking:
		set(false, 10)
	case adaptertest.Reading:
		for _, route := range reads {
			w.Calls.Fail(route, 100, refused(403, 50013))
		}
	}
	return func() { w.Calls.Heal(); set(false, 0) }
}

// reads are the requests that read what stands in a channel.
var reads = []string{"GET /channels/{c}/messages", "GET /channels/{c}/messages/{m}", "GET /channels/{c}", "GET /channels/{c}/messages/{m}/reactions/{e}"}

func (w *world) Messages(_ *testing.T, at bot.Place) int {
	return len(w.Said.Messages(api(at.Channel)))
}

// api is what Discord calls a place's channel.
func api(channel string) string { return channel[strings.LastIndexByte(channel, '/')+1:] }

func (w *world) Tap(t *testing.T, ref bot.Ref, user string, c bot.Choice, on bool) error {
	t.Helper()
	w.Connected(t)
	for _, x := range bot.Choices {
		if x.Choice == c {
			w.Said.React(api(ref.Channel), ref.Message, user, x.Emoji, on)
			w.DispatchReaction(api(ref.Channel), ref.Message, user, x.Emoji, on, false)
		}
	}
	select {
	case err := <-w.kept:
		return err
	case <-time.After(15 * time.Second):
		t.Fatal("the tap was not heard")
		return nil
	}
}

func (w *world) TapOther(t *testing.T, ref bot.Ref, user string) {
	w.Connected(t)
	w.Said.React(api(ref.Channel), ref.Message, user, "❤️", true)
	w.DispatchReaction(api(ref.Channel), ref.Message, user, "❤️", true, false)
}

func (w *world) Command(t *testing.T, user, text string) string {
	t.Helper()
	name, options := discordfake.Typed(text)
	x := w.Slash(t, tasteID, user, name, options...)
	if x.Kind == 9 {
		w.form = x.Form(t)
		return discordfake.StringsOf(x.Data)
	}
	return string(x.Data)
}

func (w *world) Press(t *testing.T, ref bot.Ref, user, button string) string {
	t.Helper()
	return string(w.Discord.Press(t, api(ref.Channel), ref.Message, user, button).Data)
}

func (w *world) Submit(t *testing.T, user, _ string, values map[string]string, files map[string]bot.File) string {
	t.Helper()
	typed := make(map[string][]string)
	for name, v := range values {
		typed[name] = []string{v}
	}
	return string(w.Fill(t, w.form, tasteID, user, typed, files).Data)
}

func (w *world) Suggest(t *testing.T, user, text string) []string {
	t.Helper()
	name, options := discordfake.Typed(text)
	options = append(options, discordfake.Input{Name: "model", Type: 3, Value: "", Focused: true})
	x := w.Interact(t, tasteID, user, 4, w.SlashData(name, options), nil)
	var list struct {
		Choices []struct{ Name string }
	}
	if err := json.Unmarshal(x.Data, &list); err != nil {
		t.Fatalf("%v: %s", err, x.Data)
	}
	var names []string
	for _, c := range list.Choices {
		names = append(names, c.Name)
	}
	return names
}

// Seen is a message and its parts, the pieces of a text put together again.
func (w *world) Seen(t *testing.T, ref bot.Ref, _ string) string {
	t.Helper()
	m, ok := w.Said.Message(api(ref.Channel), ref.Message)
	if !ok {
		return ""
	}
	var top discordfake.Sent
	if err := json.Unmarshal(m.Payload, &top); err != nil {
		t.Fatal(err)
	}
	mark := top.Embeds[len(top.Embeds)-1].Footer.Text
	below := w.Said.Messages(ref.Message)
	if strings.Contains(ref.Channel, "/") {
		below = w.Said.Messages(api(ref.Channel))
	}
	texts := make(map[string][]string)
	var order []string
	for _, p := range below {
		var part discordfake.Sent
		if err := json.Unmarshal(p.Payload, &part); err != nil {
			t.Fatal(err)
		}
		e := part.Embeds[len(part.Embeds)-1]
		if !strings.HasPrefix(e.Footer.Text, mark+"/") {
			continue
		}
		title := strings.TrimSuffix(e.Title, " …")
		if texts[title] == nil {
			order = append(order, title)
		}
		texts[title] = append(texts[title], e.Description)
	}
	seen := string(m.Payload)
	for _, title := range order {
		seen += "\n" + title + ": " + strings.Join(texts[title], " ")
	}
	return seen
}

func (w *world) Private(_ *testing.T, user string) string {
	var all strings.Builder
	for _, m := range w.Said.Private(user) {
		all.Write(m.Payload)
		all.WriteByte('\n')
	}
	return all.String()
}
