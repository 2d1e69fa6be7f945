package web_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/store/bolt"
)

// BenchmarkResults asks for the results of 200 tastings of ten rounds with seven votes
// each, 14,000 in all: as of a bot that has just begun, and once more. They are to be
// there within 300 ms.
func BenchmarkResults(b *testing.B) {
	quiet := slog.New(slog.DiscardHandler)
	store, err := bolt.Open(b.Context(), quiet, filepath.Join(b.TempDir(), "tastetest.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	house{store: store}.revealed(b, 200, 10, bot.Reaction)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	begin := func() http.Handler {
		core := engine.New(quiet, store, engine.Options{})
		c, err := web.New(quiet, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, core, web.Options{Key: make([]byte, 32)})
		if err != nil {
			b.Fatal(err)
		}
		core.Add(c)
		go c.Run(ctx, core)
		return c.Handler()
	}
	ask := func(page http.Handler) {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "http://localhost/results", nil))
		if w.Code != http.StatusOK || w.Body.Len() < 20_000 {
			b.Fatalf("answered %d with %d bytes", w.Code, w.Body.Len())
		}
	}
	b.Run("at first", func(b *testing.B) {
		for b.Loop() {
			ask(begin())
		}
	})
	page := begin()
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			ask(page)
		}
	})
}
