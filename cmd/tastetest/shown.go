package main

import (
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/tastetest/tastetest/bot/text"
)

// A shown writer is for people at a terminal: names come from files, from chats
// and from models, and none of them may steer it.
type shown struct{ to io.Writer }

func (s shown) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.to, text.Shown(string(p), "\n\t")); err != nil {
		return 0, err
	}
	return len(p), nil
}

// forPrograms is where data go that another program reads, byte for byte.
func forPrograms(w io.Writer) io.Writer {
	if s, ok := w.(shown); ok {
		return s.to
	}
	return w
}

// advised adds to an error what to do about a disk that takes nothing.
func advised(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w; the disk is full: make room on it, then do this again", err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w; the disk is read-only: make it writable or name a place on another, then do this again", err)
	}
	return err
}
