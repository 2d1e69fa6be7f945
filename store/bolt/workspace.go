package bolt

import (
	"context"
	"encoding/binary"
	"errors"
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

// nextID counts a workspace's tastings on, or its drafts.
func (tx *txn) nextID(w bot.Workspace, draft bool) (bot.TastingID, error) {
	if !draft {
		n, err := tx.nextNumber(w, w)
		return bot.TastingID{Workspace: w, N: n}, err
	}
	n, err := tx.nextNumber(w, record.Drafts(w))
	return w.Draft(n), err
}

// nextNumber counts what is counted of a workspace on, past what was deleted.
func (tx *txn) nextNumber(w, counted bot.Workspace) (uint64, error) {
	key := record.WorkspaceKey(counted)
	last, err := tx.get(workspaces, key)
	if err != nil {
		return 0, err
	}
	if last == nil { // it is there again, for all that is counted of it
		for _, c := range []bot.Workspace{w, record.Drafts(w)} {
			if err := tx.showNumber(c); err != nil {
				return 0, err
			}
		}
		if last, err = tx.get(workspaces, key); err != nil {
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

// hideNumbers keeps the numbers of a workspace that is being deleted, without
// the workspace's name.
func (tx *txn) hideNumbers(w bot.Workspace) error {
	return errors.Join(tx.hideNumber(w), tx.hideNumber(record.Drafts(w)))
}

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

// showNumber undoes hideNumber, if there is anything to undo.
func (tx *txn) showNumber(w bot.Workspace) error {
	hidden, err := tx.hiddenKey(w)
	if err != nil {
		return err
	}
	last, err := tx.get(workspaces, hidden)
	if last == nil || err != nil {
		return err
	}
	if err := tx.put(workspaces, record.WorkspaceKey(w), append([]byte(nil), last...)); err != nil {
		return err
	}
	return tx.delete(workspaces, hidden)
}

// isHidden reports whether the workspace was, or is being, deleted.
func (tx *txn) isHidden(w bot.Workspace) (bool, error) {
	for _, c := range []bot.Workspace{w, record.Drafts(w)} {
		hidden, err := tx.hiddenKey(c)
		if err != nil {
			return false, err
		}
		if v, err := tx.get(workspaces, hidden); v != nil || err != nil {
			return v != nil, err
		}
	}
	return false, nil
}

func (tx *txn) hiddenKey(w bot.Workspace) ([]byte, error) {
	key, err := tx.ownSecret(record.KeySecret)
	if err != nil {
		return nil, fmt.Errorf("hash a workspace: %w", err)
	}
	return record.Hidden(key, w), nil
}
