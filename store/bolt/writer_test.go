package bolt

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
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
		return func(tx *txn) error { return tx.put(done, []byte(name), nil) }
	}
	fail := func(name string) func(*txn) error {
		return func(tx *txn) error { return errors.Join(tx.put(done, []byte(name), nil), no) }
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
				v, err := tx.get(done, fmt.Appendf(nil, "%d/%d", round, i))
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
	if err := s.Done(t.Context(), "after it"); err != nil {
		t.Fatal(err)
	}
	if vs, err := s.Votes(t.Context(), id); err != nil || len(vs) > 0 {
		t.Errorf("there are votes %v, %v; want none", vs, err)
	}
}

// swapFile makes the store write to the file with descriptor to; the result
// undoes it.
func swapFile(t *testing.T, s *Store, to int) (undo func()) {
	t.Helper()
	path := s.db.Path()
	var fd int
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("needs /proc/self/fd, so Linux")
	}
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && target == path && e.Name() != fmt.Sprint(to) {
			fmt.Sscan(e.Name(), &fd)
		}
	}
	if fd == 0 {
		t.Fatalf("%s is not open", path)
	}
	saved, err := syscall.Dup(fd)
	if err == nil {
		err = syscall.Dup3(to, fd, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := errors.Join(syscall.Dup3(saved, fd, 0), syscall.Close(saved)); err != nil {
			t.Fatal(err)
		}
	}
}

// While the disk is full, votes are refused, those from before can be read,
// and once there is room it goes on.
func TestDiskFull(t *testing.T) {
	s, id := openBallot(t)
	voter := func(name string) bot.Voter { return bot.Voter{Workspace: id.Workspace, User: name} }
	mark := bot.Mark{On: true, At: time.Unix(1, 0)}
	if err := s.Hear(t.Context(), id, voter("before"), bot.First, mark); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("needs /dev/full")
	}
	defer full.Close()

	undo := swapFile(t, s, int(full.Fd()))
	for range 3 {
		if err := s.Hear(t.Context(), id, voter("full"), bot.First, mark); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("a vote on a full disk: %v; want ENOSPC", err)
		}
	}
	if err := s.Healthy(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Healthy on a full disk: %v; want ENOSPC", err)
	}
	if vs, err := s.Votes(t.Context(), id); err != nil || len(vs) != 1 || vs[0].Voter.User != "before" {
		t.Errorf("on a full disk the votes are %v, %v; want the one from before", vs, err)
	}
	undo()
	if err := s.Hear(t.Context(), id, voter("after"), bot.First, mark); err != nil {
		t.Errorf("a vote once there is room: %v", err)
	}
	if err := s.Healthy(); err != nil {
		t.Errorf("Healthy once there is room: %v", err)
	}
}

// After an I/O error nobody knows what is on disk: the store stops.
func TestDiskError(t *testing.T) {
	s, id := openBallot(t)
	voter := bot.Voter{Workspace: id.Workspace, User: "annabel"}
	mark := bot.Mark{On: true, At: time.Unix(1, 0)}
	readOnly, err := os.Open(s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()

	undo := swapFile(t, s, int(readOnly.Fd()))
	if err := s.Hear(t.Context(), id, voter, bot.First, mark); err == nil {
		t.Error("a vote that could not be written was acknowledged")
	}
	undo()
	if err := s.Healthy(); err == nil {
		t.Error("Healthy after an I/O error: nil")
	}
	if err := s.Hear(t.Context(), id, voter, bot.First, mark); err == nil {
		t.Error("a vote after an I/O error was acknowledged")
	}
	if _, err := s.Votes(t.Context(), id); err == nil {
		t.Error("votes were read after an I/O error")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), silent, s.path)
	if err != nil {
		t.Fatalf("opened again: %v", err)
	}
	defer s.Close()
	if err := s.Hear(t.Context(), id, voter, bot.First, mark); err != nil {
		t.Errorf("a vote after opening again: %v", err)
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
