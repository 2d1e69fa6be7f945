// Package postgres keeps everything in a PostgreSQL database, which several
// replicas of the bot may have open at once. Nothing that decides anything stays
// in a process: votes, states, jobs, intents and sums are rows, and whoever
// changes one has it locked.
//
//   - A vote takes its tasting's row FOR SHARE, a change of state takes it FOR
//     UPDATE: when a tasting is sealed, every vote that was acknowledged is in.
//     What waits in a replica goes into one statement, which merges by stamp.
//   - A job is a row with a term; every write for a job looks at it in its own
//     transaction. The database's clock says when a lease ends.
//   - Of the bots that have it open one acts and the others stand by ([Store.Lead]):
//     what a bot keeps in memory is one bot's alone. Whoever takes over needs none
//     of it, as the table below says.
//   - What replicas do side by side, as listening to a chat's connections, is in
//     parts, each a row with a term of its own ([Store.Share]).
//   - It works behind a pooler that gives each transaction another session:
//     nothing is prepared under a name, set for a session, or locked for one.
//   - What went wrong before a commit was sent is tried again, for a while, as
//     the database may be starting anew. If it went wrong after that nobody knows
//     the outcome; then only what may be done twice is tried again, and all else
//     is an error.
//
// What a bot that acts keeps in memory, and what becomes of it when another takes
// over:
//
//	whose turn it is to edit a tasting's posts   the other edits anew, from the rows
//	counts that were not shown yet               shown with the next vote, or at the reveal
//	stamps given to marks that came without one  go by the clock, and after what is in their
//	                                             row: one whose clock is behind loses no change
//	outcomes of sealed tastings                  worked out anew from votes that never change
//	the page's notices, and who looks at it      gone; browsers ask for the page again
//	wrong guesses at its keys                    forgotten
//	a gateway's session                          kept every second; the other resumes it, or begins
//	                                             one, and reads ballots once
//	what came over another replica's connection  that one has it until it was taken, and hands it
//	and was not done                             on once more; what may have been answered is not
//	                                             done again
//	a socket                                     the other has its own, open already, and reads
//	                                             ballots once
//	names of people and places                   asked for anew
//
// Votes, states, seats, jobs with their terms, intents of posts, sums of money and
// who is forgotten are rows, and so is the number of each workspace's next tasting.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/record"
)

// A Store is a [bot.Store] in a database. Open one with [Open].
//
// A context that ends before a commit was sent stops a write: the error is the
// context's and nothing is kept. After that its outcome is awaited.
type Store struct {
	log      *slog.Logger
	pool     *pgxpool.Pool
	replica  int64
	shelf    record.Shelf
	queue    chan *heard
	secrets  sync.Map             // name → []byte; a secret never changes
	skew     atomic.Int64         // what the database's clock is ahead of ours, in nanoseconds
	leads    atomic.Pointer[lead] // nil: this replica never led
	restored time.Time            // see Restored

	stop      context.Context // done from Close on
	stopNow   context.CancelFunc
	work      sync.WaitGroup // the goroutines
	collected chan struct{}  // closed when nobody reads the queue any more
	calls     sync.RWMutex   // held for reading by what is under way
	stopping  atomic.Bool
}

var _ bot.Store = (*Store)(nil)

var errClosed = errors.New("the store is closed")

// healthTime is how long a database may take to say that it is there.
const healthTime = 2 * time.Second

// Healthy returns nil while the database answers, else why it does not.
func (s *Store) Healthy() error {
	ctx, cancel := context.WithTimeout(context.Background(), healthTime)
	defer cancel()
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("ask the database whether it is there: %w", err)
	}
	return nil
}

// Failed is nil: a database that is away comes back.
func (s *Store) Failed() error { return nil }

// Close waits for what was begun, gives this replica's jobs back, so that
// others need not wait for its leases to run out, and ends its connections.
func (s *Store) Close() error {
	if s.stopping.Swap(true) {
		return errClosed
	}
	s.stopNow()
	s.calls.Lock()
	defer s.calls.Unlock()
	s.work.Wait()
	err := s.leave()
	s.pool.Close()
	return err
}

// enter begins a call; the caller ends it with leave. errClosed from Close on.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.calls.RLock()
	if s.stopping.Load() {
		s.calls.RUnlock()
		return nil, errClosed
	}
	return s.calls.RUnlock, nil
}
