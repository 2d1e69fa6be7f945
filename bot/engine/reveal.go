package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// reveal posts the one announcement and gives back the money that was not
// spent. The ballots are edited after that: nobody is told of an edit, and a
// chat may take its time over them. What the chat refuses for good, also in
// plain words, is left out, and the starter is told.
func (b *Bot) reveal(ctx context.Context, t bot.Tasting, past *bot.Past) error {
	if err := b.callJudges(ctx, t, time.Now()); err != nil {
		return err
	}
	if err := b.announceDigest(ctx, t); err != nil {
		return err
	}
	unlock := b.edit.Lock(t.ID)
	defer unlock()
	t.RevealedAt = time.Now()
	_, err := b.post(ctx, t, t.Place, bot.PostKey{Tasting: t.ID, Round: 0, What: bot.AnnouncementPost})
	switch {
	case err == nil:
	case errors.Is(err, bot.ErrRefused) && past.RefusedFor(t.RevealedAt) >= refusedAfter:
		b.logRefused(&t, err)
		if err := b.takeBackDigest(ctx, t); err != nil {
			return err
		}
	default:
		return err
	}
	if err := b.scheduleDigest(ctx, channelOf(t.Place)); err != nil {
		return err
	}
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	err = b.store.Update(ctx, t.ID, bot.Closed, func(stored *bot.Tasting) error {
		stored.State, stored.RevealedAt, stored.Reserved = bot.Revealed, t.RevealedAt, 0
		stored.Wake, stored.Unshown, stored.Untold = t.RevealedAt, nil, t.Untold
		for _, p := range posts {
			if p.Key.What == bot.HeadPost || p.Key.What == bot.BallotPost {
				stored.Unshown = append(stored.Unshown, p.Key.Round)
			}
		}
		t.Unshown = slices.Clone(stored.Unshown)
		return nil
	})
	if err != nil {
		return err
	}
	b.opt.Step("revealed")
	b.giveBack(ctx, t)
	t.State = bot.Revealed
	return b.editReveals(ctx, t, posts)
}

const (
	giveUpEdits  = 10 * time.Minute // after the announcement, edits that fail again and again
	longestEdits = 24 * time.Hour   // and edits that are told to wait
)

// showReveals goes on with what editReveals has not done yet.
func (b *Bot) showReveals(ctx context.Context, t bot.Tasting) error {
	defer b.edit.Lock(t.ID)()
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	return b.editReveals(ctx, t, posts)
}

// editReveals edits each ballot into its reveal and the head into its end, and tells the
// starter what was refused.
func (b *Bot) editReveals(ctx context.Context, t bot.Tasting, posts []bot.Posted) error {
	err := b.editEach(ctx, &t, posts)
	return errors.Join(err, b.tellRefused(ctx, t))
}

// editEach edits one post after the other. Each that is done is noted, so that what stops
// in between goes on from there.
func (b *Bot) editEach(ctx context.Context, t *bot.Tasting, posts []bot.Posted) error {
	for _, p := range posts {
		if p.Key.What != bot.HeadPost && p.Key.What != bot.BallotPost || !slices.Contains(t.Unshown, p.Key.Round) {
			continue
		}
		if err := bot.Stopped(ctx); err != nil {
			return err
		}
		err := b.editPost(ctx, *t, p)
		if errors.Is(err, bot.ErrGone) && p.Key.What == bot.BallotPost && t.Rounds[p.Key.Round-1].Live() {
			err = b.postBelow(ctx, *t, bot.PostKey{Tasting: t.ID, Round: p.Key.Round, What: bot.RevealPost})
		}
		wait, waits := errors.AsType[bot.WaitError](err)
		switch age := time.Since(t.RevealedAt); {
		case err == nil, errors.Is(err, bot.ErrGone):
		case errors.Is(err, bot.ErrRefused):
			b.logRefused(t, err)
		case bot.Stopped(ctx) != nil:
			return err
		case waits && age < longestEdits:
			b.log.Info("edit ballots into their reveals later", "post", p.Key, "wait", wait.For)
			return b.store.Update(ctx, t.ID, bot.Revealed, func(t *bot.Tasting) error {
				t.Wake = time.Now().Add(wait.For)
				return nil
			})
		case !waits && age < giveUpEdits:
			return fmt.Errorf("edit into a reveal: %v", err) // a lost place does not take back what is announced
		default:
			b.log.Error("edit a ballot into its reveal; it stays as it is", "post", p.Key, "err", err)
		}
		if err := b.shown(ctx, *t, p.Key.Round); err != nil {
			return err
		}
		b.opt.Step("edited " + p.Key.String())
	}
	return nil
}

// shown notes that a round's ballot, or the head, needs no edit any more, and whether it
// is to be told that there was none.
func (b *Bot) shown(ctx context.Context, t bot.Tasting, round int) error {
	err := b.store.Update(ctx, t.ID, bot.Revealed, func(stored *bot.Tasting) error {
		stored.Unshown = slices.DeleteFunc(stored.Unshown, func(n int) bool { return n == round })
		stored.Untold = t.Untold
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that a reveal is shown: %w", err)
	}
	return nil
}

// mostOutcomes is how many outcomes are remembered at most.
const mostOutcomes = 100

// outcomes remember what is known of sealed tastings, which never changes: finding out
// what votes show shuffles them thousands of times, and a page shows many tastings. The
// zero value is ready.
type outcomes[T any] struct {
	mu    sync.Mutex
	known map[bot.TastingID]T
}

func (o *outcomes[T]) get(id bot.TastingID) (T, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	known, ok := o.known[id]
	return known, ok
}

func (o *outcomes[T]) put(id bot.TastingID, known T) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil {
		o.known = make(map[bot.TastingID]T)
	}
	for other := range o.known { // any will do
		if len(o.known) < mostOutcomes {
			break
		}
		delete(o.known, other)
	}
	o.known[id] = known
}

// forget drops everything: somebody has another name now.
func (o *outcomes[T]) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.known)
}

// veryMany is from how many votes on memory is looked after.
const veryMany = 200_000

// A thrift looks after memory while any of its users needs it to: what a million votes
// show is found with much that is soon rubbish, which would take twice the memory that is
// needed. The zero value is ready.
type thrift struct {
	mu     sync.Mutex
	users  int
	before int // what the collector was told
}

// over looks after memory for so many votes, until what it returns is called.
func (x *thrift) over(votes int) (end func()) {
	if votes <= veryMany {
		return func() {}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.users++; x.users == 1 {
		x.before = debug.SetGCPercent(10)
	}
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.users--; x.users == 0 {
			debug.SetGCPercent(x.before)
			debug.FreeOSMemory()
		}
	}
}

// readOutcome reads what was voted in a sealed tasting and finds what it shows. Whoever
// looks then wants to know how many have tasted too, which is counted on the way.
func (b *Bot) readOutcome(ctx context.Context, t bot.Tasting) (compose.Outcome, error) {
	texts, err := b.texts(ctx, t)
	if err != nil {
		return compose.Outcome{}, err
	}
	var votes compose.Ballots
	defer b.thrift.over(t.Votes())()
	for i, r := range t.Rounds {
		votes.Grow(r.Counts.Tally().N(), i+1)
	}
	var n compose.Turnout
	err = b.eachVote(ctx, t, func(v bot.Vote) error {
		votes.Add(v)
		if votes.People() > n.All { // it is somebody's first
			n.All++
			n.Invited += stats.Bit(len(t.Invited) > 0 && t.Invites(v.Voter.User))
		}
		return nil
	})
	if err != nil {
		return compose.Outcome{}, err
	}
	b.putTurnout(t.ID, n)
	return compose.NewOutcome(t, texts, &votes), nil
}

// foreseeOutcomes finds the outcomes of sealed tastings side by side, for whoever will
// ask for each. What fails is said to them.
func (b *Bot) foreseeOutcomes(ctx context.Context, ts []bot.Tasting) {
	var side errgroup.Group
	side.SetLimit(runtime.GOMAXPROCS(0))
	for _, t := range ts {
		if t.State == bot.Closed || t.State == bot.Revealed {
			side.Go(func() (err error) {
				defer recovered(&err)
				_, err = b.outcome(ctx, t)
				if err == nil {
					_, err = b.lastTurnout(ctx, t)
				}
				if err == nil && !t.JudgedAt.IsZero() {
					_, _, err = b.judgedBy(ctx, []bot.Tasting{t})
				}
				return err
			})
		}
	}
	_ = side.Wait() // said to whoever asks for it
}

// forgetKnown drops what is known of tastings that are over: somebody has another name
// now, or they are gone.
func (b *Bot) forgetKnown() {
	b.outcomes.forget()
	b.judged.forget()
	b.turnouts.forget()
}

// outcome returns a sealed tasting's outcome.
func (b *Bot) outcome(ctx context.Context, t bot.Tasting) (compose.Outcome, error) {
	if o, ok := b.outcomes.get(t.ID); ok {
		return o, nil
	}
	o, err := b.readOutcome(ctx, t)
	if err == nil {
		b.outcomes.put(t.ID, o)
	}
	return o, err
}
