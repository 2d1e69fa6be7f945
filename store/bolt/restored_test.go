package bolt

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A copy knows when it was made; what is opened and was never one does not.
func TestRestored(t *testing.T) {
	dir := t.TempDir()
	first := open1(t, filepath.Join(dir, "first"))
	if at := first.Restored(); !at.IsZero() {
		t.Errorf("a new store was a copy of %v", at)
	}
	before := time.Now()
	if err := first.Snapshot(t.Context(), filepath.Join(dir, "copy")); err != nil {
		t.Fatal(err)
	}
	after := time.Now()
	for range 2 { // also the second time
		s := open1(t, filepath.Join(dir, "copy"))
		if at := s.Restored(); at.Before(before) || at.After(after) {
			t.Errorf("the copy was made at %v, not between %v and %v", at, before, after)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func open1(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), slog.New(slog.DiscardHandler), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Before a file is brought to a new format a copy in the old one is kept beside it.
func TestOldFormatIsKept(t *testing.T) {
	s := openGolden(t, migrations())
	kept, _ := filepath.Glob(s.path + ".format-1-*")
	if len(kept) != 1 {
		t.Fatalf("kept are %v, want one copy", kept)
	}
	if v, err := inspect(kept[0], 2); err != nil || v != 1 {
		t.Errorf("the copy has format %d, %v", v, err)
	}
}

// Jobs that nobody does are late; one that somebody has is not.
func TestLate(t *testing.T) {
	s := open1(t, filepath.Join(t.TempDir(), "db"))
	now := time.Now()
	for name, due := range map[string]time.Duration{"a": -time.Hour, "b": -time.Minute, "c": time.Hour} {
		if err := s.Schedule(t.Context(), bot.JobKey{Kind: bot.JudgeJob, Name: name}, now.Add(due)); err != nil {
			t.Fatal(err)
		}
	}
	jobs, longest, err := s.Late(t.Context(), now.Add(-30*time.Second))
	if err != nil || jobs != 2 || longest.Round(time.Minute) != time.Hour {
		t.Errorf("late are %d jobs, the longest by %v, %v; want 2, 1h", jobs, longest, err)
	}
	if _, ok, err := s.Take(t.Context(), now, time.Minute); err != nil || !ok {
		t.Fatal(err)
	}
	if jobs, longest, err = s.Late(t.Context(), now.Add(-30*time.Second)); err != nil || jobs != 1 || longest.Round(time.Minute) != time.Minute {
		t.Errorf("once one is taken late are %d jobs, the longest by %v, %v; want 1, 1m", jobs, longest, err)
	}
}
