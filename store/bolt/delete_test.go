package bolt

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A file of which everything was deleted is as one that is new, but for the
// secrets, the jobs and sums whose keys are hashes, and the workspace's number.
func TestDeleteLeavesNothing(t *testing.T) {
	s, err := Open(t.Context(), silent, filepath.Join(t.TempDir(), "tastetest.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fillStore(t, s)
	w := bot.Workspace{Platform: "slack", ID: "T1"}
	if err := s.DeleteWorkspace(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	count := make(map[string]int)
	for k := range maps.Keys(dump(t, s)) {
		b, _, _ := strings.Cut(k, "/")
		count[b]++
	}
	for _, b := range []bucket{meta, secrets, reserved} {
		delete(count, string(b))
	}
	if len(count) != 1 || count[string(workspaces)] != 1 {
		t.Errorf("records are left in %v; want one number only", count)
	}
}

// A workspace's deletion that was cut short, after any of its transactions, is
// carried on when the file is opened again; others' votes get in between.
func TestDeletionCarriedOn(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for the disk a hundred times: TestDeleteLeavesNothing is not cut short")
	}
	w := bot.Workspace{Platform: "slack", ID: "T1"}
	steps := 0
	for cut := 1; ; cut++ {
		s, err := Open(t.Context(), silent, filepath.Join(t.TempDir(), "tastetest.db"))
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			at := bot.Place{Workspace: w, Channel: "C1"}
			_, err := s.CreateTasting(t.Context(), bot.Tasting{Place: at, Rounds: make([]bot.Round, 20)}, make([]bot.Texts, 20))
			if err != nil {
				t.Fatal(err)
			}
		}
		more := true
		for range cut {
			if more, err = write(t.Context(), s, func(tx *txn) (bool, error) { return tx.deleteSome(w) }); err != nil {
				t.Fatal(err)
			}
		}
		left, err := s.Tastings(t.Context(), w, bot.Query{})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		if more == (len(left) == 0) {
			t.Errorf("after %d transactions %d tastings are left, and more to do: %v", cut, len(left), more)
		}
		if s, err = Open(t.Context(), silent, s.path); err != nil {
			t.Fatal(err)
		}
		after, err := s.Tastings(t.Context(), w, bot.Query{})
		if err != nil || len(after) > 0 {
			t.Errorf("cut short after %d transactions and opened again: %d tastings, %v; want none", cut, len(after), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if steps++; !more {
			break
		}
	}
	if steps < 3 {
		t.Errorf("200 tastings were deleted in %d transactions; want some more, of bounded size", steps)
	}
}

// What shares a transaction with a deletion sees what came before it.
func TestDeleteSharesATransaction(t *testing.T) {
	s, id := openBallot(t)
	hold, held := make(chan struct{}), make(chan struct{})
	go s.update(t.Context(), func(*txn) error { close(held); <-hold; return nil })
	<-held
	vote := func(tx *txn) error {
		return hear(tx, id, bot.Voter{Workspace: id.Workspace}, bot.First, bot.Mark{On: true, At: time.Unix(1, 0)})
	}
	remove := func(tx *txn) error { return tx.deleteTasting(id.TastingID) }
	var waiting []*request
	for _, f := range []func(*txn) error{vote, remove, vote, remove} {
		r := &request{change: f, answer: make(chan error, 1)}
		s.queue <- r
		waiting = append(waiting, r)
	}
	close(hold)
	var got []string
	for _, r := range waiting {
		got = append(got, fmt.Sprint(<-r.answer))
	}
	want := []string{"<nil>", "<nil>", bot.ErrNotFound.Error(), bot.ErrNotFound.Error()}
	if !slices.Equal(got, want) {
		t.Errorf("a vote, a deletion, a vote and a deletion: %q; want %q", got, want)
	}
}
