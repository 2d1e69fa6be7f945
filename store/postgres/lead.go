package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jackc/pgx/v5"
)

// ErrDeposed is from every write of a replica that has led and may no longer.
var ErrDeposed = errors.New("another replica is at work by now, or may be")

const (
	leadTime   = 10 * time.Second // for how long a replica leads unless it says so again
	leadEvery  = leadTime / 4
	standEvery = time.Second // how often those who stand by look
	longestOut = time.Minute // without its database a replica ends after that
)

// A lead is up to when a replica leads.
type lead struct {
	until time.Time
	lost  bool // to another, or for good
}

// A Leader is the replica that leads. The zero value is nobody.
type Leader struct {
	Replica int64
	Reach   string // where other replicas reach it, as "http://10.0.0.7:8080"; empty: nowhere
}

// Replica is a number that no other replica has, not this one either once it is
// started again.
func (s *Store) Replica() int64 { return s.replica }

// Lead waits until no other replica leads, and leads: of all that have the
// database open one acts, and the others stand by. While it waits follow is told
// who leads, as often as that changes; reach is what the others are told of this
// one. The context that is returned ends when ctx does, when another leads, or
// when the database has been away for too long.
//
// A replica that could not tell the database in time that it is there, or that
// was stopped for too long, writes nothing until it has: another may have
// begun. Both sides count from when they asked and were told, so that this one
// ends before the database lets another begin, whatever their clocks show.
func (s *Store) Lead(ctx context.Context, reach string, follow func(Leader)) (context.Context, error) {
	for known := (Leader{}); ; {
		leads, err := s.claim(ctx, reach, true)
		if leads {
			break
		}
		var now Leader
		if err == nil {
			now, err = s.leader(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Warn("ask whether another replica is at work", "err", err)
		}
		if err == nil && now != known {
			known = now
			follow(now)
		}
		select {
		case <-time.After(standEvery):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	led, depose := context.WithCancelCause(ctx)
	s.work.Go(func() { s.keepLeading(reach, depose) })
	return led, nil
}

// keepLeading says again and again that this replica leads, until the store is
// closed or it does not.
func (s *Store) keepLeading(reach string, depose context.CancelCauseFunc) {
	wait, heard := leadEvery, time.Now()
	for {
		select {
		case <-s.stop.Done():
			return
		case <-time.After(wait):
		}
		ctx, cancel := context.WithTimeout(s.stop, leadEvery)
		leads, err := s.claim(ctx, reach, false)
		cancel()
		switch {
		case leads:
			wait, heard = leadEvery, time.Now()
		case s.stop.Err() != nil:
			return
		case err == nil, time.Since(heard) > longestOut:
			s.leads.Store(&lead{lost: true})
			depose(ErrDeposed)
			return
		default:
			wait = standEvery
			s.pool.Reset()
		}
	}
}

// claim makes this replica lead, if it is to begin, or lets it lead longer. False if
// another does, or has since: whoever slept through that remembers what was before it.
func (s *Store) claim(ctx context.Context, reach string, begin bool) (bool, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	asked := time.Now()
	tag, err := s.pool.Exec(ctx, `INSERT INTO leader AS l (replica, until, reach, reached) VALUES ($1, clock_timestamp() + $2::interval, $3, $1)
ON CONFLICT (one) DO UPDATE SET replica = excluded.replica, until = clock_timestamp() + $2::interval, reach = excluded.reach, reached = excluded.reached
WHERE l.replica = excluded.replica OR $4 AND l.until < clock_timestamp()`, s.replica, leadTime, []byte(reach), begin)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	s.leads.Store(&lead{until: asked.Add(leadTime)})
	return true, nil
}

// leader is the replica that leads now.
func (s *Store) leader(ctx context.Context) (l Leader, err error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return l, err
	}
	defer leave()
	var reach []byte
	err = s.pool.QueryRow(ctx, `SELECT replica, CASE reached WHEN replica THEN reach ELSE '' END FROM leader WHERE until > clock_timestamp()`).Scan(&l.Replica, &reach)
	if errors.Is(err, pgx.ErrNoRows) {
		return Leader{}, nil
	}
	l.Reach = string(reach)
	return l, err
}

// mayWrite returns ErrDeposed if this replica has led and its time is over. That
// may pass, unless it is permanent: the database was away, and nobody else has
// begun.
func (s *Store) mayWrite() error {
	switch l := s.leads.Load(); {
	case l == nil || !l.lost && time.Now().Before(l.until):
		return nil
	case l.lost:
		return backoff.Permanent(ErrDeposed)
	}
	return ErrDeposed
}

// Leads is [ErrDeposed] where this replica has led and may no longer, by this
// machine's clock: it asks nobody.
func (s *Store) Leads() error {
	if s.mayWrite() != nil {
		return ErrDeposed
	}
	return nil
}

// led is this replica's number if it leads or has led, else nil.
func (s *Store) led() *int64 {
	if s.leads.Load() == nil {
		return nil
	}
	return &s.replica
}

// Session is what was kept last of a chat's session, for whoever takes over; nil:
// nothing was. No copy of the database has it.
func (s *Store) Session(ctx context.Context, name string) ([]byte, error) {
	return view(ctx, s, func(c *pgx.Conn) (kept []byte, err error) {
		err = c.QueryRow(ctx, `SELECT session FROM sessions WHERE name = $1`, []byte(name)).Scan(&kept)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		return kept, err
	})
}

// KeepSession keeps how far a chat's session is. Like all that is written it fails
// where this replica has led and may no longer.
func (s *Store) KeepSession(ctx context.Context, name string, kept []byte) error {
	return s.write(ctx, again, func(tx *txn) error {
		_, err := tx.exec(`INSERT INTO sessions (name, session) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET session = excluded.session`, []byte(name), kept)
		return err
	})
}
