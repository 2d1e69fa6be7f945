//go:build unix

package web_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
	"github.com/tastetest/tastetest/store/record"
	"github.com/tastetest/tastetest/store/storetest"
)

// A largeStore is what a benchmark of large stores runs on.
type largeStore interface {
	bot.Store
	bot.Profiles
	Close() error
}

// onBothStores runs f on a file and on a database that have what large says. open opens
// the store, as often as it was closed, for a bot that leads. Both wait for the disk.
func onBothStores(b *testing.B, large storetest.Large, f func(b *testing.B, open func() largeStore)) {
	quiet := slog.New(slog.DiscardHandler)
	b.Run("file", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "large.db")
		if err := bolt.Write(path, func(add func(record.Kind, []record.Record) error) error { return large.Fill(add) }); err != nil {
			b.Fatal(err)
		}
		f(b, func() largeStore {
			s, err := bolt.Open(b.Context(), quiet, path)
			if err != nil {
				b.Fatal(err)
			}
			return s
		})
	})
	b.Run("database", func(b *testing.B) {
		url, _ := pgtest.Start(b).Database(b, b.Name())
		to, err := postgres.OpenTarget(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		err = large.Fill(func(k record.Kind, rs []record.Record) error { return to.Add(b.Context(), k, rs) })
		if err == nil {
			err = to.Finish(b.Context())
		}
		if err != nil {
			b.Fatal(err)
		}
		pgtest.Vacuum(b, url)
		f(b, func() largeStore {
			s, err := postgres.Open(b.Context(), quiet, url)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Lead(b.Context(), "", func(postgres.Leader) {}); err != nil {
				b.Fatal(err)
			}
			return s
		})
	})
}
