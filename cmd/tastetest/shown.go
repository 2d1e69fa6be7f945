package main

import (
	"io"

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
