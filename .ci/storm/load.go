package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A load is people in a room who vote, change and take back, and somebody who starts
// tastings and closes them, whether a bot runs or not.
type load struct {
	room   room
	ledger *ledger
	voters int
	pace   time.Duration // of each voter, about
	open   int           // so many tastings at once
	last   time.Duration // at most so long
	seed   uint64
	asks   atomic.Bool // tastings may be begun whose models are asked

	mu      sync.Mutex
	ballots []ballot
	private []invitation
	seen    map[uint64]time.Time // tastings on which people could vote, since when
	over    map[uint64]bool      // announced
	ending  bool                 // nothing new is begun
}

func newLoad(r room, l *ledger, o options, seed uint64) *load {
	return &load{room: r, ledger: l, voters: o.voters, pace: cmp.Or(o.pace, 60*time.Millisecond), open: 3, last: cmp.Or(o.last, 10*time.Second), seed: seed,
		seen: make(map[uint64]time.Time), over: make(map[uint64]bool)}
}

// run goes on until ctx is done.
func (l *load) run(ctx context.Context) {
	var all sync.WaitGroup
	for i := 1; i <= l.voters; i++ {
		all.Go(func() { l.vote(ctx, i, rand.New(rand.NewPCG(l.seed, uint64(i)))) })
	}
	all.Go(func() { l.host(ctx, rand.New(rand.NewPCG(l.seed, 0))) })
	all.Go(func() {
		for wait(ctx, 100*time.Millisecond) {
			l.look()
		}
	})
	all.Wait()
}

// end lets what is open come to its end, and begins nothing.
func (l *load) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ending = true
}

// wait reports whether ctx is not done after d.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// look sees what stands in the room.
func (l *load) look() {
	posts := l.room.posts()
	l.mu.Lock()
	defer l.mu.Unlock()
	if posts == nil {
		return // nobody answers
	}
	l.ballots, l.private = l.ballots[:0], l.private[:0]
	see := func(tasting uint64) {
		if l.seen[tasting].IsZero() {
			l.seen[tasting] = time.Now()
		}
	}
	for _, p := range posts {
		if b, ok := p.ballot(l.room.name()); ok {
			l.ballots = append(l.ballots, b)
			see(b.tasting)
		}
		if i, ok := p.invites(); ok {
			l.private = append(l.private, i)
			see(i.tasting)
		}
		if n, ok := p.announces(); ok {
			l.over[n] = true
		}
	}
}

// vote is one voter's life.
func (l *load) vote(ctx context.Context, person int, r *rand.Rand) {
	for wait(ctx, time.Duration(r.Int64N(int64(2*l.pace)))) {
		l.mu.Lock()
		var b ballot
		var private invitation
		if all := len(l.ballots) + len(l.private); all > 0 {
			if n := r.IntN(all); n < len(l.ballots) {
				b = l.ballots[n]
			} else {
				private = l.private[n-len(l.ballots)]
			}
		}
		l.mu.Unlock()
		switch {
		case b.tasting > 0:
			l.change(b, person, anyChoice(r))
		case private.tasting > 0:
			l.taste(private, person, r)
		}
	}
}

// change has a voter want something else on a ballot. Where emoji stand each by itself
// the old one is taken away before the new one is put there.
func (l *load) change(b ballot, person int, to bot.Choice) {
	voter := l.voter(person)
	was := l.ledger.wants(b, voter).Choice(b.flip)
	if was == to {
		return
	}
	if was != "" && (to == "" || l.room.emoji()) {
		l.act(b, person, was, false)
	}
	if to != "" {
		l.act(b, person, to, true)
	}
}

// voter is a person's name in the ledger.
func (l *load) voter(person int) string { return names(person) }

func (l *load) act(b ballot, person int, c bot.Choice, on bool) {
	after := bot.None
	if on {
		after = c.Pick(b.flip)
	}
	end := l.ledger.begin(b, l.voter(person), after)
	end(l.room.tap(b, person, c, on))
}

// host starts tastings and closes them.
func (l *load) host(ctx context.Context, r *rand.Rand) {
	until := make(map[uint64]time.Time)
	var asked time.Time
	began := time.Now()
	for wait(ctx, 100*time.Millisecond) {
		l.mu.Lock()
		var running, due []uint64
		for n, since := range l.seen {
			if l.over[n] {
				continue
			}
			running = append(running, n)
			if until[n].IsZero() {
				until[n] = since.Add(time.Duration(r.Int64N(int64(l.last))))
			}
			if l.ending || time.Now().After(until[n]) {
				due = append(due, n)
			}
		}
		begin := !l.ending && len(running) < l.open && time.Since(asked) > 300*time.Millisecond // the last one may be on its way
		l.mu.Unlock()
		for _, n := range due {
			l.ledger.closes(tastingKey{l.room.name(), n})
			l.room.close(n)
		}
		if begin {
			asked = time.Now()
			ask := l.asks.Load() && time.Since(began)%(held/2) < 3*time.Second
			l.room.start(startText(ask, r.IntN(2) == 0, 1+r.IntN(most)))
		}
	}
}

// most rounds of a tasting.
const most = 2

// startText is the command that starts a tasting of so many rounds.
func startText(ask, private bool, rounds int) string {
	first, second := firstName, secondName
	if ask {
		first, second = askedFirst, askedSecond
	}
	text := fmt.Sprintf("start %s %s pack=%s rounds=%d until=20h", first, second, pack, rounds)
	if private {
		text += " ballot=private"
	}
	return text
}
