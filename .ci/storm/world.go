package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
)

// A world is the rooms, the models, and the folder in which bots run. It has no bot:
// whoever begins it launches as many as they like.
type world struct {
	binary, dir, listen string
	store               string // as the configuration has it
	env                 []string
	rooms               []room
	loads               []*load
	ledger              *ledger
	found               *findings
	audit               *audit

	bench  *bench
	pulse  *pulse
	models *httptest.Server
	stop   func()
}

// options of a world.
type options struct {
	binary string
	rooms  []string // "slack", "discord", "page"
	store  string   // empty: a file
	voters int      // of each room
	shards int      // that Discord wants; 0: one
	seed   uint64

	// Of a world with a balancer: where people and Slack reach it.
	page, events string

	pace, last time.Duration // of each voter, and of each tasting; 0: as kills has it
}

// begin makes a world in a folder of its own; people act from then on.
func begin(ctx context.Context, dir string, o options, found *findings) (*world, error) {
	listen, err := freePort()
	if err != nil {
		return nil, err
	}
	w := &world{binary: o.binary, dir: dir, listen: listen, store: o.store, ledger: newLedger(), found: found, bench: &bench{found: found}, pulse: new(pulse), models: serveModels()}
	if w.store == "" {
		w.store = "tastetest.db"
	}
	texts, err := answers()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "answers.jsonl"), texts, 0o600); err != nil {
		return nil, fmt.Errorf("write down answers: %w", err)
	}
	config := fmt.Sprintf("store: %s\ntime_zone: UTC\nstarters: everyone\ncharts: off\ndigest: off\nlimits: {usd_per_day: none, usd_per_person_day: none}\nmodels:\n", w.store)
	for _, name := range []string{firstName, secondName} {
		config += fmt.Sprintf("  - {name: %s, file: answers.jsonl}\n", name)
	}
	for _, name := range []string{askedFirst, askedSecond} {
		config += fmt.Sprintf("  - {name: %s, base_url: '%s', model: %s, price: {input: 1, output: 2}}\n", name, w.models.URL, name)
	}
	for i, name := range o.rooms {
		var r room
		switch name {
		case "slack":
			r = newSlackRoom(w.bench, w.pulse, o.voters+1, o.events)
		case "discord":
			r = newDiscordRoom(w.bench, w.pulse, o.voters+1, o.shards)
		case "page":
			r = newPageRoom(cmp.Or(o.page, listen), o.voters+1)
		default:
			return nil, fmt.Errorf("%q is no room; they are slack, discord and page", name)
		}
		config += r.settings()
		w.env = append(w.env, r.secrets()...)
		w.rooms = append(w.rooms, r)
		w.loads = append(w.loads, newLoad(r, w.ledger, o, o.seed+uint64(i)))
	}
	if err := os.WriteFile(filepath.Join(dir, "tastetest.yaml"), []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	w.audit = newAudit(w.rooms, w.ledger, found, o.voters)
	ctx, cancel := context.WithCancel(ctx)
	var people sync.WaitGroup
	for _, l := range w.loads {
		people.Go(func() { l.run(ctx) })
	}
	w.stop = func() { cancel(); people.Wait() }
	return w, nil
}

// ask says whether tastings may be begun whose models are asked.
func (w *world) ask(may bool) {
	for _, l := range w.loads {
		l.asks.Store(may)
	}
}

// launch starts a bot whose page is at listen.
func (w *world) launch(listen string) (*process, error) {
	p, err := launch(w.binary, w.dir, listen, w.env)
	if err == nil {
		w.pulse.begins(p.done)
	}
	return p, err
}

// between does something with the store while no bot has it, or beside the bots if it
// is a database.
func (w *world) between(ctx context.Context, do func(bot.Store) error) error {
	address := w.store
	if !strings.Contains(address, "://") {
		address = filepath.Join(w.dir, address)
	}
	s, err := store.Open(ctx, slog.New(slog.DiscardHandler), address)
	if err != nil {
		return fmt.Errorf("open the store after the bot: %w", err)
	}
	err = do(s)
	if e := s.Close(); err == nil && e != nil {
		err = fmt.Errorf("close the store: %w", e)
	}
	return err
}

// rest lets the time go by that a platform asks for between two starts.
func (w *world) rest(ctx context.Context) error {
	for _, r := range w.rooms {
		if r, ok := r.(interface {
			rest(context.Context, bot.Store) error
		}); ok {
			return w.between(ctx, func(s bot.Store) error { return r.rest(ctx, s) })
		}
	}
	return nil
}

// look goes through the store.
func (w *world) look(ctx context.Context, page []post) (unsettled int, err error) {
	err = w.between(ctx, func(s bot.Store) error {
		unsettled, err = w.audit.look(ctx, s, page)
		return err
	})
	return unsettled, err
}

// page is what stands on the page, if that is one of the rooms; never nil.
func (w *world) page() []post {
	for _, r := range w.rooms {
		if !r.emoji() {
			if all := r.posts(); all != nil {
				return all
			}
		}
	}
	return []post{}
}

// end stops the people and the platforms.
func (w *world) end() {
	w.stop()
	w.bench.close()
	w.models.Close()
}
