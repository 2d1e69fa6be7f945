package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Cells implements [bot.Store].
func (s *Store) Cells(ctx context.Context, w bot.Workspace) (map[bot.TastingID][][]bot.Cell, error) {
	return view(ctx, s, func(c *pgx.Conn) (map[bot.TastingID][][]bot.Cell, error) {
		rows, err := c.Query(ctx, `SELECT t.n, c.round, c.cells FROM cells c JOIN tastings t ON t.id = c.tasting
WHERE t.workspace = $1 ORDER BY t.n, c.round`, record.WorkspaceKey(w))
		if err != nil {
			return nil, err
		}
		all := make(map[bot.TastingID][][]bot.Cell)
		var n int64
		var round int
		var value []byte
		id := bot.TastingID{Workspace: w} // whose rounds come; 0: none yet
		var of [][]bot.Cell
		_, err = pgx.ForEachRow(rows, []any{&n, &round, &value}, func() error {
			if uint64(n) != id.N {
				if id.N != 0 {
					all[id] = of
				}
				id.N, of = uint64(n), make([][]bot.Cell, 0, bot.UsualRounds)
			}
			cs, err := decodeCells(id.Round(round), value)
			for len(of) < round {
				of = append(of, nil)
			}
			of[round-1] = cs
			return err
		})
		if id.N != 0 {
			all[id] = of
		}
		return all, err
	})
}

func decodeCells(id bot.RoundID, value []byte) ([]bot.Cell, error) {
	cs, ok := record.DecodeCells(value)
	if !ok {
		return nil, fmt.Errorf("the cells of round %v cannot be read", id)
	}
	return cs, nil
}

func (tx *txn) putCells(key int64, round int, cs []bot.Cell) error {
	return tx.putEncodedCells(key, round, record.EncodeCells(cs))
}

func (tx *txn) putEncodedCells(key int64, round int, cs []byte) error {
	_, err := tx.exec(`INSERT INTO cells (tasting, round, cells) VALUES ($1, $2, $3)
ON CONFLICT (tasting, round) DO UPDATE SET cells = excluded.cells`, key, int32(round), cs)
	return err
}

// renumber puts one voter's number in the place of another's, in a round that
// is sealed.
func (tx *txn) renumber(key int64, id bot.RoundID, old, now uint64) error {
	var value []byte
	err := tx.QueryRow(tx.ctx, `SELECT cells FROM cells WHERE tasting = $1 AND round = $2`, key, int32(id.Round)).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	cs, err := decodeCells(id, value)
	if err != nil {
		return err
	}
	record.Renumber(cs, old, now)
	return tx.putCells(key, id.Round, cs)
}
