package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
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
	work.Go(func() { b.expire(ctx) })
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

// nudgeRun lets Run look at once for what is due.
func (b *Bot) nudgeRun() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *Bot) sweep(ctx context.Context, work *sync.WaitGroup) {
	due, err := b.store.Due(ctx, time.Now())
	if err != nil {
		if ctx.Err() == nil {
			b.log.Error("look for what is due", "err", err)
		}
		return
	}
	for _, id := range due {
		if !b.busy.begin(id, time.Now()) {
			continue
		}
		work.Go(func() {
			err := b.advance(ctx, id)
			if err != nil && ctx.Err() == nil {
				b.log.Error("advance a tasting", "tasting", id, "platform", id.Platform, "err", err)
			}
			b.busy.end(id, time.Now(), err != nil)
		})
	}
	b.flushCounts(ctx, work)
}

// advance takes a tasting as far as it will go now. Every step can be cut
// short anywhere and run again.
func (b *Bot) advance(ctx context.Context, id TastingID) (err error) {
	defer recovered(&err)
	release, mine, err := b.lease(ctx, "tasting/"+id.Platform+"/"+id.Workspace.ID+"/"+id.String())
	if err != nil || !mine {
		return err
	}
	defer release()
	for ctx.Err() == nil {
		t, err := b.store.Tasting(ctx, id)
		if errors.Is(err, ErrNotFound) {
			return nil // deleted
		}
		if err != nil {
			return fmt.Errorf("read tasting %v: %w", id, err)
		}
		if t.Settled() || t.Wake.After(time.Now()) {
			return nil
		}
		// A step that has begun is finished, also when the bot is told to stop.
		whole := context.WithoutCancel(ctx)
		switch t.State {
		case Draft:
			err = b.dropDraft(whole, t)
		case Asking:
			err = b.ask(ctx, t)
		case Posting:
			err = b.publish(whole, t)
		case Open:
			err = b.tend(whole, t)
		case Closing:
			err = b.seal(whole, t)
		case Closed:
			err = b.reveal(whole, t)
		case Cancelled, Failed:
			err = b.tellOver(whole, t)
		}
		note := lostPlace
		told, tellable := errors.AsType[UserError](err)
		if tellable {
			note = string(told)
		}
		switch {
		case errors.Is(err, ErrMoved): // somebody pressed a button meanwhile
		case err != nil && b.deleted(whole, id): // in the middle of the step
			return nil
		case (errors.Is(err, ErrLost) || tellable && t.State == Posting) && b.busy.lostFor(id, time.Now()) >= b.opt.LostAfter:
			if err := b.fail(whole, t, note); err != nil {
				return err
			}
		case err != nil:
			return fmt.Errorf("%v: %w", t.State, err)
		}
	}
	return nil
}

// deleted reports whether a tasting is no longer in the store.
func (b *Bot) deleted(ctx context.Context, id TastingID) bool {
	_, err := b.store.Tasting(ctx, id)
	return errors.Is(err, ErrNotFound)
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// lease claims a job and renews the claim until release is called.
func (b *Bot) lease(ctx context.Context, key string) (release func(), mine bool, err error) {
	mine, err = b.store.Claim(ctx, key, time.Now().Add(leaseTime))
	if err != nil || !mine {
		return nil, mine, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		renew := time.NewTicker(leaseTime / 3)
		defer renew.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-renew.C:
				if _, err := b.store.Claim(ctx, key, time.Now().Add(leaseTime)); err != nil && ctx.Err() == nil {
					b.log.Warn("renew a claim", "job", key, "err", err)
				}
			}
		}
	}()
	return func() { stop(); <-done }, true, nil
}

// busy remembers which tastings are being worked on, and how long to leave
// those alone whose last step failed. The zero value is ready.
type busy struct {
	mu   sync.Mutex
	jobs map[TastingID]job
}

type job struct {
	running bool
	failed  int
	after   time.Time
	lost    time.Time // since when its place has been lost, or nothing can be posted there; zero: it can
}

// lostFor notes that id's place is lost, and returns for how long it has been.
func (b *busy) lostFor(id TastingID, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	j := b.jobs[id]
	if j.lost.IsZero() {
		j.lost = now
	}
	b.jobs[id] = j
	return now.Sub(j.lost)
}

func (b *busy) begin(id TastingID, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	j := b.jobs[id]
	if j.running || now.Before(j.after) {
		return false
	}
	if b.jobs == nil {
		b.jobs = make(map[TastingID]job)
	}
	j.running = true
	b.jobs[id] = j
	return true
}

func (b *busy) end(id TastingID, now time.Time, failed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !failed {
		delete(b.jobs, id)
		return
	}
	n := b.jobs[id].failed
	b.jobs[id] = job{lost: b.jobs[id].lost, failed: n + 1, after: now.Add(min(sweepEvery<<min(n, 10), mostWait))}
}

// A keyedMutex is a mutex a tasting. The zero value is ready.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[TastingID]*sync.Mutex
}

// lock locks id's mutex and returns what unlocks it.
func (k *keyedMutex) lock(id TastingID) (unlock func()) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = make(map[TastingID]*sync.Mutex)
	}
	m, ok := k.locks[id]
	if !ok {
		m = new(sync.Mutex)
		k.locks[id] = m
	}
	k.mu.Unlock()
	m.Lock()
	return m.Unlock
}
