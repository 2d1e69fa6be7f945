package bolt

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/bot"
)

var silent = slog.New(slog.DiscardHandler)

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "tastetest.db")
	s, err := Open(t.Context(), silent, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700 | os.ModeDir, filepath.Dir(filepath.Dir(path)): 0o700 | os.ModeDir} {
		if info, err := os.Stat(p); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, %v; want %v", p, info.Mode(), err, want)
		}
	}
	if names, err := filepath.Glob(path + "*"); err != nil || len(names) != 1 {
		t.Errorf("beside the file something is left: %q, %v", names, err)
	}
}

// A file that is not opened is left as it is, and a sentence says what helps.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := goodFile(t)
	newer := file("newer", good)
	change(t, newer, func(tx *txn) error { return tx.putVersion(9) })
	foreign := file("foreign", good)
	change(t, foreign, func(tx *txn) error { return tx.DeleteBucket([]byte(meta)) })
	flipped := bytes.Clone(good)
	flipped[bytes.Index(flipped, []byte("Which reply is better?"))] ^= 1

	for _, tt := range []struct {
		path string
		want error
		say  string
	}{
		{dir, ErrForeign, "is not a file"},
		{file("empty", nil), ErrForeign, "is empty"},
		{file("text", []byte("kestrel,nova\n")), ErrForeign, "is not a file of Tastetest's"},
		{file("long text", bytes.Repeat([]byte("kestrel,nova\n"), 10_000)), ErrForeign, "is not a file of Tastetest's"},
		{foreign, ErrForeign, "choose another"},
		{newer, ErrNewer, "upgrade tastetest"},
		{file("cut off", good[:len(good)/2]), ErrDamaged, "tastetest restore"},
		{file("flipped", flipped), ErrDamaged, "tastetest restore"},
	} {
		t.Run(filepath.Base(tt.path), func(t *testing.T) {
			before, _ := os.ReadFile(tt.path)
			s, err := Open(t.Context(), silent, tt.path)
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, tt.want) {
				t.Fatalf("Open: %v; want %v", err, tt.want)
			}
			sentence, ok := errors.AsType[bot.UserError](err)
			if !ok || err.Error() != sentence.Error() || !strings.Contains(err.Error(), tt.say) || !strings.Contains(err.Error(), tt.path) {
				t.Errorf("it says %q; want a sentence for people with the path and %q", err, tt.say)
			}
			if after, _ := os.ReadFile(tt.path); !bytes.Equal(before, after) {
				t.Error("it changed the file")
			}
		})
	}
}

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s, err := Open(t.Context(), silent, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), silent, path); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "Another tastetest has "+path+" open") {
		t.Errorf("the second Open: %v; want ErrLocked and a sentence", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), silent, path)
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	s.Close()
}

// Of many who start on a new file at once one gets it, and it stays that one's.
func TestOpenNewAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	var mu sync.Mutex
	var got []*Store
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := Open(t.Context(), silent, path)
			if err != nil && !errors.Is(err, ErrLocked) {
				t.Error(err)
			}
			if err == nil {
				mu.Lock()
				got = append(got, s)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(got) != 1 {
		t.Fatalf("%d of 8 have the file open; want 1", len(got))
	}
	if err := got[0].Close(); err != nil {
		t.Fatal(err)
	}
	if names, _ := filepath.Glob(path + "*"); len(names) != 1 {
		t.Errorf("beside the file something is left: %q", names)
	}
}

func TestOpenCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "tastetest.db")
	if _, err := Open(ctx, silent, path); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v; want context.Canceled", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it made the file")
	}
}

// goodFile returns the bytes of a store with a bit of everything in it.
func goodFile(tb testing.TB) []byte {
	tb.Helper()
	dir := tb.TempDir()
	path := filepath.Join(dir, "tastetest.db")
	s, err := Open(tb.Context(), silent, path)
	if err != nil {
		tb.Fatal(err)
	}
	fillStore(tb, s)
	small := filepath.Join(dir, "copy")
	if err := errors.Join(s.Snapshot(tb.Context(), small), s.Close()); err != nil {
		tb.Fatal(err)
	}
	data, err := os.ReadFile(small)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// fillStore makes a tasting with everything that a store keeps, and more votes
// than fit on a page.
func fillStore(tb testing.TB, s *Store) {
	tb.Helper()
	w := bot.Workspace{Platform: "slack", ID: "T1"}
	at := bot.Place{Workspace: w, Channel: "C1"}
	ctx := tb.Context()
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	t, err := s.CreateTasting(ctx, bot.Tasting{
		Place: at, State: bot.Open, Question: "Which reply is better?", Wake: noon, Rounds: make([]bot.Round, 2),
		Starter: bot.Voter{Workspace: w, User: "annabel"}, Invited: []string{"annabel", "bob"},
	}, []bot.Texts{{Prompt: bot.Prompt{Text: strings.Repeat("Why is the sky blue? ", 1000)}}, {Prompt: bot.Prompt{Text: "Why not?"}}})
	must(err)
	for i := range 300 {
		v := bot.Voter{Workspace: w, User: "U" + strings.Repeat("0", i%7) + string(rune('a'+i%26))}
		must(s.Hear(ctx, t.ID.Round(i%2+1), v, bot.Pick(i%4+1), bot.Mark{On: true, At: noon.Add(time.Duration(i))}))
	}
	must(s.Hear(ctx, t.ID.Round(1), bot.Voter{Workspace: w, User: "annabel"}, bot.Tie, bot.Mark{On: true, At: noon}))
	key := bot.PostKey{Tasting: t.ID, Round: 1, What: "ballot"}
	_, _, err = s.Intend(ctx, at, key)
	must(err)
	must(s.Posted(ctx, at, key, bot.Ref{Place: at, Message: "m1"}))
	must(s.Schedule(ctx, bot.JobKey{Workspace: w, Kind: "digest", Name: "C1"}, noon.Add(time.Hour)))
	must(s.Reserve(ctx, "2026-01-05/annabel", 7, -1))
}

// change changes the bbolt file at path.
func change(tb testing.TB, path string, f func(*txn) error) {
	tb.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		tb.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return f(newTxn(tx)) })
	if err := errors.Join(err, db.Close()); err != nil {
		tb.Fatal(err)
	}
}

// dump returns all records of a store, for comparison.
func dump(tb testing.TB, s *Store) map[string]string {
	tb.Helper()
	all := make(map[string]string)
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				all[string(name)+"/"+string(k)] = string(v)
				return nil
			})
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}
