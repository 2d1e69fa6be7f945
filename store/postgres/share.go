package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Share says that this replica takes part in what is called name, which replicas do side
// by side in so many parts, numbered from 0, and gives it its share: the parts that it
// has until lease is over, each with its term, which is higher than that of whoever had the
// part before. A part that is free is taken by those who have fewest. spare: another
// has at least two fewer, so that one of these parts should be ended. ended are parts
// that this replica does no more; they are free for all then.
//
// A lease is over by the database's clock, and for this replica, which is to count from
// when it asked, never later than that.
func (s *Store) Share(ctx context.Context, name string, lease time.Duration, parts int, ended []int) (mine map[int]int64, spare bool, err error) {
	err = s.write(ctx, again, func(tx *txn) error {
		// One after the other, or two would take the same part. One that is stopped just then
		// must not keep the others from it until their leases are over.
		if _, err := tx.exec(`SELECT set_config('idle_in_transaction_session_timeout', '2s', true), pg_advisory_xact_lock(hashtextextended($1::text, 0))`, name); err != nil {
			return err
		}
		if err := tx.renewParts(name, lease, parts, ended); err != nil {
			return err
		}
		mine, spare, err = tx.takeFree(name, lease, parts)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("share %s: %w", name, err)
	}
	return mine, spare, nil
}

// renewParts renews what this replica has, and drops what is over.
func (tx *txn) renewParts(name string, lease time.Duration, parts int, ended []int) error {
	if _, err := tx.exec(`INSERT INTO sharers (name, replica, until) VALUES ($1, $2, clock_timestamp() + $3::interval)
ON CONFLICT (name, replica) DO UPDATE SET until = excluded.until`, []byte(name), tx.s.replica, lease); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM sharers WHERE name = $1 AND until < clock_timestamp()`, []byte(name)); err != nil {
		return err
	}
	over := make([]int32, 0, len(ended))
	for _, part := range ended {
		over = append(over, int32(part))
	}
	if _, err := tx.exec(`DELETE FROM shares WHERE name = $1 AND (until < clock_timestamp() OR replica = $2 AND (part >= $3 OR part = ANY ($4)))`,
		[]byte(name), tx.s.replica, int32(parts), over); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE shares SET until = clock_timestamp() + $3::interval WHERE name = $1 AND replica = $2`, []byte(name), tx.s.replica, lease)
	return err
}

// takeFree takes what is free and nobody has fewer of.
func (tx *txn) takeFree(name string, lease time.Duration, parts int) (mine map[int]int64, spare bool, err error) {
	rows, err := tx.Query(tx.ctx, `SELECT replica, -1 AS part, 0 AS term FROM sharers WHERE name = $1
UNION ALL SELECT replica, part, term FROM shares WHERE name = $1`, []byte(name))
	if err != nil {
		return nil, false, err
	}
	mine = make(map[int]int64)
	taken, others := make(map[int]bool), make(map[int64]int)
	var replica, term int64
	var part int
	if _, err := pgx.ForEachRow(rows, []any{&replica, &part, &term}, func() error {
		switch {
		case replica == tx.s.replica && part >= 0:
			mine[part] = term
		case replica != tx.s.replica && part < 0:
			others[replica] += 0
		case replica != tx.s.replica:
			others[replica]++
		}
		taken[part] = true
		return nil
	}); err != nil {
		return nil, false, err
	}
	fewest := parts // of any other's
	for _, n := range others {
		fewest = min(fewest, n)
	}
	free := false
	for part := range parts {
		if taken[part] {
			continue
		}
		if len(mine) > fewest {
			free = true // another's, who is to look soon
			continue
		}
		if err := tx.QueryRow(tx.ctx, `INSERT INTO shares (name, part, replica, until) VALUES ($1, $2, $3, clock_timestamp() + $4::interval) RETURNING term`,
			[]byte(name), int32(part), tx.s.replica, lease).Scan(&term); err != nil {
			return nil, false, err
		}
		mine[part] = term
	}
	return mine, !free && len(mine) >= fewest+2, nil
}

// Unshare says that this replica takes part no more: what it had is free.
func (s *Store) Unshare(ctx context.Context, name string) error {
	return s.write(ctx, again, func(tx *txn) error {
		if _, err := tx.exec(`DELETE FROM shares WHERE name = $1 AND replica = $2`, []byte(name), s.replica); err != nil {
			return err
		}
		_, err := tx.exec(`DELETE FROM sharers WHERE name = $1 AND replica = $2`, []byte(name), s.replica)
		return err
	})
}
