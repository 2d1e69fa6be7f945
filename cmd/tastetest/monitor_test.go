package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A bot that runs tells how it is: to those who watch, to the doctor, and in a log that
// machines read; and it copies its store by itself.
func TestARunningBotIsWatched(t *testing.T) {
	t.Parallel()
	dir := team(t)
	config := filepath.Join(dir, "tastetest.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, append(text, "backup: {every: 24h, keep: 2}\nlog_format: json\nlog_level: debug\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := tastetest(t.Context(), "doctor", "--online", "--config", config); code != 1 || !strings.Contains(out, "none runs on") {
		t.Errorf("of a bot that does not run the doctor says %q, %q, code %d", out, errs, code)
	}
	p := launch(t, dir, nil, "run")
	saved := func() []string {
		files, _ := filepath.Glob(filepath.Join(dir, "backups", "tastetest.db.*"))
		return files
	}
	p.until("a backup", func() bool { return len(saved()) == 1 && !strings.Contains(saved()[0], "new") })
	url := regexp.MustCompile(`http://[^/\s]+`).FindString(p.printed())
	if text := get(t, url+"/metrics"); !strings.Contains(text, `tastetest_up{part="store"} 1`) || !strings.Contains(text, "tastetest_build_info") {
		t.Errorf("its metrics are\n%s", text)
	}
	if text := get(t, url+"/readyz"); !strings.Contains(text, `{"part":"jobs","ok":true}`) {
		t.Errorf("it is ready, and says %s", text)
	}
	get(t, url+"/healthz")
	succeeds(t, "ok   store: well\nok   jobs: well\n", "doctor", "--online", "--config", config)
	logged := 0
	for line := range strings.Lines(p.printed()) {
		var entry struct{ Time, Level, Msg string }
		if strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &entry) == nil && entry.Msg != "" && entry.Level != "" {
			logged++
		}
	}
	if logged == 0 || strings.Contains(p.printed(), "level=") {
		t.Errorf("%d lines of its log are JSON:\n%s", logged, p.printed())
	}
	if code := p.stop(os.Interrupt); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, p.printed())
	}
	first := saved()[0]
	p = launch(t, dir, nil, "run")
	p.until("the socket", func() bool { return running(filepath.Join(dir, "tastetest.db")) })
	p.stop(os.Interrupt)
	if now := saved(); len(now) != 1 || now[0] != first {
		t.Errorf("started again within a day it has the copies %v, not %s alone", now, first)
	}
	succeeds(t, "is as it was in "+first, "restore", "--config", config, first)
}

// Copies are made as often as was asked for, over restarts, and the oldest go; what
// else stands in their folder stays.
func TestBackupsByItself(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "tastetest.db")
	folder := filepath.Join(dir, "backups")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	place(t, filepath.Join(folder, "tastetest.db.before-the-move"), []byte("mine"))
	s := openStore(t, path)
	defer s.Close()
	synctest.Test(t, func(t *testing.T) {
		b := backupSettings{Every: 24 * time.Hour, Keep: 3}
		for day := range 6 {
			for restart := range 2 {
				next, err := b.chore(slog.New(slog.DiscardHandler), s, path)(t.Context())
				if err != nil || time.Until(next) != 24*time.Hour {
					t.Fatalf("on day %d, start %d, it comes again in %v, %v", day, restart, time.Until(next), err)
				}
			}
			made, err := backups(folder, "tastetest.db.")
			if err != nil || len(made) != min(day+1, 3) {
				t.Fatalf("on day %d there are %v, %v", day, made, err)
			}
			time.Sleep(24 * time.Hour)
		}
	})
	if kept, err := os.ReadFile(filepath.Join(folder, "tastetest.db.before-the-move")); err != nil || string(kept) != "mine" {
		t.Errorf("somebody else’s file is %q, %v", kept, err)
	}
}

func TestWrongBackupSettings(t *testing.T) {
	for file, want := range map[string]string{
		"backup: {every: 24h}\n":                                    "keep: 7",
		"backup: {every: 5s, keep: 1}\n":                            "every: 24h",
		"backup: {every: 24h, keep: 2}\nstore: postgres://u@h/db\n": "pg_dump",
		"log_format: xml\n":                                         "write text or json",
		"log_level: loud\n":                                         "write debug, info, warn or error",
	} {
		if _, err := readSettings(write(t, file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is refused with %v, want %q", file, err, want)
		}
	}
}

// A failing store is well until it is told otherwise.
type failing struct{ err atomic.Pointer[error] }

func (f *failing) Failed() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

// A bot whose store has failed ends, so that its supervisor starts it again.
func TestAFailedStoreEndsTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &failing{}
		ended := make(chan error, 1)
		go func() { ended <- untilFailed(t.Context(), kept) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		select {
		case err := <-ended:
			t.Fatalf("a store that is well ends it: %v", err)
		default:
		}
		broken := errors.New("input/output error")
		kept.err.Store(&broken)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		select {
		case err := <-ended:
			if !errors.Is(err, broken) {
				t.Errorf("it ends with %v", err)
			}
		default:
			t.Error("it stays up and can keep nothing")
		}
	})
}
