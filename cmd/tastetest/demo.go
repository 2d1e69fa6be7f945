package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store"
)

type demoCommand struct {
	Listen   string        `placeholder:"ADDR" help:"Serve the page here (127.0.0.1:8080, or a free port if that is taken); 127.0.0.1:0 picks a free one."`
	Data     string        `placeholder:"DIR" help:"Keep everything in this folder; left out: a new one, removed at the end."`
	Crowd    int           `default:"8" help:"How many simulated team-mates vote (${default})."`
	For      time.Duration `placeholder:"DURATION" help:"Stop after this time, as 10m; left out: at Ctrl-C."`
	Language string        `placeholder:"en|zh" help:"Of prompts, answers and page; left out: Chinese where LC_ALL or LANG says so, else English."`
}

func (demoCommand) Help() string {
	return `Serves a page on which one taste test is over and two are under way: one by emoji, which is revealed a minute after the page is first opened, one in private. Below them stands the summary of a week that is as invented as its voters. Everybody may vote, and start tests of their own. The answers were written for the demo, by two invented writers; no model is asked and nothing leaves this machine.

Among its results are the five public polls that this program grew from.

With --data, export and the other machine commands work beside it: --store DIR/tastetest.db.

    tastetest demo
    tastetest demo --language zh
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
	lang, err := c.language(os.Getenv)
	if err != nil {
		return err
	}
	if c.Listen != "" && !loopback(c.Listen) {
		return usageError("the demo lets in everybody, so it listens on this machine alone: write --listen 127.0.0.1:8080")
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
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
	writers, pack, err := llm.Demo(lang)
	if err != nil {
		return err
	}
	library, err := prompts.Open("")
	if err != nil {
		return err
	}
	b := demoBot(log, kept, writers, demoLibrary{library, pack}, lang, c.Crowd, nil)
	ln, err := c.listen(std)
	if err != nil {
		return err
	}
	defer ln.Close() // unless it was served
	key, err := kept.Secret(ctx, "web")
	if err != nil {
		return fmt.Errorf("read the key of the page's cookies: %w", err)
	}
	chat, err := web.New(log, ln.Addr(), b, web.Options{Title: demoWords[lang].title, Channel: demoWords[lang].channel, Key: key, Simulated: simulated, People: kept, Votes: seenVotes(kept)})
	if err != nil {
		return err
	}
	b.Add(openChat{chat})
	crowd := newCrowd(log, c.Crowd, chat.Place(), b, chat.Tap, b.Press)
	host := newDemoHouse(log, kept, b, chat.Place(), crowd, writers, pack.Name, lang)
	parts := []func(context.Context) error{b.Run, host.letCrowdIn,
		func(ctx context.Context) error { return chat.Run(ctx, b) },
		func(ctx context.Context) error { return serve(ctx, log, webPage, ln, host.welcome(chat.Handler())) },
		func(ctx context.Context) error {
			return host.Run(ctx, func() {
				fmt.Fprintf(std.out, "Open %s\n", localURL(ln.Addr().String()))
				if c.For > 0 {
					time.AfterFunc(c.For, stop)
				}
			})
		},
	}
	if machine, err := listenSocket(log, kept, filepath.Join(dir, "tastetest.db")); err != nil {
		log.Warn("machine commands will have to wait until the demo stops", "err", err)
	} else {
		parts = append(parts, machine.Run)
	}
	return together(ctx, parts...)
}

// demoWords are what the demo's host, who is simulated, called things.
var demoWords = map[bot.Lang]struct {
	title, channel, question string
	polls                    pollWords
}{
	bot.En: {"Tastetest demo", "tasting-room", "Which answer would you send?", pollWords{
		question: "Five public polls of February 2025, with 200 votes each: reconstructed from the percentages, each as if by somebody else.",
		prompt:   "Poll %d of 5. Its prompt is not kept here.", answer: "This answer is not kept here.",
	}},
	bot.Zh: {"Tastetest 演示", "盲测室", "你会发哪一份？", pollWords{
		question: "2025 年 2 月的五次公开投票，每次 200 票：按公布的百分比还原，每票都算作不同的人。",
		prompt:   "五次投票中的第 %d 次。题目没有保存在这里。", answer: "这份回答没有保存在这里。",
	}},
}

// language is the one that was asked for or, as other programs have it, that of
// the terminal. A demo with --data goes on in the language that it is started in.
func (c demoCommand) language(env func(string) string) (bot.Lang, error) {
	switch lang := bot.Lang(c.Language); {
	case lang == bot.En, lang == bot.Zh:
		return lang, nil
	case lang != "":
		return "", usageError(fmt.Sprintf("there is no demo in %q: write --language en or --language zh", c.Language))
	case strings.HasPrefix(cmp.Or(env("LC_ALL"), env("LC_MESSAGES"), env("LANG")), string(bot.Zh)):
		return bot.Zh, nil
	}
	return bot.En, nil
}

// demoBot is a bot for a crowd of so many, on which everybody may start tests
// and nothing costs. Prompts and sides are drawn from random; nil: as always.
func demoBot(log *slog.Logger, kept bot.Store, writers [2]bot.Model, library bot.Library, lang bot.Lang, crowd int, random io.Reader) *engine.Bot {
	return engine.New(log, kept, engine.Options{
		Models:   func() []bot.Model { return writers[:] },
		Library:  library,
		Language: lang,
		Policy:   engine.Policy{Everyone: true},
		Limits:   engine.Limits{Day: -1, Person: -1},
		TimeZone: zoneHere(time.Local, os.Readlink),
		Digest:   &command.UsualWeekTime,
		Crowd:    crowd > 0,
		Rand:     random,
	})
}

// zoneHere is this machine's time zone by the name that people know: Go calls it "Local"
// unless TZ names it. link reads a symbolic link, as [os.Readlink] does.
func zoneHere(local *time.Location, link func(string) (string, error)) *time.Location {
	if local.String() != "Local" {
		return local
	}
	if to, err := link("/etc/localtime"); err == nil {
		_, name, _ := strings.Cut(to, "zoneinfo/")
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	for _, month := range []time.Month{time.January, time.July} {
		if _, offset := time.Date(2026, month, 1, 0, 0, 0, 0, local).Zone(); offset != 0 {
			return local
		}
	}
	return time.UTC
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

// A demoHouse has what newcomers to the demo find: the polls that this program
// grew from, a taste test that is over, one by emoji that is revealed with their
// own vote in it, one in private, and the summary of an invented week.
type demoHouse struct {
	log    *slog.Logger
	kept   bot.Store
	bot    *engine.Bot
	at     bot.Place
	crowd  *crowd
	models [2]bot.Model
	pack   string
	lang   bot.Lang

	came chan struct{} // closed when the first visitor has come

	mu      sync.Mutex
	past    bool // it has a week to sum up
	visited bool
}

func newDemoHouse(log *slog.Logger, kept bot.Store, b *engine.Bot, at bot.Place, c *crowd, writers [2]bot.Model, pack string, lang bot.Lang) *demoHouse {
	return &demoHouse{log: log, kept: kept, bot: b, at: at, crowd: c, models: writers, pack: pack, lang: lang, came: make(chan struct{})}
}

const (
	demoReveals = time.Minute         // after which the first newcomer sees a reveal
	demoStays   = 30 * time.Minute    // for which there is something to taste
	demoWaits   = 30 * 24 * time.Hour // for the first visitor
)

// demoPast is how long ago the one that is over is said to have been: within the
// week that is summed up.
const demoPast = 3 * 24 * time.Hour

// Run opens the demo's taste tests, unless some are open already: a demo with
// --data goes on where it was. ready is called once somebody can come. From then
// on there is always one to vote in, until ctx is done.
func (d *demoHouse) Run(ctx context.Context, ready func()) error {
	err := d.open(ctx)
	if err == nil {
		ready()
	}
	for err == nil {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Minute):
			err = d.keepOpen(ctx)
		}
	}
	if ctx.Err() != nil { // its time is up
		return nil
	}
	return fmt.Errorf("start the demo's taste tests: %w", err)
}

func (d *demoHouse) open(ctx context.Context) error {
	before, err := d.kept.Tastings(ctx, d.at.Workspace, bot.Query{})
	if err != nil {
		return err
	}
	if len(before) == 0 {
		if err := keepPolls(ctx, d.kept, d.at, demoWords[d.lang].polls); err != nil {
			return fmt.Errorf("keep the five polls: %w", err)
		}
	}
	if len(before) == 0 && len(d.crowd.mates) > 0 {
		if err := d.finish(ctx); err != nil {
			return err
		}
		d.mu.Lock()
		d.past = true
		d.mu.Unlock()
	}
	open, err := d.underWay(ctx)
	if err == nil && len(open) == 0 {
		if err = d.start(ctx, "rounds=5", demoWaits); err == nil {
			err = d.private(ctx, demoWaits)
		}
	}
	return err
}

// welcome sees the first visitor come, and has everything begin for them: however
// long the demo has waited, the first reveal comes a minute after.
func (d *demoHouse) welcome(page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/" {
			if err := d.visit(context.WithoutCancel(r.Context())); err != nil {
				d.log.Warn("the demo cannot begin", "err", err)
			}
		}
		page.ServeHTTP(w, r)
	})
}

// visit has the clocks of the demo's taste tests begin, once.
func (d *demoHouse) visit(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.visited {
		return nil
	}
	open, err := d.kept.Tastings(ctx, d.at.Workspace, bot.Query{States: []bot.State{bot.Open}})
	if err != nil {
		return err
	}
	now := time.Now()
	for _, t := range open {
		stays := demoStays
		if t.Ballot == bot.Reaction {
			stays = demoReveals
		}
		if t.Starter.User != demoHost || t.Closes.Before(now.Add(stays)) { // somebody came to it before, in a demo with --data
			continue
		}
		err := d.kept.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
			t.Closes, t.Stale, t.Wake = now.Add(stays), true, now
			return nil
		})
		if err != nil && !errors.Is(err, bot.ErrMoved) {
			return err
		}
	}
	if d.past {
		if err := d.sumUp(ctx); err != nil {
			return err
		}
	}
	d.visited = true
	close(d.came)
	return nil
}

// letCrowdIn has the crowd vote along with the first visitor.
func (d *demoHouse) letCrowdIn(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.came:
		return d.crowd.Run(ctx)
	}
}

// finish has the crowd taste one and reveals it, before anybody comes. Who is
// preferred is not written anywhere: the crowd has a taste.
func (d *demoHouse) finish(ctx context.Context) error {
	if err := d.start(ctx, "rounds=5", demoStays); err != nil {
		return err
	}
	t, err := d.until(ctx, bot.Open, 0)
	if err != nil {
		return err
	}
	shown, err := d.bot.View(ctx, d.at, bot.Voter{Workspace: d.at.Workspace, User: demoHost})
	if err != nil {
		return err
	}
	d.crowd.rush(ctx, shown)
	if n, ok := d.press(ctx, t.ID.String()+"/close").Post.(bot.Notice); ok && n.Error {
		return errors.New(n.Text.String())
	}
	if _, err = d.until(ctx, bot.Revealed, t.ID.N); err != nil {
		return err
	}
	return d.kept.Update(ctx, t.ID, bot.Revealed, func(t *bot.Tasting) error {
		for _, at := range []*time.Time{&t.Created, &t.Asked, &t.Opened, &t.Closes, &t.ClosedAt, &t.RevealedAt} {
			if !at.IsZero() {
				*at = at.Add(-demoPast)
			}
		}
		return nil
	})
}

// sumUp posts the summary of the week up to now, below what is open: a newcomer
// arrives at that, and comes past the summary on the way to the first reveal.
func (d *demoHouse) sumUp(ctx context.Context) error {
	until := time.Now().Truncate(time.Minute)
	if n, ok := d.press(ctx, "digest/post/"+bot.WeekName(until)).Post.(bot.Notice); ok && n.Error {
		return errors.New(n.Text.String())
	}
	return nil
}

// until waits until there is a taste test in a state, of this number or a later one.
func (d *demoHouse) until(ctx context.Context, s bot.State, n uint64) (bot.Tasting, error) {
	for {
		ts, err := d.kept.Tastings(ctx, d.at.Workspace, bot.Query{States: []bot.State{s}, Limit: 1})
		if err != nil || len(ts) > 0 && ts[0].ID.N >= n {
			return append(ts, bot.Tasting{})[0], err
		}
		select {
		case <-ctx.Done():
			return bot.Tasting{}, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (d *demoHouse) underWay(ctx context.Context) ([]bot.Tasting, error) {
	return d.kept.Tastings(ctx, d.at.Workspace, bot.Query{States: []bot.State{bot.Asking, bot.Posting, bot.Open}})
}

// keepOpen starts a private one if nothing is open any more, so that whoever
// comes late finds something to taste.
func (d *demoHouse) keepOpen(ctx context.Context) error {
	open, err := d.underWay(ctx)
	if err != nil || len(open) > 0 {
		return err
	}
	return d.private(ctx, demoStays)
}

func (d *demoHouse) private(ctx context.Context, stays time.Duration) error {
	return d.start(ctx, `rounds=5 ballot=private question="`+demoWords[d.lang].question+`"`, stays)
}

// start types a command as the demo's host, and says yes to what it asks.
func (d *demoHouse) start(ctx context.Context, options string, stays time.Duration) error {
	typed := fmt.Sprintf("start %s %s pack=%s until=%dm %s", d.models[0].Card().Name, d.models[1].Card().Name, d.pack, stays/time.Minute, options)
	reply := d.bot.Command(ctx, bot.Command{At: d.at, User: demoHost, Text: typed})
	for {
		notice, ok := reply.Post.(bot.Notice)
		if ok && notice.Error {
			return errors.New(notice.Text.String())
		}
		yes := primary(notice.Buttons)
		if yes == "" {
			return nil
		}
		reply = d.press(ctx, yes)
		if reply.Later != nil {
			return reply.Later(ctx, func(bot.Post) error { return nil })
		}
	}
}

func (d *demoHouse) press(ctx context.Context, button string) bot.Reply {
	return d.bot.Press(ctx, bot.Press{At: d.at, User: demoHost, Button: button})
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
