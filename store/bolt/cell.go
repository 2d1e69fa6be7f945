package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// cellSize is the bytes of a cell: its voter, big-endian, and its lean.
const cellSize = 9

// Cells implements [bot.Store].
func (s *Store) Cells(ctx context.Context, w bot.Workspace) (map[bot.TastingID][][]bot.Cell, error) {
	return view(ctx, s, func(tx *txn) (map[bot.TastingID][][]bot.Cell, error) {
		all := make(map[bot.TastingID][][]bot.Cell)
		err := tx.each(cells, workspaceKey(w), func(key, value []byte) error {
			n := max(len(key)-4, 0)
			id, err := tastingOf(key[:n])
			if err != nil {
				return err
			}
			round := int(binary.BigEndian.Uint32(key[n:]))
			cs, err := decodeCells(key, value)
			if err != nil {
				return err
			}
			for len(all[id]) < round {
				all[id] = append(all[id], nil)
			}
			all[id][round-1] = cs
			return nil
		})
		return all, err
	})
}

// putCells stores the cells of a tasting's rounds; vs are all its rows, ordered
// by round.
func (tx *txn) putCells(id bot.TastingID, vs []bot.Vote) error {
	if err := tx.deleteAll(cells, tastingKey(id)); err != nil {
		return err
	}
	for len(vs) > 0 {
		round := vs[0].Round
		n := slices.IndexFunc(vs, func(v bot.Vote) bool { return v.Round != round })
		if n < 0 {
			n = len(vs)
		}
		if err := tx.putRoundCells(round, vs[:n]); err != nil {
			return err
		}
		vs = vs[n:]
	}
	return nil
}

func (tx *txn) putRoundCells(id bot.RoundID, vs []bot.Vote) error {
	cs := make([]bot.Cell, 0, len(vs))
	for _, v := range vs {
		if p := v.Pick(); p != bot.None {
			n, err := tx.voterNumber(v.Voter)
			if err != nil {
				return err
			}
			cs = append(cs, bot.Cell{Voter: n, Lean: p.Lean()})
		}
	}
	if len(cs) == 0 {
		return nil
	}
	return tx.put(cells, roundKey(id), encodeCells(cs))
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
	for i := range cs {
		if cs[i].Voter == old {
			cs[i].Voter = now
		}
	}
	return tx.put(cells, roundKey(id), encodeCells(cs))
}

// voterNumber is a keyed hash, so that nothing needs to be remembered of who has
// which. A pseudonym's number is as new as the pseudonym.
func (tx *txn) voterNumber(v bot.Voter) (uint64, error) {
	h, err := tx.hash(keySecret, "voter", v.Platform, v.ID, v.User)
	if err != nil {
		return 0, fmt.Errorf("number a voter: %w", err)
	}
	return binary.BigEndian.Uint64(h), nil
}

// encodeCells orders cells by voter, so that their order says nothing of names.
func encodeCells(cs []bot.Cell) []byte {
	slices.SortFunc(cs, func(a, b bot.Cell) int { return cmp.Compare(a.Voter, b.Voter) })
	b := make([]byte, 0, cellSize*len(cs)+4) // with room for the checksum
	for _, c := range cs {
		b = append(binary.BigEndian.AppendUint64(b, c.Voter), byte(c.Lean))
	}
	return b
}

func decodeCells(key, b []byte) ([]bot.Cell, error) {
	if len(b)%cellSize != 0 {
		return nil, damagedRecord(cells, bytes.Clone(key))
	}
	cs := make([]bot.Cell, 0, len(b)/cellSize)
	for ; len(b) > 0; b = b[cellSize:] {
		cs = append(cs, bot.Cell{Voter: binary.BigEndian.Uint64(b), Lean: int8(b[8])})
	}
	return cs, nil
}
