package engine

import (
	"sync"
	"time"
)

// arrivals stamps what comes without a stamp of its own. Two stamps are never
// the same and never go back, whatever the wall clock does, so that of two
// taps the later one counts. The zero value is ready.
type arrivals struct {
	mu   sync.Mutex
	last int64 // nanoseconds since 1970
}

func (a *arrivals) now() time.Time { return a.after(time.Time{}) }

// after is now, but later than t.
func (a *arrivals) after(t time.Time) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = max(a.last+1, time.Now().UnixNano())
	if !t.IsZero() {
		a.last = max(a.last, t.UnixNano()+1)
	}
	return time.Unix(0, a.last)
}
