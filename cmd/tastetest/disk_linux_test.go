package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A full disk is named, with what to do.
func TestFullDiskIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, kestrelAndNova, bot.Revealed, "")
	s.Close()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this machine has no /dev/full:", err)
	}
	defer full.Close()
	var said strings.Builder
	if code := run(t.Context(), []string{"export", "--store", path}, streams{strings.NewReader(""), full, &said}); code != 1 || !strings.Contains(said.String(), "the disk is full: make room on it") {
		t.Errorf("export to a full disk: code %d, says %q", code, said.String())
	}
}

// A read-only disk is named too. What an export could not finish is not left:
// it would pass for a whole one, and be in the way of the next.
func TestHalfAnExportIsNotLeft(t *testing.T) {
	name := filepath.Join(t.TempDir(), "votes.csv")
	err := exportCommand{}.to(name, streams{}, func(w io.Writer) error {
		io.WriteString(w, strings.Repeat("row\n", 5000))
		return &os.PathError{Op: "write", Path: name, Err: syscall.EROFS}
	})
	if said := fmt.Sprint(advised(err)); !strings.Contains(said, "the disk is read-only: make it writable") {
		t.Errorf("it says %s", said)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half an export is left: %v", err)
	}
}
