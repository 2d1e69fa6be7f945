package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store/bolt"
)

// A house is the whole product on one page: the core, a store on disk, the
// demo's writers, and the web chat.
type house struct {
	t     *testing.T
	url   string
	chat  *web.Chat
	store *bolt.Store
}

// library has the demo's pack, and reads what people paste as the real one does.
type library struct {
	*prompts.Library
	demo bot.Pack
}

// Reading the packs takes longer than most tests.
var packs = sync.OnceValues(func() (*prompts.Library, error) { return prompts.Open("") })

func (l library) Packs() []bot.Pack { return []bot.Pack{l.demo} }

func openHouse(t *testing.T) house {
	t.Helper()
	return openHouseFor(t, engine.Policy{Everyone: true})
}

func openHouseFor(t *testing.T, may engine.Policy, set ...func(*web.Options)) house {
	t.Helper()
	return openHouseOn(t, listening(t), may, set...)
}

// listening is a port of this machine.
func listening(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// openHouseOn lets set have the page otherwise.
func openHouseOn(t *testing.T, ln net.Listener, may engine.Policy, set ...func(*web.Options)) house {
	t.Helper()
	return openHouseOver(t, bolt.OpenUnsynced, ln, may, set...)
}

func openHouseOver(t *testing.T, open func(context.Context, *slog.Logger, string) (*bolt.Store, error), ln net.Listener, may engine.Policy, set ...func(*web.Options)) house {
	t.Helper()
	return openHouseBehind(t, logger(t), open, ln, may, func(b *engine.Bot) bot.Handler { return b }, set...)
}

// openHouseBehind has the page hand what people do to what front makes of the core.
func openHouseBehind(t *testing.T, log *slog.Logger, open func(context.Context, *slog.Logger, string) (*bolt.Store, error), ln net.Listener, may engine.Policy, front func(*engine.Bot) bot.Handler, set ...func(*web.Options)) house {
	t.Helper()
	writers, pack, err := llm.Demo(bot.En)
	if err != nil {
		t.Fatal(err)
	}
	packs, err := packs()
	if err != nil {
		t.Fatal(err)
	}
	store, err := open(t.Context(), log, filepath.Join(t.TempDir(), "tastetest.db"))
	if err != nil {
		t.Fatal(err)
	}
	b := engine.New(log, store, engine.Options{
		Models:  func() []bot.Model { return writers[:] },
		Library: library{packs, pack},
		Policy:  may,
		Limits:  engine.Limits{Day: -1, Person: -1},
	})
	opt := web.Options{
		Key: make([]byte, 32), People: store, AdminKey: "an admin's key", Simulated: func(user string) bool { return user == "Sim·crowd1" },
		Votes: func(ctx context.Context, at bot.Place, f bot.Filter) (web.VoteFile, error) {
			rows, err := votefile.Seen(ctx, store, at, f)
			return func(out io.Writer, jsonl bool) error {
				if jsonl {
					return votefile.WriteJSONL(out, rows)
				}
				return votefile.WriteCSV(out, rows, true)
			}, err
		},
	}
	for _, f := range set {
		f(&opt)
	}
	c, err := web.New(log, ln.Addr(), b, opt)
	if err != nil {
		t.Fatal(err)
	}
	b.Add(c)
	adaptertest.Serve(t, ln, c.Handler())
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, run := range []func() error{func() error { return c.Run(ctx, front(b)) }, func() error { return b.Run(ctx) }} {
		running.Go(func() {
			if err := run(); err != nil {
				t.Errorf("run: %v", err)
			}
		})
	}
	t.Cleanup(func() {
		cancel()
		running.Wait()
		store.Close()
	})
	return house{t, "http://" + ln.Addr().String(), c, store}
}
