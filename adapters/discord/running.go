package discord

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime/debug"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
)

const (
	mostWorkers      = 256
	mostWaiting      = 256 // taps a worker
	mostInteractions = 256
	rereadPause      = 5 * time.Second
	longestReread    = 5 * time.Minute
)

// A running is one run of a Chat. The gateway's goroutine only hands over to
// it: what it waited for, the heartbeat would wait for.
type running struct {
	ctx  context.Context
	chat *Chat
	h    bot.Handler
	work sync.WaitGroup

	taps         []chan heardTap // one a worker; a person's taps keep their order
	seed         maphash.Seed
	interactions chan struct{}
	once         once

	mu         sync.Mutex
	guilds     map[string]bool // that the bot is on
	away       map[string]bool // of these, those in an outage
	reread     map[string]bool // whose ballots are to be read
	wake       chan struct{}
	registered map[shard]bool
	app        string // the bot's application
}

// A heardTap is a reaction as the gateway tells it.
type heardTap struct {
	guild, channel, message, user string
	choice                        bot.Choice
	on                            bool
}

func newRunning(ctx context.Context, c *Chat, h bot.Handler) *running {
	r := &running{
		ctx: ctx, chat: c, h: h, seed: maphash.MakeSeed(), interactions: make(chan struct{}, mostInteractions),
		guilds: make(map[string]bool), away: make(map[string]bool), reread: make(map[string]bool), registered: make(map[shard]bool), wake: make(chan struct{}, 1),
	}
	for range mostWorkers {
		ch := make(chan heardTap, mostWaiting)
		r.taps = append(r.taps, ch)
		r.spawn("take emoji", func() { r.takeTaps(ch) })
	}
	r.spawn("read ballots again", r.rereading)
	return r
}

func (r *running) wait() { r.work.Wait() }

// spawn runs f on a goroutine of its own. A panic is logged and ends only f.
func (r *running) spawn(doing string, f func()) {
	r.work.Go(func() {
		defer r.recover(doing)
		f()
	})
}

func (r *running) recover(doing string) {
	if p := recover(); p != nil {
		r.chat.log.Error("panic: "+doing, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}

// tap hands a tap over. If too many wait, its server is read later instead.
func (r *running) tap(t heardTap) {
	select {
	case r.taps[maphash.String(r.seed, t.message+t.user)%mostWorkers] <- t:
	default:
		r.chat.log.Warn("too many emoji at once; the ballots will be read instead", "guild", t.guild)
		r.readAgain(t.guild)
	}
}

func (r *running) takeTaps(ch <-chan heardTap) {
	for {
		select {
		case <-r.ctx.Done():
			return // what waits is read at the next start
		case t := <-ch:
			r.takeTap(t)
		}
	}
}

func (r *running) takeTap(t heardTap) {
	err := r.keep(t)
	if err == nil || r.ctx.Err() != nil || errors.Is(err, bot.ErrLost) {
		return
	}
	r.chat.log.Error("keep an emoji; the ballots will be read again", "guild", t.guild, "err", err)
	r.readAgain(t.guild)
}

func (r *running) keep(t heardTap) (err error) {
	defer asError(&err)
	at, err := r.chat.place(r.ctx, t.guild, t.channel)
	if err != nil {
		return err
	}
	return r.h.React(r.ctx, bot.Tap{Ref: bot.Ref{Place: at, Message: t.message}, User: t.user, Choice: t.choice, On: t.on})
}

// asError makes an error of a panic.
func asError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// readAgain has a server's open ballots read: events may have been lost.
func (r *running) readAgain(guilds ...string) {
	r.mu.Lock()
	for _, g := range guilds {
		r.reread[g] = true
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *running) rereading() {
	waits := &backoff.ExponentialBackOff{InitialInterval: r.chat.reread, Multiplier: 2, MaxInterval: longestReread}
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-r.wake:
		}
		r.mu.Lock()
		guilds := r.reread
		r.reread = make(map[string]bool)
		r.mu.Unlock()
		failed := false
		for g := range guilds {
			if err := r.resync(g); err != nil && r.ctx.Err() == nil {
				r.chat.log.Warn("read ballots again", "guild", g, "err", err)
				failed = true
				r.readAgain(g)
			}
		}
		if !failed {
			waits.Reset() // but wait: some bots take emoji away as soon as they stand
		}
		if sleep(r.ctx, waits.NextBackOff()) != nil {
			return
		}
	}
}

func (r *running) resync(guild string) (err error) {
	defer asError(&err)
	err = r.h.Resync(r.ctx, r.workspace(guild))
	if errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrLost) {
		return nil // found again when the tasting goes on; reading does not bring it back
	}
	return err
}

func (r *running) workspace(guild string) bot.Workspace {
	return bot.Workspace{Platform: r.chat.Platform(), ID: guild}
}
