//go:build unix

package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/storetest"
)

// BenchmarkLargePlace asks for everything that can be asked for in a place of 10,000
// revealed tastings of ten rounds with seven votes each, in a file and in a database: of a
// bot that has just begun and says that it is ready, and again. An op is one answer; it is
// to be there within 300 ms. "beginning" is how long it takes from the start until the bot
// is ready. Where other programs run, "cpu-ms", what the answer takes of the processors,
// a database's not counted, says more than "ms".
//
//	go test -run '^$' -bench LargePlace -benchtime 3x ./adapters/web
func BenchmarkLargePlace(b *testing.B) {
	large := storetest.Large{Tastings: 10_000, Rounds: 10, Voters: 7, Ballot: bot.Private, State: bot.Revealed}
	onBothStores(b, large, func(b *testing.B, open func() largeStore) { largePlace(b, large, open) })
}

func largePlace(b *testing.B, large storetest.Large, open func() largeStore) {
	quiet := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	library, err := packs()
	if err != nil {
		b.Fatal(err)
	}
	writers, _, err := llm.Demo(bot.En)
	if err != nil {
		b.Fatal(err)
	}
	type asked struct {
		core *engine.Bot
		page http.Handler
	}
	begin := func() (asked, func()) {
		store := open()
		core := engine.New(quiet, store, engine.Options{Models: func() []bot.Model { return writers[:] }, Library: library, Policy: engine.Policy{Everyone: true}, Limits: engine.Limits{Day: -1, Person: -1, Judges: -1}, Digest: &command.UsualWeekTime})
		c, err := web.New(quiet, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, core, web.Options{
			Key: make([]byte, 32), People: store,
			Votes: func(ctx context.Context, at bot.Place, f bot.Filter) (web.VoteFile, error) {
				_, err := votefile.Seen(ctx, store, at, f)
				return nil, err
			},
		})
		if err != nil {
			b.Fatal(err)
		}
		core.Add(c)
		running, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { defer close(done); core.Run(running) }()
		go c.Run(running, core)
		for core.Ready(ctx) != nil {
			time.Sleep(time.Millisecond)
		}
		return asked{core, c.Handler()}, func() { stop(); <-done; store.Close() }
	}
	get := func(path, want string) func(asked) string {
		return func(a asked) string {
			w := httptest.NewRecorder()
			a.page.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "http://localhost"+path, nil))
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
				return w.Body.String()
			}
			return ""
		}
	}
	say := func(text, want string) func(asked) string {
		return func(a asked) string {
			r := a.core.Command(ctx, bot.Command{At: storetest.LargePlace, User: large.Voter(1).User, Text: text})
			if said := fmt.Sprintf("%+v", r.Post); !strings.Contains(said, want) {
				return said
			}
			return ""
		}
	}
	// start describes a tasting and has it begin, as somebody does who presses the button
	// below what they typed.
	start := func(text string) func(asked) string {
		return func(a asked) string {
			r := a.core.Command(ctx, bot.Command{At: storetest.LargePlace, User: large.Voter(1).User, Text: text})
			asks, _ := r.Post.(bot.Notice)
			for _, button := range asks.Buttons {
				if strings.HasSuffix(button.ID, "/go") {
					r = a.core.Press(ctx, bot.Press{At: storetest.LargePlace, User: large.Voter(1).User, Button: button.ID})
				}
			}
			if said := fmt.Sprintf("%+v", r.Post); !strings.Contains(said, "Taste test") {
				return said
			}
			return ""
		}
	}
	suggest := func(text string, want int) func(asked) string {
		return func(a asked) string {
			all := a.core.Suggest(ctx, bot.Command{At: storetest.LargePlace, User: large.Voter(1).User, Text: text})
			if len(all) < want {
				return "too few"
			}
			return ""
		}
	}
	b.Run("beginning", func(b *testing.B) {
		before := processorTime()
		for b.Loop() {
			_, end := begin()
			b.StopTimer()
			end()
			b.StartTimer()
		}
		report(b, processorTime()-before)
	})
	for _, q := range []struct {
		name string
		ask  func(asked) string
	}{
		{"standings", say("standings", "700,000 votes")},
		{"standings of a category", say("standings humour", "votes")},
		{"results", say("results", "10000")},
		{"results of one", say("results 77", "Taste test 77")},
		{"status", say("status 9000", "9000")},
		{"status of none", say("status", "No tasting")},
		{"cancel", say("cancel", "No tasting")},
		{"models", say("models", "Models")},
		{"packs", say("packs", "")},
		{"packs humour", say("packs humour", "")},
		{"judges", say("judges", "arbiter")},
		{"digest", say("digest", "week")},
		{"me", say("me", "100,000 votes")},
		{"plan", say("plan", "")},
		{"schedule", say("schedule", "")},
		{"settings", say("settings", "")},
		{"help", say("help", "")},
		{"completing results", suggest("results ", 25)},
		{"completing cancel", suggest("cancel ", 0)},
		{"completing standings", suggest("standings category=", 1)},
		{"the page", get("/", "Taste test 10000")},
		{"the channel", get("/channel", "Taste test 10000")},
		{"the page of results", get("/results", "10,000")},
		{"results of a pack", get("/results?"+url.Values{"pack": {"humour"}}.Encode(), "humour")},
		{"results of a model", get("/results?"+url.Values{"model": {"model-3"}}.Encode(), "model-3")},
		{"older results", get("/results?skip=4000", "6000")},
		{"one result", get("/results/5000", "Taste test 5000")},
		{"start", start("start invented-wren invented-heron")}, // the last, for it adds tests
	} {
		b.Run(q.name+"/first", func(b *testing.B) {
			var busy time.Duration
			for b.Loop() {
				b.StopTimer()
				a, end := begin()
				before := processorTime()
				b.StartTimer()
				if said := q.ask(a); said != "" {
					b.Errorf("answered: %.2000s", said)
				}
				b.StopTimer()
				busy += processorTime() - before
				end()
				b.StartTimer()
			}
			report(b, busy)
		})
		b.Run(q.name+"/again", func(b *testing.B) {
			a, end := begin()
			defer end()
			q.ask(a)
			before := processorTime()
			b.ResetTimer()
			for b.Loop() {
				if said := q.ask(a); said != "" {
					b.Errorf("answered: %.2000s", said)
				}
			}
			report(b, processorTime()-before)
		})
	}
}

// report says what one answer took, by the clock and of the processors.
func report(b *testing.B, busy time.Duration) {
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
	b.ReportMetric(float64(busy.Microseconds())/1000/float64(b.N), "cpu-ms")
}

// processorTime is how long this process has kept processors busy. Windows says it
// otherwise, and is not measured.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
