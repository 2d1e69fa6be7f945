package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// run keeps what is younger than the configured time, deletes what is older
// than that, and everything is kept where nothing is configured.
func TestRunDeletesWhatIsOld(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		retention string
		want      int // of two that are kept
	}{{"", 2}, {"retention: 2d\n", 1}} {
		dir := team(t)
		config := filepath.Join(dir, "tastetest.yaml")
		text, err := os.ReadFile(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(config, append(text, tt.retention...), 0o600); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "tastetest.db")
		s := openStore(t, path)
		for _, age := range []time.Duration{25 * time.Hour, 49 * time.Hour} {
			made := taste(t, s, bot.Private, kestrelAndNova, bot.Revealed, "S3CR3T")
			if err := s.Update(t.Context(), made.ID, bot.Revealed, func(t *bot.Tasting) error {
				t.RevealedAt = time.Now().Add(-age)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
		p := launch(t, dir, nil, "run")
		if tt.want < 2 {
			p.until("what is old is deleted", func() bool { return strings.Contains(p.printed(), "deleted old tastings") })
		}
		if code := p.stop(syscall.SIGTERM); code != 0 || strings.Contains(p.printed(), "S3CR3T") {
			t.Errorf("exit code %d, printed:\n%s", code, p.printed())
		}
		s = openStore(t, path)
		ts, err := s.Tastings(t.Context(), here, bot.Query{})
		if err != nil || len(ts) != tt.want {
			t.Errorf("with %q %d tastings are kept, %v; want %d", tt.retention, len(ts), err, tt.want)
		}
		s.Close()
	}
}
