package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/record"
	"github.com/tastetest/tastetest/store/storetest"
)

// BenchmarkLargePlace asks for everything that can be asked for in a place of 10,000
// revealed tastings of ten rounds with seven votes each: at first, of a bot that has
// just begun, and again. An op is one answer; it is to be there within 300 ms.
//
//	go test -run '^$' -bench LargePlace -benchtime 3x ./adapters/web
func BenchmarkLargePlace(b *testing.B) {
	quiet := slog.New(slog.DiscardHandler)
	large := storetest.Large{Tastings: 10_000, Rounds: 10, Voters: 7, Ballot: bot.Private, State: bot.Revealed}
	path := filepath.Join(b.TempDir(), "large.db")
	err := bolt.Write(path, func(add func(record.Kind, []record.Record) error) error { return large.Fill(add) })
	if err != nil {
		b.Fatal(err)
	}
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
		store, err := bolt.OpenUnsynced(ctx, quiet, path)
		if err != nil {
			b.Fatal(err)
		}
		core := engine.New(quiet, store, engine.Options{Models: func() []bot.Model { return writers[:] }, Library: library, Policy: engine.Policy{Everyone: true}, Digest: &command.UsualWeekTime})
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
		go c.Run(running, core)
		return asked{core, c.Handler()}, func() { stop(); store.Close() }
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
	suggest := func(text string, want int) func(asked) string {
		return func(a asked) string {
			all := a.core.Suggest(ctx, bot.Command{At: storetest.LargePlace, User: large.Voter(1).User, Text: text})
			if len(all) < want {
				return "too few"
			}
			return ""
		}
	}
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
		{"start", say("start invented-wren invented-heron", "Taste test")},
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
	} {
		b.Run(q.name+"/first", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				a, end := begin()
				b.StartTimer()
				if said := q.ask(a); said != "" {
					b.Errorf("answered: %.2000s", said)
				}
				b.StopTimer()
				end()
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
		})
		a, end := begin()
		q.ask(a)
		b.Run(q.name+"/again", func(b *testing.B) {
			for b.Loop() {
				if said := q.ask(a); said != "" {
					b.Errorf("answered: %.2000s", said)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
		})
		end()
	}
}
