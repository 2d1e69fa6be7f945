package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/store/record"
)

// A Target is a file that is being filled with another store's records. It has
// a name of its own until it is whole, so that it can be filled in several goes
// and nobody opens it before.
type Target struct {
	db         *bbolt.DB
	path, half string
}

// OpenTarget makes a file that will be at path, or opens what an earlier go has
// left. An error is fs.ErrExist if something is at path.
func OpenTarget(path string) (*Target, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("fill %s: %w", path, fs.ErrExist)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("fill %s: %w", path, err)
	}
	t := &Target{path: path, half: path + ".moving"}
	db, err := bbolt.Open(t.half, 0o600, &bbolt.Options{Timeout: 300 * time.Millisecond, NoStatistics: true})
	if err != nil {
		return nil, fmt.Errorf("fill %s: %w", t.half, err)
	}
	t.db = db
	err = db.Update(func(b *bbolt.Tx) error {
		if b.Bucket([]byte(meta)) != nil {
			return nil
		}
		return newTxn(b).makeBuckets(newest())
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fill %s: %w", t.half, err), db.Close())
	}
	return t, nil
}

// Count returns how many records of a kind there are.
func (t *Target) Count(_ context.Context, kind record.Kind) (n int, err error) {
	err = t.db.View(func(tx *bbolt.Tx) error {
		n = tx.Bucket([]byte(kind)).Stats().KeyN
		return nil
	})
	return n, err
}

// Add adds records of a kind, all or none.
func (t *Target) Add(_ context.Context, kind record.Kind, rs []record.Record) error {
	return t.db.Update(func(b *bbolt.Tx) error { return newTxn(b).add(kind, rs) })
}

// Records calls f on the records of a kind, but for the first so many.
func (t *Target) Records(ctx context.Context, kind record.Kind, skip int, f func(record.Record) error) error {
	return t.db.View(func(b *bbolt.Tx) error { return newTxn(b).records(ctx, kind, skip, f) })
}

// SetRestored says that what is moved was a copy, made at a time.
func (t *Target) SetRestored(_ context.Context, at time.Time) error {
	return t.db.Update(func(b *bbolt.Tx) error {
		return newTxn(b).put(meta, restored, binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())))
	})
}

// Finish gives the file its name.
func (t *Target) Finish(context.Context) error {
	if err := t.db.Close(); err != nil {
		return err
	}
	if err := moveNew(t.half, t.path); err != nil {
		return err
	}
	if err := os.Remove(t.half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncFolder(filepath.Dir(t.path))
}

// Close closes the file as it is; a later go carries on.
func (t *Target) Close() error { return t.db.Close() }
