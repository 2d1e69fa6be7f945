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

// nextID counts a workspace's tastings on, or its drafts.
func (tx *txn) nextID(w bot.Workspace, draft bool) (bot.TastingID, error) {
	if !draft {
		n, err := tx.nextNumber(w, w)
		return bot.TastingID{Workspace: w, N: n}, err
	}
	n, err := tx.nextNumber(w, record.Drafts(w))
	return w.Draft(n), err
}

// nextNumber counts what is counted of a workspace on, past what was deleted. All
// who count the same wait for each other.
func (tx *txn) nextNumber(w, counted bot.Workspace) (n uint64, err error) {
	if err := tx.holds(); err != nil {
		return 0, err
	}
	var last int64
	err = tx.QueryRow(tx.ctx, `UPDATE workspaces SET last = last + 1 WHERE key = $1 RETURNING last`, record.WorkspaceKey(counted)).Scan(&last)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return uint64(last), err
	}
	for _, c := range []bot.Workspace{w, record.Drafts(w)} { // it is there again, for all that is counted of it
		if err := tx.rekey(tx.s.hiddenKey(c), record.WorkspaceKey(c)); err != nil {
			return 0, err
		}
	}
	err = tx.QueryRow(tx.ctx, `INSERT INTO workspaces AS w (key, last) VALUES ($1, 1)
ON CONFLICT (key) DO UPDATE SET last = w.last + 1 RETURNING last`, record.WorkspaceKey(counted)).Scan(&last)
	return uint64(last), err
}

// hideNumbers keeps the numbers of a workspace that is being deleted, without
// the workspace's name.
func (tx *txn) hideNumbers(w bot.Workspace) error {
	for _, c := range []bot.Workspace{w, record.Drafts(w)} {
		if err := tx.rekey(record.WorkspaceKey(c), tx.s.hiddenKey(c)); err != nil {
			return err
		}
	}
	return nil
}

// rekey keeps a number under another key, if there is one.
func (tx *txn) rekey(from, to []byte) error {
	_, err := tx.exec(`WITH gone AS (DELETE FROM workspaces WHERE key = $1 RETURNING last)
INSERT INTO workspaces (key, last) SELECT $2, last FROM gone
ON CONFLICT (key) DO UPDATE SET last = excluded.last`, from, to)
	return err
}

// hiddenKey is under what a deleted workspace's number is kept.
func (s *Store) hiddenKey(w bot.Workspace) []byte {
	return record.Hidden(s.secret(record.KeySecret), w)
}
