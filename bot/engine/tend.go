package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// nudgeBelow is of how many of those invited, under which they are reminded.
const nudgeBelow = 0.7

// nudgeAt is when those who were invited and have not tasted are reminded:
// after three quarters of the time, but two hours before the end at the
// earliest.
func nudgeAt(t bot.Tasting) time.Time {
	last := min(t.Closes.Sub(t.Opened)/4, 2*time.Hour)
	return t.Closes.Add(-last)
}

// nextWake is when there is next something to do about an open tasting. Where a
// new closing time is to be shown, or a round of a block was opened, that was due then.
func nextWake(t bot.Tasting) time.Time {
	if t.Stale || t.Block() && t.Run.Shown < len(t.OpenedRounds()) {
		return t.Wake
	}
	at := earlier(t.Closes, t.Rouse)
	if !t.Nudged && len(t.Invited) > 0 {
		at = earlier(at, nudgeAt(t))
	}
	for _, r := range t.Reminders {
		at = earlier(at, t.Due(r))
	}
	return at
}

// tend looks after an open tasting: its threads are kept awake, then a nudge, reminders,
// an extension, the end.
func (b *Bot) tend(ctx context.Context, t bot.Tasting) error {
	now := time.Now()
	if t.Stale && now.Before(t.Closes) {
		return b.showClosing(ctx, t.ID, now)
	}
	if now.Before(t.Closes) {
		if t.Block() && t.Run.Shown < len(t.OpenedRounds()) {
			return b.openNext(ctx, t)
		}
		if !t.Rouse.IsZero() && !now.Before(t.Rouse) {
			return b.rouse(ctx, t)
		}
		if anyDue(t, now) && !otherDue(t, now) {
			return b.remind(ctx, t)
		}
		return b.nudge(ctx, t)
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return err
	}
	everybody := len(t.Invited) > 0 && n.Invited >= len(t.Invited)
	if n.All < bot.EnoughVoters && !t.Extended && !t.Block() && !everybody && now.Sub(t.Closes) < bot.LateAfter {
		return b.extendOnce(ctx, t, now)
	}
	return b.endVoting(ctx, t, now, false)
}

// nudge reminds once, in the thread, if too few of those invited have tasted. Before its
// time there is nothing to do: whoever had a reminder was forgotten.
func (b *Bot) nudge(ctx context.Context, t bot.Tasting) error {
	if time.Now().Before(nudgeAt(t)) {
		return b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
			t.Wake = nextWake(*t)
			return nil
		})
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return err
	}
	if float64(n.Invited) < nudgeBelow*float64(len(t.Invited)) {
		if err := b.remark(ctx, t, bot.NudgePost); err != nil {
			return err
		}
	}
	return b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		t.Nudged = true
		t.Wake = nextWake(*t)
		return nil
	})
}

// remark says something below a tasting without which it can go on.
func (b *Bot) remark(ctx context.Context, t bot.Tasting, what string) error {
	err := b.postBelow(ctx, t, bot.PostKey{Tasting: t.ID, Round: 0, What: what})
	if errors.Is(err, bot.ErrRefused) {
		b.log.Error("a remark is refused for good, and left out", "tasting", t.ID, "err", err)
		return nil
	}
	return err
}

// extendOnce gives people as much time again, a working day at most, because
// too few have tasted. It goes by turnout alone.
func (b *Bot) extendOnce(ctx context.Context, t bot.Tasting, now time.Time) error {
	until := now.Add(t.Closes.Sub(t.Opened))
	if day := command.WorkingDays(now.In(b.zone(ctx, t)), 1); day.Before(until) {
		until = day
	}
	err := b.store.Update(ctx, t.ID, bot.Open, func(stored *bot.Tasting) error {
		if !stored.Closes.Equal(t.Closes) {
			return bot.ErrMoved // somebody extended it meanwhile, and was told so
		}
		stored.Extended, stored.Closes, stored.Stale, stored.Wake = true, until, true, now
		return nil
	})
	if err == nil {
		b.opt.Step("extended")
	}
	return err
}

// showClosing shows a new closing time: in the posts, and for the extension
// that nobody asked for in a line below.
func (b *Bot) showClosing(ctx context.Context, id bot.TastingID, now time.Time) error {
	unlock := b.edit.Lock(id)
	defer unlock()
	t, err := b.store.Tasting(ctx, id)
	if err != nil {
		return err
	}
	if t.Extended {
		if err := b.remark(ctx, t, bot.ExtendedPost); err != nil {
			return err
		}
	}
	if err := b.editVoting(ctx, t); err != nil {
		return err
	}
	return b.store.Update(ctx, id, bot.Open, func(stored *bot.Tasting) error {
		if !stored.Closes.Equal(t.Closes) {
			return nil // there is a newer one, which is to be shown as well
		}
		stored.Stale, stored.Rouse = false, b.firstRouse(*stored, now)
		stored.Wake = nextWake(*stored)
		return nil
	})
}

// editVoting edits the posts that people vote by into what they should say now.
// One that was deleted is found out here, and left to the reveal; so is one that
// the chat refuses. Where the chat takes no more edits for now they stay as they
// are: the reveal will need them.
func (b *Bot) editVoting(ctx context.Context, t bot.Tasting) error {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	for _, p := range posts {
		if p.Key.What == bot.HeadPost || p.Key.What == bot.BallotPost {
			if err := bot.Stopped(ctx); err != nil {
				return err
			}
			err := b.editPost(ctx, t, p)
			_, waits := errors.AsType[bot.WaitError](err)
			switch {
			case err == nil, errors.Is(err, bot.ErrGone):
			case waits:
				b.log.Warn("edit the posts of a tasting; they stay as they are", "post", p.Key, "err", err)
				return nil
			case errors.Is(err, bot.ErrRefused):
				b.log.Error("an edit is refused for good, and left out", "post", p.Key, "err", err)
			default:
				return err
			}
		}
	}
	return nil
}

// endVoting refuses marks from here on. Unless it is ended early, ErrMoved if
// somebody has extended it meanwhile, and was told so.
func (b *Bot) endVoting(ctx context.Context, t bot.Tasting, now time.Time, early bool) error {
	err := b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		if !early && now.Before(t.Closes) {
			return bot.ErrMoved
		}
		t.State, t.ClosedAt, t.Wake, t.Reminders = bot.Closing, now, now, nil
		t.Late = now.Sub(t.Closes) > bot.LateAfter
		return nil
	})
	if err == nil {
		b.opt.Step("closing")
	}
	return err
}

// zone is the time zone of a tasting: what is set for its channel, else what was
// when it was started.
func (b *Bot) zone(ctx context.Context, t bot.Tasting) *time.Location {
	loc, err := time.LoadLocation(cmp.Or(b.setFor(ctx, t.Place).Zone, t.TimeZone))
	if err != nil {
		return b.opt.TimeZone
	}
	return loc
}

// turnout counts who has tasted.
func (b *Bot) turnout(ctx context.Context, t bot.Tasting) (compose.Turnout, error) {
	return b.turnoutOf(ctx, t, math.MaxInt)
}

// errMany is that of a turnout of more rows than were to be read.
var errMany = errors.New("there are more votes than can be counted at once")

// turnoutOf counts who has tasted, unless there are more rows than most: then errMany.
func (b *Bot) turnoutOf(ctx context.Context, t bot.Tasting, most int) (compose.Turnout, error) {
	var n compose.Turnout
	count := func(user string) {
		n.All++
		n.Invited += stats.Bit(len(t.Invited) > 0 && t.Invites(user))
	}
	live, rows := t.Live(), 0
	tasted := make(map[string]bool)
	err := b.eachVote(ctx, t, func(v bot.Vote) error {
		if rows++; rows > most {
			return errMany
		}
		switch user := v.Voter.User; {
		case v.Pick() == bot.None:
		case len(live) == 1: // a million need not be remembered
			count(user)
		case !tasted[user]:
			tasted[user] = true
			count(user)
		}
		return nil
	})
	return n, err
}

const (
	countAtOnce = 10_000                // votes, while somebody waits for it
	countWait   = 50 * time.Millisecond // for the first count of more
	countEvery  = 20                    // times as long as it took they are counted again
)

// A recount is a turnout of very many votes, as it was counted a while ago.
type recount struct {
	compose.Turnout
	live  int // rounds
	at    time.Time
	took  time.Duration
	again bool          // it is being counted
	vague bool          // somebody looked before it was known, be it a post's composer
	first chan struct{} // closed when it was counted, or could not be
}

// recounts remember turnouts that take long to count. The zero value is ready.
type recounts struct {
	mu sync.Mutex
	of map[bot.TastingID]*recount
}

// seenTurnout is the turnout as it is shown to those who look: until it is sealed nobody
// waits for very many votes to be counted. Their number may be some seconds old, and is
// not known at first.
func (b *Bot) seenTurnout(ctx context.Context, t bot.Tasting) (compose.Turnout, error) {
	if t.State > bot.Closing {
		return b.lastTurnout(ctx, t)
	}
	live := len(t.Live())
	if n, known := b.recounted(ctx, t, live); known {
		return n, nil
	}
	n, err := b.turnoutOf(ctx, t, countAtOnce)
	if !errors.Is(err, errMany) {
		return n, err
	}
	b.recounts.mu.Lock()
	if b.recounts.of == nil {
		b.recounts.of = make(map[bot.TastingID]*recount)
	}
	r := b.recounts.of[t.ID]
	if r == nil || r.live != live { // else somebody was faster
		r = &recount{Turnout: compose.Turnout{Unknown: true}, live: live, again: true, first: make(chan struct{})}
		b.recounts.of[t.ID] = r
		go b.recount(context.WithoutCancel(ctx), t, r)
	}
	b.recounts.mu.Unlock()
	select {
	case <-r.first:
	case <-time.After(countWait):
	}
	b.recounts.mu.Lock()
	defer b.recounts.mu.Unlock()
	r.vague = r.vague || r.Unknown
	return r.Turnout, nil
}

// lastTurnout is the turnout of a tasting whose votes change no more. Its head says it for
// good, so that it is counted anew, once.
func (b *Bot) lastTurnout(ctx context.Context, t bot.Tasting) (compose.Turnout, error) {
	if n, ok := b.turnouts.get(t.ID); ok {
		return n, nil
	}
	n, err := b.turnout(ctx, t)
	if err == nil {
		b.putTurnout(t.ID, n)
	}
	return n, err
}

// putTurnout remembers the last turnout of a tasting, in place of those before.
func (b *Bot) putTurnout(id bot.TastingID, n compose.Turnout) {
	b.turnouts.put(id, n)
	b.recounts.mu.Lock()
	defer b.recounts.mu.Unlock()
	delete(b.recounts.of, id)
}

// knownTurnout is seenTurnout for whoever would rather wait than not know.
func (b *Bot) knownTurnout(ctx context.Context, t bot.Tasting) (compose.Turnout, error) {
	n, err := b.seenTurnout(ctx, t)
	if err == nil && n.Unknown {
		n, err = b.turnout(ctx, t)
	}
	return n, err
}

// recounted is what is remembered, if anything is. Once that is old it is counted again,
// beside those who look.
func (b *Bot) recounted(ctx context.Context, t bot.Tasting, live int) (n compose.Turnout, known bool) {
	b.recounts.mu.Lock()
	defer b.recounts.mu.Unlock()
	r := b.recounts.of[t.ID]
	if r == nil || r.live != live {
		return n, false
	}
	if !r.again && time.Since(r.at) > countEvery*r.took {
		r.again = true
		go b.recount(context.WithoutCancel(ctx), t, r)
	}
	r.vague = r.vague || r.Unknown
	return r.Turnout, true
}

// recount counts, and remembers it. Posts that could not say it are edited.
func (b *Bot) recount(ctx context.Context, t bot.Tasting, r *recount) {
	began := time.Now()
	n, err := func() (n compose.Turnout, err error) {
		defer recovered(&err)
		return b.turnout(ctx, t)
	}()
	b.recounts.mu.Lock()
	defer b.recounts.mu.Unlock()
	first := r.Unknown
	if first {
		defer close(r.first)
	}
	if r.again = false; err != nil {
		b.log.Warn("count who has tasted", "tasting", t, "err", err)
		if first {
			delete(b.recounts.of, t.ID)
		}
		return
	}
	r.Turnout, r.at, r.took = n, time.Now(), time.Since(began)
	if first && r.vague && t.State.TakesVotes() {
		b.late.add(t.ID, 0, t.Opened) // posts that said nothing of it
	}
}
