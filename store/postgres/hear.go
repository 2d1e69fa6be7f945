package postgres

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

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

// longestGather is how long votes wait at most for others that may be on their way.
const longestGather = 5 * time.Millisecond

// collect writes what waits until the store is closed and nothing waits any more.
// One statement is under way at a time: whatever comes meanwhile is the next one,
// the larger the more people vote.
func (s *Store) collect() {
	defer close(s.collected)
	var g gathering
	for {
		select {
		case first := <-s.queue:
			g = s.commit(s.drain(first, g))
		case <-s.stop.Done():
			select {
			case first := <-s.queue: // its caller is waiting
				g = s.commit(s.drain(first, g))
			default:
				return
			}
		}
	}
}

// A gathering is how many votes are likely to come soon, and until when it is worth
// waiting for them: those that came while the last were written, and as many as were
// answered then, whose callers may have more. A statement costs as much as forty votes
// in it. A vote that comes alone waits for nobody.
type gathering struct {
	votes int
	until time.Time
}

// drain takes first and everything else that waits, or is worth waiting for.
func (s *Store) drain(first *heard, g gathering) (batch []*heard) {
	var over <-chan time.Time
	for h := first; ; {
		if h.taken.CompareAndSwap(false, true) {
			batch = append(batch, h)
		}
		if len(batch) == queueSize {
			return batch
		}
		select {
		case h = <-s.queue:
			continue
		default:
		}
		if len(batch) >= g.votes {
			return batch
		}
		if over == nil {
			over = time.After(time.Until(g.until))
		}
		select {
		case h = <-s.queue:
		case <-over:
			return batch
		case <-s.stop.Done():
			return batch
		}
	}
}

// commit writes the batch and answers all in it. Votes are merged by their
// stamps, so that writing some twice is harmless.
func (s *Store) commit(batch []*heard) (g gathering) {
	if len(batch) == 0 {
		return g
	}
	began := time.Now()
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
	g.votes = len(batch) + len(s.queue)
	g.until = time.Now().Add(min(time.Since(began)/2, longestGather))
	for i, h := range batch {
		if err != nil {
			h.answer <- err
		} else {
			h.answer <- errs[i]
		}
	}
	return g
}

// hear merges the batch's marks into their rows, with the tables' own function of
// that name. errs are what their callers are told, valid if err is nil. leader is the
// replica that this one is if it has led, else nil.
func hear(ctx context.Context, q querier, secret []byte, leader *int64, batch []*heard) (errs []error, err error) {
	c := columnsOf(batch, secret)
	rows, err := q.Query(ctx, `SELECT states, counts, leads FROM hear($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, pgx.QueryExecModeCacheDescribe,
		c.workspaces, c.numbers, takesVotes(), c.places, c.rounds, c.voters, c.hashes, c.marks[0], c.marks[1], c.marks[2], c.marks[3], leader)
	if err != nil {
		return nil, err
	}
	var states []*bot.State
	var counts []*int
	leads := false
	if _, err := pgx.ForEachRow(rows, []any{&states, &counts, &leads}, func() error { return nil }); err != nil {
		return nil, err
	}
	if !leads {
		return nil, ErrDeposed
	}
	errs = make([]error, len(batch))
	for i, h := range batch {
		if at := c.at[h.id.TastingID] - 1; states[at] == nil {
			errs[i] = bot.ErrNotFound
		} else {
			errs[i] = gate{*states[at], *counts[at]}.takes(h.id)
		}
	}
	return errs, nil
}

// A gate is the little of a tasting that a vote needs to know.
type gate struct {
	state  bot.State
	rounds int
}

// takes returns why a round takes no vote; nil if it does.
func (g gate) takes(id bot.RoundID) error {
	switch {
	case id.Round < 1 || id.Round > g.rounds:
		return bot.ErrNotFound
	case !g.state.TakesVotes():
		return bot.ErrClosed
	}
	return nil
}

// columns are votes as the function takes them.
type columns struct {
	workspaces     [][]byte // of the tastings
	numbers        []int64
	at             map[bot.TastingID]int32 // where a tasting is among them, from 1 on
	places, rounds []int32
	voters, hashes [][]byte
	marks          [4][]*int64
}

// columnsOf merges the votes of each row, in the order in which every replica writes
// rows, so that no two wait for each other.
func columnsOf(batch []*heard, secret []byte) (c columns) {
	sorted := slices.Clone(batch)
	slices.SortFunc(sorted, (*heard).compare)
	hash := record.ForgottenBy(secret)
	c.places, c.rounds = make([]int32, 0, len(batch)), make([]int32, 0, len(batch))
	c.voters, c.hashes = make([][]byte, 0, len(batch)), make([][]byte, 0, len(batch))
	for i := range c.marks {
		c.marks[i] = make([]*int64, 0, len(batch))
	}
	c.at = make(map[bot.TastingID]int32)
	var last *heard
	for _, h := range sorted {
		if last != nil && last.compare(h) == 0 {
			n := len(c.places) - 1
			for i, m := range h.marks {
				if old := c.marks[i][n]; old == nil || m != nil && *m > *old {
					c.marks[i][n] = m
				}
			}
			continue
		}
		last = h
		place, ok := c.at[h.id.TastingID]
		if !ok {
			c.workspaces = append(c.workspaces, record.WorkspaceKey(h.id.Workspace))
			c.numbers = append(c.numbers, int64(h.id.N))
			place = int32(len(c.numbers))
			c.at[h.id.TastingID] = place
		}
		c.places = append(c.places, place)
		c.rounds = append(c.rounds, int32(h.id.Round))
		c.voters = append(c.voters, []byte(h.user))
		c.hashes = append(c.hashes, hash(h.id.TastingID, h.user))
		for i, m := range h.marks {
			c.marks[i] = append(c.marks[i], m)
		}
	}
	return c
}

func (h *heard) compare(o *heard) int {
	return cmp.Or(cmp.Compare(h.id.Platform, o.id.Platform), cmp.Compare(h.id.Workspace.ID, o.id.Workspace.ID), cmp.Compare(h.id.N, o.id.N),
		cmp.Compare(h.id.Round, o.id.Round), cmp.Compare(h.user, o.user))
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
