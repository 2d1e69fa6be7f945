package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A jobRow is what is stored of a job besides its lease.
type jobRow struct {
	Due  time.Time
	Past bot.Past
}

// Schedule implements [bot.Store].
func (s *Store) Schedule(ctx context.Context, key bot.JobKey, at time.Time) error {
	if key.Kind == bot.TastingJob {
		return fmt.Errorf("schedule %v: it follows its tasting", key)
	}
	return s.write(ctx, again, func(tx *txn) error { return tx.putJob(key, jobRow{Due: at}) })
}

// Take implements [bot.Store]. now is corrected by what the database's clock is
// ahead of this machine's, so that leases end by one clock for all.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration) (bot.Job, bool, error) {
	var taken bot.Job
	err := s.write(ctx, again, func(tx *txn) (err error) {
		taken, err = tx.take(s.dbTime(now), lease)
		return err
	})
	if err != nil {
		return bot.Job{}, false, fmt.Errorf("take a job: %w", err)
	}
	return taken, taken.Term != 0, nil
}

// take gives the job that has waited longest, a zero one if there is none. A job
// at which somebody else is looking right now is passed over.
func (tx *txn) take(now time.Time, lease time.Duration) (j bot.Job, err error) {
	term := rand.Int64N(1<<62) + 1 // no other opening of any database has had it
	var workspace, kind, name, doc []byte
	err = tx.QueryRow(tx.ctx, `WITH ready AS (
    SELECT workspace, kind, name FROM jobs WHERE due <= $1 AND until <= $1
    ORDER BY due, workspace, kind, name LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE jobs j SET term = $2, replica = $3, until = $4 FROM ready r
WHERE j.workspace = r.workspace AND j.kind = r.kind AND j.name = r.name
RETURNING j.workspace, j.kind, j.name, j.record`,
		nanos(now), term, tx.s.replica, nanos(now.Add(lease))).Scan(&workspace, &kind, &name, &doc)
	if errors.Is(err, pgx.ErrNoRows) {
		return bot.Job{}, nil
	}
	if err != nil {
		return bot.Job{}, err
	}
	row, err := decode[jobRow](doc)
	w, _, _ := record.CutWorkspace(workspace)
	return bot.Job{Key: bot.JobKey{Workspace: w, Kind: string(kind), Name: string(name)}, Due: row.Due, Past: row.Past, Term: uint64(term)}, err
}

// Late returns how many jobs have been due since before a time, and for how long the
// one that has waited longest has; those that somebody has do not count.
func (s *Store) Late(ctx context.Context, since time.Time) (late int, longest time.Duration, err error) {
	now := time.Now()
	first, err := view(ctx, s, func(c *pgx.Conn) (first *int64, err error) {
		err = c.QueryRow(ctx, `SELECT count(*), min(due) FROM jobs WHERE due <= $1 AND (term = 0 OR until <= $2)`,
			nanos(s.dbTime(since)), nanos(s.dbTime(now))).Scan(&late, &first)
		return first, err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("look for jobs that are late: %w", err)
	}
	if first != nil {
		longest = s.dbTime(now).Sub(time.Unix(0, *first))
	}
	return late, longest, nil
}

// Waiting is 0: writes wait in the database.
func (s *Store) Waiting() int { return 0 }

// Restored is when the copy was made that [store.Move] moved here; zero if it was none.
func (s *Store) Restored() time.Time { return s.restored }

// Renew implements [bot.Store].
func (s *Store) Renew(ctx context.Context, j bot.Job, until time.Time) error {
	return s.write(ctx, again, func(tx *txn) error {
		tx.asked = true // the statement asks
		n, err := tx.exec(`UPDATE jobs SET until = $5 WHERE workspace = $1 AND kind = $2 AND name = $3 AND term = $4 AND term <> 0`,
			append(jobArgs(j.Key), int64(j.Term), nanos(s.dbTime(until)))...)
		if err == nil && n == 0 {
			err = bot.ErrTerm
		}
		if err != nil {
			return fmt.Errorf("renew %v: %w", j.Key, err)
		}
		return nil
	})
}

// Finish implements [bot.Store].
func (s *Store) Finish(ctx context.Context, j bot.Job, next time.Time, past bot.Past) error {
	err := s.write(ctx, once, func(tx *txn) error {
		tx.asked = true // finish asks
		return tx.finish(j, next, past)
	})
	if err != nil {
		return fmt.Errorf("finish %v: %w", j.Key, err)
	}
	return nil
}

func (tx *txn) finish(j bot.Job, next time.Time, past bot.Past) error {
	var doc []byte
	var term int64
	_, tasting := j.Key.Tasting()
	err := tx.QueryRow(tx.ctx, `SELECT record, term FROM jobs WHERE workspace = $1 AND kind = $2 AND name = $3 FOR UPDATE`, jobArgs(j.Key)...).Scan(&doc, &term)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && tasting: // what it was about was deleted
		return nil
	case errors.Is(err, pgx.ErrNoRows), err == nil && (term != int64(j.Term) || term == 0):
		return bot.ErrTerm
	case err != nil:
		return err
	}
	row, err := decode[jobRow](doc)
	if err != nil {
		return err
	}
	pause := time.Time{}
	switch {
	case tasting:
		row.Past, pause = past, tx.s.dbTime(next)
	case !row.Due.Equal(j.Due): // scheduled anew
	case next.IsZero():
		_, err := tx.exec(`DELETE FROM jobs WHERE workspace = $1 AND kind = $2 AND name = $3`, jobArgs(j.Key)...)
		return err
	default:
		row = jobRow{Due: next, Past: past}
	}
	if err := tx.putJob(j.Key, row); err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE jobs SET term = 0, replica = NULL, until = $4 WHERE workspace = $1 AND kind = $2 AND name = $3`,
		append(jobArgs(j.Key), nanos(pause))...)
	return err
}

// putJob stores when a job falls due, and how it went; whoever has it keeps it.
func (tx *txn) putJob(key bot.JobKey, row jobRow) error {
	doc, err := encode(row)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO jobs (workspace, kind, name, due, record) VALUES ($1, $2, $3, $4, $5::json)
ON CONFLICT (workspace, kind, name) DO UPDATE SET due = excluded.due, record = excluded.record`,
		append(jobArgs(key), nanos(row.Due), doc)...)
	return err
}

// dropJob deletes a job, if there is one.
func (tx *txn) dropJob(key bot.JobKey) error {
	_, err := tx.exec(`DELETE FROM jobs WHERE workspace = $1 AND kind = $2 AND name = $3`, jobArgs(key)...)
	return err
}

// followWake lets a tasting's job fall due at its Wake; of one that is settled
// the job goes. How earlier attempts went stays.
func (tx *txn) followWake(t bot.Tasting) error {
	key := t.ID.Job()
	if t.Settled() {
		return tx.dropJob(key)
	}
	var doc []byte
	err := tx.QueryRow(tx.ctx, `SELECT record FROM jobs WHERE workspace = $1 AND kind = $2 AND name = $3 FOR UPDATE`, jobArgs(key)...).Scan(&doc)
	if errors.Is(err, pgx.ErrNoRows) {
		return tx.putJob(key, jobRow{Due: t.Wake})
	}
	if err != nil {
		return err
	}
	row, err := decode[jobRow](doc)
	if err != nil || row.Due.Equal(t.Wake) {
		return err
	}
	row.Due = t.Wake
	return tx.putJob(key, row)
}

func jobArgs(k bot.JobKey) []any {
	return []any{record.WorkspaceKey(k.Workspace), []byte(k.Kind), []byte(k.Name)}
}
