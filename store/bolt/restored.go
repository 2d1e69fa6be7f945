package bolt

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"time"

	"go.etcd.io/bbolt"

	"github.com/tastetest/tastetest/store/record"
)

// Keys of meta about copies, each with a time in nanoseconds since 1970.
var (
	taken    = []byte("taken")    // of a copy: when it was made
	restored = []byte("restored") // when the copy was made that this file was
)

// spare is how many numbers of tastings may have been given between a copy and its
// coming back, in a workspace. Buttons of these must not mean new tastings.
const spare = 100

// markTaken says in a copy when it was made.
func markTaken(db *bbolt.DB, at time.Time) error {
	return db.Update(func(b *bbolt.Tx) error {
		return newTxn(b).put(meta, taken, binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())))
	})
}

// comeBack makes a store of a copy that is opened as one: it remembers when it was
// made, and passes over the numbers that may have been given since.
func (s *Store) comeBack(ctx context.Context) error {
	was, err := view(ctx, s, func(tx *txn) ([2]time.Time, error) {
		t, err := tx.metaTime(taken)
		if err != nil {
			return [2]time.Time{}, err
		}
		r, err := tx.metaTime(restored)
		return [2]time.Time{t, r}, err
	})
	if err != nil {
		return err
	}
	if s.restored = was[1]; was[0].IsZero() {
		return nil
	}
	return s.SetRestored(ctx, was[0])
}

// Restored is when the copy was made that this file was; zero if it never was one.
func (s *Store) Restored() time.Time { return s.restored }

// SetRestored says that the file was a copy, made at a time. No new tasting gets one of
// the next hundred numbers. It is not for use beside other calls.
func (s *Store) SetRestored(ctx context.Context, at time.Time) error {
	err := s.update(ctx, func(tx *txn) error {
		last := make(map[string]uint64)
		err := tx.each(workspaces, nil, func(k, v []byte) error {
			if len(v) != 8 {
				return damagedRecord(workspaces, k)
			}
			last[string(k)] = binary.BigEndian.Uint64(v)
			return nil
		})
		if err != nil {
			return err
		}
		for key := range maps.Clone(last) { // where nothing was drafted before, something may have been since
			if w, rest, ok := record.CutWorkspace([]byte(key)); ok && len(rest) == 0 && !record.OfDrafts(w) {
				drafts := string(record.WorkspaceKey(record.Drafts(w)))
				if _, counted := last[drafts]; !counted {
					last[drafts] = 0
				}
			}
		}
		for key, n := range last {
			n = (n/spare + 2) * spare
			if err := tx.put(workspaces, []byte(key), binary.BigEndian.AppendUint64(nil, n)); err != nil {
				return err
			}
		}
		if err := tx.delete(meta, taken); err != nil {
			return err
		}
		return tx.put(meta, restored, binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())))
	})
	if err != nil {
		return fmt.Errorf("note that %s was a copy: %w", s.path, err)
	}
	s.restored = at
	return nil
}

// metaTime reads a time of meta; zero if there is none.
func (tx *txn) metaTime(key []byte) (time.Time, error) {
	v, err := tx.get(meta, key)
	if v == nil || err != nil {
		return time.Time{}, err
	}
	if len(v) != 8 {
		return time.Time{}, damagedRecord(meta, key)
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(v))), nil
}
