package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	mostWait   = 10_000 // events of a shard
	mostBytes  = 32 << 20
	handEvery  = 200 * time.Millisecond // while nobody takes what waits
	flushTime  = 2 * time.Second
	answerable = 2500 * time.Millisecond // Discord waits three seconds
	fresh      = 3 * time.Second
)

// A courier has a shard's connection and brings what it tells to the replica that leads, in
// order. Only what that has taken was heard: all else it, or whoever has the shard next,
// is told again by Discord.
type courier struct {
	*standBy
	shard shard
	term  int64
	has   func() error // an error: another may have the shard

	wake chan struct{}
	end  context.CancelCauseFunc

	mu      sync.Mutex
	session string // in which something was said last
	waiting []waiting
	bytes   int       // of these
	stands  bool      // the connection does
	few     bool      // Discord wants more shards
	granted time.Time // a session, by the replica that leads
}

// A waiting event has not been taken.
type waiting struct {
	session
	event
	since time.Time
}

func (b *standBy) courier(s shard, term int64, has func() error) *courier {
	return &courier{standBy: b, shard: s, term: term, has: has, wake: make(chan struct{}, 1)}
}

// errFull ends a connection that tells more than can wait.
var errFull = errors.New("too much waits for the replica that leads")

// run has the connection until ctx is done, or it cannot go on.
func (c *courier) run(ctx context.Context) {
	err := c.listen(ctx)
	if ctx.Err() != nil {
		return
	}
	c.log.Info("this replica listens to a shard of Discord's no more", "shard", c.shard, "err", err)
	_ = sleep(ctx, askEvery) // or it would be tried again without a pause
}

func (c *courier) listen(ctx context.Context) error {
	at, err := c.begins(ctx)
	if err != nil {
		return err
	}
	ctx, c.end = context.WithCancelCause(ctx)
	c.session = at.id
	g := c.gateway(at)
	var listening sync.WaitGroup
	listening.Go(func() { c.end(g.run(ctx)) })
	c.bring(ctx)
	listening.Wait()
	c.flush(ctx)
	return context.Cause(ctx)
}

// begins is where the shard's session goes on, as the replica that leads knows it.
func (c *courier) begins(ctx context.Context) (session, error) {
	for {
		p, err := c.say(ctx, handing{})
		if err == nil {
			return session{id: p.Session, address: p.Address, seq: p.Seq}, nil
		}
		if errors.Is(err, errAnother) {
			return session{}, err
		}
		if err := sleep(ctx, askEvery); err != nil {
			return session{}, err
		}
	}
}

func (c *courier) gateway(at session) *gateway {
	g := newGateway(c.Chat, c.shard, &c.stood)
	g.session = at
	g.may = func() error {
		if time.Since(*c.taken.Load()) > fresh {
			return errLeaderless
		}
		return c.has()
	}
	g.hear = c.hear
	g.away = func() { c.changed(func() { c.stands = false }) }
	g.admit = c.admit
	g.count = func(context.Context) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if time.Since(c.granted) > grantTime {
			return errors.New("ask Discord for a session: it took too long to reach it")
		}
		return nil
	}
	g.few = func(context.Context, error) error {
		c.changed(func() { c.few = true })
		return errors.New("the gateway wants more shards; the replica that leads is told")
	}
	return g
}

// changed changes what waits, and has it brought.
func (c *courier) changed(change func()) {
	c.mu.Lock()
	change()
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// hear takes an event of the connection.
func (c *courier) hear(s session, e event) error {
	if err := c.has(); err != nil {
		c.end(err)
		return err
	}
	e = slim(e)
	var err error
	c.changed(func() {
		if len(c.waiting) == mostWait || c.bytes+len(e.Data) > mostBytes {
			err = errFull
			return
		}
		c.session = s.id
		c.waiting, c.bytes = append(c.waiting, waiting{s, e, time.Now()}), c.bytes+len(e.Data)
		c.stands = c.stands || e.Kind == "READY" || e.Kind == "RESUMED"
	})
	if err != nil {
		c.end(err)
	}
	return err
}

// slim leaves out of what is told much of what is nothing to the replica that leads.
func slim(e event) event {
	nothing := event{Seq: e.Seq, Again: e.Again}
	switch e.Kind {
	case "GUILD_CREATE": // has all roles and emoji of a server
		var g guildEvent
		if json.Unmarshal(e.Data, &g) == nil {
			if data, err := json.Marshal(g); err == nil {
				e.Data = data
			}
		}
	case "MESSAGE_CREATE":
		var m written
		if json.Unmarshal(e.Data, &m) != nil || m.Content == "" { // none is of what is not for us
			return nothing
		}
	case "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		return nothing
	}
	return e
}

// bring brings what waits, until ctx is done, or another has the shard.
func (c *courier) bring(ctx context.Context) {
	for pause := askEvery; ; {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-time.After(pause):
		}
		pause = askEvery
		switch err := c.hand(ctx); {
		case errors.Is(err, errAnother):
			c.end(err)
			return
		case err != nil && c.waits():
			if pause = handEvery; sleep(ctx, pause) != nil {
				return
			}
		}
	}
}

func (c *courier) waits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting) > 0
}

// flush brings what is left when the connection has ended, if it can be at once.
func (c *courier) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	for more := true; more; more = c.waits() {
		if c.hand(ctx) != nil {
			return
		}
	}
}

// hand hands on what waits, as much as goes at once, and how the connection is.
func (c *courier) hand(ctx context.Context) error {
	if err := c.has(); err != nil {
		return err
	}
	c.mu.Lock()
	h := handing{Session: c.session, Stands: c.stands, Few: c.few}
	bytes := 0
	for _, x := range c.waiting {
		if x.id != c.waiting[0].id || bytes > 0 && bytes+len(x.Data) > mostHanded/2 {
			break
		}
		h.Session, h.Address, bytes = x.id, x.address, bytes+len(x.Data)+100
		if x.Kind == "INTERACTION_CREATE" && time.Since(x.since) > answerable { // Discord has said so to whoever did it
			x.event = event{Seq: x.Seq, Again: x.Again}
		}
		h.Events = append(h.Events, x.event)
	}
	c.mu.Unlock()
	_, err := c.say(ctx, h)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.few = c.few && !h.Few
		for _, x := range c.waiting[:len(h.Events)] {
			c.bytes -= len(x.Data)
		}
		if c.waiting = c.waiting[len(h.Events):]; len(c.waiting) == 0 {
			c.waiting = nil
		} else {
			select {
			case c.wake <- struct{}{}:
			default:
			}
		}
	case !errors.Is(err, errLeaderless):
		for i := range h.Events {
			c.waiting[i].Again = true
		}
	}
	return err
}

// say says something of the shard to the replica that leads.
func (c *courier) say(ctx context.Context, h handing) (p progress, err error) {
	h.Shard, h.Of, h.Term = c.shard.n, c.shard.of, c.term
	var body bytes.Buffer
	write := json.NewEncoder(&body)
	write.SetEscapeHTML(false) // or it could be six times as long
	if err := write.Encode(h); err != nil {
		return p, fmt.Errorf("write what is handed on: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	status, said, err := c.leader(ctx, http.MethodPost, "/", body.Bytes())
	switch {
	case err != nil:
		return p, err
	case status == http.StatusServiceUnavailable:
		return p, errLeaderless
	case status == http.StatusConflict:
		return p, errAnother
	case status != http.StatusOK:
		return p, fmt.Errorf("the replica that leads says %d", status)
	}
	c.took()
	return p, json.Unmarshal(said, &p)
}

// admit waits until the replica that leads lets a session be begun, and returns where.
func (c *courier) admit(ctx context.Context) (address string, leave func(), err error) {
	for {
		p, err := c.say(ctx, handing{Begin: true})
		if err == nil && p.Begin != "" {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.granted = time.Now()
			return p.Begin, func() {}, nil
		}
		if err != nil {
			return "", func() {}, err
		}
		if err := sleep(ctx, askEvery); err != nil {
			return "", func() {}, err
		}
	}
}
