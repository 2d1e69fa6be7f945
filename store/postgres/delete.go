package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Delete implements [bot.Store].
func (s *Store) Delete(ctx context.Context, id bot.TastingID) error {
	err := s.write(ctx, once, func(tx *txn) error { return tx.deleteTasting(id) })
	if err != nil {
		return fmt.Errorf("delete tasting %v: %w", id, err)
	}
	s.shelf.Drop(id)
	return nil
}

// deleteTasting leaves the rest to the tables' foreign keys.
func (tx *txn) deleteTasting(id bot.TastingID) error {
	key, _, err := tx.lock(id)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM votes WHERE tasting = $1`, key); err != nil {
		return err
	}
	if err := tx.dropJob(id.Job()); err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM tastings WHERE id = $1`, key)
	return err
}

// DeleteWorkspace implements [bot.Store]: a transaction a tasting, so that no
// vote elsewhere waits long.
func (s *Store) DeleteWorkspace(ctx context.Context, w bot.Workspace) error {
	err := s.write(ctx, again, func(tx *txn) error {
		if err := tx.holds(); err != nil {
			return err
		}
		return tx.hideNumbers(w)
	})
	for more := true; more && err == nil; {
		err = s.write(ctx, again, func(tx *txn) error {
			more, err = tx.deleteNext(w)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("delete a workspace: %w", err)
	}
	s.shelf.DropWorkspace(w)
	return nil
}

// deleteNext deletes a workspace's oldest tasting, and when none is left
// whatever else there is. more says that there is more to do.
func (tx *txn) deleteNext(w bot.Workspace) (more bool, err error) {
	key := record.WorkspaceKey(w)
	var n int64
	err = tx.QueryRow(tx.ctx, `SELECT n FROM tastings WHERE workspace = $1 ORDER BY n LIMIT 1`, key).Scan(&n)
	if err == nil {
		err = tx.deleteTasting(bot.TastingID{Workspace: w, N: uint64(n)})
		if errors.Is(err, bot.ErrNotFound) { // somebody else was quicker
			err = nil
		}
		return true, err
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return false, err
	}
	if _, err := tx.exec(`DELETE FROM jobs WHERE workspace = $1`, key); err != nil {
		return false, err
	}
	if _, err := tx.exec(`DELETE FROM settings WHERE workspace = $1`, key); err != nil {
		return false, err
	}
	if _, err := tx.exec(`DELETE FROM people WHERE workspace = $1`, key); err != nil {
		return false, err
	}
	_, err = tx.exec(`DELETE FROM intents WHERE workspace = $1`, key) // of no tasting
	return false, err
}

// resumeDeletions carries on what a DeleteWorkspace had begun.
func (s *Store) resumeDeletions(ctx context.Context) error {
	ws, err := s.Workspaces(ctx)
	if err != nil {
		return fmt.Errorf("look for workspaces that are being deleted: %w", err)
	}
	for _, w := range ws {
		hidden, err := view(ctx, s, func(c *pgx.Conn) (hidden bool, err error) {
			err = c.QueryRow(ctx, `SELECT EXISTS (SELECT FROM workspaces WHERE key IN ($1, $2))`, s.hiddenKey(w), s.hiddenKey(record.Drafts(w))).Scan(&hidden)
			return hidden, err
		})
		if err != nil {
			return err
		}
		if !hidden {
			continue
		}
		if err := s.DeleteWorkspace(ctx, w); err != nil {
			return err
		}
	}
	return nil
}
