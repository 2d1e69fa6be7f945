package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Workspaces implements [bot.Store]. They are in a fixed order.
func (s *Store) Workspaces(ctx context.Context) ([]bot.Workspace, error) {
	return view(ctx, s, func(c *pgx.Conn) ([]bot.Workspace, error) {
		rows, err := c.Query(ctx, `SELECT DISTINCT workspace FROM tastings ORDER BY workspace`)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(r pgx.CollectableRow) (bot.Workspace, error) {
			var key []byte
			err := r.Scan(&key)
			w, _, _ := record.CutWorkspace(key)
			return w, err
		})
	})
}

// nextNumber counts a workspace's tastings on, past those that were deleted. All
// who count in one workspace wait for each other.
func (tx *txn) nextNumber(w bot.Workspace) (n uint64, err error) {
	if err := tx.holds(); err != nil {
		return 0, err
	}
	var last int64
	err = tx.QueryRow(tx.ctx, `UPDATE workspaces SET last = last + 1 WHERE key = $1 RETURNING last`, record.WorkspaceKey(w)).Scan(&last)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return uint64(last), err
	}
	err = tx.QueryRow(tx.ctx, `DELETE FROM workspaces WHERE key = $1 RETURNING last`, tx.s.hiddenKey(w)).Scan(&last)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, err
	}
	err = tx.QueryRow(tx.ctx, `INSERT INTO workspaces AS w (key, last) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET last = w.last + 1 RETURNING last`, record.WorkspaceKey(w), last+1).Scan(&last)
	return uint64(last), err
}

// hideNumber keeps the number of a workspace that is being deleted, without
// the workspace's name.
func (tx *txn) hideNumber(w bot.Workspace) error {
	_, err := tx.exec(`WITH gone AS (DELETE FROM workspaces WHERE key = $1 RETURNING last)
INSERT INTO workspaces (key, last) SELECT $2, last FROM gone
ON CONFLICT (key) DO UPDATE SET last = excluded.last`, record.WorkspaceKey(w), tx.s.hiddenKey(w))
	return err
}

// hiddenKey is under what a deleted workspace's number is kept.
func (s *Store) hiddenKey(w bot.Workspace) []byte {
	return record.Hidden(s.secret(record.KeySecret), w)
}
