package bolt

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// A version numbers the formats of the file, from 1.
type version uint32

// A migration turns a file of one version into one of the next.
type migration func(*txn) error

// migrations returns the migrations from version 1 to 2, from 2 to 3, …
func migrations() []migration { return nil }

// migrate brings db from a version to len(ms)+1, in one transaction.
func migrate(db *bbolt.DB, from version, ms []migration) error {
	return guard(func() error {
		return db.Update(func(b *bbolt.Tx) error {
			tx := newTxn(b)
			for i, m := range ms[from-1:] {
				if err := m(tx); err != nil {
					return fmt.Errorf("migrate from format %d: %w", int(from)+i, err)
				}
			}
			return tx.putVersion(version(len(ms) + 1))
		})
	})
}

func (tx *txn) putVersion(v version) error {
	return tx.put(meta, []byte("version"), binary.BigEndian.AppendUint32(nil, uint32(v)))
}
