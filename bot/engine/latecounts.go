package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// lateCounts remembers the posts whose count has changed since it was last
// shown, and when that was. The zero value is ready.
type lateCounts struct {
	mu    sync.Mutex
	posts map[bot.RoundID]*lateCount // Round 0 is the head
	busy  map[bot.TastingID]bool     // whose counts are being shown
}

type lateCount struct {
	dirty bool
	shown time.Time
	since time.Time // when it was posted
}

// add notes that a round's count has changed. The posts stand since that time.
func (l *lateCounts) add(id bot.TastingID, round int, since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.posts == nil {
		l.posts = make(map[bot.RoundID]*lateCount)
	}
	for _, n := range []int{0, round} {
		c, ok := l.posts[id.Round(n)]
		if !ok {
			c = &lateCount{since: since}
			l.posts[id.Round(n)] = c
		}
		c.dirty = true
	}
}

// take returns the posts whose count may be shown again now, by tasting. A
// tasting's are shown one after the other, and until done is called no others of
// it are given: a chat whose edits take longer than votes come never has a line
// of them.
func (l *lateCounts) take(now time.Time, every func(id bot.RoundID, age time.Duration) time.Duration) map[bot.TastingID][]bot.RoundID {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := make(map[bot.TastingID][]bot.RoundID)
	for id, c := range l.posts {
		if !c.dirty || l.busy[id.TastingID] {
			continue
		}
		switch d := every(id, now.Sub(c.since)); {
		case d <= 0:
			delete(l.posts, id)
		case now.Sub(c.shown) >= d:
			c.dirty, c.shown = false, now
			ids[id.TastingID] = append(ids[id.TastingID], id)
		}
	}
	if l.busy == nil {
		l.busy = make(map[bot.TastingID]bool)
	}
	for id := range ids {
		l.busy[id] = true
	}
	return ids
}

// again notes that a count was not shown after all.
func (l *lateCounts) again(id bot.RoundID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, ok := l.posts[id]; ok {
		c.dirty = true
	}
}

func (l *lateCounts) done(id bot.TastingID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.busy, id)
}

// forget drops a tasting's posts.
func (l *lateCounts) forget(id bot.TastingID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for r := range l.posts {
		if r.TastingID == id {
			delete(l.posts, r)
		}
	}
}

// flushCounts edits counts into posts, each as often as its chat allows and
// never once voting is over.
func (b *Bot) flushCounts(ctx context.Context, work *sync.WaitGroup) {
	all := b.late.take(time.Now(), func(id bot.RoundID, age time.Duration) time.Duration {
		chat, err := b.chat(id.Workspace)
		if err != nil {
			return 0
		}
		return chat.CountEvery(age)
	})
	for tasting, ids := range all {
		work.Go(func() {
			defer b.late.done(tasting)
			for _, id := range ids {
				err := b.showCount(ctx, id)
				if _, waits := errors.AsType[bot.WaitError](err); waits {
					b.late.again(id)
					continue
				}
				if err != nil && ctx.Err() == nil && !errors.Is(err, bot.ErrGone) {
					b.log.Warn("show a count", "round", id, "err", err)
				}
			}
		})
	}
}

func (b *Bot) showCount(ctx context.Context, id bot.RoundID) (err error) {
	defer recovered(&err)
	defer b.edit.Lock(id.TastingID)()
	t, err := b.store.Tasting(ctx, id.TastingID)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if err != nil || !t.State.TakesVotes() {
		b.late.forget(id.TastingID)
		return nil
	}
	what := bot.BallotPost
	if id.Round == 0 {
		what = bot.HeadPost
	}
	posts, err := b.store.Posts(ctx, id.TastingID)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if p.Key.Round == id.Round && p.Key.What == what {
			return b.editCount(ctx, t, p)
		}
	}
	return nil
}

// editCount is editPost for a count, which waits for nothing and for which
// nothing waits.
func (b *Bot) editCount(ctx context.Context, t bot.Tasting, p bot.Posted) error {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return err
	}
	s, ok := chat.(bot.Sparing)
	if !ok {
		return b.editPost(ctx, t, p)
	}
	said, err := b.compose(ctx, t, p.Key)
	if err != nil {
		return err
	}
	return s.EditCount(ctx, p.Ref, said)
}
