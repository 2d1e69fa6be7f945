package bot

import (
	"context"
	"sync"
)

// mostOutcomes is how many outcomes are remembered at most.
const mostOutcomes = 100

// outcomes remembers the outcomes of sealed tastings, which never change:
// finding out what votes show shuffles them thousands of times, and a page
// shows many tastings. The zero value is ready.
type outcomes struct {
	mu    sync.Mutex
	known map[TastingID]outcome
}

func (o *outcomes) get(id TastingID) (outcome, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	known, ok := o.known[id]
	return known, ok
}

func (o *outcomes) put(known outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil || len(o.known) >= mostOutcomes {
		o.known = make(map[TastingID]outcome)
	}
	o.known[known.t.ID] = known
}

// forget drops everything: somebody has another name now.
func (o *outcomes) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.known)
}

// outcome returns a sealed tasting's outcome.
func (b *Bot) outcome(ctx context.Context, t Tasting) (outcome, error) {
	if o, ok := b.known.get(t.ID); ok {
		return o, nil
	}
	o, err := b.readOutcome(ctx, t)
	if err == nil {
		b.known.put(o)
	}
	return o, err
}
