package bot

import (
	"context"
	"time"
)

// A Sleeper is a chat whose threads go to sleep when nobody writes in them.
// What sleeps can be read, and nobody can vote there.
type Sleeper interface {
	// Sleeps says after how long without a message a place goes to sleep or,
	// if below, the thread of a message there; 0: never. ErrLost, ErrGone.
	Sleeps(ctx context.Context, at Place, below bool) (time.Duration, error)

	// Rouse wakes a place that sleeps and keeps it awake until a time, or for
	// as long as the chat allows. It returns when it must be called again;
	// zero: not before until. Nobody is notified, and nothing is said. Twice is
	// fine. ErrLost, ErrGone.
	Rouse(ctx context.Context, at Place, until time.Time) (again time.Time, err error)
}
