package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A sealing is all that sealing a tasting will write. It is made ready outside of the
// writer, for with a million votes that takes seconds, in which nobody else's vote would
// be kept. Nothing is lost meanwhile: while a tasting is closing it takes no votes, and
// its rows change by nothing but that somebody is forgotten. If somebody was in this
// tasting, or the record is another by then, it is made ready once more; and if that goes
// on, who is to be forgotten waits until it is sealed.
type sealing struct {
	s       *Store
	before  []byte // the record as it was read
	out     int    // how many are forgotten in it
	t       bot.Tasting
	changed []bot.Vote // in order, less the forgotten voters'
	cells   map[int][]byte
	gone    [][]byte // keys of rows that do not stay
}

// errStale is that of a sealing which has to be made ready once more.
var errStale = errors.New("something has changed since it was made ready")

// madeReady is how often a sealing is made ready while people are forgotten as they
// like. From then on they wait for it, or it might never come to an end.
const madeReady = 3

// forgets is how many Forgets go on at once at most, and all of [Store.forgetting].
const forgets = 1 << 30

// Seal implements [bot.Store]. changed must be of this tasting's rounds, one for a
// voter and round.
func (s *Store) Seal(ctx context.Context, id bot.TastingID, changed []bot.Vote, change func(t *bot.Tasting, kept bot.Rows) error) error {
	for n := 0; ; n++ {
		if n == madeReady {
			if err := s.forgetting.Acquire(ctx, forgets); err != nil {
				return fmt.Errorf("seal tasting %v: %w", id, err)
			}
			defer s.forgetting.Release(forgets)
		}
		p, err := s.readToSeal(ctx, id, changed)
		if err != nil {
			return err
		}
		if err := p.prepare(ctx, change); err != nil {
			return err
		}
		if err := s.update(ctx, p.write); !errors.Is(err, errStale) {
			return err
		}
	}
}

// readToSeal reads a tasting that is closing, else ErrMoved.
func (s *Store) readToSeal(ctx context.Context, id bot.TastingID, changed []bot.Vote) (*sealing, error) {
	p := &sealing{s: s, cells: make(map[int][]byte)}
	_, err := view(ctx, s, func(tx *txn) (_ struct{}, err error) {
		if p.t, err = tx.tastingIn(id, bot.Closing); err != nil {
			return struct{}{}, err
		}
		p.before, p.out = bytes.Clone(tx.rawTasting(id)), tx.countOut(id)
		if p.changed, err = tx.final(id, changed); err != nil {
			return struct{}{}, fmt.Errorf("seal tasting %v: %w", id, err)
		}
		return struct{}{}, nil
	})
	return p, err
}

func (tx *txn) rawTasting(id bot.TastingID) []byte {
	return tx.Bucket([]byte(tastings)).Get(record.TastingKey(id))
}

// final is vs in order, less the forgotten voters'.
func (tx *txn) final(id bot.TastingID, vs []bot.Vote) (kept []bot.Vote, err error) {
	g, err := tx.gate(id)
	if err != nil {
		return nil, err
	}
	if vs, err = record.Final(id, int(g.rounds), vs); err != nil || !g.out {
		return vs, err
	}
	for _, v := range vs {
		out, err := tx.isOut(id, v.Voter.User)
		if err != nil {
			return nil, err
		}
		if !out {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

// prepare calls change, and makes what is to be written.
func (p *sealing) prepare(ctx context.Context, change func(t *bot.Tasting, kept bot.Rows) error) error {
	id := p.t.ID
	rows, failed := p.rows(ctx, record.KeptFrom(p.t))
	if err := try(func() error { return change(&p.t, rows) }); err != nil {
		return err
	}
	if err := failed(); err != nil {
		return fmt.Errorf("seal tasting %v: %w", id, err)
	}
	if p.t.State != bot.Closing && p.t.State != bot.Closed {
		return fmt.Errorf("seal tasting %v: it cannot move to %v", id, p.t.State)
	}
	stays := record.Kept(p.t)
	p.t.ID, p.t.State, p.t.Outside = id, bot.Closed, nil
	secret, err := view(ctx, p.s, func(tx *txn) ([]byte, error) { return tx.ownSecret(record.KeySecret) })
	if err != nil {
		return err
	}
	number := record.Numbers(secret)
	var cs []bot.Cell // of the round that is gone through
	round := 0
	end := func() {
		if len(cs) > 0 {
			p.cells[round] = record.EncodeCells(cs)
		}
	}
	rows, failed = p.rows(ctx, func(bot.Vote) bool { return true })
	for v := range rows {
		if v.Round.Round != round {
			end()
			round = v.Round.Round
			cs = make([]bot.Cell, 0, p.t.Rounds[round-1].Counts.Tally().N()) // about as many as that
		}
		if stays(v) {
			cs = append(cs, record.CellOf(number, v))
		} else {
			p.gone = append(p.gone, voteKey(v.Round, v.Voter.User))
		}
	}
	end()
	if err := failed(); err != nil {
		return fmt.Errorf("seal tasting %v: %w", id, err)
	}
	return nil
}

// rows are those rows that are wanted, as they are once changed has taken its place.
// failed says, after they were gone through, whether they could be read.
func (p *sealing) rows(ctx context.Context, wanted func(bot.Vote) bool) (rows bot.Rows, failed func() error) {
	var failure error
	enough := errors.New("that is enough")
	id := p.t.ID
	rows = func(yield func(bot.Vote) bool) {
		left := p.changed
		give := func(v bot.Vote) error {
			if wanted(v) && !yield(v) {
				return enough
			}
			return nil
		}
		err := p.s.eachRow(ctx, id, record.TastingKey(id), func(v bot.Vote) error {
			for len(left) > 0 {
				order := record.CompareVotes(left[0], v)
				if order > 0 {
					break
				}
				next := left[0]
				left = left[1:]
				if err := give(next); err != nil || order == 0 {
					return err
				}
			}
			return give(v)
		})
		for ; err == nil && len(left) > 0; left = left[1:] {
			err = give(left[0])
		}
		if err != nil && !errors.Is(err, enough) {
			failure = err
		}
	}
	return rows, func() error { return failure }
}

// write writes it, if nothing has changed since it was read.
func (p *sealing) write(tx *txn) error {
	id := p.t.ID
	if _, err := tx.tastingIn(id, bot.Closing); err != nil {
		return err
	}
	if tx.countOut(id) != p.out || !bytes.Equal(tx.rawTasting(id), p.before) {
		return errStale
	}
	if err := p.put(tx); err != nil {
		return fmt.Errorf("seal tasting %v: %w", id, err)
	}
	return tx.putTastingSettling(p.t)
}

func (p *sealing) put(tx *txn) error {
	for _, v := range p.changed {
		marks, err := record.EncodeMarks(v.Marks)
		if err != nil {
			return err
		}
		if err := tx.put(votes, voteKey(v.Round, v.Voter.User), marks); err != nil {
			return err
		}
	}
	for _, key := range p.gone {
		if err := tx.delete(votes, key); err != nil {
			return err
		}
	}
	whole := record.TastingKey(p.t.ID)
	if err := errors.Join(tx.deleteAll(cells, whole), tx.deleteAll(seats, whole)); err != nil {
		return err
	}
	for round, b := range p.cells {
		if err := tx.put(cells, roundKey(p.t.ID.Round(round)), b); err != nil {
			return err
		}
	}
	return nil
}
