package slack_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
)

// A scribe is a model that writes its own word and the prompt.
type scribe struct{ name, word string }

func (m scribe) Card() bot.Card {
	return bot.Card{Name: m.name, Source: "api", Names: []string{m.name}, Price: &bot.Price{}, MaxTokens: 100}
}

func (m scribe) Write(_ context.Context, p bot.Prompt) (bot.Answer, error) {
	return bot.Answer{Raw: m.word + " on " + p.Text, Finish: "stop", Attempts: 1, Cost: bot.Cost{Known: true}, Latency: time.Second}, nil
}

// shelf is a library of one pack.
type shelf struct{}

func (shelf) Packs() []bot.Pack {
	p := bot.Pack{Name: "fruit", Title: "Fruit", Language: "en"}
	for i := range 6 {
		p.Prompts = append(p.Prompts, bot.Prompt{ID: fmt.Sprint("f", i+1), Category: "creative", Text: fmt.Sprintf("Describe fruit %d.", i+1)})
	}
	return []bot.Pack{p}
}

func (shelf) Controls() []bot.ControlPair { return nil }

func (shelf) Read(_ string, data []byte) (bot.Sheet, error) {
	var sheet bot.Sheet
	for _, p := range strings.Split(string(data), "\n\n") {
		sheet.Rows = append(sheet.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: p}})
	}
	return sheet, nil
}

// A stage is a whole bot in a workspace: the core, a store on disk, the chat.
type stage struct {
	*world
	t    *testing.T
	path string
	step func(string)
	wait time.Duration // for votes that cannot be read; 0: the usual

	bot   *engine.Bot
	store *bolt.Store
	stop  func()
}

func newStage(t *testing.T, w *world) *stage {
	w.AckWait = max(w.AckWait, 3*time.Second)
	s := &stage{world: w, t: t, path: filepath.Join(t.TempDir(), "db")}
	s.begin()
	t.Cleanup(func() { s.stop() })
	return s
}

// begin opens the store and runs a bot on it, with the world's chat.
func (s *stage) begin() {
	s.t.Helper()
	var err error
	if s.store, err = bolt.OpenUnsynced(s.t.Context(), s.log, s.path); err != nil {
		s.t.Fatal(err)
	}
	b := engine.New(s.log, s.store, engine.Options{
		LostAfter:    time.Millisecond,
		WaitForVotes: s.wait,
		Hold:         -1,
		Models:       func() []bot.Model { return []bot.Model{scribe{"kestrel", "ALPHA"}, scribe{"nova", "OMEGA"}} },
		Library:      shelf{},
		Limits:       engine.Limits{Day: -1, Person: -1, Unknown: 1e9},
		Step:         s.step,
	})
	s.bot = b
	b.Add(s.chat)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for name, part := range map[string]func(context.Context) error{
		"the core": b.Run,
		"the chat": func(ctx context.Context) error { return s.chat.Run(ctx, b) },
	} {
		running.Go(func() {
			if err := part(ctx); err != nil {
				s.t.Errorf("%s: %v", name, err)
			}
		})
	}
	store := s.store
	s.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		if err := store.Close(); err != nil {
			s.t.Errorf("close the store: %v", err)
		}
	})
	s.ready(s.t)
}

// restart stops the bot and begins again with a new chat.
func (s *stage) restart() {
	s.t.Helper()
	s.stop()
	s.Restart(s.t)
	s.begin()
}

// admin is a workspace admin.
func (s *stage) admin() string {
	return s.AddUser(slackfake.User{ID: "UADMIN", Name: "Ada", Team: "T1", Admin: true})
}

// ballots returns the messages with all four emoji, in the channel and in all
// threads, oldest first.
func (s *stage) ballots() (refs []bot.Ref) {
	channels := []string{"CT1"}
	for _, m := range s.Memory.Messages("CT1") {
		channels = append(channels, "CT1/"+m.ID)
	}
	for _, c := range channels {
		for _, m := range s.Memory.Messages(c) {
			if len(m.Emoji) == 4 {
				refs = append(refs, bot.Ref{Place: s.Place(), Message: m.ID})
			}
		}
	}
	return refs
}

// everything is all that anybody was sent.
func (s *stage) everything() string {
	var b strings.Builder
	for _, c := range s.Journal("") {
		b.Write(c.Body)
		b.WriteByte('\n')
	}
	return b.String()
}

// state is how far the first tasting has come.
func (s *stage) state() bot.State {
	t, err := s.store.Tasting(s.t.Context(), bot.TastingID{Workspace: s.Place().Workspace, N: 1})
	if err != nil {
		return bot.Draft
	}
	return t.State
}

// settled reports whether nothing is left to do for the first tasting: its
// ballots are edited after the announcement.
func (s *stage) settled() bool {
	t, err := s.store.Tasting(s.t.Context(), bot.TastingID{Workspace: s.Place().Workspace, N: 1})
	return err == nil && t.Settled()
}
