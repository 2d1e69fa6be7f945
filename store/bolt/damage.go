package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
)

func damagedRecord(b bucket, key []byte) error {
	return fmt.Errorf("%s record %.80q: %w", b, key, ErrDamaged)
}

// A fault is a panic of bbolt or of a change.
type fault struct {
	cause any
	stack []byte
}

func (f *fault) Error() string { return fmt.Sprintf("%v: %v", ErrDamaged, f.cause) }
func (f *fault) Unwrap() error { return ErrDamaged }

// guard runs f and returns its panics as faults: on damaged pages bbolt
// panics, or reads beyond its map.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = &fault{p, debug.Stack()}
		}
	}()
	return f()
}

// within is guard with a time limit: on some damage bbolt never returns.
// After the limit f is left running.
func within(limit time.Duration, f func() error) error {
	end := make(chan error, 1)
	go func() { end <- guard(f) }()
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case err := <-end:
		return err
	case <-t.C:
		return fmt.Errorf("%w: no end of it after %v", ErrDamaged, limit)
	}
}

// check reads everything: that every page is inside the file, that all
// checksums are right, and that no page is in use twice.
func check(tx *bbolt.Tx, size int64) error {
	if tx.Size() > size {
		return fmt.Errorf("%w: it has %d bytes and should have %d", ErrDamaged, size, tx.Size())
	}
	err := tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			_, err := verify(bucket(name), k, v)
			return err
		})
	})
	if err != nil {
		return err
	}
	var errs []error
	for err := range tx.Check() { // to the end, or its goroutine stays
		if len(errs) < 3 {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %w", ErrDamaged, errors.Join(errs...))
	}
	return nil
}
