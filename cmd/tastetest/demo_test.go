package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store"
)

// dice fall the same way each time: of the demo's fifteen prompts one in eighty
// choices of five shows no winner.
type dice struct {
	mu   sync.Mutex
	from *rand.ChaCha8
}

func (d *dice) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.from.Read(p)
}

// The demo is in the terminal's language unless another is asked for.
func TestTheDemosLanguage(t *testing.T) {
	for _, tt := range []struct {
		asked string
		env   map[string]string
		want  bot.Lang
		wrong string
	}{
		{"", nil, bot.En, ""},
		{"", map[string]string{"LANG": "zh_CN.UTF-8"}, bot.Zh, ""},
		{"", map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, bot.En, ""},
		{"", map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "zh_TW"}, bot.Zh, ""},
		{"en", map[string]string{"LANG": "zh_CN.UTF-8"}, bot.En, ""},
		{"zh", nil, bot.Zh, ""},
		{"fr", nil, "", "--language zh"},
	} {
		got, err := demoCommand{Language: tt.asked}.language(func(name string) string { return tt.env[name] })
		if got != tt.want || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("--language %q under %v: %q, %v; want %q", tt.asked, tt.env, got, err, tt.want)
		}
	}
}

// Nobody is told of a time zone called Local, where the machine says which it is.
func TestTheDemosTimeZone(t *testing.T) {
	unset := func(offset int) *time.Location { return time.FixedZone("Local", offset) }
	for _, tt := range []struct {
		name  string
		local *time.Location
		link  string // where /etc/localtime leads; "": nowhere
		want  string
	}{
		{"TZ names it", time.FixedZone("Asia/Shanghai", 8*3600), "/usr/share/zoneinfo/Europe/Berlin", "Asia/Shanghai"},
		{"a link names it", unset(3600), "/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"},
		{"macOS has it elsewhere", unset(3600), "/var/db/timezone/zoneinfo/Europe/Berlin", "Europe/Berlin"},
		{"a container without a zone", unset(0), "", "UTC"},
		{"no name for what it has", unset(3600), "", "Local"},
		{"a link to something else", unset(3600), "/opt/clock", "Local"},
	} {
		got := zoneHere(tt.local, func(string) (string, error) {
			if tt.link == "" {
				return "", os.ErrNotExist
			}
			return tt.link, nil
		})
		if got.String() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
}

// The first minute of a newcomer, by the demo's own clock, who comes hours after
// it was started: on arrival a test with a winner stands there, one by emoji and one
// in private can be voted in, a summary of the week stands below them, which
// /tastetest digest shows too, and within 75 seconds the first is revealed, with a
// winner and the newcomer's own vote. Whoever comes later finds something open.
func TestTheDemosFirstMinute(t *testing.T) {
	if testing.Short() {
		t.Skip("it votes for a while")
	}
	for lang, seed := range map[bot.Lang]byte{bot.En: 1, bot.Zh: 1} {
		t.Run(string(lang), func(t *testing.T) { firstMinute(t, lang, seed) })
	}
}

func firstMinute(t *testing.T, lang bot.Lang, seed byte) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
		kept, err := store.Open(ctx, log, filepath.Join(t.TempDir(), "tastetest.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer kept.Close()
		writers, pack, err := llm.Demo(lang)
		if err != nil {
			t.Fatal(err)
		}
		library, err := prompts.Open("")
		if err != nil {
			t.Fatal(err)
		}
		b := demoBot(log, kept, writers, demoLibrary{library, pack}, lang, 8, &dice{from: rand.NewChaCha8([32]byte{seed})})
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		chat, err := web.New(log, ln.Addr(), b, web.Options{Key: make([]byte, 32), Simulated: simulated})
		if err != nil {
			t.Fatal(err)
		}
		b.Add(openChat{chat})
		tap := func(ctx context.Context, ref bot.Ref, user string, c bot.Choice, on bool) error {
			return b.React(ctx, bot.Tap{Ref: ref, User: user, Choice: c, On: on})
		}
		crowd := newCrowd(log, 8, chat.Place(), b, tap, b.Press)
		host := newDemoHouse(log, kept, b, chat.Place(), crowd, writers, pack.Name, lang)
		page := host.welcome(http.NotFoundHandler())
		arrived, ended := make(chan bool), make(chan error, 1)
		go func() {
			ended <- together(ctx, b.Run, host.letCrowdIn, func(ctx context.Context) error { return host.Run(ctx, func() { close(arrived) }) })
		}()
		defer func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}()
		<-arrived
		page.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/healthz", nil)) // a machine, not a person
		time.Sleep(5 * time.Hour)
		page.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		begun := time.Now()
		me := bot.Voter{Workspace: chat.Place().Workspace, User: "Ada·abc234"}
		state := func(n uint64) bot.State {
			got, err := kept.Tasting(ctx, bot.TastingID{Workspace: me.Workspace, N: n})
			if err != nil {
				t.Fatal(err)
			}
			return got.State
		}
		reveal := func(n uint64) (a bot.Announcement) {
			shown, err := b.View(ctx, chat.Place(), me)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range shown {
				if p, ok := s.Post.(bot.Announcement); ok && p.Tasting.N == n {
					a = p
				}
			}
			return a
		}
		if got := [3]bot.State{state(2), state(3), state(4)}; got != [3]bot.State{bot.Revealed, bot.Open, bot.Open} {
			t.Fatalf("on arrival the tests are %v, want one that is over and two to vote in", got)
		}
		if a := reveal(2); !strings.HasSuffix(a.Title.String(), " is preferred.") || !strings.Contains(a.Base.String(), "simulated") {
			t.Errorf("the test that is over says %q, %q", a.Title, a.Base)
		}
		shown, err := b.View(ctx, chat.Place(), me)
		if err != nil {
			t.Fatal(err)
		}
		week, ok := shown[len(shown)-1].Post.(bot.Digest)
		if !ok {
			t.Fatalf("on arrival the last post is a %T, not the summary of the week", shown[len(shown)-1].Post)
		}
		asked, ok := b.Command(ctx, bot.Command{At: chat.Place(), User: me.User, Text: "digest"}).Post.(bot.Digest)
		if !ok {
			t.Fatal("digest shows no summary of the week")
		}
		for _, d := range []bot.Digest{week, asked} {
			if len(d.Found) != 1 || !strings.HasSuffix(d.Found[0].Lead.String(), " is preferred") || !strings.HasPrefix(d.Open.String(), "Under way: test 3 until ") || d.Taste == nil || !d.Crowd {
				t.Errorf("the summary of the week says %q, simulated: %v", d.Lines(), d.Crowd)
			}
		}
		if past, err := kept.Tasting(ctx, bot.TastingID{Workspace: me.Workspace, N: 2}); err != nil || time.Since(past.RevealedAt) < 2*24*time.Hour || past.Opened.After(past.RevealedAt) {
			t.Errorf("the test that is over is dated %v to %v, not in the last week (%v)", past.Opened, past.RevealedAt, err)
		}
		time.Sleep(10 * time.Second) // for reading
		if err := tap(ctx, bot.Ref{Place: bot.Place{Workspace: me.Workspace, Channel: chat.Place().Channel + "/3/head"}, Message: "3.1/ballot"}, me.User, bot.Left, true); err != nil {
			t.Fatal(err)
		}
		for state(3) != bot.Revealed && time.Since(begun) < 2*time.Minute {
			time.Sleep(time.Second)
		}
		if took := time.Since(begun); took > 75*time.Second {
			t.Errorf("the first reveal comes after %v", took)
		}
		if a := reveal(3); !strings.HasSuffix(a.Title.String(), " is preferred.") || !strings.HasPrefix(a.Mine.String(), "You picked "+strings.TrimRight(writers[0].Card().Name, "wren麻雀")) {
			t.Errorf("the first reveal says %q, and of the newcomer's vote %q", a.Title, a.Mine)
		}
		if lang == bot.Zh {
			words := say.Words{Voice: reveal(2).Voice}
			if title := words.Text(reveal(2).Title); !strings.Contains(title, "更喜欢") {
				t.Errorf("the Chinese demo reveals %q", title)
			}
		}
		polls, err := b.Result(ctx, chat.Place(), 1) // says what analyse --example karpathy says
		if err != nil {
			t.Fatal(err)
		}
		if a := polls.Announcement; !strings.Contains(a.Title.String(), "no winner shown. GPT-4 is ahead.") || !strings.Contains(a.Finding.String(), "may be 47 to 71%") || len(a.Rounds) != 5 || polls.On != "2025-02-28" {
			t.Errorf("of the five polls the results say %q, %q of %d polls on %s", a.Title, a.Finding, len(a.Rounds), polls.On)
		}
		seen := make(map[bot.PromptID]uint64)
		for n := range uint64(4) { // a prompt that was revealed is no blind test any more
			got, err := kept.Tasting(ctx, bot.TastingID{Workspace: me.Workspace, N: n + 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range got.Rounds {
				if r.Prompt == "" { // of the five polls
					continue
				}
				if other, twice := seen[r.PromptID()]; twice {
					t.Errorf("tests %d and %d have the prompt %v", other, n+1, r.Prompt)
				}
				seen[r.PromptID()] = n + 1
			}
		}
		if got := state(4); got != bot.Open {
			t.Errorf("after the reveal the private test is %v, want it open", got)
		}
		if n, ok := host.press(ctx, "4/close").Post.(bot.Notice); ok && n.Error {
			t.Fatal(n.Text)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := state(5); got != bot.Open {
			t.Errorf("when all are over the next is %v: whoever comes late finds nothing to taste", got)
		}
	})
}
