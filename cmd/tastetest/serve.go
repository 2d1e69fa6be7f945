package main

import (
	"context"
	"errors"
	"fmt"
	"net"
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

// graceTime is how long everything may take to stop. Docker kills after ten.
const graceTime = 8 * time.Second

// together runs all parts until one fails or ctx is done, and waits for them.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		group.Go(func() error { return part(ctx) })
	}
	done := make(chan error, 1)
	go func() { done <- group.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	case <-time.After(graceTime):
		return fmt.Errorf("not everything stopped within %v; what was acknowledged is on disk all the same", graceTime)
	}
}
