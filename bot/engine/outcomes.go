package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// mostOutcomes is how many outcomes are remembered at most.
const mostOutcomes = 100

// outcomes remembers the outcomes of sealed tastings, which never change:
// finding out what votes show shuffles them thousands of times, and a page
// shows many tastings. The zero value is ready.
type outcomes struct {
	mu    sync.Mutex
	known map[bot.TastingID]compose.Outcome
}

func (o *outcomes) get(id bot.TastingID) (compose.Outcome, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	known, ok := o.known[id]
	return known, ok
}

func (o *outcomes) put(id bot.TastingID, known compose.Outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil || len(o.known) >= mostOutcomes {
		o.known = make(map[bot.TastingID]compose.Outcome)
	}
	o.known[id] = known
}

// forget drops everything: somebody has another name now.
func (o *outcomes) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.known)
}

// readOutcome reads what was voted in a sealed tasting and finds what it shows.
func (b *Bot) readOutcome(ctx context.Context, t bot.Tasting) (compose.Outcome, error) {
	texts, err := b.texts(ctx, t)
	if err != nil {
		return compose.Outcome{}, err
	}
	votes := make(map[int][]bot.Vote)
	for _, n := range t.Live() {
		if votes[n], err = b.store.Votes(ctx, t.ID.Round(n)); err != nil {
			return compose.Outcome{}, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
		}
	}
	return compose.NewOutcome(t, texts, votes), nil
}

// outcome returns a sealed tasting's outcome.
func (b *Bot) outcome(ctx context.Context, t bot.Tasting) (compose.Outcome, error) {
	if o, ok := b.outcomes.get(t.ID); ok {
		return o, nil
	}
	o, err := b.readOutcome(ctx, t)
	if err == nil {
		b.outcomes.put(t.ID, o)
	}
	return o, err
}
