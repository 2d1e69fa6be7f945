package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"go.etcd.io/bbolt"
)

// Snapshot implements [bot.Store]. It writes records, not pages, so that a
// copy holds nothing that was deleted before, and no damage. A file that is
// already at path is an error, fs.ErrExist, and stays as it is.
func (s *Store) Snapshot(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("write a copy to %s: %w", path, fs.ErrExist)
	}
	began := time.Now()
	_, err := view(ctx, s, func(tx *txn) (struct{}, error) {
		return struct{}{}, writeNew(path, !s.db.NoSync, func(db *bbolt.DB) error {
			if err := copyRecords(ctx, db, tx); err != nil {
				return err
			}
			return markTaken(db, began)
		})
	})
	if err != nil {
		return fmt.Errorf("write a copy to %s: %w", path, err)
	}
	return nil
}

// copyRecords copies all buckets of from, a few thousand records a transaction.
func copyRecords(ctx context.Context, to *bbolt.DB, from *txn) error {
	return from.ForEach(func(name []byte, b *bbolt.Bucket) error {
		err := to.Update(func(tx *bbolt.Tx) error {
			nb, err := tx.CreateBucket(name)
			if err != nil {
				return err
			}
			return nb.SetSequence(b.Sequence())
		})
		c := b.Cursor()
		for k, v := c.First(); k != nil && err == nil; {
			err = to.Update(func(tx *bbolt.Tx) error {
				nb := tx.Bucket(name)
				nb.FillPercent = 1 // they come in order
				for range 10_000 {
					if k == nil {
						break
					}
					if _, err := verify(bucket(name), k, v); err != nil {
						return err
					}
					if err := nb.Put(k, v); err != nil {
						return err
					}
					k, v = c.Next()
				}
				return ctx.Err()
			})
		}
		return err
	})
}

// writeNew makes a new bbolt file at path with what fill puts into it.
// It is there whole, and if durable on disk, or not at all. fs.ErrExist if
// something is.
func writeNew(path string, durable bool, fill func(*bbolt.DB) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	tmp := f.Name()
	defer os.Remove(tmp)
	if err := f.Close(); err != nil {
		return err
	}
	db, err := bbolt.Open(tmp, 0o600, &bbolt.Options{NoSync: true, NoStatistics: true})
	if err != nil {
		return err
	}
	err = fill(db)
	if err == nil && durable {
		err = db.Sync()
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := moveNew(tmp, path); err != nil || !durable {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// moveNew renames a file to path, unless something is there.
func moveNew(tmp, path string) error {
	err := os.Link(tmp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems have no links. There a file that is made right now is lost.
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return os.Rename(tmp, path)
}

// syncFolder makes a new name in dir durable.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such call
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
