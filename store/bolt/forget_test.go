package bolt

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Once a tasting is sealed, no byte of a copy names who was forgotten: not the
// records, not the keys of reservations and jobs, not pages that are free.
func TestForgottenNameIsNowhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s, err := Open(t.Context(), silent, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fillStore(t, s)
	id := bot.TastingID{Workspace: bot.Workspace{Platform: "slack", ID: "T1"}, N: 1}
	names := func(what string) int {
		t.Helper()
		copy := filepath.Join(t.TempDir(), "copy")
		if err := s.Snapshot(t.Context(), copy); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(copy)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte("annabel"))
	}
	if names("before") == 0 {
		t.Fatal("the name is not in a copy to begin with")
	}
	if _, err := s.Forget(t.Context(), bot.Voter{Workspace: id.Workspace, User: "annabel"}); err != nil {
		t.Fatal(err)
	}
	if n := names("while voting"); n != 1 {
		t.Errorf("while people vote a copy has the name %d times; want once, as the starter", n)
	}
	if err := s.Update(t.Context(), id, bot.Open, func(t *bot.Tasting) error { t.State = bot.Closing; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.Seal(t.Context(), id, nil, func(*bot.Tasting, bot.Rows) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if n := names("sealed"); n != 0 {
		t.Errorf("once sealed a copy has the name %d times", n)
	}
	if n := len(dumpBucket(t, s, forgotten)); n != 0 {
		t.Errorf("once sealed %d hashes are left", n)
	}
}

func dumpBucket(t *testing.T, s *Store, b bucket) (keys []string) {
	t.Helper()
	for k := range dump(t, s) {
		if len(k) > len(b) && k[:len(b)+1] == string(b)+"/" {
			keys = append(keys, k)
		}
	}
	return keys
}
