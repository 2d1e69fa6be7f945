//go:build unix

package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// Whatever goes wrong with an address, there is a sentence that says what to do,
// and no password is in it, in the error below it, or in the log.
func TestOpenRefused(t *testing.T) {
	server := pgtest.Shared(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	nobody := ln.Addr().String()
	must(t, ln.Close())
	for url, want := range map[string]string{
		"postgres://u:hunter2@" + nobody + "/x?sslmode=disable":                         "does not answer",
		"postgres://u:hunter2@localhost:hunter2/x":                                      "cannot be read",
		"postgres://tastetest:hunter2@/none?host=" + server.Dir + "&sslmode=disable":    "createdb",
		"postgres://stranger:hunter2@/postgres?host=" + server.Dir + "&sslmode=disable": "refuses the user stranger",
		"postgres://u:hunter2@127.0.0.1/x?sslmode=hunter2":                              "cannot be read",
	} {
		var log bytes.Buffer
		s, err := postgres.Open(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), url)
		if err == nil {
			s.Close()
		}
		sentence, ok := errors.AsType[bot.UserError](err)
		if !ok || !strings.Contains(sentence.Error(), want) {
			t.Errorf("Open(%q): %v; want a sentence for people with %q", url, err, want)
		}
		said := fmt.Sprintf("%v %+v %s", err, err, log.String())
		for e := err; e != nil; e = errors.Unwrap(e) {
			said += e.Error()
		}
		if r, ok := errors.AsType[*postgres.Refusal](err); ok {
			said += r.Err.Error()
		}
		if strings.Contains(said, "hunter2") {
			t.Errorf("Open(%q) says the password: %s", url, said)
		}
	}
}

// Two versions may be there side by side while replicas are replaced: a program
// opens newer tables that it can use, and refuses those that it cannot.
func TestOpenNewer(t *testing.T) {
	url := empty(t)
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer c.Close(context.Background())
	change := func(sql string) {
		t.Helper()
		_, err := c.Exec(t.Context(), sql)
		must(t, err)
	}
	change(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true); ALTER TABLE tastings ADD mood text`)
	s := open(t, url)
	id := create(t, s, bot.Open)
	must(t, s.Hear(t.Context(), id.Round(1), person("ann"), bot.First, bot.Mark{On: true, At: noon}))
	must(t, s.Close())

	change(`UPDATE format SET oldest = 9999`)
	s, err = postgres.Open(t.Context(), silent, url)
	if err == nil {
		s.Close()
	}
	if !errors.Is(err, postgres.ErrNewer) || !strings.Contains(err.Error(), "upgrade tastetest") {
		t.Errorf("tables that need a newer program: %v; want %v", err, postgres.ErrNewer)
	}
}

// A password is put into an address that has none.
func TestWithPassword(t *testing.T) {
	got, err := postgres.WithPassword("postgres://ann@db/tastetest?sslmode=verify-full", "p@ss/wörd?")
	must(t, err)
	conf, err := pgx.ParseConfig(got)
	must(t, err)
	if conf.Password != "p@ss/wörd?" || conf.User != "ann" || conf.Database != "tastetest" || conf.Host != "db" {
		t.Errorf("the address says user %q, database %q at %q and another password", conf.User, conf.Database, conf.Host)
	}
	for _, address := range []string{"postgres://ann:hunter2@db/x", "postgres://ann@db/x?password=hunter2"} {
		_, err := postgres.WithPassword(address, "")
		if sentence, ok := errors.AsType[bot.UserError](err); !ok || strings.Contains(sentence.Error(), "hunter2") || !strings.Contains(sentence.Error(), "store_password_env") {
			t.Errorf("an address with a password: %v; want a sentence that names store_password_env", err)
		}
	}
}
