package bolt

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// swapFile makes the store write to the file with descriptor to; the result
// undoes it.
func swapFile(t *testing.T, s *Store, to int) (undo func()) {
	t.Helper()
	path := s.db.Path()
	var fd int
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
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
		t.Fatal(err)
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

// A file that is cut off under the store's feet ends the store, not the process.
func TestFileCutOff(t *testing.T) {
	s, id := openBallot(t)
	if err := os.Truncate(s.path, 2*4096); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Tasting(t.Context(), id.TastingID); !errors.Is(err, ErrDamaged) {
		t.Errorf("a read: %v; want ErrDamaged", err)
	}
	if err := s.Healthy(); !errors.Is(err, ErrDamaged) {
		t.Errorf("Healthy: %v; want ErrDamaged", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}
