package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tastetest/tastetest/store/record"
)

// Why nothing is moved from or into a database. Each comes with a [bot.UserError].
var (
	ErrUsed     = errors.New("the database is not empty")
	ErrReplicas = errors.New("a bot has the database open")
)

// A Source is a database that no bot has open, as it was at one moment.
type Source struct {
	pool     *pgxpool.Pool
	tx       pgx.Tx
	restored int64 // as in the table
}

// OpenSource opens the database at url to read all of it.
func OpenSource(ctx context.Context, url string) (*Source, error) {
	pool, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	src := &Source{pool: pool}
	err = func() error {
		if err := finish(ctx, pool, url); err != nil {
			return err
		}
		if src.tx, err = pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}); err != nil {
			return err
		}
		moving, err := nobody(ctx, src.tx)
		if err == nil && moving {
			err = refuse(ErrMoving, "A move into this database was begun and is not done: run that move again first.")
		}
		if err == nil {
			err = src.tx.QueryRow(ctx, `SELECT restored FROM format`).Scan(&src.restored)
		}
		return err
	}()
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return src, nil
}

// finish carries on what a bot was killed in: people who were being forgotten, and
// workspaces that were being deleted, must not move.
func finish(ctx context.Context, pool *pgxpool.Pool, url string) error {
	if err := migrateUp(ctx, pool); err != nil {
		return err
	}
	moving := false
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) (err error) {
		moving, err = nobody(ctx, tx)
		return err
	})
	if err != nil || moving { // said by whoever looks next
		return err
	}
	s, err := Open(ctx, slog.New(slog.DiscardHandler), url)
	if err != nil {
		return err
	}
	return s.Close()
}

// nobody is an error if a bot has the database open. It returns whether a move
// into it was begun and is not done.
func nobody(ctx context.Context, q pgx.Tx) (moving bool, err error) {
	var replicas int
	err = q.QueryRow(ctx, `SELECT moving, (SELECT count(*) FROM replicas WHERE seen > now() - $1::interval) FROM format`, goneAfter).Scan(&moving, &replicas)
	if err == nil && replicas > 0 {
		err = refuse(ErrReplicas, fmt.Sprintf("A bot has the database open: stop all replicas (%d were there a moment ago), wait a minute if one was killed, and try again.", replicas))
	}
	return moving, err
}

// Records calls f on the records of a kind, but for the first so many.
func (s *Source) Records(ctx context.Context, kind record.Kind, skip int, f func(record.Record) error) error {
	return records(ctx, s.tx, kind, skip, f)
}

// Restored is when the copy was made that the database once was; zero if it was none.
func (s *Source) Restored() time.Time { return copied(s.restored) }

// Close ends the connection.
func (s *Source) Close() error {
	defer s.pool.Close()
	if s.tx == nil {
		return nil
	}
	return s.tx.Rollback(context.Background())
}

// A Target is a database that is being filled with another store's records. No
// bot opens it before it is whole; it can be filled in several goes.
type Target struct{ pool *pgxpool.Pool }

// OpenTarget sets an empty database up, or opens what an earlier go has left.
func OpenTarget(ctx context.Context, url string) (*Target, error) {
	pool, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	err = migrateUp(ctx, pool)
	if err == nil {
		err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return makeReady(ctx, tx) })
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &Target{pool}, nil
}

// makeReady lets no bot open the database. What one makes that opens it and does
// nothing goes: its secrets, and that it looks for old tastings.
func makeReady(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `LOCK TABLE format IN EXCLUSIVE MODE`); err != nil {
		return err
	}
	moving, err := nobody(ctx, tx)
	if moving || err != nil {
		return err
	}
	for _, kind := range []record.Kind{record.Workspaces, record.Tastings, record.Reserved, record.Intents, record.Settings, record.People} {
		n, err := count(ctx, tx, kind)
		if err != nil {
			return err
		}
		if n > 0 {
			return refuse(ErrUsed, "The database is not empty: something is kept there already. Name an empty one; createdb makes one.")
		}
	}
	_, err = tx.Exec(ctx, `TRUNCATE secrets, jobs, replicas, leader, sharers, shares`)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE format SET moving = true, restored = 0`)
	}
	return err
}

// Count returns how many records of a kind there are.
func (t *Target) Count(ctx context.Context, kind record.Kind) (int, error) {
	return count(ctx, t.pool, kind)
}

// Add adds records of a kind, all or none.
func (t *Target) Add(ctx context.Context, kind record.Kind, rs []record.Record) error {
	return pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error { return add(ctx, tx, kind, rs) })
}

// Records calls f on the records of a kind, but for the first so many.
func (t *Target) Records(ctx context.Context, kind record.Kind, skip int, f func(record.Record) error) error {
	return records(ctx, t.pool, kind, skip, f)
}

// SetRestored says that what is moved was a copy, made at a time.
func (t *Target) SetRestored(ctx context.Context, at time.Time) error {
	_, err := t.pool.Exec(ctx, `UPDATE format SET restored = $1`, at.UnixNano())
	return err
}

// Finish lets bots open the database.
func (t *Target) Finish(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT setval(pg_get_serial_sequence('intents', 'number'), (SELECT coalesce(max(number), 0) + 1 FROM intents), false)`)
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE format SET moving = false`)
		}
		return err
	})
	t.pool.Close()
	return err
}

// Close leaves the database as it is; a later go carries on.
func (t *Target) Close() error {
	t.pool.Close()
	return nil
}
