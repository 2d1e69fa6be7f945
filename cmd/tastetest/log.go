package main

import (
	"io"
	"log/slog"
)

// logger logs to w, for people and for grep.
func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
