package bolt

import (
	"encoding/binary"
	"fmt"
	"log/slog"

	"go.etcd.io/bbolt"
)

// A version numbers the formats of the file, from 1.
type version uint32

// A migration turns a file of one version into one of the next.
type migration func(*txn) error

// migrations returns the migrations from version 1 to 2, from 2 to 3, …
func migrations() []migration { return nil }

// migrate brings db to version len(ms)+1 in one transaction.
func migrate(log *slog.Logger, db *bbolt.DB, ms []migration) error {
	var from, to version
	err := guard(func() error {
		return db.Update(func(b *bbolt.Tx) (err error) {
			tx := newTxn(b)
			from, err = versionOf(tx)
			if err != nil {
				return err
			}
			to = max(from, version(len(ms)+1))
			if from == to {
				return nil
			}
			for v := from; v < to; v++ {
				if err := ms[v-1](tx); err != nil {
					return fmt.Errorf("migrate from format %d: %w", v, err)
				}
			}
			return tx.putVersion(to)
		})
	})
	if err == nil && from < to {
		log.Info("migrated the store", "from", from, "to", to)
	}
	return err
}

func (tx *txn) putVersion(v version) error {
	return tx.put(meta, []byte("version"), binary.BigEndian.AppendUint32(nil, uint32(v)))
}
