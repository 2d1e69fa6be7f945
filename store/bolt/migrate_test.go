package bolt

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// testdata/v1.db is a file of version 1, made by what fillStore was then.
// Every later version must be able to read it.
const golden = "testdata/v1.db"

func TestGolden(t *testing.T) {
	s := openGolden(t, migrations())
	id := bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 1}
	got, err := s.Tasting(t.Context(), id)
	if err != nil || got.Question != "Which reply is better?" || got.State != bot.Open {
		t.Errorf("Tasting: %v, %v", got, err)
	}
	annabel := bot.Voter{Workspace: id.Workspace, User: "annabel"}
	if v, err := s.Vote(t.Context(), id.Round(1), annabel); err != nil || v.Pick() != bot.Tie {
		t.Errorf("annabel's vote: %v, %v; want a tie", v, err)
	}
	if x, err := s.Texts(t.Context(), id.Round(2)); err != nil || x.Prompt.Text != "Why not?" {
		t.Errorf("Texts: %q, %v", x.Prompt.Text, err)
	}
	at := bot.Place{Workspace: id.Workspace, Channel: "C1"}
	if r, err := s.ByRef(t.Context(), bot.Ref{Place: at, Message: "m1"}); err != nil || r != id.Round(1) {
		t.Errorf("ByRef: %v, %v; want 1.1", r, err)
	}
	if n, err := s.Reserved(t.Context(), "2026-01-05/annabel"); err != nil || n != 7 {
		t.Errorf("Reserved: %d, %v; want 7", n, err)
	}
	j, ok, err := s.Take(t.Context(), got.Wake, time.Minute)
	if err != nil || !ok || j.Key != id.Job() || !j.Due.Equal(got.Wake) {
		t.Errorf("Take: %+v, %v, %v; want the tasting's next step", j, ok, err)
	}
	if _, ok, err := s.Take(t.Context(), got.Wake.Add(-1), time.Minute); err != nil || ok {
		t.Errorf("before that: %v, %v; want nothing", ok, err)
	}
	if err := s.Hear(t.Context(), id.Round(2), annabel, bot.First, bot.Mark{On: true, At: got.Wake}); err != nil {
		t.Errorf("a vote after the migration: %v", err)
	}
}

// A file of version 1 goes through all migrations, in order and once.
func TestMigrate(t *testing.T) {
	var ran []int
	step := func(n int) migration {
		return func(tx *txn) error {
			ran = append(ran, n)
			v, err := tx.secret("steps")
			if err != nil {
				return err
			}
			return tx.put(secrets, record.AppendString(nil, "steps"), append(bytes.Clone(v), byte(n)))
		}
	}
	old := openGolden(t, migrations())
	before := dump(t, old)
	old.Close()

	s, err := open(t.Context(), silent, old.path, append(migrations(), step(1), step(2)), true)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s, err = open(t.Context(), silent, old.path, append(migrations(), step(1), step(2), step(3)), true)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Secret(t.Context(), "steps"); err != nil || string(got) != "\x01\x02\x03" || len(ran) != 3 {
		t.Errorf("migrations %v ran, and left %v, %v; want 1, 2, 3", ran, got, err)
	}
	after := dump(t, s)
	s.Close()
	for _, all := range []map[string]string{before, after} {
		delete(all, "meta/version")
		delete(all, "secrets/\x05steps")
	}
	if !maps.Equal(before, after) {
		t.Error("other records changed")
	}

	if _, err := open(t.Context(), silent, old.path, append(migrations(), step(1), step(2)), true); !errors.Is(err, ErrNewer) {
		t.Errorf("the version before it opens the file with %v; want ErrNewer", err)
	}
}

// What was sealed before there were cells gets them, as Seal would have made them.
func TestCellsOfOldVotes(t *testing.T) {
	s, id := openBallot(t)
	ctx := t.Context()
	for i, user := range []string{"annabel", "bob", "cho", "dot"} {
		v := bot.Voter{Workspace: id.Workspace, User: user}
		if err := s.Hear(ctx, id, v, bot.Pick(i+1), bot.Mark{On: true, At: time.Unix(1, 0)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(ctx, id.TastingID, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }); err != nil {
		t.Fatal(err)
	}
	vs, err := s.Votes(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seal(ctx, id.TastingID, vs, func(*bot.Tasting, bot.Rows) error { return nil }); err != nil {
		t.Fatal(err)
	}
	want, err := s.Cells(ctx, id.Workspace)
	if err != nil || len(want[id.TastingID]) != 1 || len(want[id.TastingID][0]) != 4 {
		t.Fatalf("sealed, the cells are %v, %v; want four in one round", want, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, s.path, func(tx *txn) error {
		return errors.Join(tx.DeleteBucket([]byte(cells)), tx.putVersion(2))
	})
	s, err = Open(ctx, silent, s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Cells(ctx, id.Workspace); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after the migration the cells are %v, %v; want %v", got, err, want)
	}
}

// A migration that fails leaves the file at its version.
func TestMigrationFails(t *testing.T) {
	old := openGolden(t, migrations())
	before := dump(t, old)
	old.Close()
	no := errors.New("no")
	_, err := open(t.Context(), silent, old.path, append(migrations(),
		func(tx *txn) error { return tx.put(secrets, []byte("x"), nil) },
		func(*txn) error { return no },
	), true)
	if !errors.Is(err, no) {
		t.Errorf("open: %v; want the migration's error", err)
	}
	s, err := open(t.Context(), silent, old.path, migrations(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !maps.Equal(before, dump(t, s)) {
		t.Error("the file changed")
	}
}

// openGolden opens a copy of the golden file.
func openGolden(t *testing.T, ms []migration) *Store {
	t.Helper()
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tastetest.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := open(t.Context(), silent, path, ms, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
