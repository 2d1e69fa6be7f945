package postgres

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/store/bolt"
	"github.com/tastetest/tastetest/store/record"
)

// chunk is how many records are copied at once.
const chunk = 2000

// Snapshot implements [bot.Store]. The copy is a file of package bolt's, of one
// moment. A file that is already at path is an error, fs.ErrExist, and stays as
// it is.
func (s *Store) Snapshot(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("write a copy to %s: %w", path, fs.ErrExist)
	}
	_, err := view(ctx, s, func(c *pgx.Conn) (struct{}, error) {
		tx, err := c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err != nil {
			return struct{}{}, err
		}
		defer tx.Rollback(context.WithoutCancel(ctx))
		return struct{}{}, bolt.Write(path, func(add func(record.Kind, []record.Record) error) error {
			for _, kind := range record.Kinds() {
				if err := inChunks(ctx, tx, kind, 0, add); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("write a copy to %s: %w", path, err)
	}
	return nil
}

// inChunks calls add on the records of a kind, many at a time.
func inChunks(ctx context.Context, q querier, kind record.Kind, skip int, add func(record.Kind, []record.Record) error) error {
	var rs []record.Record
	err := records(ctx, q, kind, skip, func(r record.Record) error {
		rs = append(rs, r.Clone())
		if len(rs) < chunk {
			return nil
		}
		err := add(kind, rs)
		rs = rs[:0]
		return err
	})
	if err == nil && len(rs) > 0 {
		err = add(kind, rs)
	}
	return err
}
