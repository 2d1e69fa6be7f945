package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

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
