package discord

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// A handing is what a replica that stands by says of a shard to whose connection it listens:
// what came over it, each second at least.
type handing struct {
	Shard   int     `json:"shard"`
	Of      int     `json:"of"`
	Term    int64   `json:"term"`              // in which it has the shard
	Session string  `json:"session,omitempty"` // that it has, and of the events
	Address string  `json:"address,omitempty"` // where the session is resumed, with events
	Events  []event `json:"events,omitempty"`  // all that came after those before
	Stands  bool    `json:"stands,omitempty"`  // the connection does, by now
	Few     bool    `json:"few,omitempty"`     // Discord wants more shards
	Begin   bool    `json:"begin,omitempty"`   // it would begin a session
}

// A progress answers a handing, all of which was done: how far the session is.
type progress struct {
	Session string `json:"session,omitempty"`
	Address string `json:"address,omitempty"`
	Seq     int64  `json:"seq,omitempty"`
	Begin   string `json:"begin,omitempty"` // where a session may be begun, within grantTime; empty: not now
}

const (
	mostHanded = 7 << 20         // bytes; replicas take a little more from each other
	silentFor  = 4 * time.Second // after that whoever has a shard's connection is gone
)

// Handed takes what other replicas hand on of what came over their connections, while Run
// runs and shares the shards out. 200 is that all of it was done, 503 that nothing was, 409
// that it is not theirs to say. A question without a body is answered how many shards there
// are. It is to be served to replicas alone: nobody has signed what they say.
func (c *Chat) Handed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := c.takes()
		if f == nil {
			http.Error(w, "Not taken here.", http.StatusServiceUnavailable)
			return
		}
		defer f.taking.RUnlock()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(f.ctx, cancel)()
		var answer any = len(f.keepers)
		if r.Method == http.MethodPost {
			var h handing
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostHanded+1<<20))
			if err == nil {
				err = json.Unmarshal(body, &h)
			}
			if err != nil {
				http.Error(w, "This request could not be read.", http.StatusBadRequest)
				return
			}
			if answer, err = f.taken(ctx, h); err != nil {
				http.Error(w, "This is another's to say.", http.StatusConflict)
				return
			}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			c.log.Debug("answer a replica that stands by", "err", err)
		}
	})
}

// takes is who takes what is handed on, and does not end before its lock for reading is
// let go; nil: nobody.
func (c *Chat) takes() *fleet {
	c.mu.Lock()
	f := c.shared
	c.mu.Unlock()
	if f == nil || f.ctx.Err() != nil || c.opt.Acts != nil && c.opt.Acts() != nil {
		return nil
	}
	f.taking.RLock()
	if f.closed {
		f.taking.RUnlock()
		return nil
	}
	return f
}

// taken does what is handed on.
func (f *fleet) taken(ctx context.Context, h handing) (p progress, err error) {
	if h.Of != len(f.keepers) || h.Shard < 0 || h.Shard >= h.Of {
		return p, errAnother
	}
	k := f.keepers[h.Shard]
	for _, e := range h.Events {
		if err := k.take(h.Term, session{id: h.Session, address: h.Address, seq: e.Seq}, e); err != nil {
			return p, err
		}
	}
	if p, err = k.heard(h); err != nil {
		return p, err
	}
	if h.Few {
		f.wantsMore()
	}
	if h.Begin {
		if p.Begin, err = f.starts.grant(ctx, k.shard); err != nil {
			f.chat.log.Warn("let another replica begin a session with Discord", "shard", k.shard, "err", meaning(err))
		}
	}
	return p, nil
}

// heard notes that the replica that has a shard's connection spoke.
func (k *keeper) heard(h handing) (progress, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case h.Term < k.term:
		return progress{}, errAnother
	case h.Session != "" && h.Session != k.now.id:
		return progress{}, errStrange
	}
	k.term, k.spoke = h.Term, time.Now()
	if h.Stands && !k.stood { // it did before this replica led
		k.stood = true
		k.resumed(k.shard)
	}
	k.chat.setReady(k.shard, h.Stands)
	return progress{Session: k.now.id, Address: k.now.address, Seq: k.now.seq}, nil
}

// silent gives the connection up of a replica that says nothing any more.
func (k *keeper) silent() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.spoke.IsZero() && time.Since(k.spoke) > silentFor {
		k.chat.setReady(k.shard, false)
	}
}

// wantsMore asks Discord how many shards it wants, and begins all anew if they are more.
func (f *fleet) wantsMore() {
	if !f.asking.CompareAndSwap(false, true) {
		return
	}
	anew, few := f.anew, len(f.keepers) // of now: others may be at work when Discord answers
	f.spawn("ask for the number of shards", func() {
		defer f.asking.Store(false)
		more := f.asksForMore(f.ctx, errors.New("the gateway wants more shards, and does not say how many"), few)
		if _, ok := errors.AsType[*resharding](more); ok {
			anew(more)
		} else if f.ctx.Err() == nil {
			f.chat.log.Warn("ask Discord for the number of shards", "err", meaning(more))
		}
		_ = sleep(f.ctx, startGap)
	})
}

// share has this replica's share of the shards, and takes what the others hand on of
// theirs, until ctx is done.
func (f *fleet) share(ctx context.Context, end context.CancelCauseFunc) {
	f.anew = end
	f.taking.Lock()
	f.closed = false
	f.taking.Unlock()
	f.chat.sharesOut(f)
	defer func() {
		f.chat.sharesOut(nil)
		f.taking.Lock() // what is under way is done first
		f.closed = true
		f.taking.Unlock()
	}()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() {
		for sleep(ctx, shareEvery) == nil {
			for _, k := range f.keepers {
				k.silent()
			}
		}
	})
	f.chat.newHolding(len(f.keepers), func(ctx context.Context, s shard, term int64, has func() error) {
		if err := f.gateway(f.keepers[s.n], term, has).run(ctx); err != nil {
			end(err)
		}
	}).run(ctx)
}

func (c *Chat) sharesOut(f *fleet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shared = f
}
