package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// CreateTasting implements [bot.Store].
func (s *Store) CreateTasting(ctx context.Context, t bot.Tasting, xs []bot.Texts) (bot.Tasting, error) {
	return write(ctx, s, func(tx *txn) (bot.Tasting, error) {
		t, err := create(tx, t, xs)
		if err != nil {
			return t, fmt.Errorf("create tasting: %w", err)
		}
		return t, nil
	})
}

func create(tx *txn, t bot.Tasting, xs []bot.Texts) (bot.Tasting, error) {
	if len(xs) != t.Numbered() {
		return t, fmt.Errorf("%d texts for %d rounds", len(xs), t.Numbered())
	}
	var err error
	if t.ID, err = tx.nextID(t.Place.Workspace, t.State == bot.Draft); err != nil {
		return t, err
	}
	if err := tx.putTasting(t, false); err != nil {
		return t, err
	}
	for i, x := range xs {
		if err := putJSON(tx, texts, roundKey(t.ID.Round(i+1)), x); err != nil {
			return t, err
		}
	}
	return t, nil
}

// Start implements [bot.Store].
func (s *Store) Start(ctx context.Context, draft bot.TastingID, change func(*bot.Tasting) error) (bot.Tasting, error) {
	return write(ctx, s, func(tx *txn) (bot.Tasting, error) {
		t, err := tx.tastingIn(draft, bot.Draft)
		if err != nil {
			return t, err
		}
		if err := try(func() error { return change(&t) }); err != nil {
			return t, err
		}
		if t.State == bot.Draft {
			return t, fmt.Errorf("start %v: it is a draft still", draft)
		}
		xs := make([]bot.Texts, t.Numbered())
		for i := range xs {
			if xs[i], err = getJSON[bot.Texts](tx, texts, roundKey(draft.Round(i+1))); err != nil {
				return t, err
			}
		}
		if err := tx.deleteTasting(draft); err != nil {
			return t, err
		}
		return create(tx, t, xs)
	})
}

// Tasting implements [bot.Store].
func (s *Store) Tasting(ctx context.Context, id bot.TastingID) (bot.Tasting, error) {
	return view(ctx, s, func(tx *txn) (bot.Tasting, error) { return tx.tasting(id) })
}

// Tastings implements [bot.Store].
func (s *Store) Tastings(ctx context.Context, w bot.Workspace, q bot.Query) ([]bot.Tasting, error) {
	return view(ctx, s, func(tx *txn) ([]bot.Tasting, error) {
		ids, err := tx.tastingsOf(w, q.States)
		if err != nil {
			return nil, err
		}
		slices.Reverse(ids)
		var ts []bot.Tasting
		if q.Limit == 0 {
			ts = make([]bot.Tasting, 0, len(ids))
		}
		for some := range slices.Chunk(ids, listed) {
			kept := len(ts)
			ts = slices.Grow(ts, len(some))[:kept+len(some)]
			if err := tx.list(&s.shelf, some, ts[kept:]); err != nil {
				return nil, err
			}
			for i := kept; i < len(ts); i++ {
				if !q.At(ts[i].Place.Channel) {
					continue
				}
				if kept < i {
					ts[kept] = ts[i]
				}
				if kept++; kept == q.Limit {
					return ts[:kept], nil
				}
			}
			clear(ts[kept:])
			ts = ts[:kept]
		}
		return ts, nil
	})
}

// listed is how many tastings are decoded side by side.
const listed = 64

// list puts tastings into ts, which is zero, those that are over off the shelf if they
// are there.
func (tx *txn) list(shelf *record.Shelf, ids []bot.TastingID, ts []bot.Tasting) error {
	records := tx.Bucket([]byte(tastings))
	var decode errgroup.Group
	decode.SetLimit(runtime.GOMAXPROCS(0))
	for i, id := range ids {
		key := record.TastingKey(id)
		raw := records.Get(key)
		version := versionOfRecord(raw)
		if t := shelf.Get(id, version); t != nil {
			ts[i] = *t
			continue
		}
		v, err := verify(tastings, key, raw)
		if err != nil {
			return fmt.Errorf("tasting %v: %w", id, err)
		}
		v = bytes.Clone(v) // a page that cannot be read must not end the process from another goroutine
		decode.Go(func() error {
			if err := json.Unmarshal(v, &ts[i]); err != nil {
				return fmt.Errorf("tasting %v: %w: %w", id, damagedRecord(tastings, key), err)
			}
			shelf.Put(version, ts[i])
			return nil
		})
	}
	return decode.Wait()
}

// versionOfRecord tells a record from what it was before: its length and checksum.
func versionOfRecord(raw []byte) uint64 {
	if len(raw) < 4 {
		return 0
	}
	return uint64(len(raw))<<32 | uint64(binary.BigEndian.Uint32(raw[len(raw)-4:]))
}

// Update implements [bot.Store]. A tasting that is over stays as it is.
func (s *Store) Update(ctx context.Context, id bot.TastingID, st bot.State, change func(*bot.Tasting) error) error {
	return s.update(ctx, func(tx *txn) error { return tx.change(id, st, change) })
}

// Review implements [bot.Store].
func (s *Store) Review(ctx context.Context, id bot.TastingID, st bot.State, change func(t *bot.Tasting, rows bot.Rows) error) error {
	return s.update(ctx, func(tx *txn) error {
		rows, failed := tx.rowsOf(id)
		return tx.change(id, st, func(t *bot.Tasting) error {
			err := change(t, rows)
			if failure := failed(); failure != nil {
				err = fmt.Errorf("review tasting %v: %w", id, failure)
			}
			return err
		})
	})
}

// rowsOf are the rows of a tasting. failed says, after they were gone through, whether
// they could be read.
func (tx *txn) rowsOf(id bot.TastingID) (rows bot.Rows, failed func() error) {
	var failure error
	prefix, enough := record.TastingKey(id), errors.New("that is enough")
	rows = func(yield func(bot.Vote) bool) {
		err := tx.each(votes, prefix, func(key, value []byte) error {
			v, err := decodeRow(id, len(prefix), key, value)
			if err != nil {
				return err
			}
			if !yield(v) {
				return enough
			}
			return nil
		})
		if err != nil && !errors.Is(err, enough) {
			failure = err
		}
	}
	return rows, func() error { return failure }
}

// change changes a tasting that is in state st.
func (tx *txn) change(id bot.TastingID, st bot.State, change func(*bot.Tasting) error) error {
	t, err := tx.tastingIn(id, st)
	if err != nil {
		return err
	}
	if err := try(func() error { return change(&t) }); err != nil {
		return err
	}
	if t.State < st || st.Over() && t.State != st {
		return fmt.Errorf("update tasting %v: it cannot move from %v back to %v", id, st, t.State)
	}
	t.ID = id
	return tx.putTastingSettling(t)
}

// eachRound calls f on the rounds of a tasting, in their order.
func (tx *txn) eachRound(id bot.TastingID, f func(bot.RoundID) error) error {
	g, err := tx.gate(id)
	for n := 1; err == nil && n <= int(g.rounds); n++ {
		err = f(id.Round(n))
	}
	return err
}

// tastingIn returns a tasting that is in state st, else ErrMoved.
func (tx *txn) tastingIn(id bot.TastingID, st bot.State) (bot.Tasting, error) {
	g, err := tx.gate(id)
	if err == nil && g.state != st {
		err = bot.ErrMoved
	}
	if err != nil {
		return bot.Tasting{}, err
	}
	return tx.tasting(id)
}

func (tx *txn) tasting(id bot.TastingID) (bot.Tasting, error) {
	return getJSON[bot.Tasting](tx, tastings, record.TastingKey(id))
}

// tastingsOf returns a workspace's tastings that are in one of states, or all if
// there are none, oldest first.
func (tx *txn) tastingsOf(w bot.Workspace, states []bot.State) (ids []bot.TastingID, err error) {
	prefix := record.WorkspaceKey(w)
	err = tx.each(gates, prefix, func(key, value []byte) error {
		g, err := decodeGate(key, value)
		if err == nil && len(key) != len(prefix)+8 {
			err = fmt.Errorf("key %q: %w", key, ErrDamaged)
		}
		if err == nil && (len(states) == 0 || slices.Contains(states, g.state)) {
			ids = append(ids, bot.TastingID{Workspace: w, N: binary.BigEndian.Uint64(key[len(prefix):])})
		}
		return err
	})
	return ids, err
}

// putTasting stores t. out says whether there are forgotten voters to keep out.
func (tx *txn) putTasting(t bot.Tasting, out bool) error {
	if err := tx.putGate(t, out); err != nil {
		return err
	}
	if err := tx.followWake(t); err != nil {
		return err
	}
	return putJSON(tx, tastings, record.TastingKey(t.ID), t)
}

// try runs a caller's code and returns its panics as errors, so that they do
// not take the writer with them.
func try(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}
