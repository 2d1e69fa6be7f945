package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// listen opens the page's address.
func listen(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program; choose another with --listen, as 127.0.0.1:0 for any free one: %w", addr, err)
	}
	if err != nil {
		return nil, fmt.Errorf("serve the page: %w", err)
	}
	return ln, nil
}

// How long everything may take to stop, of this the requests that are under way.
// Docker kills after ten seconds.
const (
	graceTime = 8 * time.Second
	drainTime = 5 * time.Second
)

// serve answers what comes to ln with h until ctx is done. Requests under way
// are finished; those that take longer than drainTime are cut off. what is said
// in errors, as "the web chat". It closes ln.
//
// No limit is set for answers: a page's events go on for hours. Whoever takes or
// gives more than a minute's worth sets deadlines of its own.
func serve(ctx context.Context, log *slog.Logger, what string, ln net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second, // phones on bad lines are the slowest that come here
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(drained)
		// A context of its own: ctx is done, and requests may still finish.
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		if srv.Shutdown(late) != nil {
			srv.Close()
		}
	})
	err := srv.Serve(ln)
	if !stop() {
		<-drained // Serve returns as soon as Shutdown begins
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %s on %s: %w", what, ln.Addr(), err)
}

// together runs all parts until one fails or ctx is done, and waits for them.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	group, parted := errgroup.WithContext(ctx)
	for _, part := range parts {
		group.Go(func() error { return part(parted) })
	}
	done := make(chan error, 1)
	go func() { done <- group.Wait() }()
	select {
	case err := <-done:
		return unlessTold(ctx, err)
	case <-parted.Done():
	}
	select {
	case err := <-done:
		return unlessTold(ctx, err)
	case <-time.After(graceTime):
		return fmt.Errorf("not everything stopped within %v; what was acknowledged is on disk all the same", graceTime)
	}
}

// unlessTold is err, but for what is cut short since ctx is done: whoever is told to stop
// has not failed.
func unlessTold(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
