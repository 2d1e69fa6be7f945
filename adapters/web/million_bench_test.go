//go:build unix

package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/storetest"
)

// BenchmarkMillion opens a store, a file and a database, with one open tasting of a
// million votes, 100,000 people on ten prompts, or a million on one; looks at it, at first
// before it is known how many have tasted; asks for its status; and closes it, until it is
// revealed. It takes some minutes. MB are of the process itself, and at most in a step; a
// file's pages, which the kernel takes back as it likes, stand beside them, and what a
// database holds is not counted.
//
//	go test -run '^$' -bench Million -benchtime 1x ./adapters/web
func BenchmarkMillion(b *testing.B) {
	for _, large := range []storetest.Large{
		{Tastings: 1, Rounds: 10, Voters: 100_000, Ballot: bot.Private, State: bot.Open},
		{Tastings: 1, Rounds: 1, Voters: 1_000_000, Ballot: bot.Private, State: bot.Open},
	} {
		b.Run(fmt.Sprintf("%d×%d", large.Voters, large.Rounds), func(b *testing.B) {
			onBothStores(b, large, func(b *testing.B, open func() largeStore) { million(b, large, open) })
		})
	}
}

func million(b *testing.B, large storetest.Large, open func() largeStore) {
	quiet := slog.New(slog.DiscardHandler)
	writers, _, err := llm.Demo(bot.En)
	if err != nil {
		b.Fatal(err)
	}
	library, err := packs()
	if err != nil {
		b.Fatal(err)
	}
	debug.FreeOSMemory()
	own, mapped := watchMemory(b.Context())
	most := 0.0
	step := func(what string, do func()) {
		began := time.Now()
		do()
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/"+what)
		mb := own()
		b.ReportMetric(mb, "MB-own/"+what)
		most = max(most, mb)
	}
	var store largeStore
	step("open", func() { store = open() })
	defer store.Close()
	core := engine.New(quiet, store, engine.Options{Models: func() []bot.Model { return writers[:] }, Library: library, Policy: engine.Policy{Everyone: true}})
	c, err := web.New(quiet, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, core, web.Options{Key: make([]byte, 32), People: store})
	if err != nil {
		b.Fatal(err)
	}
	core.Add(c)
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan struct{})
	go c.Run(ctx, core)
	go func() { core.Run(ctx); close(done) }()
	defer func() { stop(); <-done }()
	page := c.Handler()
	shown := func() string {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "http://localhost/", nil))
		return w.Body.String()
	}
	look := func(want string) {
		if body := shown(); !strings.Contains(body, want) {
			b.Fatalf("the page has no %q: %s", want, body)
		}
	}
	say := func(text, want string) {
		r := core.Command(ctx, bot.Command{At: storetest.LargePlace, User: large.Voter(0).User, Text: text})
		if said := fmt.Sprintf("%+v", r.Post); !strings.Contains(said, want) {
			b.Fatalf("%s answers: %.2000s", text, said)
		}
	}
	press := func(button, want string) {
		r := core.Press(ctx, bot.Press{At: storetest.LargePlace, User: large.Voter(0).User, Button: button})
		if said := fmt.Sprintf("%+v", r.Post); !strings.Contains(said, want) {
			b.Fatalf("%s answers: %.2000s", button, said)
		}
	}
	step("first-look", func() { look("closes") })
	step("counted", func() {
		for !strings.Contains(shown(), "have tasted") {
			time.Sleep(10 * time.Millisecond)
		}
	})
	step("look", func() { look("have tasted") })
	step("vote", func() { press("1.1/left", "") })
	step("status", func() { say("status", "have tasted") })
	step("sealed", func() {
		press("1/close", "closed")
		wait(b, ctx, store, large.ID(1), bot.Closed)
	})
	step("revealed", func() { wait(b, ctx, store, large.ID(1), bot.Revealed) })
	step("results", func() { say("results", "Taste test 1") })
	step("look-after", func() { look("Taste test 1") })
	step("judged", func() { // by a judge that is not there: its answers are none, and all votes are gone through
		for t, err := store.Tasting(ctx, large.ID(1)); t.JudgedAt.IsZero(); t, err = store.Tasting(ctx, large.ID(1)) {
			if err != nil {
				b.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	step("judges", func() { say("judges", "arbiter") })
	b.ReportMetric(most, "MB-own")
	b.ReportMetric(mapped(), "MB-of-the-file")
}

// watchMemory looks, a hundred times a second, how much the process holds of its own
// (RssAnon: heap, stacks, what the runtime keeps) and of the file's pages (RssFile: mapped,
// which the kernel takes back as it likes). They return the most since they were called last.
func watchMemory(ctx context.Context) (own, mapped func() float64) {
	var most [2]atomic.Int64
	go func() {
		for ; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
			status, _ := os.ReadFile("/proc/self/status") // where there is none, it stays 0
			for line := range strings.Lines(string(status)) {
				for i, name := range []string{"RssAnon:", "RssFile:"} {
					if kb, ok := strings.CutPrefix(line, name); ok {
						var n int64
						if _, err := fmt.Sscan(kb, &n); err == nil {
							most[i].Store(max(most[i].Load(), n))
						}
					}
				}
			}
		}
	}()
	return func() float64 { return float64(most[0].Swap(0)) / 1000 }, func() float64 { return float64(most[1].Swap(0)) / 1000 }
}

// wait waits until a tasting is in a state, or past it.
func wait(b *testing.B, ctx context.Context, s bot.Store, id bot.TastingID, state bot.State) {
	for {
		t, err := s.Tasting(ctx, id)
		if err != nil {
			b.Fatal(err)
		}
		if t.State >= state {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
