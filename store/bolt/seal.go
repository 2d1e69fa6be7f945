package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Seal implements [bot.Store]. changed must be of this tasting's rounds, one for a
// voter and round.
func (s *Store) Seal(ctx context.Context, id bot.TastingID, changed []bot.Vote, change func(t *bot.Tasting, kept bot.Rows) error) error {
	return s.update(ctx, func(tx *txn) error {
		t, err := tx.tastingIn(id, bot.Closing)
		if err != nil {
			return err
		}
		if err := tx.putVotes(id, changed); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		rows, failed := tx.rowsOf(id, record.KeptFrom(t))
		if err := try(func() error { return change(&t, rows) }); err != nil {
			return err
		}
		if err := failed(); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		if t.State != bot.Closing && t.State != bot.Closed {
			return fmt.Errorf("seal tasting %v: it cannot move to %v", id, t.State)
		}
		kept := record.Kept(t)
		t.ID, t.State, t.Outside = id, bot.Closed, nil
		if err := errors.Join(tx.settleVotes(id, kept), tx.deleteAll(seats, record.TastingKey(id))); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		return tx.putTastingSettling(t)
	})
}

// putVotes puts rows in the place of others, less the forgotten voters'.
func (tx *txn) putVotes(id bot.TastingID, vs []bot.Vote) error {
	g, err := tx.gate(id)
	if err != nil {
		return err
	}
	if vs, err = record.Final(id, int(g.rounds), vs); err != nil {
		return err
	}
	for _, v := range vs {
		if g.out {
			if out, err := tx.isOut(id, v.Voter.User); err != nil {
				return err
			} else if out {
				continue
			}
		}
		marks, err := record.EncodeMarks(v.Marks)
		if err != nil {
			return err
		}
		if err := tx.put(votes, voteKey(v.Round, v.Voter.User), marks); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf are those rows of a tasting that are wanted; nil: all. failed says, after they
// were gone through, whether they could be read.
func (tx *txn) rowsOf(id bot.TastingID, wanted func(bot.Vote) bool) (rows bot.Rows, failed func() error) {
	var failure error
	prefix, stop := record.TastingKey(id), errors.New("that is enough")
	rows = func(yield func(bot.Vote) bool) {
		err := tx.each(votes, prefix, func(key, value []byte) error {
			if len(key) < len(prefix)+4 {
				return damagedRecord(votes, bytes.Clone(key))
			}
			round := id.Round(int(binary.BigEndian.Uint32(key[len(prefix):])))
			v, err := decodeVote(round, key, string(key[len(prefix)+4:]), value)
			if err != nil {
				return err
			}
			if (wanted == nil || wanted(v)) && !yield(v) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			failure = err
		}
	}
	return rows, func() error { return failure }
}

// settleVotes deletes the rows of a tasting that do not stay, and makes cells of the
// others, a round at a time.
func (tx *txn) settleVotes(id bot.TastingID, stays func(bot.Vote) bool) error {
	if err := tx.deleteAll(cells, record.TastingKey(id)); err != nil {
		return err
	}
	secret, err := tx.ownSecret(record.KeySecret)
	if err != nil {
		return err
	}
	return tx.eachRound(id, func(r bot.RoundID) error {
		prefix := roundKey(r)
		var gone [][]byte
		var cs []bot.Cell
		err := tx.each(votes, prefix, func(key, value []byte) error {
			v, err := decodeVote(r, key, string(key[len(prefix):]), value)
			switch {
			case err != nil:
				return err
			case stays(v):
				cs = append(cs, record.CellOf(secret, v))
			default:
				gone = append(gone, bytes.Clone(key))
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, key := range gone {
			if err := tx.delete(votes, key); err != nil {
				return err
			}
		}
		if len(cs) == 0 {
			return nil
		}
		return tx.put(cells, prefix, record.EncodeCells(cs))
	})
}
