package discord

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Shares let replicas share the shards out among themselves: each has the connections
// of some, for as long as its lease on them is. Each is with one replica.
type Shares interface {
	// Share says that this replica takes part, gives back the parts that it has ended, and
	// returns those that it has until the lease is over, each with a term that is
	// higher than that of whoever had it before. spare: it should end one for another.
	Share(ctx context.Context, name string, lease time.Duration, parts int, ended []int) (mine map[int]int64, spare bool, err error)
	// Unshare says that it takes part no more.
	Unshare(ctx context.Context, name string) error
}

const (
	shareTime  = 10 * time.Second // for how long a replica has a shard unless it says so again
	shareEvery = time.Second
)

// A holding is the shards that a replica has by leases. Of those that are shared out
// whoever has fewest takes what is free, and whoever has two more than another gives one
// up, one after the other.
type holding struct {
	*Chat
	of   int
	have func(ctx context.Context, s shard, term int64, has func() error) // has its connection until ctx is done

	until atomic.Pointer[time.Time] // of the leases
	wake  chan struct{}             // a connection has ended
	has   map[int]*held
}

// A held is a shard that a replica has, or has had until just now.
type held struct {
	term  int64
	lost  atomic.Bool // to another, perhaps
	stop  context.CancelFunc
	going bool          // it was told to end
	ended chan struct{} // closed when it has
}

func (c *Chat) newHolding(of int, have func(context.Context, shard, int64, func() error)) *holding {
	h := &holding{Chat: c, of: of, have: have, wake: make(chan struct{}, 1), has: make(map[int]*held)}
	h.until.Store(new(time.Time))
	return h
}

// run has this replica's share of the shards until ctx is done, and ends with all their
// connections. The leases last: whoever goes on in this process has them.
func (h *holding) run(ctx context.Context) {
	for told := ""; ctx.Err() == nil; {
		h.look(ctx)
		if now := h.list(); now != told {
			told = now
			h.log.Info("this replica listens to some of Discord's shards", "shards", now, "of", h.of)
		}
		select {
		case <-ctx.Done():
		case <-h.wake:
		case <-time.After(shareEvery):
		}
	}
	for _, x := range h.has {
		<-x.ended
	}
}

// look asks which shards are this replica's, and acts on that.
func (h *holding) look(ctx context.Context) {
	var ended []int
	for n, x := range h.has {
		select {
		case <-x.ended:
			ended = append(ended, n)
		default:
		}
	}
	asked := time.Now()
	brief, cancel := context.WithTimeout(ctx, shareTime/4)
	mine, spare, err := h.opt.Shares.Share(brief, sessionName, shareTime, h.of, ended)
	cancel()
	if err != nil {
		if ctx.Err() == nil {
			h.log.Warn("ask which of Discord's shards are this replica's", "err", err)
		}
		if !time.Now().Before(*h.until.Load()) {
			mine = nil // all may be another's
		} else {
			return
		}
	} else {
		until := asked.Add(shareTime)
		h.until.Store(&until)
		for _, n := range ended {
			delete(h.has, n)
		}
	}
	going := false
	for n, x := range h.has {
		if term, still := mine[n]; !still || term != x.term {
			x.lost.Store(true)
			x.end()
		}
		going = going || x.going
	}
	for _, n := range slices.Sorted(maps.Keys(mine)) {
		if h.has[n] == nil {
			h.begin(ctx, n, mine[n])
		}
	}
	if spare && !going {
		h.has[slices.Max(slices.Collect(maps.Keys(h.has)))].end()
	}
}

// begin has a shard's connection.
func (h *holding) begin(ctx context.Context, n int, term int64) {
	ctx, stop := context.WithCancel(ctx)
	x := &held{term: term, stop: stop, ended: make(chan struct{})}
	h.has[n] = x
	go func() {
		defer stop()
		defer func() {
			select {
			case h.wake <- struct{}{}:
			default:
			}
		}()
		defer close(x.ended)
		h.have(ctx, shard{n, h.of}, term, func() error {
			if x.lost.Load() || !time.Now().Before(*h.until.Load()) {
				return errAnother
			}
			return nil
		})
	}()
}

func (x *held) end() {
	x.going = true
	x.stop()
}

// list are the shards that this replica listens to, in order.
func (h *holding) list() string {
	var all []string
	for _, n := range slices.Sorted(maps.Keys(h.has)) {
		if !h.has[n].going {
			all = append(all, strconv.Itoa(n))
		}
	}
	return strings.Join(all, ", ")
}
