package web_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

func TestContract(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, log *slog.Logger) adaptertest.World {
		w := &world{log: log, memory: newMemory(), people: make(map[string]*person)}
		w.chat, w.url = w.start(t)
		return w
	})
}

// A world is the page with people at it. The memory stands in for the core,
// which keeps what the page shows.
type world struct {
	log    *slog.Logger
	memory *memory
	chat   remembering
	url    string
	people map[string]*person
}

// remembering is a chat whose posts the memory keeps, as the core does.
type remembering struct {
	*web.Chat
	memory *memory
}

func (r remembering) Post(ctx context.Context, at bot.Place, key bot.PostKey, since time.Time, p bot.Post) (bot.Ref, error) {
	ref, err := r.Chat.Post(ctx, at, key, since, p)
	if err == nil {
		r.memory.put(at, key, p)
	}
	return ref, err
}

func (r remembering) Edit(ctx context.Context, ref bot.Ref, p bot.Post) error {
	r.memory.edit(ref, p)
	return r.Chat.Edit(ctx, ref, p)
}

func (w *world) start(t *testing.T) (remembering, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, err := web.New(w.log, ln.Addr(), w.memory, web.Options{Key: make([]byte, 32), AdminKey: "an admin's key"})
	if err != nil {
		t.Fatal(err)
	}
	adaptertest.Serve(t, ln, c.Handler())
	return remembering{c, w.memory}, "http://" + ln.Addr().String()
}

func (w *world) Chat() bot.Chat   { return w.chat }
func (w *world) Place() bot.Place { return channel }

// Break breaks nothing: the page is the bot's own.
func (w *world) Break(*testing.T, adaptertest.Loss) (mend func()) { return nil }

func (w *world) Join(t *testing.T, name string) string {
	t.Helper()
	p := joined(t, w.url, name)
	w.people[p.user()] = p
	return p.user()
}

func (w *world) Tap(t *testing.T, ref bot.Ref, user string, c bot.Choice, on bool) error {
	t.Helper()
	turn := "off"
	if on {
		turn = "on"
	}
	status, o := w.people[user].post("/tap", "channel", ref.Channel, "message", ref.Message, "tap", turn+":"+string(c))
	if status != 200 {
		return fmt.Errorf("the page says %d: %s", status, o.Error)
	}
	return nil
}

// TapOther tries an emoji that the page does not have.
func (w *world) TapOther(t *testing.T, ref bot.Ref, user string) {
	t.Helper()
	if status, _ := w.people[user].post("/tap", "channel", ref.Channel, "message", ref.Message, "tap", "on:heart"); status != 400 {
		t.Errorf("a heart was taken: %d", status)
	}
}

func (w *world) Command(t *testing.T, user, text string) string {
	t.Helper()
	_, o := w.people[user].post("/command", "text", "/tastetest "+text)
	return w.people[user].shown(o)
}

func (w *world) Press(t *testing.T, _ bot.Ref, user, button string) string {
	t.Helper()
	_, o := w.people[user].post("/press", "button", button)
	return w.people[user].shown(o)
}

func (w *world) Submit(t *testing.T, user, form string, values map[string]string, files map[string]bot.File) string {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	m.WriteField("form", form)
	m.WriteField("in", "dialog")
	for k, v := range values {
		m.WriteField("field-"+k, strings.ReplaceAll(v, "\n", "\r\n")) // as browsers do
	}
	for k, f := range files {
		part, err := m.CreateFormFile("field-"+k, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(f.Data)
	}
	m.Close()
	_, o := w.people[user].send("/submit", m.FormDataContentType(), &body)
	return w.people[user].shown(o)
}

func (w *world) Suggest(t *testing.T, user, text string) []string {
	t.Helper()
	body := w.people[user].get("/suggest?text=" + url.QueryEscape("/tastetest "+text))
	var out []string
	for _, m := range regexp.MustCompile(`"text":"([^"]*)"`).FindAllStringSubmatch(body, -1) {
		out = append(out, m[1])
	}
	return out
}

func (w *world) Seen(t *testing.T, ref bot.Ref, user string) string {
	t.Helper()
	return w.people[user].get("/channel")
}

func (w *world) Private(t *testing.T, user string) string {
	t.Helper()
	return strings.Join(regexp.MustCompile(`(?s)<article class="card \w+ private".*?</article>`).FindAllString(w.people[user].get("/channel"), -1), "\n")
}

func (w *world) Messages(t *testing.T, at bot.Place) int {
	t.Helper()
	page := joined(t, w.url, "Counter").get("/channel")
	if at == channel {
		return len(regexp.MustCompile(`<article class="card \w+"`).FindAllString(page, -1))
	}
	return strings.Count(page, `<details class="round`)
}

func (w *world) Delete(*testing.T, bot.Ref) bool { return false }

func (w *world) Restart(t *testing.T) bot.Chat {
	t.Helper()
	w.chat, w.url = w.start(t)
	for _, p := range w.people {
		p.url = w.url
	}
	return w.chat
}
