package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A Leader is how a replica that stands by asks the one that leads, which answers with
// [Chat.Handed]. A status of 503 is that nothing was done; after an error nobody knows.
type Leader func(ctx context.Context, method, uri string, body []byte) (status int, answer []byte, err error)

const (
	askEvery = time.Second
	askTime  = 2 * time.Second
	// goneFor is for how long connections stay open of which nobody takes what they tell:
	// longer than it takes for another replica to lead.
	goneFor = 20 * time.Second
)

// StandBy has this replica's share of the shards, where the replica that leads shares them
// out, and hands on to it what they tell, until ctx is done. Then Run goes on with them,
// or Close gives them back.
func (c *Chat) StandBy(ctx context.Context, leader Leader) {
	if c.opt.Shares == nil {
		return
	}
	b := &standBy{Chat: c, leader: leader}
	b.stood.Store(true)
	for {
		if of := b.asks(ctx); of > 1 {
			b.serve(ctx, of)
		}
		if sleep(ctx, askEvery) != nil {
			return
		}
	}
}

// Close gives this replica's shards back, so that others need not wait for its leases to
// run out. It is for a Chat that neither runs nor stands by.
func (c *Chat) Close() {
	if c.opt.Shares == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	if err := c.opt.Shares.Unshare(ctx, sessionName); err != nil {
		c.log.Warn("give Discord's shards back to the other replicas", "err", err)
	}
}

// A standBy hands what its connections tell to the replica that leads.
type standBy struct {
	*Chat
	leader Leader
	taken  atomic.Pointer[time.Time] // when that took something last
	stood  atomic.Bool               // a refusal is for whoever leads to act upon
}

// asks is how many shards the replica that leads shares out; 0: none, or it does not say.
func (b *standBy) asks(ctx context.Context) (shards int) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	status, said, err := b.leader(ctx, http.MethodGet, "/", nil)
	if err != nil || status != http.StatusOK || json.Unmarshal(said, &shards) != nil {
		return 0
	}
	b.took()
	return shards
}

func (b *standBy) took() {
	now := time.Now()
	b.taken.Store(&now)
}

// serve has a share of so many shards, until there are others, or nobody takes what
// they tell.
func (b *standBy) serve(ctx context.Context, of int) {
	ctx, end := context.WithCancelCause(ctx)
	var asking sync.WaitGroup
	defer asking.Wait()
	defer end(nil)
	asking.Go(func() {
		for sleep(ctx, askEvery) == nil {
			switch now := b.asks(ctx); {
			case now > 0 && now != of:
				end(&resharding{now})
			case time.Since(*b.taken.Load()) > goneFor:
				b.log.Warn("the replica that leads is not reached, or takes nothing from here; others listen to Discord until it does")
				end(errLeaderless)
			}
		}
	})
	b.newHolding(of, func(ctx context.Context, s shard, term int64, has func() error) {
		b.courier(s, term, has).run(ctx)
	}).run(ctx)
	if errors.Is(context.Cause(ctx), errLeaderless) {
		b.Close()
	}
}

// errLeaderless is why nothing is handed on.
var errLeaderless = errors.New("no replica that leads takes what Discord tells")
