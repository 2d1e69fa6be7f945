package discord

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A Ledger counts under a key, over restarts and for all who share it. A
// [bot.Store] is one, and says what the methods do.
type Ledger interface {
	Reserve(ctx context.Context, key string, cost, limit int64) error
	Reserved(ctx context.Context, key string) (int64, error)
}

// Discord lets a bot identify itself once in five seconds; one with very many
// servers so many times, one for each value of shard % max_concurrency. If a bot
// does so 1,000 times in a day, its token is taken away.
// https://docs.discord.com/developers/events/gateway#session-start-limit
const (
	startGap        = 5 * time.Second
	startsAtOnce    = 8 // in an hour; after these the gap doubles each time
	longestGap      = 5 * time.Minute
	mostDoublings   = 6
	startsAnHour    = 30 // 24 hours touch 25 hours of the clock: 750
	startsLeftAlone = 20 // of those that Discord grants a day: the last one costs the token
)

// startsAtOnce is of one shard. All of several can begin once in place of it.
func (s shard) startsAtOnce() int64 { return startsAtOnce + int64(s.of) - 1 }

// startsAnHour lets so many shards that an hour would not do for them begin twice.
// Of a day's, Discord's own count alone then keeps the last.
func (s shard) startsAnHour() int64 { return max(startsAnHour, 2*int64(s.of)) }

// starts pace IDENTIFYs, of all shards. Each is counted in the ledger, under the
// hour in which it is sent, so that a bot that dies and is started again and again
// is slowed down as well.
type starts struct {
	ledger Ledger
	ask    func(context.Context) (admission, error)
	asking chan struct{} // full while Discord is asked
	begun  time.Time     // when this was

	mu      sync.Mutex
	said    admission // by Discord
	saidAt  time.Time
	used    map[int]bool          // what was said, by bucket
	turns   map[int]chan struct{} // full while one of the bucket is about to IDENTIFY
	last    map[int]time.Time     // by bucket; zero: by an earlier process, if at all
	any     time.Time             // the last of all
	refused time.Time             // until then nothing is granted
}

func newStarts(ledger Ledger, ask func(context.Context) (admission, error)) *starts {
	return &starts{ledger: ledger, ask: ask, asking: make(chan struct{}, 1), begun: time.Now(), used: make(map[int]bool), turns: make(map[int]chan struct{}), last: make(map[int]time.Time)}
}

func startsKey(now time.Time) string {
	return "discord/identify/" + now.UTC().Format("2006-01-02T15")
}

// learn asks Discord how many sessions it wants and grants.
func (s *starts) learn(ctx context.Context) (a admission, err error) {
	if err := enter(ctx, s.asking); err != nil {
		return a, err
	}
	defer func() { <-s.asking }()
	return s.learnAlone(ctx)
}

func (s *starts) learnAlone(ctx context.Context) (admission, error) {
	a, err := s.ask(ctx)
	if err != nil {
		return a, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said, s.saidAt = a, time.Now()
	clear(s.used)
	return a, nil
}

// admit is what Discord says to a shard that is to begin. What it has just said
// holds for one of each bucket.
func (s *starts) admit(ctx context.Context, of shard) (a admission, err error) {
	if err := enter(ctx, s.asking); err != nil {
		return a, err
	}
	defer func() { <-s.asking }()
	if !s.justSaid(of) {
		if _, err := s.learnAlone(ctx); err != nil {
			return a, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[s.bucket(of)] = true
	a = s.said
	s.said.Starts.Remaining--
	return a, nil
}

func (s *starts) justSaid(of shard) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.saidAt.IsZero() && time.Since(s.saidAt) < startGap && !s.used[s.bucket(of)]
}

// atOnce is how many shards may begin at the same time.
func (s *starts) atOnce() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(1, s.said.Starts.AtOnce)
}

// bucket is what a shard shares its pace with. The caller holds the lock.
func (s *starts) bucket(of shard) int { return of.n % max(1, s.said.Starts.AtOnce) }

// turn waits until no other shard of the bucket is about to begin. The next one's
// turn comes when leave is called.
func (s *starts) turn(ctx context.Context, of shard) (leave func(), err error) {
	turn := s.turnOf(of)
	if err := enter(ctx, turn); err != nil {
		return func() {}, err
	}
	return sync.OnceFunc(func() { <-turn }), nil
}

// turnNow is a turn if no other shard of the bucket has it.
func (s *starts) turnNow(of shard) (leave func(), free bool) {
	turn := s.turnOf(of)
	select {
	case turn <- struct{}{}:
		return sync.OnceFunc(func() { <-turn }), true
	default:
		return nil, false
	}
}

func (s *starts) turnOf(of shard) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.bucket(of)
	if s.turns[b] == nil {
		s.turns[b] = make(chan struct{}, 1)
	}
	return s.turns[b]
}

// enter waits for a place that one at a time may have.
func enter(ctx context.Context, place chan struct{}) error {
	select {
	case place <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wait returns how long a shard is to wait before its IDENTIFY.
func (s *starts) wait(ctx context.Context, of shard, now time.Time) (time.Duration, error) {
	n, err := s.ledger.Reserved(ctx, startsKey(now))
	if err != nil {
		return 0, fmt.Errorf("count the hour's sessions: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case n >= of.startsAnHour():
		return now.Truncate(time.Hour).Add(time.Hour).Sub(now), nil
	case s.any.IsZero() && n == 0:
		return 0, nil
	}
	gap := min(startGap<<min(max(0, n-of.startsAtOnce()), mostDoublings), longestGap)
	last := s.last[s.bucket(of)]
	if gap > startGap {
		last = s.any // something is wrong, and not with one shard's sessions alone
	}
	if s.any.IsZero() {
		return max(0, gap-now.Sub(s.begun)), nil // the last may have been just before
	}
	return max(0, gap-now.Sub(last)), nil
}

// await waits until a shard may begin a session, and says where. Until leave is called,
// also after an error, no other of its bucket may.
func (s *starts) await(ctx context.Context, log *slog.Logger, of shard) (address string, leave func(), err error) {
	if leave, err = s.turn(ctx, of); err != nil {
		return "", leave, err
	}
	a, err := s.admit(ctx, of)
	if err != nil {
		return "", leave, err
	}
	wait, err := s.wait(ctx, of, time.Now())
	if err != nil {
		return "", leave, err
	}
	if a.spent() {
		wait = max(wait, time.Duration(a.Starts.ResetAfter)*time.Millisecond, longestGap)
	}
	if wait > time.Minute {
		log.Warn("Discord grants only so many new sessions a day; the next one is begun later", "in", wait.Round(time.Second), "left", a.Starts.Remaining)
	}
	return a.URL, leave, sleep(ctx, wait)
}

// grantTime is how long another replica may take to ask for a session that it was granted.
const grantTime = 3 * time.Second

// grant lets another replica begin a session of a shard within grantTime, and counts it.
// An empty address: not now.
func (s *starts) grant(ctx context.Context, of shard) (address string, err error) {
	leave, free := s.turnNow(of)
	if !free {
		return "", nil
	}
	defer leave()
	if s.refuses() {
		return "", nil
	}
	defer func() {
		if err != nil {
			s.refuse(startGap)
		}
	}()
	if wait, err := s.wait(ctx, of, time.Now()); err != nil || wait > 0 {
		return "", err
	}
	a, err := s.admit(ctx, of)
	if err != nil {
		return "", err
	}
	if a.spent() {
		wait := max(time.Duration(a.Starts.ResetAfter)*time.Millisecond, longestGap)
		s.refuse(wait)
		return "", fmt.Errorf("no more sessions are granted today; the next one is begun in %v", wait.Round(time.Second))
	}
	return a.URL, s.take(ctx, of, time.Now().Add(askTime+grantTime))
}

// refuses reports whether nothing is granted just now. Others ask every second.
func (s *starts) refuses() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.refused)
}

// refuse grants nothing for a while, or for as long as was said before.
func (s *starts) refuse(pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until := time.Now().Add(pause); until.After(s.refused) {
		s.refused = until
	}
}

// take counts an IDENTIFY that is about to be sent. An error: it must not be.
func (s *starts) take(ctx context.Context, of shard, now time.Time) error {
	s.mu.Lock()
	s.last[s.bucket(of)], s.any = now, now // first, or others would take what is counted for an earlier process's
	s.mu.Unlock()
	if err := s.ledger.Reserve(ctx, startsKey(now), 1, of.startsAnHour()); err != nil {
		return fmt.Errorf("count a session: %w", err)
	}
	return nil
}

// A tally is a ledger that lasts as long as the process.
type tally struct {
	mu    sync.Mutex
	count map[string]int64
}

func (t *tally) Reserve(_ context.Context, key string, cost, limit int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if limit >= 0 && t.count[key] > limit-cost {
		return bot.ErrLimit
	}
	t.count[key] += cost
	return nil
}

func (t *tally) Reserved(_ context.Context, key string) (int64, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count[key], nil
}
