package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A rank is who goes first when Slack takes only so many calls.
type rank int

const (
	first rank = iota // somebody waits for it, or it is a result
	soon              // a ballot is read or posted
	late              // nobody waits: a count, a look at who voted
)

// A budget is how often a method may be called in a workspace, whoever calls
// it. Less urgent calls leave room for more urgent ones, so that a result never
// waits for a count. Slack's own limits are a little higher.
type budget struct {
	span time.Duration
	most [late + 1]int // calls in any such span, by rank; no more for a later one

	mu    sync.Mutex
	made  []time.Time // within the span, oldest first
	until time.Time   // Slack asked to be left alone
}

// budgets are a workspace's.
type budgets struct {
	update *budget // chat.update, tier 3: 50 a minute
	post   *budget // chat.postMessage: several hundred a minute
	react  *budget // reactions.add, tier 3
	read   *budget // reactions.get, tier 3
	people *budget // users.info, tier 4: 100 a minute
	list   *budget // users.list and usergroups.*, tier 2: 20 a minute

	times int
	mu    sync.Mutex
	rooms map[string]*budget // chat.postMessage by channel: one a second, in short bursts more
}

// newBudgets are so many times as large as Slack has them.
func newBudgets(times int) *budgets {
	minute := func(a, b, c int) *budget { return newBudget(time.Minute, times*a, times*b, times*c) }
	return &budgets{
		times:  times,
		update: minute(46, 30, 20), post: minute(200, 150, 100), react: minute(46, 46, 46), read: minute(46, 46, 46),
		people: minute(95, 80, 50), list: minute(18, 14, 14), rooms: make(map[string]*budget),
	}
}

func newBudget(span time.Duration, most ...int) *budget {
	return &budget{span: span, most: [late + 1]int(most)}
}

// mostRooms is of how many channels is remembered how much was said there.
const mostRooms = 1000

func (b *budgets) room(channel string) *budget {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rooms[channel] == nil {
		if len(b.rooms) >= mostRooms {
			clear(b.rooms) // Slack still says if that was one too many
		}
		b.rooms[channel] = newBudget(10*time.Second, b.times*10, b.times*8, b.times*6)
	}
	return b.rooms[channel]
}

// ask makes room for a call now, or says how long it must wait.
func (b *budget) ask(r rank) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for len(b.made) > 0 && now.Sub(b.made[0]) >= b.span {
		b.made = b.made[1:]
	}
	wait := b.until.Sub(now)
	if over := len(b.made) - b.most[r]; over >= 0 {
		wait = max(wait, b.made[over].Add(b.span).Sub(now))
	}
	if wait <= 0 {
		b.made = append(b.made, now)
		return 0
	}
	return wait
}

// hold keeps all calls back for a while.
func (b *budget) hold(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := time.Now().Add(d); until.After(b.until) {
		b.until = until
	}
}

// wait returns when a call may be made.
func (b *budget) wait(ctx context.Context, r rank) error {
	for {
		d := b.ask(r)
		if d == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until Slack takes more calls: %w", ctx.Err())
		case <-time.After(d):
		}
	}
}

// call makes a call within the budget, and again if that was one too many.
func (b *budget) call(ctx context.Context, r rank, f func() error) error {
	return call(ctx, func() error {
		if err := b.wait(ctx, r); err != nil {
			return err
		}
		err := f()
		if wait, tooFast := hurried(err); tooFast {
			b.hold(wait)
		}
		return err
	})
}

// now makes a call if there is room for it; else it is a [bot.WaitError].
func (b *budget) now(r rank, f func() error) error {
	if d := b.ask(r); d > 0 {
		return bot.WaitError{For: d, Err: errBudget}
	}
	err := f()
	if wait, tooFast := hurried(err); tooFast {
		b.hold(wait)
		return bot.WaitError{For: max(wait, time.Second), Err: err}
	}
	return err
}

var errBudget = errors.New("other calls to Slack go first")
