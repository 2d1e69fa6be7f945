package postgres

import (
	"context"
	"time"
)

// How often a replica says that it is there, and after how long it is not.
const (
	seenEvery = 10 * time.Second
	goneAfter = time.Minute
)

// join says that this replica is there. Whoever opens the store does not wait
// for pauses after failures, which they have perhaps mended.
func (s *Store) join(ctx context.Context) error {
	err := s.write(ctx, again, func(tx *txn) error {
		if _, err := tx.exec(`DELETE FROM replicas WHERE seen < now() - $1::interval`, goneAfter); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO replicas (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`, s.replica); err != nil {
			return err
		}
		_, err := tx.exec(`UPDATE jobs SET until = $1 WHERE term = 0 AND until <> $1`, nanos(time.Time{}))
		return err
	})
	if err != nil {
		return err
	}
	return s.readClock(ctx)
}

// stay says now and then that this replica is there, until the store is closed.
func (s *Store) stay() {
	tick := time.NewTicker(seenEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.stop.Done():
			return
		case <-tick.C:
		}
		err := s.write(s.stop, again, func(tx *txn) error {
			_, err := tx.exec(`INSERT INTO replicas (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen = now()`, s.replica)
			return err
		})
		if err == nil {
			err = s.readClock(s.stop)
		}
		if err != nil && s.stop.Err() == nil {
			s.log.Warn("tell the database that this replica is there", "err", err)
		}
	}
}

// leave gives this replica's jobs back, its shares, and the lead.
func (s *Store) leave() error {
	ctx, cancel := context.WithTimeout(context.Background(), healthTime)
	defer cancel()
	_, err := s.pool.Exec(ctx, `WITH gone AS (DELETE FROM replicas WHERE id = $1), led AS (DELETE FROM leader WHERE replica = $1),
    sharer AS (DELETE FROM sharers WHERE replica = $1), had AS (DELETE FROM shares WHERE replica = $1)
UPDATE jobs SET term = 0, replica = NULL, until = $2 WHERE replica = $1`, s.replica, nanos(time.Time{}))
	return err
}

// sameClock is how far a clock may be off before it is corrected: as far as
// the way to the database could make it seem.
const sameClock = time.Second

// readClock compares the database's clock with ours.
func (s *Store) readClock(ctx context.Context) error {
	before := time.Now()
	var theirs time.Time
	if err := s.pool.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&theirs); err != nil {
		return err
	}
	skew := theirs.Sub(before.Add(time.Since(before) / 2))
	if skew.Abs() < sameClock {
		skew = 0
	}
	if old := time.Duration(s.skew.Swap(int64(skew))); (skew - old).Abs() > sameClock {
		s.log.Warn("this machine's clock and the database's differ; leases go by the database's", "ahead", skew.Round(time.Millisecond))
	}
	return nil
}

// dbTime is what the database's clock shows when ours shows t.
func (s *Store) dbTime(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(time.Duration(s.skew.Load()))
}
