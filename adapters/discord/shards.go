package discord

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// A shard is the part of all servers of which one connection tells: those of
// which (ID >> 22) % of is n. The first tells of direct messages too.
// https://docs.discord.com/developers/events/gateway#sharding
type shard struct{ n, of int }

func (s shard) has(guild string) bool {
	id, err := strconv.ParseUint(guild, 10, 64)
	return s.of == 1 || err == nil && int(id>>22%uint64(s.of)) == s.n
}

// String counts from 0, as Discord does.
func (s shard) String() string { return fmt.Sprintf("%d of %d", s.n, s.of) }

// askWithin is how long Discord may take to say how many shards it wants, where
// sessions wait to be gone on with.
const askWithin = 2 * time.Second

// A fleet is the gateways of one run, one for each shard.
type fleet struct {
	*running
	starts  *starts
	keepers []*keeper   // of each shard, also of those that another replica listens to
	stood   atomic.Bool // some connection has

	anew   context.CancelCauseFunc // ends all sessions
	asking atomic.Bool             // Discord, whether it wants more shards
	taking sync.RWMutex            // held to read while what others hand on is taken
	closed bool                    // it is taken no more; under taking
}

// A resharding ends all sessions, because Discord wants more shards.
type resharding struct{ shards int }

func (r *resharding) Error() string {
	return fmt.Sprintf("the gateway asks for %d shards; all are begun anew", r.shards)
}

// shards is how many Discord asks for. If it does not say, sessions that were
// kept are gone on with; without any it is asked until it does.
func (f *fleet) shards(ctx context.Context) (int, error) {
	kept := f.kept(ctx)
	for waits := reconnecting(); ; {
		a, err := f.askShards(ctx, kept > 0)
		switch {
		case err == nil:
			return a.Shards, nil
		case ctx.Err() != nil:
			return 0, nil
		case kept > 0:
			f.chat.log.Warn("ask Discord for the number of shards; there are as many as before", "err", meaning(err))
			return kept, nil
		}
		if refused := refusal(err); refused != nil {
			return 0, refused
		}
		f.chat.log.Warn("connect to Discord", "err", meaning(err))
		if sleep(ctx, waits.NextBackOff()) != nil {
			return 0, nil
		}
	}
}

func (f *fleet) askShards(ctx context.Context, hurry bool) (admission, error) {
	if hurry {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, askWithin)
		defer cancel()
	}
	return f.starts.learn(ctx)
}

// serve has so many shards, until ctx is done, Discord refuses the first of them
// for good, or wants others. The error is never nil.
func (f *fleet) serve(ctx context.Context, shards int) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	f.chat.setShards(shards)
	f.keepers = nil
	if shards > 1 {
		f.chat.log.Info("Discord has several shards", "shards", shards)
		f.keepShards(ctx, shards)
	}
	var all sync.WaitGroup
	defer all.Wait()
	for n := range shards {
		k := &keeper{running: f.running, shard: shard{n, shards}, began: make(chan struct{}, 1)}
		k.adopt(ctx)
		// Before anything is done: what is done from now on must not be done again if this
		// replica dies.
		if err := k.keep(ctx, false); err != nil && ctx.Err() == nil {
			f.chat.log.Warn("note that the session of before is gone on with", "err", err)
		}
		f.keepers = append(f.keepers, k)
		if f.chat.opt.Sessions != nil {
			all.Go(func() { k.run(ctx) })
		}
	}
	if shards > 1 && f.chat.opt.Shares != nil {
		f.share(ctx, end)
	} else {
		f.listen(ctx, end)
	}
	return context.Cause(ctx)
}

// listen has the connections of all shards, until ctx is done.
func (f *fleet) listen(ctx context.Context, end context.CancelCauseFunc) {
	var all sync.WaitGroup
	defer all.Wait()
	var anew []*gateway
	begin := func(g *gateway) {
		all.Go(func() {
			if err := g.run(ctx); err != nil {
				end(err)
			}
		})
	}
	for _, k := range f.keepers {
		g := f.gateway(k, 0, func() error { return nil })
		if g.session.id == "" {
			anew = append(anew, g)
		} else {
			begin(g) // nothing is to be missed while others wait for their turn
		}
	}
	// Discord wants sessions begun in the order of shards, so many at once.
	atOnce := f.starts.atOnce()
	for i, g := range anew {
		begin(g)
		if (i+1)%atOnce > 0 {
			continue
		}
		for _, g := range anew[i+1-atOnce : i+1] {
			select {
			case <-g.begun:
			case <-ctx.Done():
			}
		}
	}
}

// gateway is what goes on with a shard's session, or begins one. has is an error if
// another replica may have the shard, for which this one has it in a term.
func (f *fleet) gateway(k *keeper, term int64, has func() error) *gateway {
	g := newGateway(f.chat, k.shard, &f.stood)
	g.may = has
	g.hear = func(s session, e event) error {
		if err := has(); err != nil {
			return err
		}
		return k.take(term, s, e)
	}
	g.away = func() { f.chat.setReady(k.shard, false) }
	g.admit = func(ctx context.Context) (string, func(), error) { return f.starts.await(ctx, g.log, k.shard) }
	g.count = func(ctx context.Context) error { return f.starts.take(ctx, k.shard, time.Now()) }
	g.few = func(ctx context.Context, err error) error { return f.asksForMore(ctx, err, k.shard.of) }
	g.session = k.begins(term)
	return g
}

func newGateway(c *Chat, s shard, stood *atomic.Bool) *gateway {
	g := &gateway{chat: c, log: c.log, shard: s, stood: stood, begun: make(chan struct{}), leave: func() {}}
	if s.of > 1 {
		g.log = g.log.With("shard", s.String())
	}
	g.begin = sync.OnceFunc(func() { close(g.begun) })
	return g
}

// asksForMore says what a refusal of so few shards comes to: a [resharding], or
// what keeps from one.
func (f *fleet) asksForMore(ctx context.Context, refused error, few int) error {
	a, err := f.starts.learn(ctx)
	switch {
	case err != nil:
		return err
	case a.Shards <= few:
		return refused // and does not say how many
	}
	return &resharding{a.Shards}
}
