package bolt

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// mostDeleted is about how many records of a workspace are deleted in one
// transaction, so that votes elsewhere need not wait long. A tasting goes whole.
const mostDeleted = 1000

// Delete implements [bot.Store]. As with everything that is deleted, the bytes
// may stay on free pages of the file until those are used again; a copy made
// by Snapshot does not have them.
func (s *Store) Delete(ctx context.Context, id bot.TastingID) error {
	err := s.update(ctx, func(tx *txn) error { return tx.deleteTasting(id) })
	if err != nil {
		return fmt.Errorf("delete tasting %v: %w", id, err)
	}
	s.shelf.Drop(id)
	return nil
}

// DeleteWorkspace implements [bot.Store].
func (s *Store) DeleteWorkspace(ctx context.Context, w bot.Workspace) error {
	for {
		more, err := write(ctx, s, func(tx *txn) (bool, error) { return tx.deleteSome(w) })
		if err != nil {
			return fmt.Errorf("delete a workspace: %w", err)
		}
		if !more {
			s.shelf.DropWorkspace(w)
			return nil
		}
	}
}

// resumeDeletions carries on what a DeleteWorkspace had begun.
func (s *Store) resumeDeletions(ctx context.Context) error {
	ws, err := view(ctx, s, func(tx *txn) (ws []bot.Workspace, err error) {
		err = tx.eachWorkspace(func(w bot.Workspace) error {
			hidden, err := tx.isHidden(w)
			if hidden {
				ws = append(ws, w)
			}
			return err
		})
		return ws, err
	})
	if err != nil {
		return fmt.Errorf("look for workspaces that are being deleted: %w", err)
	}
	for _, w := range ws {
		if err := s.DeleteWorkspace(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// deleteSome deletes tastings of a workspace, and when none is left whatever
// else there is. more says that there is more to do.
func (tx *txn) deleteSome(w bot.Workspace) (more bool, err error) {
	if err := tx.hideNumbers(w); err != nil {
		return false, err
	}
	prefix := record.WorkspaceKey(w)
	for began := tx.deleted; tx.deleted-began < mostDeleted; {
		key, _ := tx.Bucket([]byte(gates)).Cursor().Seek(prefix)
		if !hasPrefix(key, prefix) {
			if err := tx.dropJobs(w); err != nil {
				return false, err
			}
			for _, b := range []bucket{settings, people} {
				if err := tx.deleteAll(b, prefix); err != nil {
					return false, err
				}
			}
			return false, tx.deleteAll(intents, prefix) // of no tasting
		}
		id, err := tastingOf(key)
		if err != nil {
			return false, err
		}
		if err := tx.deleteTasting(id); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (tx *txn) deleteTasting(id bot.TastingID) error {
	if _, err := tx.gate(id); err != nil {
		return err
	}
	if err := tx.dropJob(id.Job()); err != nil {
		return err
	}
	if err := tx.deleteRefs(id); err != nil {
		return err
	}
	for _, b := range []bucket{tastings, gates, texts, votes, seats, cells, judgments, forgotten, intents} {
		if err := tx.deleteAll(b, record.TastingKey(id)); err != nil {
			return err
		}
	}
	delete(tx.gates, id)
	return nil
}

// deleteRefs lets ByRef no longer find a tasting's ballots.
func (tx *txn) deleteRefs(id bot.TastingID) error {
	var keys [][]byte
	err := tx.each(intents, record.TastingKey(id), func(key, value []byte) error {
		var it intent
		if err := json.Unmarshal(value, &it); err != nil {
			return fmt.Errorf("%w: %w", damagedRecord(intents, key), err)
		}
		round, err := tx.get(refs, refKey(it.Ref))
		if hasPrefix(round, record.TastingKey(id)) {
			keys = append(keys, refKey(it.Ref))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := tx.delete(refs, k); err != nil {
			return err
		}
	}
	return nil
}
