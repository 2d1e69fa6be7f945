package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Seal implements [bot.Store]. Votes must be of this tasting's rounds, one for
// a voter and round; kept is ordered by round and user.
func (s *Store) Seal(ctx context.Context, id bot.TastingID, vs []bot.Vote, change func(t *bot.Tasting, kept []bot.Vote) error) error {
	return s.write(ctx, once, func(tx *txn) error {
		key, t, err := tx.lock(id)
		if err != nil {
			return err
		}
		if t.State != bot.Closing {
			return bot.ErrMoved
		}
		kept, err := tx.withoutForgotten(key, t, vs)
		if err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		if err := try(func() error { return change(&t, slices.Clone(kept)) }); err != nil {
			return err
		}
		if t.State != bot.Closing && t.State != bot.Closed {
			return fmt.Errorf("seal tasting %v: it cannot move to %v", id, t.State)
		}
		kept = record.Inside(&t, kept)
		t.ID, t.State = id, bot.Closed
		if err := tx.finalVotes(key, kept); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		return tx.putSettling(key, t)
	})
}

// withoutForgotten returns a sorted copy of vs that lacks the forgotten voters.
func (tx *txn) withoutForgotten(key int64, t bot.Tasting, vs []bot.Vote) ([]bot.Vote, error) {
	final, err := record.Final(t.ID, len(t.Rounds), vs)
	if err != nil {
		return nil, err
	}
	out, err := tx.forgottenIn(key)
	if err != nil || len(out) == 0 {
		return final, err
	}
	secret := tx.s.secret(record.ForgetSecret)
	return slices.DeleteFunc(final, func(v bot.Vote) bool {
		return out[string(record.Forgotten(secret, t.ID, v.Voter.User))]
	}), nil
}

// finalVotes replaces all rows of a tasting, makes its cells and clears its
// seats. kept is ordered by round.
func (tx *txn) finalVotes(key int64, kept []bot.Vote) error {
	var batch pgx.Batch
	batch.Queue(`DELETE FROM votes WHERE tasting = $1`, key)
	batch.Queue(`DELETE FROM cells WHERE tasting = $1`, key)
	batch.Queue(`DELETE FROM seats WHERE tasting = $1`, key)
	if err := tx.SendBatch(tx.ctx, &batch).Close(); err != nil {
		return err
	}
	var rows [][]any
	for _, v := range kept {
		ns, err := encodeMarks(v.Marks)
		if err != nil {
			return err
		}
		rows = append(rows, []any{key, int32(v.Round.Round), []byte(v.Voter.User), ns[0], ns[1], ns[2], ns[3]})
	}
	_, err := tx.CopyFrom(tx.ctx, pgx.Identifier{"votes"}, []string{"tasting", "round", "voter", "first", "second", "tie", "bad"}, pgx.CopyFromRows(rows))
	if err != nil {
		return err
	}
	secret := tx.s.secret(record.KeySecret)
	for len(kept) > 0 {
		round := kept[0].Round.Round
		n := slices.IndexFunc(kept, func(v bot.Vote) bool { return v.Round.Round != round })
		if n < 0 {
			n = len(kept)
		}
		if cs := record.CellsOf(secret, kept[:n]); len(cs) > 0 {
			if err := tx.putCells(key, round, cs); err != nil {
				return err
			}
		}
		kept = kept[n:]
	}
	return nil
}
