package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for url, file := range map[string]string{
		"a.db":                              "a.db",
		"bolt:b.db":                         "b.db",
		filepath.Join(dir, "x", "c.db"):     "x/c.db",
		"bolt:" + filepath.Join(dir, "é:f"): "é:f",
		"./postgres:d.db":                   "postgres:d.db",
		"./MYSQL:e.db":                      "MYSQL:e.db",
	} {
		s, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), url)
		if err != nil {
			t.Errorf("Open(%q): %v", url, err)
			continue
		}
		if err := errors.Join(s.Healthy(), s.Close()); err != nil {
			t.Errorf("Open(%q): %v", url, err)
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("Open(%q): %v", url, err)
		}
	}
	for url, want := range map[string]string{
		"postgres:x": `"postgres:"`,
		"postgres://127.0.0.1:1/x?sslmode=disable": "does not answer",
		"sqlite:x.db":                            `"sqlite:"`,
		"POSTGRES://u:hunter2@127.0.0.1/x":       `"POSTGRES:"`,
		"mysql://u:hunter2@127.0.0.1/x":          `"mysql:"`,
		"host=127.0.0.1 user=u password=hunter2": `"host="`,
		"":                                       "no path",
		"bolt:":                                  "no path",
		".":                                      "is not a file",
	} {
		s, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), url)
		if err == nil {
			s.Close()
		}
		if sentence, ok := errors.AsType[bot.UserError](err); !ok || !strings.Contains(sentence.Error(), want) {
			t.Errorf("Open(%q): %v; want a sentence for people with %q", url, err, want)
		}
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("Open(%q) says the password: %v", url, err)
		}
	}
}
