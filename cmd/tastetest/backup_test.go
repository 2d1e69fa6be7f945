package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A backup is made while the bot runs, and brings back everything when the
// store is damaged. Nothing is thrown away for it.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	dir := team(t)
	path, saved := filepath.Join(dir, "tastetest.db"), filepath.Join(dir, "monday.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	rows := export(t, path)

	p := launch(t, dir, nil, "run")
	p.until("the socket", func() bool { return running(path) })
	succeeds(t, "Everything is in "+saved, "backup", "--store", path, saved)
	fails(t, 2, "is there already", "backup", "--store", path, saved)
	fails(t, 2, "stop it first", "restore", "--store", path, saved)
	if code := p.stop(os.Interrupt); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, p.printed())
	}

	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(data)
	damaged[bytes.Index(damaged, []byte("kestrel"))] ^= 1
	for name, now := range map[string][]byte{"damaged": damaged, "empty": {}, "foreign": []byte("A letter to my aunt."), "good": data, "gone": nil} {
		t.Run(name, func(t *testing.T) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if now != nil {
				place(t, path, now)
			}
			if name != "good" && name != "gone" {
				fails(t, 1, "tastetest restore", "export", "--store", path)
			}
			said := succeeds(t, "is as it was in "+saved, "restore", "--store", path, saved)
			if got := export(t, path); got != rows {
				t.Errorf("after the restore the export is\n%s\nand was\n%s", got, rows)
			}
			if now == nil {
				return
			}
			_, aside, _ := strings.Cut(strings.TrimSuffix(said, ".\n"), "before is in ")
			if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, now) {
				t.Errorf("what was there before is not kept in %q: %v", aside, err)
			}
		})
	}

	was := export(t, path)
	for name, bad := range map[string][]byte{"damaged itself": damaged, "is no backup": []byte("A letter to my aunt."), "no backup of": {}} {
		file := filepath.Join(dir, "bad.db")
		place(t, file, bad)
		fails(t, 2, name, "restore", "--store", path, file)
	}
	fails(t, 2, "the store itself", "restore", "--store", path, path)
	fails(t, 1, "nothing.db", "restore", "--store", path, filepath.Join(dir, "nothing.db"))
	s = openStore(t, path)
	fails(t, 1, "Another tastetest has", "restore", "--store", path, saved)
	s.Close()
	if export(t, path) != was {
		t.Error("a restore that failed changed the store")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// However a restore is cut short, a store stands at the path: a bot that found
// nothing there would begin anew, and no vote would be missed.
func TestRestoreLeavesNoGap(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, saved := filepath.Join(dir, "tastetest.db"), filepath.Join(dir, "monday.db")
	openStore(t, path).Close()
	succeeds(t, "Everything is in", "backup", "--store", path, saved)
	done, gaps := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-done:
				gaps <- n
				return
			default:
			}
			if _, err := os.Lstat(path); err != nil {
				n++
			}
		}
	}()
	times := 40
	if testing.Short() {
		times = 10
	}
	for range times {
		succeeds(t, "is as it was", "restore", "--store", path, saved)
	}
	close(done)
	if n := <-gaps; n > 0 {
		t.Errorf("%d times nothing stood at %s", n, path)
	}
}

func place(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// succeeds runs a command that must say something.
func succeeds(t *testing.T, says string, args ...string) string {
	t.Helper()
	out, errs, code := tastetest(t.Context(), args...)
	if code != 0 || !strings.Contains(out, says) {
		t.Fatalf("%v says %q, %q, code %d; want %q", args, out, errs, code, says)
	}
	return out
}

// fails runs a command that must refuse with one line.
func fails(t *testing.T, code int, says string, args ...string) {
	t.Helper()
	out, errs, got := tastetest(t.Context(), args...)
	if got != code || !strings.Contains(errs, says) || strings.Count(errs, "\n") != 1 || out != "" {
		t.Errorf("%v says %q, %q, code %d; want %q, code %d", args, out, errs, got, says, code)
	}
}
