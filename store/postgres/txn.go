package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tastetest/tastetest/bot"
)

// How long the database may be away before a call gives up, and how long a
// commit may take.
const (
	patience   = 15 * time.Second
	commitTime = 15 * time.Second
)

// begin begins a transaction. A replica that is stopped in the middle of one
// must not keep its locks for ever.
const begin = "begin; set local idle_in_transaction_session_timeout = '10s'"

// A txn is a transaction that writes.
type txn struct {
	pgx.Tx
	s     *Store
	ctx   context.Context
	asked bool // that the job is still the caller's
}

// May a change be made twice? Only a commit whose outcome is unknown asks.
const (
	once  = false
	again = true
)

// write runs change in a transaction and returns when it is on disk. A change
// that returns an error leaves nothing. It may run more than once.
func (s *Store) write(ctx context.Context, twice bool, change func(*txn) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return s.persist(ctx, func() error { return s.attempt(ctx, twice, change) })
}

// attempt is one run of write. An error that is worth another is not permanent.
func (s *Store) attempt(ctx context.Context, twice bool, change func(*txn) error) error {
	if err := s.mayWrite(); err != nil {
		return err
	}
	t, err := s.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		return passing(fmt.Errorf("begin: %w", err), true)
	}
	defer t.Rollback(context.WithoutCancel(ctx)) // no-op after a commit
	tx := &txn{Tx: t, s: s, ctx: ctx}
	if err := change(tx); err != nil {
		return passing(err, t.Conn().IsClosed())
	}
	if err := tx.holds(); err != nil {
		return passing(err, t.Conn().IsClosed())
	}
	if err := s.mayWrite(); err != nil {
		return err
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	err = t.Commit(late)
	if _, said := errors.AsType[*pgconn.PgError](err); err == nil || said || errors.Is(err, pgx.ErrTxCommitRollback) {
		return passing(err, twice) // the connection is another's by now, and tells nothing
	}
	return passing(fmt.Errorf("commit, outcome unknown: %w", err), twice)
}

// view runs read on a connection. It may run more than once.
func view[T any](ctx context.Context, s *Store, read func(*pgx.Conn) (T, error)) (got T, err error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return got, err
	}
	defer leave()
	err = s.persist(ctx, func() error {
		c, err := s.pool.Acquire(ctx)
		if err != nil {
			return passing(err, true)
		}
		defer c.Release()
		got, err = read(c.Conn())
		return passing(err, c.Conn().IsClosed())
	})
	return got, err
}

// persist runs do until it succeeds, fails for good, or patience is over.
func (s *Store) persist(ctx context.Context, do func() error) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 20*time.Millisecond, time.Second
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := do()
		if err != nil && (ctx.Err() != nil || s.stopping.Load()) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(patience), backoff.WithNotify(func(error, time.Duration) {
		s.pool.Reset() // connections that are as dead as this one
	}))
	if p, ok := errors.AsType[*backoff.PermanentError](err); ok {
		err = p.Err
	}
	if err != nil && ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// passing marks err as permanent unless it may pass by itself: the database
// undid one of two that were in each other's way, or lost says that the
// connection was lost and that trying again is harmless.
func passing(err error, lost bool) error {
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case p.Code == "40001", p.Code == "40P01": // undone, for another's sake
			return err
		case lost && (strings.HasPrefix(p.Code, "08") || strings.HasPrefix(p.Code, "57P") || p.Code == "53300" || p.Code == "25P03" || p.Code == "58000"):
			return err // it is stopping, starting, has no room for one more; or its pooler says so
		}
		return backoff.Permanent(err)
	}
	_, unreached := errors.AsType[net.Error](err)
	if lost || unreached && pgconn.SafeToRetry(err) {
		return err
	}
	return backoff.Permanent(err)
}

// holds returns ErrTerm if the transaction acts for a job that somebody else
// has, and keeps it from being taken until the transaction ends. Whoever locks a
// tasting does that before: so no two wait for each other.
func (tx *txn) holds() error {
	j, ok := bot.JobOf(tx.ctx)
	if !ok || tx.asked {
		return nil
	}
	tx.asked = true
	var one int
	err := tx.QueryRow(tx.ctx, `SELECT 1 FROM jobs WHERE workspace = $1 AND kind = $2 AND name = $3 AND term = $4 AND term <> 0 FOR SHARE`,
		append(jobArgs(j.Key), int64(j.Term))...).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%v: %w", j.Key, bot.ErrTerm)
	}
	return err
}

// exec runs a statement that gives no rows, and returns how many it changed.
func (tx *txn) exec(sql string, args ...any) (int64, error) {
	tag, err := tx.Exec(tx.ctx, sql, args...)
	return tag.RowsAffected(), err
}

// found makes ErrNotFound of no rows.
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return bot.ErrNotFound
	}
	return err
}

// encode writes a record as JSON.
func encode(x any) (string, error) {
	b, err := json.Marshal(x)
	if err != nil {
		return "", fmt.Errorf("encode a %T: %w", x, err)
	}
	return string(b), nil
}

// decode reads a record.
func decode[T any](data []byte) (x T, err error) {
	if err := json.Unmarshal(data, &x); err != nil {
		return x, fmt.Errorf("decode a %T: %w", x, err)
	}
	return x, nil
}

// try runs a caller's code and returns its panics as errors.
func try(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}
