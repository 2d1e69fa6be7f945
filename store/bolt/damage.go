package bolt

import (
	"fmt"
	"runtime/debug"

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

// check reads all records: those of every bucket that there must be, and
// whatever else there is.
func check(tx *bbolt.Tx, must []bucket) error {
	for _, b := range must {
		if tx.Bucket([]byte(b)) == nil {
			return fmt.Errorf("%w: it has no bucket %s", ErrDamaged, b)
		}
	}
	return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		if b == nil {
			return fmt.Errorf("%w: %q is no bucket", ErrDamaged, name)
		}
		return b.ForEach(func(k, v []byte) error {
			_, err := verify(bucket(name), k, v)
			return err
		})
	})
}
