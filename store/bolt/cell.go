package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Cells implements [bot.Store].
func (s *Store) Cells(ctx context.Context, w bot.Workspace) (map[bot.TastingID][][]bot.Cell, error) {
	return view(ctx, s, func(tx *txn) (map[bot.TastingID][][]bot.Cell, error) {
		all := make(map[bot.TastingID][][]bot.Cell)
		var of []byte // whose rounds come
		var id bot.TastingID
		var rounds [][]bot.Cell
		err := tx.each(cells, record.WorkspaceKey(w), func(key, value []byte) (err error) {
			n := max(len(key)-4, 0)
			if !bytes.Equal(key[:n], of) {
				if of != nil {
					all[id] = rounds
				}
				if id, err = tastingOf(key[:n]); err != nil {
					return err
				}
				of, rounds = append(of[:0], key[:n]...), make([][]bot.Cell, 0, bot.UsualRounds)
			}
			cs, err := decodeCells(key, value)
			if err != nil {
				return err
			}
			for round := int(binary.BigEndian.Uint32(key[n:])); len(rounds) < round; {
				rounds = append(rounds, nil)
			}
			rounds[len(rounds)-1] = cs
			return nil
		})
		if of != nil {
			all[id] = rounds
		}
		return all, err
	})
}

// putRoundCells stores the cells of a round of which vs are the rows.
func (tx *txn) putRoundCells(id bot.RoundID, vs []bot.Vote) error {
	key, err := tx.ownSecret(record.KeySecret)
	if err != nil {
		return err
	}
	cs := record.CellsOf(key, vs)
	if len(cs) == 0 {
		return nil
	}
	return tx.put(cells, roundKey(id), record.EncodeCells(cs))
}

// renumber puts one voter's number in the place of another's, in a round that
// is sealed.
func (tx *txn) renumber(id bot.RoundID, old, now uint64) error {
	value, err := tx.get(cells, roundKey(id))
	if value == nil || err != nil {
		return err
	}
	cs, err := decodeCells(roundKey(id), value)
	if err != nil {
		return err
	}
	record.Renumber(cs, old, now)
	return tx.put(cells, roundKey(id), record.EncodeCells(cs))
}

// voterNumber is the number of a voter's cells.
func (tx *txn) voterNumber(v bot.Voter) (uint64, error) {
	key, err := tx.ownSecret(record.KeySecret)
	if err != nil {
		return 0, fmt.Errorf("number a voter: %w", err)
	}
	return record.VoterNumber(key, v), nil
}

func decodeCells(key, b []byte) ([]bot.Cell, error) {
	cs, ok := record.DecodeCells(b)
	if !ok {
		return nil, damagedRecord(cells, bytes.Clone(key))
	}
	return cs, nil
}
