package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/tastetest/tastetest/bot"
)

// queueSize bounds what waits for the writer, and so one transaction.
// Whoever finds the queue full waits.
const queueSize = 1024

// A request is a change that waits for the writer. Either the writer takes it
// or its caller gives it up, never both.
type request struct {
	change func(*txn) error
	taken  atomic.Bool
	answer chan error // has room for the one answer
}

// write runs change in a transaction and returns when it is on disk.
// A change that returns an error leaves nothing. It may run more than once,
// and may see what others have changed in the same transaction.
func write[T any](ctx context.Context, s *Store, change func(*txn) (T, error)) (T, error) {
	var got, zero T
	r := &request{answer: make(chan error, 1)}
	r.change = func(tx *txn) (err error) {
		got, err = change(tx)
		return err
	}
	if err := s.do(ctx, r); err != nil {
		return zero, err
	}
	return got, nil
}

// update is write without a result.
func (s *Store) update(ctx context.Context, change func(*txn) error) error {
	return s.do(ctx, &request{change: change, answer: make(chan error, 1)})
}

func (s *Store) do(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if j, ok := bot.JobOf(ctx); ok {
		r.change = s.heldBy(j, r.change)
	}
	select {
	case s.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return errClosed
	}
	select {
	case err := <-r.answer:
		return err
	case <-ctx.Done():
		if r.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
	case <-s.finished:
		if r.taken.CompareAndSwap(false, true) {
			return errClosed
		}
	}
	return <-r.answer
}

// heldBy lets a change happen only while j's holder has the job.
func (s *Store) heldBy(j bot.Job, change func(*txn) error) func(*txn) error {
	return func(tx *txn) error {
		if !s.tenures.holds(j) {
			return fmt.Errorf("%v: %w", j.Key, bot.ErrTerm)
		}
		return change(tx)
	}
}

// run is the writer.
func (s *Store) run() {
	defer close(s.finished)
	for {
		select {
		case r := <-s.queue:
			s.commit(s.drain(r))
		case <-s.stop:
			if len(s.queue) == 0 {
				return
			}
		}
	}
}

// drain takes first and everything else that waits.
func (s *Store) drain(first *request) []*request {
	var batch []*request
	for r := first; ; {
		if r.taken.CompareAndSwap(false, true) {
			batch = append(batch, r)
		}
		if len(batch) == queueSize {
			return batch
		}
		select {
		case r = <-s.queue:
		default:
			return batch
		}
	}
}

// commit runs the batch's changes in one transaction and answers them all.
// If one fails after it has written, everything is undone, and the others go
// without it before it is tried alone.
func (s *Store) commit(batch []*request) {
	if len(batch) == 0 {
		return
	}
	errs, spoiler, err := s.attempt(batch)
	if spoiler >= 0 && len(batch) > 1 {
		alone := batch[spoiler : spoiler+1 : spoiler+1]
		s.commit(slices.Concat(batch[:spoiler], batch[spoiler+1:]))
		s.commit(alone)
		return
	}
	for i, r := range batch {
		if err != nil {
			r.answer <- err
		} else {
			r.answer <- errs[i]
		}
	}
}

// attempt runs the batch's changes in one transaction. errs are what they
// returned, valid if err is nil. spoiler is the one that failed after it had
// written, -1 if there is none; then nothing is kept. Surprising: a change that
// fails without having written spoils nothing.
func (s *Store) attempt(batch []*request) (errs []error, spoiler int, err error) {
	if p := s.broken.Load(); p != nil {
		return nil, -1, *p
	}
	spoiler = -1
	var id int
	committing := false
	err = guard(func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback() // no-op after a commit
		id = tx.ID()
		t := newTxn(tx)
		errs = make([]error, len(batch))
		wrote := false
		for i, r := range batch {
			t.wrote = false
			errs[i] = r.change(t)
			if errs[i] != nil && t.wrote {
				spoiler = i
				return nil
			}
			wrote = wrote || t.wrote
		}
		if !wrote {
			return nil
		}
		committing = true
		return tx.Commit()
	})
	switch {
	case err == nil:
		if committing {
			s.full.Store(nil)
			s.tenures.stir()
		}
		return errs, spoiler, nil
	case committing && isFull(err) && !s.landed(id):
		err = fmt.Errorf("write %s: %w", s.path, err)
		s.full.Store(&err)
	default:
		// After an I/O error nobody knows what is on disk.
		err = fmt.Errorf("write %s, outcome unknown: %w", s.path, err)
		s.fail(err)
	}
	return nil, -1, err
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, berrors.ErrMaxSizeReached)
}

// landed reports whether transaction id, whose commit failed, can be seen
// nevertheless.
func (s *Store) landed(id int) bool {
	landed := true
	err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			landed = tx.ID() >= id
			return nil
		})
	})
	return err != nil || landed
}
