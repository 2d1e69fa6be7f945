package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Hear implements [bot.Store].
func (s *Store) Hear(ctx context.Context, id bot.RoundID, v bot.Voter, p bot.Pick, m bot.Mark) error {
	return s.update(ctx, func(tx *txn) error { return hear(tx, id, v, p, m) })
}

func hear(tx *txn, id bot.RoundID, v bot.Voter, p bot.Pick, m bot.Mark) error {
	if p < bot.First || p > bot.Bad {
		return fmt.Errorf("hear a vote in %v: no such pick: %d", id, p)
	}
	return merge(tx, id, v, func(row *bot.Vote) { row.Hear(p, m) })
}

// Choose implements [bot.Store].
func (s *Store) Choose(ctx context.Context, id bot.RoundID, v bot.Voter, p bot.Pick, at time.Time) error {
	if p > bot.Bad {
		return fmt.Errorf("choose in %v: no such pick: %d", id, p)
	}
	return s.update(ctx, func(tx *txn) error {
		return merge(tx, id, v, func(row *bot.Vote) { row.Choose(p, at) })
	})
}

// merge adds marks to a voter's row of a round that takes votes.
func merge(tx *txn, id bot.RoundID, v bot.Voter, add func(row *bot.Vote)) error {
	if err := record.CheckVoter(id.TastingID, v); err != nil {
		return err
	}
	g, err := tx.hasRound(id)
	if err != nil {
		return err
	}
	if !g.state.TakesVotes() {
		return bot.ErrClosed
	}
	if g.out {
		if out, err := tx.isOut(id.TastingID, v.User); out || err != nil {
			return err
		}
	}
	key := voteKey(id, v.User)
	old, err := tx.get(votes, key)
	if err != nil {
		return err
	}
	row, err := decodeVote(id, key, v.User, old)
	if err != nil {
		return err
	}
	add(&row)
	marks, err := record.EncodeMarks(row.Marks)
	if err != nil {
		return fmt.Errorf("hear a vote in %v: %w", id, err)
	}
	if bytes.Equal(marks, old) || old == nil && row.Marks == [4]bot.Mark{} {
		return nil // heard before
	}
	return tx.put(votes, key, marks)
}

// Votes implements [bot.Store].
func (s *Store) Votes(ctx context.Context, id bot.RoundID) ([]bot.Vote, error) {
	return view(ctx, s, func(tx *txn) ([]bot.Vote, error) { return tx.votesIn(id) })
}

func (tx *txn) votesIn(id bot.RoundID) (vs []bot.Vote, err error) {
	prefix := roundKey(id)
	err = tx.each(votes, prefix, func(key, value []byte) error {
		v, err := decodeVote(id, key, string(key[len(prefix):]), value)
		vs = append(vs, v)
		return err
	})
	return vs, err
}

// atOnce is how many rows are read in one transaction: a long one would let the file
// grow.
const atOnce = 10_000

// EachVote implements [bot.Store].
func (s *Store) EachVote(ctx context.Context, id bot.RoundID, f func(bot.Vote) error) error {
	prefix := roundKey(id)
	if id.Round == 0 {
		prefix = record.TastingKey(id.TastingID)
	}
	return s.eachRow(ctx, id.TastingID, prefix, f)
}

// eachRow calls f on those rows of a tasting whose keys begin with prefix, in their
// order, in no transaction.
func (s *Store) eachRow(ctx context.Context, id bot.TastingID, prefix []byte, f func(bot.Vote) error) error {
	var vs []bot.Vote
	at := len(record.TastingKey(id))
	for from := prefix; from != nil; {
		_, err := view(ctx, s, func(tx *txn) (struct{}, error) {
			c := tx.Bucket([]byte(votes)).Cursor()
			k, value := c.Seek(from)
			for from, vs = nil, vs[:0]; hasPrefix(k, prefix); k, value = c.Next() {
				if len(vs) == atOnce {
					from = bytes.Clone(k)
					break
				}
				value, err := verify(votes, k, value)
				if err != nil {
					return struct{}{}, err
				}
				v, err := decodeRow(id, at, k, value)
				if err != nil {
					return struct{}{}, err
				}
				vs = append(vs, v)
			}
			return struct{}{}, nil
		})
		if err != nil {
			return err
		}
		for _, v := range vs {
			if err := f(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// VotesBy implements [bot.Store].
func (s *Store) VotesBy(ctx context.Context, v bot.Voter, ids []bot.TastingID) ([]bot.Vote, error) {
	return view(ctx, s, func(tx *txn) (vs []bot.Vote, err error) {
		rows := tx.Bucket([]byte(votes))
		for _, id := range ids {
			if id.Workspace != v.Workspace {
				continue
			}
			err := tx.eachRound(id, func(r bot.RoundID) error {
				key := voteKey(r, v.User)
				value := rows.Get(key)
				if value == nil {
					return nil
				}
				value, err := verify(votes, key, value)
				if err != nil {
					return err
				}
				row, err := decodeVote(r, key, v.User, value)
				vs = append(vs, row)
				return err
			})
			if err != nil && !errors.Is(err, bot.ErrNotFound) {
				return nil, err
			}
		}
		return vs, nil
	})
}

// Vote implements [bot.Store].
func (s *Store) Vote(ctx context.Context, id bot.RoundID, v bot.Voter) (bot.Vote, error) {
	return view(ctx, s, func(tx *txn) (bot.Vote, error) {
		key := voteKey(id, v.User)
		value, err := tx.get(votes, key)
		if err != nil || value == nil || v.Workspace != id.Workspace {
			return bot.Vote{}, err
		}
		return decodeVote(id, key, v.User, value)
	})
}

// decodeRow is a row of a tasting by its key, whose first bytes are the tasting's, and
// its value.
func decodeRow(id bot.TastingID, at int, key, value []byte) (bot.Vote, error) {
	if len(key) < at+4 {
		return bot.Vote{}, damagedRecord(votes, bytes.Clone(key))
	}
	round := id.Round(int(binary.BigEndian.Uint32(key[at:])))
	return decodeVote(round, key, string(key[at+4:]), value)
}

// decodeVote returns the vote that a value of record.EncodeMarks stands for;
// nil is a row without marks.
func decodeVote(id bot.RoundID, key []byte, user string, b []byte) (bot.Vote, error) {
	v := bot.Vote{Round: id, Voter: bot.Voter{Workspace: id.Workspace, User: user}}
	if b == nil {
		return v, nil
	}
	marks, ok := record.DecodeMarks(b)
	if !ok {
		return bot.Vote{}, damagedRecord(votes, key)
	}
	v.Marks = marks
	return v, nil
}
