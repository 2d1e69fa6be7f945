package bolt

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Workspaces implements [bot.Store]. They are in a fixed order.
func (s *Store) Workspaces(ctx context.Context) ([]bot.Workspace, error) {
	return view(ctx, s, func(tx *txn) (ws []bot.Workspace, err error) {
		err = tx.eachWorkspace(func(w bot.Workspace) error {
			ws = append(ws, w)
			return nil
		})
		return ws, err
	})
}

// eachWorkspace calls f on every workspace that has a tasting. f must not write.
func (tx *txn) eachWorkspace(f func(bot.Workspace) error) error {
	c := tx.Bucket([]byte(gates)).Cursor()
	for key, _ := c.First(); key != nil; {
		w, _, err := cutWorkspace(key)
		if err != nil {
			return err
		}
		if err := f(w); err != nil {
			return err
		}
		last := record.WorkspaceKey(w)
		for key, _ = c.Seek(record.TastingKey(bot.TastingID{Workspace: w, N: 1<<64 - 1})); hasPrefix(key, last); {
			key, _ = c.Next()
		}
	}
	return nil
}

// nextNumber counts a workspace's tastings on, past those that were deleted.
func (tx *txn) nextNumber(w bot.Workspace) (uint64, error) {
	key := record.WorkspaceKey(w)
	last, err := tx.get(workspaces, key)
	if err != nil {
		return 0, err
	}
	if last == nil {
		if last, err = tx.takeNumber(w); err != nil {
			return 0, err
		}
	}
	n := uint64(1)
	back, err := tx.metaTime(restored)
	if err != nil {
		return 0, err
	}
	switch {
	case last == nil && !back.IsZero(): // it may have had its first tastings since the copy was made
		n += 2 * spare
	case last != nil:
		if len(last) != 8 {
			return 0, damagedRecord(workspaces, key)
		}
		n += binary.BigEndian.Uint64(last)
	}
	return n, tx.put(workspaces, key, binary.BigEndian.AppendUint64(nil, n))
}

// hideNumber keeps the number of a workspace that is being deleted, without
// the workspace's name.
func (tx *txn) hideNumber(w bot.Workspace) error {
	last, err := tx.get(workspaces, record.WorkspaceKey(w))
	if last == nil || err != nil {
		return err
	}
	hidden, err := tx.hiddenKey(w)
	if err != nil {
		return err
	}
	if err := tx.put(workspaces, hidden, append([]byte(nil), last...)); err != nil {
		return err
	}
	return tx.delete(workspaces, record.WorkspaceKey(w))
}

// takeNumber undoes hideNumber, and returns nil if there is nothing to undo.
func (tx *txn) takeNumber(w bot.Workspace) ([]byte, error) {
	hidden, err := tx.hiddenKey(w)
	if err != nil {
		return nil, err
	}
	last, err := tx.get(workspaces, hidden)
	if last == nil || err != nil {
		return nil, err
	}
	last = append([]byte(nil), last...)
	return last, tx.delete(workspaces, hidden)
}

// isHidden reports whether the workspace was, or is being, deleted.
func (tx *txn) isHidden(w bot.Workspace) (bool, error) {
	hidden, err := tx.hiddenKey(w)
	if err != nil {
		return false, err
	}
	v, err := tx.get(workspaces, hidden)
	return v != nil, err
}

func (tx *txn) hiddenKey(w bot.Workspace) ([]byte, error) {
	key, err := tx.ownSecret(record.KeySecret)
	if err != nil {
		return nil, fmt.Errorf("hash a workspace: %w", err)
	}
	return record.Hidden(key, w), nil
}
