package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Seal implements [bot.Store]. Votes must be of this tasting's rounds, one for
// a voter and round; kept is ordered by round and user.
func (s *Store) Seal(ctx context.Context, id bot.TastingID, vs []bot.Vote, change func(t *bot.Tasting, kept []bot.Vote) error) error {
	return s.update(ctx, func(tx *txn) error {
		t, err := tx.tastingIn(id, bot.Closing)
		if err != nil {
			return err
		}
		kept, err := tx.withoutForgotten(id, vs)
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
		if err := errors.Join(tx.replaceVotes(id, kept), tx.putCells(id, kept), tx.deleteAll(seats, record.TastingKey(id))); err != nil {
			return fmt.Errorf("seal tasting %v: %w", id, err)
		}
		return tx.putTastingSettling(t)
	})
}

// withoutForgotten returns a sorted copy of vs that lacks the forgotten voters.
func (tx *txn) withoutForgotten(id bot.TastingID, vs []bot.Vote) ([]bot.Vote, error) {
	g, err := tx.gate(id)
	if err != nil {
		return nil, err
	}
	kept, err := record.Final(id, int(g.rounds), vs)
	if err != nil {
		return nil, err
	}
	if !g.out {
		return kept, nil
	}
	var stay []bot.Vote
	for _, v := range kept {
		if out, err := tx.isOut(id, v.Voter.User); err != nil {
			return nil, err
		} else if !out {
			stay = append(stay, v)
		}
	}
	return stay, nil
}

// replaceVotes replaces all rows of a tasting.
func (tx *txn) replaceVotes(id bot.TastingID, vs []bot.Vote) error {
	if err := tx.deleteAll(votes, record.TastingKey(id)); err != nil {
		return err
	}
	for _, v := range vs {
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
