package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
)

// lead returns at once for a file, which is one bot's alone. In a database it
// waits until no other replica acts, and answers what comes to ln meanwhile. The
// context that it returns ends when another may act.
func lead(ctx context.Context, log *slog.Logger, kept store.Store, ln net.Listener) (context.Context, error) {
	shared, ok := kept.(*postgres.Store)
	if !ok {
		return ctx, nil
	}
	lent := &lentListener{TCPListener: ln.(*net.TCPListener)}
	answering, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- serve(answering, log, "those who ask a replica that stands by", lent, http.HandlerFunc(standBy))
	}()
	led, err := shared.Lead(ctx, func() {
		log.Info("another replica is at work; this one stands by and takes over when that is gone")
	})
	stop()
	return led, errors.Join(err, <-done, lent.SetDeadline(time.Time{}))
}

// A lentListener is closed for whoever serves it, and stays open for who comes next.
type lentListener struct{ *net.TCPListener }

func (l *lentListener) Close() error { return l.SetDeadline(time.Unix(1, 0)) }

// standBy says to whoever asks that this replica is well (/healthz) and not the one to ask.
func standBy(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/healthz" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	io.WriteString(w, "This replica stands by; another is at work.\n")
}

// deposed is an error if ctx ended because another replica may act.
func deposed(ctx context.Context) error {
	if err := context.Cause(ctx); errors.Is(err, postgres.ErrDeposed) {
		return fmt.Errorf("%w; start this one again to let it stand by", err)
	}
	return nil
}
