package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Seal implements [bot.Store]. changed must be of this tasting's rounds, one for a
// voter and round.
func (s *Store) Seal(ctx context.Context, id bot.TastingID, changed []bot.Vote, change func(t *bot.Tasting, kept bot.Rows) error) error {
	return s.write(ctx, once, func(tx *txn) error {
		key, t, err := tx.lock(id)
		if err != nil {
			return err
		}
		if t.State != bot.Closing {
			return bot.ErrMoved
		}
		if err := tx.putVotes(key, t, changed); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		rows, failed := tx.rowsOf(key, id, record.KeptFrom(t))
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
		if err := tx.settleVotes(key, id, kept); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		return tx.putSettling(key, t)
	})
}

// putVotes puts rows in the place of others, less the forgotten voters'.
func (tx *txn) putVotes(key int64, t bot.Tasting, vs []bot.Vote) error {
	vs, err := record.Final(t.ID, len(t.Rounds), vs)
	if err != nil || len(vs) == 0 {
		return err
	}
	out, err := tx.forgottenIn(key)
	if err != nil {
		return err
	}
	secret := tx.s.secret(record.ForgetSecret)
	var rounds []int32
	var voters [][]byte
	var rows [][]any
	for _, v := range vs {
		if len(out) > 0 && out[string(record.Forgotten(secret, t.ID, v.Voter.User))] {
			continue
		}
		ns, err := encodeMarks(v.Marks)
		if err != nil {
			return err
		}
		rounds, voters = append(rounds, int32(v.Round.Round)), append(voters, []byte(v.Voter.User))
		rows = append(rows, []any{key, int32(v.Round.Round), []byte(v.Voter.User), ns[0], ns[1], ns[2], ns[3]})
	}
	if err := tx.deleteVotes(key, rounds, voters); err != nil {
		return err
	}
	_, err = tx.CopyFrom(tx.ctx, pgx.Identifier{"votes"}, []string{"tasting", "round", "voter", "first", "second", "tie", "bad"}, pgx.CopyFromRows(rows))
	return err
}

func (tx *txn) deleteVotes(key int64, rounds []int32, voters [][]byte) error {
	if len(rounds) == 0 {
		return nil
	}
	_, err := tx.exec(`DELETE FROM votes v USING unnest($2::integer[], $3::bytea[]) AS m (round, voter)
WHERE v.tasting = $1 AND v.round = m.round AND v.voter = m.voter`, key, rounds, voters)
	return err
}

// rowsOf are those rows of a tasting that are wanted; nil: all. failed says, after they
// were gone through, whether they could be read.
func (tx *txn) rowsOf(key int64, id bot.TastingID, wanted func(bot.Vote) bool) (kept bot.Rows, failed func() error) {
	var failure error
	kept = func(yield func(bot.Vote) bool) {
		rows, err := tx.Query(tx.ctx, `SELECT round, voter, first, second, tie, bad FROM votes WHERE tasting = $1 ORDER BY round, voter`, key)
		if err != nil {
			failure = err
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scanVote(rows, id)
			if err != nil {
				failure = err
				return
			}
			if (wanted == nil || wanted(v)) && !yield(v) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			failure = err
		}
	}
	return kept, func() error { return failure }
}

// settleVotes deletes the rows of a tasting that do not stay, makes cells of the
// others, a round at a time, and clears its seats.
func (tx *txn) settleVotes(key int64, id bot.TastingID, stays func(bot.Vote) bool) error {
	var batch pgx.Batch
	batch.Queue(`DELETE FROM cells WHERE tasting = $1`, key)
	batch.Queue(`DELETE FROM seats WHERE tasting = $1`, key)
	if err := tx.SendBatch(tx.ctx, &batch).Close(); err != nil {
		return err
	}
	number := record.Numbers(tx.s.secret(record.KeySecret))
	var rounds []int32
	var voters [][]byte
	encoded := make(map[int][]byte)
	var cs []bot.Cell
	last := 0
	keep := func() {
		if len(cs) > 0 {
			encoded[last], cs = record.EncodeCells(cs), cs[:0]
		}
	}
	rows, failed := tx.rowsOf(key, id, nil)
	for v := range rows {
		if v.Round.Round != last {
			keep()
			last = v.Round.Round
		}
		if stays(v) {
			cs = append(cs, record.CellOf(number, v))
		} else {
			rounds, voters = append(rounds, int32(v.Round.Round)), append(voters, []byte(v.Voter.User))
		}
	}
	if keep(); failed() != nil {
		return failed()
	}
	for round, b := range encoded {
		if err := tx.putEncodedCells(key, round, b); err != nil {
			return err
		}
	}
	return tx.deleteVotes(key, rounds, voters)
}
