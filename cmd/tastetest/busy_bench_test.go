//go:build unix

package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
	"github.com/tastetest/tastetest/store/record"
	"github.com/tastetest/tastetest/store/storetest"
)

// BenchmarkBusy asks a bot for what people read and write, one thing after the other,
// while nobody votes and while 5,000 votes a second come in: in a place with 300 revealed
// tastings, and one that is open, in which a thousand people vote in each of its ten
// rounds and change their minds. The bot leads, and its store waits for the disk. An op
// is one answer; p50, p95 and p99 are of answers, and votes/s is what came in meanwhile.
// "vote" is one more person's, from the tap until it is on disk.
//
//	go test -run '^$' -bench Busy -benchtime 10s ./cmd/tastetest
func BenchmarkBusy(b *testing.B) {
	for _, kind := range []string{"file", "database"} {
		b.Run(kind, func(b *testing.B) {
			var store busyStore
			if kind == "file" {
				store = busyFile(b)
			} else {
				store = busyDatabase(b)
			}
			defer store.Close()
			p := busyPlace(b, store)
			for _, pace := range []int{0, 5000} {
				b.Run(fmt.Sprintf("%d-votes", pace), func(b *testing.B) {
					came, stop := p.crowd(b, pace)
					defer stop()
					for _, ask := range []struct {
						name string
						do   func() error
					}{
						{"status", p.says(fmt.Sprint("status ", p.open.N), "closes")},
						{"me", p.says("me", "votes")},
						{"results", p.says("results 77", "Taste test 77")},
						{"standings", p.says("standings", "votes")},
						{"start", p.start},
						{"vote", func() error { return p.hear(1000, 1, bot.First) }},
					} {
						b.Run(ask.name, func(b *testing.B) { percentiles(b, came, ask.do) })
						p.tidy(b)
					}
				})
			}
		})
	}
}

var busyLarge = storetest.Large{Tastings: 300, Rounds: 10, Voters: 7, Ballot: bot.Private, State: bot.Revealed}

type busyStore interface {
	bot.Store
	bot.Profiles
	Close() error
}

func busyFile(b *testing.B) busyStore {
	path := filepath.Join(b.TempDir(), "busy.db")
	if err := bolt.Write(path, func(add func(record.Kind, []record.Record) error) error { return busyLarge.Fill(add) }); err != nil {
		b.Fatal(err)
	}
	s, err := bolt.Open(b.Context(), slog.New(slog.DiscardHandler), path)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func busyDatabase(b *testing.B) busyStore {
	url, _ := pgtest.Start(b).Database(b, "busy")
	to, err := postgres.OpenTarget(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	err = busyLarge.Fill(func(k record.Kind, rs []record.Record) error { return to.Add(b.Context(), k, rs) })
	if err == nil {
		err = to.Finish(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	pgtest.Vacuum(b, url)
	s, err := postgres.Open(b.Context(), slog.New(slog.DiscardHandler), url)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Lead(b.Context(), "", func(postgres.Leader) {}); err != nil {
		b.Fatal(err)
	}
	return s
}

// A busy place is where people vote and somebody asks.
type busy struct {
	store bot.Store
	core  *engine.Bot
	open  bot.TastingID
	stamp atomic.Int64 // of votes: each is newer than those before

	started []bot.TastingID
}

// busyPlace runs a bot until the benchmark ends, and waits until its tasting is open.
func busyPlace(b *testing.B, store busyStore) *busy {
	quiet := slog.New(slog.DiscardHandler)
	library, err := prompts.Open("")
	if err != nil {
		b.Fatal(err)
	}
	writers, _, err := llm.Demo(bot.En)
	if err != nil {
		b.Fatal(err)
	}
	core := engine.New(quiet, store, engine.Options{Models: func() []bot.Model { return writers[:] }, Library: library, Policy: engine.Policy{Everyone: true},
		Limits: engine.Limits{Day: -1, Person: -1, Judges: -1}, Hold: -1})
	page, err := web.New(quiet, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, core, web.Options{Key: make([]byte, 32), People: store})
	if err != nil {
		b.Fatal(err)
	}
	core.Add(page)
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { core.Run(ctx) })
	running.Go(func() { page.Run(ctx, core) })
	b.Cleanup(func() { stop(); running.Wait() })
	for core.Ready(ctx) != nil {
		time.Sleep(time.Millisecond)
	}
	p := &busy{store: store, core: core}
	p.stamp.Store(time.Now().UnixNano())
	if p.open, err = p.begin(); err != nil {
		b.Fatal(err)
	}
	for {
		t, err := store.Tasting(ctx, p.open)
		if err != nil || t.State > bot.Open {
			b.Fatalf("the tasting that people are to vote in is %v, %v", t.State, err)
		}
		if t.State == bot.Open {
			return p
		}
		time.Sleep(time.Millisecond)
	}
}

// crowd votes so many times a second until stop: the i-th vote when its moment has come,
// however long those before it take. came counts those that are on disk.
func (p *busy) crowd(b *testing.B, pace int) (came *atomic.Int64, stop func()) {
	came = new(atomic.Int64)
	if pace == 0 {
		return came, func() {}
	}
	const callers = 256
	ctx, cancel := context.WithCancel(b.Context())
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range callers {
		all.Go(func() {
			for {
				i := int(next.Add(1))
				select {
				case <-time.After(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(pace)))):
				case <-ctx.Done():
					return
				}
				if err := p.hear(i%1000, i/1000%10+1, bot.Pick(i/10_000%4+1)); err != nil {
					b.Error(err)
					return
				}
				came.Add(1)
			}
		})
	}
	return came, func() { cancel(); all.Wait() }
}

func (p *busy) hear(person, round int, pick bot.Pick) error {
	return p.store.Hear(context.Background(), p.open.Round(round), busyLarge.Voter(person), pick, bot.Mark{On: true, At: time.Unix(0, p.stamp.Add(1))})
}

// says asks for something; an answer without want is wrong.
func (p *busy) says(text, want string) func() error {
	return func() error {
		r := p.core.Command(context.Background(), bot.Command{At: storetest.LargePlace, User: busyLarge.Voter(1).User, Text: text})
		if said := fmt.Sprintf("%+v", r.Post); !strings.Contains(said, want) {
			return fmt.Errorf("%s is answered: %.1000s", text, said)
		}
		return nil
	}
}

// begin describes a tasting and has it begin, as somebody does who presses the button
// below what they typed.
func (p *busy) begin() (bot.TastingID, error) {
	at, user := storetest.LargePlace, busyLarge.Voter(1).User
	r := p.core.Command(context.Background(), bot.Command{At: at, User: user, Text: "start invented-wren invented-heron ballot=private"})
	asks, _ := r.Post.(bot.Notice)
	for _, button := range asks.Buttons {
		if strings.HasSuffix(button.ID, "/go") {
			r = p.core.Press(context.Background(), bot.Press{At: at, User: user, Button: button.ID})
		}
	}
	said := fmt.Sprintf("%+v", r.Post)
	var n uint64
	if m := regexp.MustCompile(`Taste test \D*(\d+)`).FindStringSubmatch(said); m == nil {
		return bot.TastingID{}, fmt.Errorf("started: %s", said)
	} else if _, err := fmt.Sscan(m[1], &n); err != nil {
		return bot.TastingID{}, err
	}
	return bot.TastingID{Workspace: at.Workspace, N: n}, nil
}

func (p *busy) start() error {
	id, err := p.begin()
	p.started = append(p.started, id)
	return err
}

// tidy cancels what was started, again while it moves on.
func (p *busy) tidy(b *testing.B) {
	for _, id := range p.started {
		for said := ""; !strings.Contains(said, "cancelled"); time.Sleep(time.Millisecond) {
			r := p.core.Press(b.Context(), bot.Press{At: storetest.LargePlace, User: busyLarge.Voter(1).User, Button: id.String() + "/cancel"})
			if said = fmt.Sprintf("%+v", r.Post); !strings.Contains(said, "cancelled") && !strings.Contains(said, "moved on") {
				b.Fatalf("cancelled: %s", said)
			}
		}
	}
	p.started = nil
}

// percentiles measures what do takes, one after the other.
func percentiles(b *testing.B, came *atomic.Int64, do func() error) {
	var took []time.Duration
	before, began := came.Load(), time.Now()
	for b.Loop() {
		asked := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(asked))
	}
	b.ReportMetric(float64(came.Load()-before)/time.Since(began).Seconds(), "votes/s")
	slices.Sort(took)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(took[(len(took)-1)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
	b.ReportMetric(0, "ns/op")
}
