package postgres

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// queueSize bounds what waits to be written, and so one statement. Whoever
// finds the queue full waits.
const queueSize = 1024

// heard are marks of one voter that wait to be written. Either collect takes
// them or their caller gives them up, never both.
type heard struct {
	id     bot.RoundID
	user   string
	marks  [4]*int64
	taken  atomic.Bool
	answer chan error // has room for the one answer
}

// wait lets collect write h and returns when it is on disk.
func (s *Store) wait(ctx context.Context, h *heard) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	select {
	case s.queue <- h:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop.Done():
		return errClosed
	}
	select {
	case err := <-h.answer:
		return err
	case <-ctx.Done():
		if h.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
	case <-s.collected: // the queue took it when nobody read it any more
		if h.taken.CompareAndSwap(false, true) {
			return errClosed
		}
	}
	return <-h.answer
}

// collect writes what waits until the store is closed and nothing waits any more.
// One statement is under way at a time: whatever comes meanwhile is the next one,
// the larger the more people vote.
func (s *Store) collect() {
	defer close(s.collected)
	for {
		select {
		case first := <-s.queue:
			s.commit(s.drain(first))
		case <-s.stop.Done():
			select {
			case first := <-s.queue: // its caller is waiting
				s.commit(s.drain(first))
			default:
				return
			}
		}
	}
}

// drain takes first and everything else that waits.
func (s *Store) drain(first *heard) (batch []*heard) {
	for h := first; ; {
		if h.taken.CompareAndSwap(false, true) {
			batch = append(batch, h)
		}
		if len(batch) == queueSize {
			return batch
		}
		select {
		case h = <-s.queue:
		default:
			return batch
		}
	}
}

// commit writes the batch and answers all in it. Votes are merged by their
// stamps, so that writing some twice is harmless.
func (s *Store) commit(batch []*heard) {
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var errs []error
	err := s.persist(ctx, func() error {
		if err := s.mayWrite(); err != nil {
			return err
		}
		c, err := s.pool.Acquire(ctx)
		if err != nil {
			return passing(err, true)
		}
		defer c.Release()
		errs, err = hear(ctx, c, s.secret(record.ForgetSecret), s.led(), batch)
		return passing(err, c.Conn().IsClosed())
	})
	for i, h := range batch {
		if err != nil {
			h.answer <- err
		} else {
			h.answer <- errs[i]
		}
	}
}

// All statements go to the database together and are one transaction. The
// first keeps the tastings as they are until that ends, so that none is sealed
// meanwhile. The second sees what was committed while the first waited for
// that: whom somebody forgot just then is not heard, and nobody is who comes to
// a replica that slept on its way here, and has led and does so no more. The
// third says so: whoever still leads after the second did during it.
const (
	lockTastings = `SELECT workspace, n, state, rounds FROM tastings
WHERE (workspace, n) IN (SELECT * FROM unnest($1::bytea[], $2::bigint[])) ORDER BY id FOR SHARE`

	mergeVotes = `INSERT INTO votes AS v (tasting, round, voter, first, second, tie, bad)
SELECT t.id, m.round, m.voter, max(m.first), max(m.second), max(m.tie), max(m.bad)
FROM unnest($1::bytea[], $2::bigint[], $3::integer[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
         AS m (workspace, n, round, voter, hash, first, second, tie, bad)
JOIN tastings t ON t.workspace = m.workspace AND t.n = m.n
WHERE t.state = ANY ($10::smallint[]) AND m.round BETWEEN 1 AND t.rounds
  AND NOT EXISTS (SELECT FROM forgotten f WHERE f.tasting = t.id AND f.hash = m.hash)
  AND ($11::bigint IS NULL OR EXISTS (SELECT FROM leader WHERE replica = $11))
GROUP BY t.id, m.round, m.voter
ORDER BY t.id, m.round, m.voter
ON CONFLICT (tasting, round, voter) DO UPDATE
SET first = greatest(v.first, excluded.first), second = greatest(v.second, excluded.second),
    tie = greatest(v.tie, excluded.tie), bad = greatest(v.bad, excluded.bad)
WHERE (greatest(v.first, excluded.first), greatest(v.second, excluded.second), greatest(v.tie, excluded.tie), greatest(v.bad, excluded.bad))
      IS DISTINCT FROM (v.first, v.second, v.tie, v.bad)`

	stillLeads = `SELECT $1::bigint IS NULL OR EXISTS (SELECT FROM leader WHERE replica = $1)`
)

// hear merges the batch's marks into their rows. errs are what their callers
// are told, valid if err is nil. leader is the replica that this one is if it has
// led, else nil.
func hear(ctx context.Context, q querier, secret []byte, leader *int64, batch []*heard) (errs []error, err error) {
	var c columns
	for _, h := range batch {
		c.add(h, secret)
	}
	var all pgx.Batch
	leads := false
	tastings := make(map[bot.TastingID]gate)
	all.Queue(lockTastings, c.workspaces, c.numbers).Query(func(rows pgx.Rows) error {
		var workspace []byte
		var n int64
		var g gate
		_, err := pgx.ForEachRow(rows, []any{&workspace, &n, &g.state, &g.rounds}, func() error {
			w, _, _ := record.CutWorkspace(workspace)
			tastings[bot.TastingID{Workspace: w, N: uint64(n)}] = g
			return nil
		})
		return err
	})
	all.Queue(mergeVotes, c.workspaces, c.numbers, c.rounds, c.voters, c.hashes, c.marks[0], c.marks[1], c.marks[2], c.marks[3], takesVotes(), leader)
	all.Queue(stillLeads, leader).QueryRow(func(row pgx.Row) error { return row.Scan(&leads) })
	if err := q.SendBatch(ctx, &all).Close(); err != nil {
		return nil, err
	}
	if !leads {
		return nil, ErrDeposed
	}
	errs = make([]error, len(batch))
	for i, h := range batch {
		g, ok := tastings[h.id.TastingID]
		errs[i] = g.takes(h.id, ok)
	}
	return errs, nil
}

// A gate is the little of a tasting that a vote needs to know.
type gate struct {
	state  bot.State
	rounds int
}

// takes returns why a round takes no vote; nil if it does.
func (g gate) takes(id bot.RoundID, there bool) error {
	switch {
	case !there || id.Round < 1 || id.Round > g.rounds:
		return bot.ErrNotFound
	case !g.state.TakesVotes():
		return bot.ErrClosed
	}
	return nil
}

// columns are votes as the statement takes them.
type columns struct {
	workspaces, voters, hashes [][]byte
	numbers                    []int64
	rounds                     []int32
	marks                      [4][]*int64
}

func (c *columns) add(h *heard, secret []byte) {
	c.workspaces = append(c.workspaces, record.WorkspaceKey(h.id.Workspace))
	c.numbers = append(c.numbers, int64(h.id.N))
	c.rounds = append(c.rounds, int32(h.id.Round))
	c.voters = append(c.voters, []byte(h.user))
	c.hashes = append(c.hashes, record.Forgotten(secret, h.id.TastingID, h.user))
	for i, m := range h.marks {
		c.marks[i] = append(c.marks[i], m)
	}
}

// takesVotes are the states that take votes.
func takesVotes() (states []int16) {
	for st := bot.Draft; st <= bot.Failed; st++ {
		if st.TakesVotes() {
			states = append(states, int16(st))
		}
	}
	return states
}
