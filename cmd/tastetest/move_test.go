//go:build unix

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// A team's file is moved into a database, the bot runs on it, also while the
// database is away for a moment, and everything is moved back. The password is in
// no output.
func TestMoveAndRun(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a database of its own and kills it: run without -short")
	}
	dir := team(t)
	path, back := filepath.Join(dir, "tastetest.db"), filepath.Join(dir, "back.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	rows := export(t, path)

	server := pgtest.Start(t)
	url, _ := server.Database(t, "moved")
	conf := filepath.Join(dir, "tastetest.yaml")
	text, err := os.ReadFile(conf)
	if err != nil {
		t.Fatal(err)
	}
	place(t, conf, append(text, "\nstore: "+url+"\nstore_password_env: TASTETEST_STORE_PASSWORD\n"...))
	t.Setenv("TASTETEST_STORE_PASSWORD", "hunter2hunter2")
	said := succeeds(t, "Everything is in "+url+": 1 taste test, ", "move", "--config", conf, "--from", path, "--to", url)
	fails(t, 1, "not empty", "move", "--config", conf, "--from", path, "--to", url)
	fails(t, 2, "tastetest move", "restore", "--config", conf, path)
	said += succeeds(t, "password set ($TASTETEST_STORE_PASSWORD)", "config", "--config", conf)
	exported := func() string {
		t.Helper()
		return succeeds(t, "", "export", "--config", conf)
	}
	if got := exported(); got != rows {
		t.Errorf("after the move the export is\n%s\nand was\n%s", got, rows)
	}

	said += succeeds(t, "ok   store: the database answers", "doctor", "--config", conf)
	p := launch(t, dir, nil, "run")
	fails(t, 1, "stop all replicas", "move", "--config", conf, "--from", url, "--to", back)
	if got := exported(); got != rows {
		t.Errorf("beside the bot the export is\n%s\nand was\n%s", got, rows)
	}
	succeeds(t, "Everything is in", "backup", "--config", conf, filepath.Join(dir, "monday.db"))
	healthy := func() int {
		resp, err := http.Get(p.url + "/healthz")
		if err != nil {
			t.Fatalf("%v; it printed:\n%s", err, p.printed())
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if code := healthy(); code != http.StatusOK {
		t.Errorf("/healthz answers %d", code)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if code := healthy(); code != http.StatusServiceUnavailable {
		t.Errorf("without a database /healthz answers %d", code)
	}
	if resp, err := http.Get(p.url + "/readyz"); err != nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without a database the one that leads answers /readyz with %v, %v", resp, err)
	} else {
		resp.Body.Close()
	}
	if err := server.Launch(); err != nil {
		t.Fatal(err)
	}
	p.until("the bot is well again", func() bool { return healthy() == http.StatusOK })
	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("after SIGTERM the exit code is %d", code)
	}
	said += p.printed()

	said += succeeds(t, "Everything is in "+back, "move", "--config", conf, "--from", url, "--to", back)
	if got := export(t, back); got != rows {
		t.Errorf("moved back, the export is\n%s\nand was\n%s", got, rows)
	}
	if strings.Contains(said, "hunter2") {
		t.Errorf("the password is in what was printed:\n%s", said)
	}
}
