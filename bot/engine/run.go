package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	sweepEvery = time.Second
	leaseTime  = time.Minute
	mostWait   = time.Minute // between attempts at the same step
)

// Run does what falls due, until ctx is done; then it finishes the steps that
// are under way and returns nil. Models that are being asked are not waited
// for: they are asked again after the next start.
func (b *Bot) Run(ctx context.Context) error {
	var work sync.WaitGroup
	defer work.Wait()
	if err := b.store.Schedule(ctx, bot.JobKey{Kind: bot.RetentionJob}, time.Now()); err != nil && ctx.Err() == nil {
		b.log.Error("look for old tastings", "err", err)
	}
	for kind := range b.opt.Chores {
		if err := b.store.Schedule(ctx, bot.JobKey{Kind: kind}, time.Now()); err != nil && ctx.Err() == nil {
			b.log.Error("look for what is due by itself", "job", kind, "err", err)
		}
	}
	work.Go(func() { b.lookAhead(ctx) })
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		b.sweep(ctx, &work)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-b.wake:
		}
	}
}

const (
	manyRevealed = 200               // tastings, from which on whoever looks first would wait
	foreseen     = mostOutcomes - 10 // of the newest of them, some weeks' digests and pages
)

// lookAhead reads what is revealed in workspaces that have very much of it, and counts
// who has tasted what is open, before anybody asks.
func (b *Bot) lookAhead(ctx context.Context) {
	defer b.ahead.Store(true)
	err := func() (err error) {
		defer recovered(&err)
		ws, err := b.store.Workspaces(ctx)
		if err != nil {
			return err
		}
		for _, w := range ws {
			ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
			if err != nil {
				return err
			}
			if len(ts) >= manyRevealed {
				b.foreseeOutcomes(ctx, ts[:min(foreseen, len(ts))])
			}
			if ts, err = b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Posting, bot.Open}}); err != nil {
				return err
			}
			for _, t := range ts {
				if _, err := b.seenTurnout(ctx, t); err != nil {
					return err
				}
			}
		}
		return nil
	}()
	if err != nil && ctx.Err() == nil {
		b.log.Warn("read what people will ask for", "err", err)
	}
}

// Ready returns an error until what people will ask for has been read, after the start:
// it is answered before that too, and only takes longer.
func (b *Bot) Ready(context.Context) error {
	if !b.ahead.Load() {
		return errors.New("what was revealed is being read, so that nobody has to wait for it")
	}
	return nil
}

// nudgeRun lets Run look at once for what is due.
func (b *Bot) nudgeRun() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// sweep begins every job that is due.
func (b *Bot) sweep(ctx context.Context, work *sync.WaitGroup) {
	for ctx.Err() == nil {
		j, due, err := b.store.Take(ctx, time.Now(), leaseTime)
		if err != nil {
			if ctx.Err() == nil {
				b.log.Error("look for what is due", "err", err)
			}
			break
		}
		if !due {
			break
		}
		work.Go(func() { b.do(ctx, j) })
	}
	b.flushCounts(ctx, work)
}

// do does a job and gives it back. One that fails is tried again after a pause
// that grows.
func (b *Bot) do(ctx context.Context, j bot.Job) {
	held, release := b.holding(ctx, j)
	defer release()
	next, err := b.attempt(held, &j)
	if errors.Is(err, bot.ErrTerm) || err != nil && errors.Is(context.Cause(held), bot.ErrTerm) {
		b.log.Warn("somebody else has taken over a job", "job", j.Key)
		return
	}
	past := bot.Past{}
	switch {
	case err != nil && ctx.Err() != nil: // for whoever is there next
		next, past = time.Now(), j.Past
	case err != nil:
		b.log.Error("do what is due", "job", j.Key, "attempt", j.Failed+1, "err", err)
		next = time.Now().Add(min(sweepEvery<<min(j.Failed, 10), mostWait))
		past = bot.Past{Failed: j.Failed + 1, Lost: j.Lost, Refused: j.Refused}
	}
	if err := b.store.Finish(context.WithoutCancel(held), j, next, past); err != nil {
		b.log.Error("give a job back", "job", j.Key, "err", err)
	}
}

// attempt does a job once. It returns when the job falls due again; zero: when
// the store says, or never.
func (b *Bot) attempt(ctx context.Context, j *bot.Job) (next time.Time, err error) {
	defer recovered(&err)
	if id, ok := j.Key.Tasting(); ok {
		return time.Time{}, b.advance(ctx, id, &j.Past)
	}
	if id, ok := j.Key.LooksAt(); ok {
		return b.look(ctx, id)
	}
	if id, ok := j.Key.Removes(); ok {
		return b.clearRemoved(bot.Whole(ctx), id)
	}
	if channel, n, ok := j.Key.Schedule(); ok {
		return b.runSchedule(ctx, channel, n)
	}
	if at, ok := j.Key.Digests(); ok {
		return b.sumUp(ctx, at)
	}
	switch j.Key.Kind {
	case bot.RetentionJob:
		return b.expire(ctx)
	case bot.JudgeJob:
		return time.Time{}, b.judgeTasting(ctx, j.Key)
	case bot.JudgedJob:
		return b.addJudges(bot.Whole(ctx), j.Key)
	}
	if chore, ok := b.opt.Chores[j.Key.Kind]; ok {
		return chore(ctx)
	}
	if j.Key.Kind == bot.BackupJob { // it was switched off
		return time.Time{}, nil
	}
	return time.Now().Add(time.Hour), fmt.Errorf("a job of kind %q; does it come from a newer version?", j.Key.Kind)
}

// holding returns a context for a job, and renews its lease until release is
// called. The context ends when somebody else has the job.
func (b *Bot) holding(ctx context.Context, j bot.Job) (_ context.Context, release func()) {
	ctx, lost := context.WithCancelCause(bot.For(ctx, j))
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		renew := time.NewTicker(leaseTime / 3)
		defer renew.Stop()
		for {
			select {
			case <-stop:
				return
			case <-renew.C:
			}
			switch err := b.store.Renew(ctx, j, time.Now().Add(leaseTime)); {
			case errors.Is(err, bot.ErrTerm):
				lost(err)
				return
			case err != nil:
				b.log.Warn("renew the lease of a job", "job", j.Key, "err", err)
			}
		}
	}()
	return ctx, func() { close(stop); <-done; lost(nil) }
}

// advance takes a tasting as far as it will go now. Every step can be cut short
// anywhere and run again. It notes in past since when its place is lost.
// Surprising: a step that has begun runs under a context that is not cancelled,
// except asking, which can take minutes and is asked again.
func (b *Bot) advance(ctx context.Context, id bot.TastingID, past *bot.Past) error {
	for ctx.Err() == nil {
		t, err := b.store.Tasting(ctx, id)
		if errors.Is(err, bot.ErrNotFound) {
			return nil // deleted
		}
		if err != nil {
			return fmt.Errorf("read tasting %v: %w", id, err)
		}
		if t.Settled() || t.Wake.After(time.Now()) {
			return nil
		}
		// A step that has begun is finished, also when the bot is told to stop, or ends
		// between two posts.
		whole := bot.Whole(ctx)
		switch t.State {
		case bot.Draft:
			err = b.dropDraft(whole, t)
		case bot.Asking:
			if b.fromCopy(t) {
				return b.fail(whole, t, undrawn())
			}
			err = b.ask(ctx, t)
		case bot.Posting:
			err = b.publish(whole, t)
		case bot.Open:
			err = b.tend(whole, t)
		case bot.Closing:
			err = b.seal(whole, t)
		case bot.Closed:
			err = b.reveal(whole, t, past)
		case bot.Revealed:
			err = b.showReveals(whole, t)
		case bot.Cancelled, bot.Failed:
			err = b.tellOver(whole, t)
		}
		switch {
		case err == nil, errors.Is(err, bot.ErrMoved): // somebody pressed a button meanwhile
			continue
		case b.deleted(whole, id): // in the middle of the step
			return nil
		}
		note := b.hopeless(t, past, err)
		if note.IsZero() {
			return fmt.Errorf("%v: %w", t.State, err)
		}
		if err := errors.Join(b.keepPart(whole, err), b.fail(whole, t, note)); err != nil {
			return err
		}
	}
	return nil
}

// fromCopy reports whether t is as it was when the copy was made that the store was
// brought back from, and may have gone on since.
func (b *Bot) fromCopy(t bot.Tasting) bool {
	return !b.opt.Restored.IsZero() && !t.Created.After(b.opt.Restored)
}

// undrawn is why a tasting without sides does not go on in a store that was brought
// back: it may have been posted since, with sides that nobody knows any more.
func undrawn() bot.Sentence {
	return bot.Say("The bot’s store was brought back from a copy that was made before the ballots were posted. Start it again.")
}

// deleted reports whether a tasting is no longer in the store.
func (b *Bot) deleted(ctx context.Context, id bot.TastingID) bool {
	_, err := b.store.Tasting(ctx, id)
	return errors.Is(err, bot.ErrNotFound)
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}
