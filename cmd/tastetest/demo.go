package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store"
)

type demoCommand struct {
	Listen string        `placeholder:"ADDR" help:"Serve the page here (127.0.0.1:8080, or a free port if that is taken); 127.0.0.1:0 picks a free one."`
	Data   string        `placeholder:"DIR" help:"Keep everything in this folder; left out: a new one, removed at the end."`
	Crowd  int           `default:"8" help:"How many simulated team-mates vote (${default})."`
	For    time.Duration `placeholder:"DURATION" help:"Stop after this time, as 10m; left out: at Ctrl-C."`
}

func (demoCommand) Help() string {
	return `Serves a page on which two taste tests are under way: one by emoji, one in private. Everybody may vote, and start tests of their own. The answers were written for the demo, by two invented writers; no model is asked and nothing leaves this machine.

    tastetest demo
    tastetest demo --listen 127.0.0.1:0 --crowd 20 --for 10m`
}

const (
	demoListen = "127.0.0.1:8080"
	maxCrowd   = 50
	demoHost   = "The demo" + simulatedMark + "host"
)

// Run runs the demo until ctx is done or its time is up. It plugs together what
// run does, on a store that goes away and with voters that are simulated.
func (c demoCommand) Run(ctx context.Context, std streams) (err error) {
	if c.Crowd < 0 || c.Crowd > maxCrowd {
		return usageError(fmt.Sprintf("a crowd has 0 to %d people", maxCrowd))
	}
	if c.Listen != "" && !loopback(c.Listen) {
		return usageError("the demo lets in everybody, so it listens on this machine alone: write --listen 127.0.0.1:8080")
	}
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	dir := c.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "tastetest-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	kept, err := store.Open(ctx, log, filepath.Join(dir, "tastetest.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	writers, pack, err := llm.Demo()
	if err != nil {
		return err
	}
	library, err := prompts.Open("")
	if err != nil {
		return err
	}
	b := demoBot(log, kept, writers, demoLibrary{library, pack}, c.Crowd)
	ln, err := c.listen(std)
	if err != nil {
		return err
	}
	defer ln.Close() // unless it was served
	key, err := kept.Secret(ctx, "web")
	if err != nil {
		return fmt.Errorf("read the key of the page's cookies: %w", err)
	}
	chat, err := web.New(log, ln.Addr(), b, web.Options{Title: "Tastetest demo", Channel: "tasting-room", Key: key, Simulated: simulated, People: kept, Votes: seenVotes(kept)})
	if err != nil {
		return err
	}
	b.Add(openChat{chat})
	crowd := newCrowd(log, c.Crowd, chat.Place(), b, chat.Tap, b.Press)
	fmt.Fprintf(std.out, "Open %s\n", localURL(ln.Addr().String()))
	return together(ctx, b.Run, crowd.Run,
		func(ctx context.Context) error { return chat.Run(ctx, b) },
		func(ctx context.Context) error { return serve(ctx, log, webPage, ln, chat.Handler()) },
		func(ctx context.Context) error { return openDemo(ctx, kept, b, chat.Place(), writers, pack) },
	)
}

// demoBot is a bot for a crowd of so many, on which everybody may start tests
// and nothing costs.
func demoBot(log *slog.Logger, kept bot.Store, writers [2]bot.Model, library bot.Library, crowd int) *engine.Bot {
	return engine.New(log, kept, engine.Options{
		Models:   func() []bot.Model { return writers[:] },
		Library:  library,
		Policy:   engine.Policy{Everyone: true},
		Limits:   engine.Limits{Day: -1, Person: -1},
		TimeZone: time.Local,
		Crowd:    crowd > 0,
	})
}

// listen falls back to a free port only from the default one.
func (c demoCommand) listen(std streams) (net.Listener, error) {
	if c.Listen != "" {
		return listen(c.Listen)
	}
	ln, err := listen(demoListen)
	if errors.Is(err, syscall.EADDRINUSE) {
		fmt.Fprintf(std.err, "%s is taken, so the demo has picked another port.\n", demoListen)
		return listen("127.0.0.1:0")
	}
	return ln, err
}

// openDemo starts what newcomers find under way, unless something is already:
// a demo with --data goes on where it was.
func openDemo(ctx context.Context, kept bot.Store, h bot.Handler, at bot.Place, writers [2]bot.Model, pack bot.Pack) error {
	under := bot.Query{States: []bot.State{bot.Asking, bot.Posting, bot.Open}}
	if ts, err := kept.Tastings(ctx, at.Workspace, under); err != nil || len(ts) > 0 {
		return err
	}
	models := writers[0].Card().Name + " " + writers[1].Card().Name
	for _, options := range []string{
		"rounds=1 until=2m",
		`rounds=5 ballot=private until=30m question="Which answer would you send?"`,
	} {
		err := start(ctx, h, at, fmt.Sprintf("start %s pack=%s %s", models, pack.Name, options))
		if ctx.Err() != nil { // its time is up
			return nil
		}
		if err != nil {
			return fmt.Errorf("start the demo's taste tests: %w", err)
		}
	}
	return nil
}

// start types a command as the demo's host, and says yes to what it asks.
func start(ctx context.Context, h bot.Handler, at bot.Place, command string) error {
	reply := h.Command(ctx, bot.Command{At: at, User: demoHost, Text: command})
	for {
		notice, ok := reply.Post.(bot.Notice)
		if ok && notice.Error {
			return errors.New(notice.Text.String())
		}
		yes := primary(notice.Buttons)
		if yes == "" {
			return nil
		}
		reply = h.Press(ctx, bot.Press{At: at, User: demoHost, Button: yes})
		if reply.Later != nil {
			return reply.Later(ctx, func(bot.Post) error { return nil })
		}
	}
}

func primary(buttons []bot.Button) string {
	for _, b := range buttons {
		if b.Primary {
			return b.ID
		}
	}
	return ""
}

// An openChat calls everybody an admin, so that whoever tries the demo can
// close its taste tests too.
type openChat struct{ *web.Chat }

// Admin is always true.
func (openChat) Admin(context.Context, bot.Place, string) (bool, error) { return true, nil }

// A demoLibrary has one pack: the writers know no other prompts.
type demoLibrary struct {
	bot.Library
	pack bot.Pack
}

// Packs returns the demo's pack.
func (l demoLibrary) Packs() []bot.Pack { return []bot.Pack{l.pack} }
