//go:build unix

package postgres_test

import (
	"context"
	"log/slog"
	"os"
	"regexp"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
	"github.com/tastetest/tastetest/store/record"
	"github.com/tastetest/tastetest/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var silent = slog.New(slog.DiscardHandler)

func TestStore(t *testing.T) { suite(t, pgtest.Shared(t), func(url string) string { return url }) }

// Behind a pooler each transaction runs in another session.
func TestStoreBehindPooler(t *testing.T) {
	if testing.Short() {
		t.Skip("the suite runs without the pooler")
	}
	server := pgtest.Shared(t)
	suite(t, server, server.Pooler(t))
}

// several are the tests of the suite in which several write at once, or one is
// killed: where a database is most unlike a file.
var several = regexp.MustCompile("AtOnce|WhileVoting|TakeOnce|StaleHolder|Killed|HostileIDs")

// suite runs the suite with a database for each path. A copy is a file: it is
// opened as a database that has been filled from it.
func suite(t *testing.T, server *pgtest.Server, through func(url string) string) {
	server.Template(t, setUp)
	storetest.Run(t, func(t *testing.T, path string) bot.Store {
		if testing.Short() && !several.MatchString(t.Name()) {
			t.Skip("a database for each test takes long: run without -short")
		}
		url, fresh := server.Database(t, path)
		if _, err := os.Stat(path); fresh && err == nil {
			fill(t, through(url), path)
		}
		return open(t, through(url))
	})
}

func open(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), silent, url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// setUp makes the tables of a database, and leaves it empty.
func setUp(url string) error {
	to, err := postgres.OpenTarget(context.Background(), url)
	if err != nil {
		return err
	}
	return to.Finish(context.Background())
}

// fill puts a copy into a database.
func fill(t *testing.T, url, path string) {
	t.Helper()
	from, err := bolt.OpenUnsynced(t.Context(), silent, path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := postgres.OpenTarget(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range record.Kinds() {
		var rs []record.Record
		err := from.Records(t.Context(), kind, 0, func(r record.Record) error {
			rs = append(rs, r.Clone())
			return nil
		})
		if err == nil && len(rs) > 0 {
			err = to.Add(t.Context(), kind, rs)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
}
