package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// Hear implements [bot.Store].
func (s *Store) Hear(ctx context.Context, id bot.RoundID, v bot.Voter, p bot.Pick, m bot.Mark) error {
	if p < bot.First || p > bot.Bad {
		return fmt.Errorf("hear a vote in %v: no such pick: %d", id, p)
	}
	var row bot.Vote
	row.Hear(p, m)
	return s.merge(ctx, id, v, row.Marks)
}

// Choose implements [bot.Store].
func (s *Store) Choose(ctx context.Context, id bot.RoundID, v bot.Voter, p bot.Pick, at time.Time) error {
	if p > bot.Bad {
		return fmt.Errorf("choose in %v: no such pick: %d", id, p)
	}
	var row bot.Vote
	row.Choose(p, at)
	return s.merge(ctx, id, v, row.Marks)
}

// merge adds marks to a voter's row of a round that takes votes.
func (s *Store) merge(ctx context.Context, id bot.RoundID, v bot.Voter, add [4]bot.Mark) error {
	if err := record.CheckVoter(id.TastingID, v); err != nil {
		return err
	}
	marks, err := encodeMarks(add)
	if err != nil {
		return fmt.Errorf("hear a vote in %v: %w", id, err)
	}
	h := &heard{id: id, user: v.User, marks: marks, answer: make(chan error, 1)}
	if _, ok := bot.JobOf(ctx); ok { // the job is looked at in the vote's own transaction
		return s.write(ctx, again, func(tx *txn) error {
			if _, _, _, err := tx.share(id.TastingID); err != nil {
				return err
			}
			errs, err := hear(tx.ctx, tx, s.secret(record.ForgetSecret), s.led(), []*heard{h})
			return errors.Join(append(errs, err)...)
		})
	}
	return s.wait(ctx, h)
}

// Votes implements [bot.Store].
func (s *Store) Votes(ctx context.Context, id bot.RoundID) ([]bot.Vote, error) {
	return view(ctx, s, func(c *pgx.Conn) ([]bot.Vote, error) {
		rows, err := c.Query(ctx, `SELECT v.round, v.voter, v.first, v.second, v.tie, v.bad
FROM votes v JOIN tastings t ON t.id = v.tasting
WHERE t.workspace = $1 AND t.n = $2 AND v.round = $3 ORDER BY v.voter`, roundArgs(id)...)
		if err != nil {
			return nil, err
		}
		return collectVotes(rows, id.TastingID)
	})
}

// atOnce is how many rows EachVote reads with one statement, which may be tried
// again.
const atOnce = 10_000

// EachVote implements [bot.Store].
func (s *Store) EachVote(ctx context.Context, id bot.RoundID, f func(bot.Vote) error) error {
	from, user, last := id, []byte{}, id.Round
	if id.Round == 0 {
		last = math.MaxInt32
	}
	var vs []bot.Vote
	for {
		var err error
		vs, err = view(ctx, s, func(c *pgx.Conn) ([]bot.Vote, error) {
			return votesFrom(ctx, c, vs[:0], from, user, last)
		})
		if err != nil {
			return err
		}
		for _, v := range vs {
			if err := f(v); err != nil {
				return err
			}
		}
		if len(vs) < atOnce {
			return nil
		}
		from = vs[len(vs)-1].Round
		user = append([]byte(vs[len(vs)-1].Voter.User), 0) // the least that comes after
	}
}

// votesFrom are the next rows of a tasting, from a user's place in a round on, up to the
// last round, in the room that into has. They are read along the key, and nothing is
// sorted: where the database has not counted a large tasting's rows yet, or joins them to
// it, it would sort all that are left, for each ten thousand anew.
func votesFrom(ctx context.Context, c *pgx.Conn, into []bot.Vote, from bot.RoundID, user []byte, last int) ([]bot.Vote, error) {
	var batch pgx.Batch // one transaction, and so is what is set for it
	batch.Queue(`SELECT set_config('enable_sort', 'off', true)`)
	batch.Queue(`SELECT round, voter, first, second, tie, bad FROM votes
WHERE tasting = (SELECT id FROM tastings WHERE workspace = $1 AND n = $2) AND (round, voter) >= ($3, $4) AND round <= $5
ORDER BY round, voter LIMIT $6`, append(roundArgs(from), user, int32(last), int64(atOnce))...)
	results := c.SendBatch(ctx, &batch)
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows(into, rows, func(r pgx.CollectableRow) (bot.Vote, error) { return scanVote(r, from.TastingID) })
}

// VotesBy implements [bot.Store].
func (s *Store) VotesBy(ctx context.Context, v bot.Voter, ids []bot.TastingID) ([]bot.Vote, error) {
	numbers := make([]int64, 0, len(ids))
	for _, id := range ids {
		if id.Workspace == v.Workspace {
			numbers = append(numbers, int64(id.N))
		}
	}
	return view(ctx, s, func(c *pgx.Conn) ([]bot.Vote, error) {
		rows, err := c.Query(ctx, `SELECT t.n, v.round, v.voter, v.first, v.second, v.tie, v.bad
FROM unnest($2::bigint[]) WITH ORDINALITY AS m (n, place)
JOIN tastings t ON t.workspace = $1 AND t.n = m.n
CROSS JOIN LATERAL generate_series(1, t.rounds) AS r (round)
JOIN votes v ON v.tasting = t.id AND v.round = r.round AND v.voter = $3
ORDER BY m.place, v.round`, record.WorkspaceKey(v.Workspace), numbers, []byte(v.User))
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(r pgx.CollectableRow) (bot.Vote, error) {
			var n int64
			var round int
			var user []byte
			var ns [4]*int64
			err := r.Scan(&n, &round, &user, &ns[0], &ns[1], &ns[2], &ns[3])
			id := bot.TastingID{Workspace: v.Workspace, N: uint64(n)}
			return bot.Vote{Round: id.Round(round), Voter: v, Marks: decodeMarks(ns)}, err
		})
	})
}

// A querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// collectVotes reads round, voter and the four marks.
func collectVotes(rows pgx.Rows, id bot.TastingID) ([]bot.Vote, error) {
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (bot.Vote, error) { return scanVote(r, id) })
}

func scanVote(r pgx.CollectableRow, id bot.TastingID) (v bot.Vote, err error) {
	var user []byte
	var ns [4]*int64
	if err := r.Scan(&v.Round.Round, &user, &ns[0], &ns[1], &ns[2], &ns[3]); err != nil {
		return v, err
	}
	v.Round.TastingID = id
	v.Voter = bot.Voter{Workspace: id.Workspace, User: string(user)}
	v.Marks = decodeMarks(ns)
	return v, nil
}

// Vote implements [bot.Store].
func (s *Store) Vote(ctx context.Context, id bot.RoundID, v bot.Voter) (bot.Vote, error) {
	if v.Workspace != id.Workspace {
		return bot.Vote{}, nil
	}
	return view(ctx, s, func(c *pgx.Conn) (bot.Vote, error) {
		rows, err := c.Query(ctx, `SELECT v.round, v.voter, v.first, v.second, v.tie, v.bad
FROM votes v JOIN tastings t ON t.id = v.tasting
WHERE t.workspace = $1 AND t.n = $2 AND v.round = $3 AND v.voter = $4`, append(roundArgs(id), []byte(v.User))...)
		if err != nil {
			return bot.Vote{}, err
		}
		vs, err := collectVotes(rows, id.TastingID)
		if err != nil || len(vs) == 0 {
			return bot.Vote{}, err
		}
		return vs[0], nil
	})
}
