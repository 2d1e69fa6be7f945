package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// CreateTasting implements [bot.Store].
func (s *Store) CreateTasting(ctx context.Context, t bot.Tasting, xs []bot.Texts) (bot.Tasting, error) {
	if len(xs) != t.Numbered() {
		return t, fmt.Errorf("create tasting: %d texts for %d rounds", len(xs), t.Numbered())
	}
	made := t
	err := s.write(ctx, once, func(tx *txn) error {
		made = t
		var err error
		if made.ID, err = tx.nextID(t.Place.Workspace, t.State == bot.Draft); err != nil {
			return err
		}
		return tx.insertTasting(made, xs)
	})
	if err != nil {
		return t, fmt.Errorf("create tasting: %w", err)
	}
	return made, nil
}

func (tx *txn) insertTasting(t bot.Tasting, xs []bot.Texts) error {
	doc, err := encode(t)
	if err != nil {
		return err
	}
	var id int64
	err = tx.QueryRow(tx.ctx, `INSERT INTO tastings (workspace, n, channel, state, rounds, record)
VALUES ($1, $2, $3, $4, $5, $6::json) RETURNING id`,
		record.WorkspaceKey(t.ID.Workspace), int64(t.ID.N), []byte(t.Place.Channel), int16(t.State), int32(len(t.Rounds)), doc).Scan(&id)
	if err != nil {
		return err
	}
	var batch pgx.Batch
	for i, x := range xs {
		doc, err := encode(x)
		if err != nil {
			return err
		}
		batch.Queue(`INSERT INTO texts (tasting, round, record) VALUES ($1, $2, $3::json)`, id, int32(i+1), doc)
	}
	if err := tx.SendBatch(tx.ctx, &batch).Close(); err != nil {
		return err
	}
	return tx.followWake(t)
}

// Start implements [bot.Store].
func (s *Store) Start(ctx context.Context, draft bot.TastingID, change func(*bot.Tasting) error) (started bot.Tasting, err error) {
	err = s.write(ctx, once, func(tx *txn) error {
		key, t, err := tx.lock(draft)
		if err != nil {
			return err
		}
		if t.State != bot.Draft {
			return bot.ErrMoved
		}
		if err := try(func() error { return change(&t) }); err != nil {
			return err
		}
		if t.State == bot.Draft {
			return fmt.Errorf("start %v: it is a draft still", draft)
		}
		if t.ID, err = tx.nextID(draft.Workspace, false); err != nil {
			return err
		}
		if _, err := tx.exec(`UPDATE tastings SET n = $2 WHERE id = $1`, key, int64(t.ID.N)); err != nil {
			return err
		}
		if err := tx.dropJob(draft.Job()); err != nil {
			return err
		}
		started = t
		return tx.putSettling(key, t)
	})
	return started, err
}

// Tasting implements [bot.Store].
func (s *Store) Tasting(ctx context.Context, id bot.TastingID) (bot.Tasting, error) {
	return view(ctx, s, func(c *pgx.Conn) (bot.Tasting, error) {
		var doc []byte
		err := c.QueryRow(ctx, `SELECT record FROM tastings WHERE workspace = $1 AND n = $2`, tastingArgs(id)...).Scan(&doc)
		if err != nil {
			return bot.Tasting{}, found(err)
		}
		return decode[bot.Tasting](doc)
	})
}

// Tastings implements [bot.Store]. What is on the shelf is not sent again: a row's
// xmin is another after each change.
func (s *Store) Tastings(ctx context.Context, w bot.Workspace, q bot.Query) ([]bot.Tasting, error) {
	states := make([]int16, 0, len(q.States))
	for _, st := range q.States {
		states = append(states, int16(st))
	}
	in, exactly := []byte(q.Channel+"/"), make([][]byte, len(q.Exactly))
	for i, c := range q.Exactly {
		exactly[i] = []byte(c)
	}
	var known map[uint64]*record.Shelved
	if q.Limit == 0 { // few are not worth it
		known = s.shelf.Of(w)
	}
	numbers, versions := make([]int64, 0, len(known)), make([]int64, 0, len(known))
	for n, x := range known {
		numbers, versions = append(numbers, int64(n)), append(versions, int64(x.Version))
	}
	return view(ctx, s, func(c *pgx.Conn) ([]bot.Tasting, error) {
		rows, err := c.Query(ctx, `SELECT t.n, t.xmin::text::bigint, CASE WHEN k.n IS NULL THEN t.record END
FROM tastings t LEFT JOIN unnest($7::bigint[], $8::bigint[]) AS k (n, version) ON k.n = t.n AND k.version = t.xmin::text::bigint
WHERE t.workspace = $1
  AND (cardinality($2::smallint[]) = 0 OR t.state = ANY ($2))
  AND ($3::bytea = '/' OR substring(t.channel || '/'::bytea FOR length($3)) = $3)
  AND ($4::boolean OR t.channel = ANY ($5::bytea[]))
ORDER BY t.n DESC LIMIT NULLIF($6::bigint, 0)`, record.WorkspaceKey(w), states, in, q.Exactly == nil, exactly, int64(max(q.Limit, 0)), numbers, versions)
		if err != nil {
			return nil, err
		}
		ts := make([]bot.Tasting, 0, len(known))
		var n, version int64
		var doc []byte
		_, err = pgx.ForEachRow(rows, []any{&n, &version, &doc}, func() error {
			if doc == nil {
				ts = append(ts, known[uint64(n)].Tasting)
				return nil
			}
			t, err := decode[bot.Tasting](doc)
			if err != nil {
				return err
			}
			s.shelf.Put(uint64(version), t)
			ts = append(ts, t)
			return nil
		})
		return ts, err
	})
}

// Update implements [bot.Store]. A tasting that is over stays as it is.
func (s *Store) Update(ctx context.Context, id bot.TastingID, st bot.State, change func(*bot.Tasting) error) error {
	return s.write(ctx, once, func(tx *txn) error {
		return tx.change(id, st, func(_ int64, t *bot.Tasting) error { return change(t) })
	})
}

// Review implements [bot.Store].
func (s *Store) Review(ctx context.Context, id bot.TastingID, st bot.State, change func(t *bot.Tasting, rows bot.Rows) error) error {
	return s.write(ctx, once, func(tx *txn) error {
		return tx.change(id, st, func(key int64, t *bot.Tasting) error {
			rows, failed := tx.rowsOf(key, id, nil)
			err := change(t, rows)
			if failure := failed(); failure != nil {
				err = fmt.Errorf("review tasting %v: %w", id, failure)
			}
			return err
		})
	})
}

// change changes a tasting that is in state st. Votes in it wait meanwhile.
func (tx *txn) change(id bot.TastingID, st bot.State, change func(key int64, t *bot.Tasting) error) error {
	key, t, err := tx.lock(id)
	if err != nil {
		return err
	}
	if t.State != st {
		return bot.ErrMoved
	}
	if err := try(func() error { return change(key, &t) }); err != nil {
		return err
	}
	if t.State < st || st.Over() && t.State != st {
		return fmt.Errorf("update tasting %v: it cannot move from %v back to %v", id, st, t.State)
	}
	t.ID = id
	return tx.putSettling(key, t)
}

// lock returns a tasting, and its number in the tables, and keeps all others
// from changing it or voting in it until the transaction ends.
func (tx *txn) lock(id bot.TastingID) (key int64, t bot.Tasting, err error) {
	var doc []byte
	err = tx.QueryRow(tx.ctx, `SELECT id, record FROM tastings WHERE workspace = $1 AND n = $2 FOR UPDATE`, tastingArgs(id)...).Scan(&key, &doc)
	if errors.Is(err, pgx.ErrNoRows) {
		if err := tx.holds(); err != nil {
			return 0, t, err
		}
		return 0, t, bot.ErrNotFound
	}
	if err != nil {
		return 0, t, err
	}
	if err := tx.holds(); err != nil {
		return 0, t, err
	}
	t, err = decode[bot.Tasting](doc)
	return key, t, err
}

// share keeps a tasting as it is until the transaction ends; votes and texts may
// be written meanwhile. ErrNotFound if there is no such tasting.
func (tx *txn) share(id bot.TastingID) (key int64, state bot.State, rounds int, err error) {
	err = tx.QueryRow(tx.ctx, `SELECT id, state, rounds FROM tastings WHERE workspace = $1 AND n = $2 FOR SHARE`, tastingArgs(id)...).Scan(&key, &state, &rounds)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, 0, err
	}
	if err := tx.holds(); err != nil {
		return 0, 0, 0, err
	}
	return key, state, rounds, found(err)
}

// shareRound is share of the tasting of a round or a further prompt; ErrNotFound also if
// there is none.
func (tx *txn) shareRound(id bot.RoundID) (key int64, state bot.State, err error) {
	key, state, rounds, err := tx.share(id.TastingID)
	switch {
	case err != nil, 1 <= id.Round && id.Round <= rounds:
		return key, state, err
	case id.Round < 1, id.Round > math.MaxInt32:
		return key, state, bot.ErrNotFound
	}
	var further bool
	err = tx.QueryRow(tx.ctx, `SELECT EXISTS (SELECT FROM texts WHERE tasting = $1 AND round = $2)`, key, int32(id.Round)).Scan(&further)
	if err == nil && !further {
		err = bot.ErrNotFound
	}
	return key, state, err
}

// put stores a tasting that is locked, and lets its job follow its Wake.
func (tx *txn) put(key int64, t bot.Tasting) error {
	doc, err := encode(t)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE tastings SET channel = $2, state = $3, rounds = $4, record = $5::json WHERE id = $1`,
		key, []byte(t.Place.Channel), int16(t.State), int32(len(t.Rounds)), doc)
	if err != nil {
		return err
	}
	return tx.followWake(t)
}

func tastingArgs(id bot.TastingID) []any {
	return []any{record.WorkspaceKey(id.Workspace), int64(id.N)}
}
