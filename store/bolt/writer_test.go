package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Of requests that share a transaction, those that fail leave nothing and
// spoil nobody, even if they have written before they fail.
func TestFailuresDoNotSpoilOthers(t *testing.T) {
	s, _ := openBallot(t)
	no := errors.New("no")
	put := func(name string) func(*txn) error {
		return func(tx *txn) error { return tx.put(secrets, []byte(name), nil) }
	}
	fail := func(name string) func(*txn) error {
		return func(tx *txn) error { return errors.Join(tx.put(secrets, []byte(name), nil), no) }
	}
	refuse := func(*txn) error { return no }
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 50 {
		var batch []*request
		for i := range 1 + r.IntN(12) {
			name := fmt.Sprintf("%d/%d", round, i)
			f := []func(*txn) error{put(name), fail(name), refuse}[r.IntN(3)]
			batch = append(batch, &request{change: f, answer: make(chan error, 1)})
		}
		// Hold the writer until all of them wait.
		hold := make(chan struct{})
		go s.update(t.Context(), func(*txn) error { <-hold; return nil })
		for _, r := range batch {
			s.queue <- r
		}
		close(hold)
		for i, r := range batch {
			err := <-r.answer
			if err != nil && !errors.Is(err, no) {
				t.Fatal(err)
			}
			kept, viewErr := view(t.Context(), s, func(tx *txn) (bool, error) {
				v, err := tx.get(secrets, fmt.Appendf(nil, "%d/%d", round, i))
				return v != nil, err
			})
			if viewErr != nil || kept != (err == nil) {
				t.Errorf("request %d of %d: error %v, and kept is %v, %v", i, len(batch), err, kept, viewErr)
			}
		}
	}
	if err := s.Healthy(); err != nil {
		t.Error(err)
	}
}

// What shares a transaction sees what came before it: after a close, a vote
// and another close in the same transaction are refused.
func TestCloseAndVoteInOneTransaction(t *testing.T) {
	s, id := openBallot(t)
	hold, held := make(chan struct{}), make(chan struct{})
	go s.update(t.Context(), func(*txn) error { close(held); <-hold; return nil })
	<-held
	closeIt := func(tx *txn) error {
		x, err := tx.tastingIn(id.TastingID, bot.Open)
		if err != nil {
			return err
		}
		x.State = bot.Closing
		return tx.putTastingSettling(x)
	}
	vote := func(tx *txn) error {
		return hear(tx, id, bot.Voter{Workspace: id.Workspace}, bot.First, bot.Mark{On: true, At: time.Unix(1, 0)})
	}
	var waiting []*request
	for _, f := range []func(*txn) error{vote, closeIt, vote, closeIt} {
		r := &request{change: f, answer: make(chan error, 1)}
		s.queue <- r
		waiting = append(waiting, r)
	}
	close(hold)
	for i, want := range []error{nil, nil, bot.ErrClosed, bot.ErrMoved} {
		if err := <-waiting[i].answer; !errors.Is(err, want) {
			t.Errorf("of a vote, a close, a vote and a close, number %d: %v; want %v", i+1, err, want)
		}
	}
}

// Close keeps what already waits.
func TestCloseDrainsTheQueue(t *testing.T) {
	s, id := openBallot(t)
	hold, held := make(chan struct{}), make(chan struct{})
	go s.update(t.Context(), func(*txn) error { close(held); <-hold; return nil })
	<-held
	var waiting []*request
	for i := range 3 {
		r := &request{answer: make(chan error, 1), change: func(tx *txn) error {
			return hear(tx, id, bot.Voter{Workspace: id.Workspace, User: fmt.Sprint(i)}, bot.First, bot.Mark{On: true, At: time.Unix(1, 0)})
		}}
		s.queue <- r
		waiting = append(waiting, r)
	}
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	<-s.stop
	close(hold)
	for i, r := range waiting {
		if err := <-r.answer; err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), silent, s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if vs, err := s.Votes(t.Context(), id); err != nil || len(vs) != 3 {
		t.Errorf("opened again, there are %d votes, %v; want 3", len(vs), err)
	}
}

// A change that panics fails alone.
func TestChangePanics(t *testing.T) {
	s, id := openBallot(t)
	err := s.Update(t.Context(), id.TastingID, bot.Open, func(t *bot.Tasting) error { panic("oops") })
	if err == nil || !strings.Contains(err.Error(), "oops") {
		t.Errorf("Update: %v; want the panic as an error", err)
	}
	if err := s.Hear(t.Context(), id, bot.Voter{Workspace: id.Workspace}, bot.First, bot.Mark{On: true, At: time.Unix(1, 0)}); err != nil {
		t.Errorf("Hear afterwards: %v", err)
	}
}

// A caller whose context ends while it waits is gone: nothing of it is kept.
func TestGivenUpInTheQueue(t *testing.T) {
	s, id := openBallot(t)
	hold, held := make(chan struct{}), make(chan struct{})
	go s.update(t.Context(), func(*txn) error { close(held); <-hold; return nil })
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		gone <- s.Hear(ctx, id, bot.Voter{Workspace: id.Workspace, User: "annabel"}, bot.First, bot.Mark{On: true, At: time.Unix(1, 0)})
	}()
	for len(s.queue) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("Hear: %v; want context.Canceled", err)
	}
	close(hold)
	if err := s.Reserve(t.Context(), "after it", 1, -1); err != nil {
		t.Fatal(err)
	}
	if vs, err := s.Votes(t.Context(), id); err != nil || len(vs) > 0 {
		t.Errorf("there are votes %v, %v; want none", vs, err)
	}
}

// The store works inside a bubble of synctest, where time is the bubble's.
func TestInABubble(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), silent, path)
		if err != nil {
			t.Fatal(err)
		}
		at := bot.Place{Workspace: bot.Workspace{Platform: "web", ID: "w"}}
		made, err := s.CreateTasting(t.Context(), bot.Tasting{Place: at}, nil)
		if err != nil {
			t.Fatal(err)
		}
		key := bot.PostKey{Tasting: made.ID, What: "head"}
		began := time.Now()
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Hour)
				since, _, err := s.Intend(t.Context(), at, key)
				if err != nil || i > 0 && !since.Equal(began) {
					t.Errorf("after %d hours the first intent was at %v, %v; want %v", i, since, err, began)
				}
			})
		}
		wg.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Acknowledged means on disk, after a power cut too: a kill cannot show that.
func TestCommitsWaitForTheDisk(t *testing.T) {
	s, _ := openBallot(t)
	if s.db.NoSync || s.db.NoGrowSync {
		t.Errorf("a commit does not wait for the disk: NoSync %t, NoGrowSync %t", s.db.NoSync, s.db.NoGrowSync)
	}
	root := os.DirFS("../..")
	read := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, name)
		read++
		if strings.Contains(string(src), "bolt.OpenUnsynced(") {
			t.Errorf("%s opens a store that does not wait for the disk: that is for tests", name)
		}
		return err
	})
	if err != nil || read < 100 {
		t.Errorf("%d files of the program were read, %v", read, err)
	}
}
