package discord_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store/bolt"
)

type dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// packs are read once: a hundred bots begin on a stage.
var packs = sync.OnceValues(func() (*prompts.Library, error) { return prompts.Open("") })

// A stage is the whole bot on the fake Discord, with a store on disk.
type stage struct {
	*fake
	dial  dialer // nil: the usual
	t     testing.TB
	path  string
	log   *slog.Logger
	step  func(string)
	rand  io.Reader
	words [2]string                                        // what the models write; empty: ALPHA, OMEGA
	names []string                                         // of the models; nil: kestrel, nova
	open  bool                                             // everybody may start
	lang  bot.Lang                                         // in which the bot speaks; "": English
	lost  time.Duration                                    // after which a lost place is believed to be, whoever voted there; 0: the usual
	also  func(*engine.Bot) []bot.Chat                     // chats besides; nil: none
	link  func(context.Context, bot.Place) (string, error) // to results; nil: there is no page
	store *bolt.Store
	bot   *engine.Bot
	stop  func()
	boss  string // may start
}

func newStage(t testing.TB, log io.Writer) *stage {
	l := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return stageOn(t, l, newFake(t, l), nil)
}

// stageInBubble is a stage within a bubble, where waiting takes no time. Its fake
// holds to every rule of the gateway.
func stageInBubble(t testing.TB, log io.Writer) *stage {
	l := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f := newPiped(t, l)
	return stageOn(t, l, f.fake, f.net.Dial)
}

// stageOn is a stage on a fake that is reached by dial, or as usual.
func stageOn(t testing.TB, l *slog.Logger, f *fake, dial dialer) *stage {
	s := &stage{fake: f, dial: dial, t: t, path: filepath.Join(t.TempDir(), "db"), log: l}
	s.boss = s.Join("Boss")
	s.Guilds[guildID].Roles["777"] = 1 << 5
	s.Guilds[guildID].Member[s.boss] = []string{"777"}
	s.begin()
	t.Cleanup(func() { s.stop() })
	return s
}

// begin opens the store and runs bot and chat, as after a start.
func (s *stage) begin() {
	s.t.Helper()
	store, err := bolt.OpenUnsynced(s.t.Context(), s.log, s.path)
	if err != nil {
		s.t.Fatal(err)
	}
	library, err := packs()
	if err != nil {
		s.t.Fatal(err)
	}
	b := engine.New(s.log, store, engine.Options{
		Models: func() []bot.Model {
			models := []bot.Model{scribe{"kestrel", cmp.Or(s.words[0], "ALPHA")}, scribe{"nova", cmp.Or(s.words[1], "OMEGA")}}
			if s.names != nil {
				models = nil
			}
			for i, name := range s.names {
				models = append(models, scribe{name, cmp.Or(s.words[i%2], "ALPHA")})
			}
			return models
		},
		Library: library, Limits: engine.Limits{Day: -1, Person: -1}, Step: s.step, Rand: s.rand, Language: s.lang, Policy: engine.Policy{Everyone: s.open}, LostAfter: s.lost, WaitForVotes: s.lost, Hold: -1, ResultsLink: s.link,
	})
	c := s.fake.chat(s.t)
	if s.dial != nil {
		c.DialWith(s.dial)
	}
	b.Add(c)
	stopOthers := func() {}
	if s.also != nil {
		stopOthers = together(s.t, b, s.also(b))
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	stopChat := adaptertest.Start(s.t, c, b)
	s.store, s.bot = store, b
	stopped := false
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		stopChat()
		stopOthers()
		if err := <-done; err != nil {
			s.t.Errorf("Run: %v", err)
		}
		if err := store.Close(); err != nil {
			s.t.Errorf("close the store: %v", err)
		}
	}
}

// A scribe is a model that writes its own word and the prompt. One that is
// called kestrel is dear and slow, and answers at the second attempt.
type scribe struct{ name, word string }

func (m scribe) Card() bot.Card {
	price := &bot.Price{Input: 1e5, Output: 4e5}
	if m.name == "kestrel" {
		price = &bot.Price{Input: 15e6, Output: 75e6}
	}
	return bot.Card{Name: m.name, Source: "api", Price: price, MaxTokens: 100}
}

func (m scribe) Write(_ context.Context, p bot.Prompt) (bot.Answer, error) {
	a := bot.Answer{Raw: m.word + " on " + p.Text, Finish: "stop", Input: 10, Attempts: 1, Latency: time.Millisecond}
	a.Output = len(a.Raw) / 4
	if m.name == "kestrel" {
		a.Attempts, a.Latency = 2, 20*time.Millisecond
	}
	time.Sleep(a.Latency)
	price := m.Card().Price
	a.Cost = bot.Cost{Pico: int64(a.Attempts) * (int64(a.Input)*price.Input + int64(a.Output)*price.Output), Known: true}
	return a, nil
}

// tap puts an emoji there, or takes it away, and tells of it. In a thread that
// sleeps people cannot.
func (s *stage) tap(channel, message, user, emoji string, on bool) bool {
	if s.Asleep(channel) {
		return false
	}
	s.Said.React(channel, message, user, emoji, on)
	s.DispatchReaction(channel, message, user, emoji, on, false)
	return true
}

// posts are the bot's messages by their marks, in a channel and its threads.
func (s *stage) posts() map[string][]fakechat.Message {
	s.fake.Mu.Lock()
	var channels []string
	for id, c := range s.Channels {
		if c.To == "" {
			channels = append(channels, id)
		}
	}
	s.fake.Mu.Unlock()
	all := make(map[string][]fakechat.Message)
	for _, id := range channels {
		for _, m := range s.Said.Messages(id) {
			all[mark(m)] = append(all[mark(m)], m)
		}
	}
	return all
}

func mark(m fakechat.Message) string {
	var said discordfake.Sent
	if json.Unmarshal(m.Payload, &said) == nil && len(said.Embeds) > 0 {
		if f := said.Embeds[len(said.Embeds)-1].Footer; f != nil {
			return f.Text
		}
	}
	return ""
}

// post waits for a post.
func (s *stage) post(mark string) fakechat.Message {
	s.t.Helper()
	adaptertest.Eventually(s.t, mark+" is posted", func() bool { return len(s.posts()[mark]) > 0 })
	return s.posts()[mark][0]
}

// says waits until a post says something.
func (s *stage) says(mark, want string) {
	s.t.Helper()
	adaptertest.Eventually(s.t, fmt.Sprintf("%s says %q", mark, want), func() bool {
		ms := s.posts()[mark]
		return len(ms) > 0 && strings.Contains(string(ms[0].Payload), want)
	})
}

// state waits for a tasting's state.
func (s *stage) state(n uint64, want bot.State) bot.Tasting {
	s.t.Helper()
	var t bot.Tasting
	adaptertest.Eventually(s.t, fmt.Sprintf("tasting %d is %v", n, want), func() bool {
		var err error
		t, err = s.store.Tasting(context.Background(), tasting(n))
		return err == nil && t.State == want
	})
	return t
}

// start types a command and says yes. It returns what was asked.
func (s *stage) start(options ...discordfake.Input) string {
	s.t.Helper()
	return s.startIn(tasteID, options...)
}

func (s *stage) startIn(channel string, options ...discordfake.Input) string {
	s.t.Helper()
	x := s.Slash(s.t, channel, s.boss, "start", options...)
	if x.Kind != 4 || !strings.Contains(string(x.Data), "/go") {
		s.t.Fatalf("start is answered with %v", x)
	}
	var said discordfake.Sent
	if err := json.Unmarshal(x.Data, &said); err != nil {
		s.t.Fatal(err)
	}
	y := s.Press(s.t, channel, x.Original, s.boss, said.Components[0].Components[0].ID)
	if y.Kind != 7 {
		s.t.Fatalf("yes is answered with %v", y)
	}
	return discordfake.StringsOf(x.Data)
}

// closeIt closes through the menu of a message, with its question.
func (s *stage) closeIt(m fakechat.Message, n int) {
	s.t.Helper()
	x := s.Press(s.t, m.Channel, m.ID, s.boss, fmt.Sprintf("%d/close", n))
	if !strings.Contains(string(x.Data), "Close voting now") {
		s.t.Fatalf("closing asks: %v", x)
	}
	y := s.Press(s.t, m.Channel, x.Original, s.boss, fmt.Sprintf("%d/close", n))
	if !strings.Contains(string(y.Data), "is closed") {
		s.t.Fatalf("closing is answered with %v", y)
	}
}

func str(name, value string) discordfake.Input {
	return discordfake.Input{Name: name, Type: 3, Value: value}
}
