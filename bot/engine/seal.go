package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// seal reads the ballots one last time, merges what stands with what was heard,
// and writes the final votes and the closed state in one transaction. What
// cannot be read is waited for: the error then says what. Surprising: the
// rounds are prepared outside of the transaction, as its function may not call
// the store; nothing changes meanwhile, because a closing tasting takes no
// marks.
func (b *Bot) seal(ctx context.Context, t bot.Tasting) error {
	refs := make(map[int]bot.Ref)
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	for _, p := range posts {
		if p.Key.What == bot.BallotPost {
			refs[p.Key.Round] = p.Ref
		}
	}
	var changed []bot.Vote
	voted := make(map[string]bool) // on a reaction ballot with an electorate
	rounds := slices.Clone(t.Rounds)
	for _, n := range t.Live() {
		if t.Block() && refs[n] == (bot.Ref{}) {
			rounds[n-1].Reason = bot.Unopened()
			continue
		}
		if err := bot.Stopped(ctx); err != nil {
			return err
		}
		others, err := b.finalVotes(ctx, t, n, refs[n], &rounds[n-1], voted)
		if _, unread := errors.AsType[unreadError](err); unread {
			return errors.Join(err, b.await(ctx, t))
		}
		if err != nil {
			return err
		}
		changed = append(changed, others...)
	}
	out, err := b.outsiders(ctx, t, voted)
	if _, unread := errors.AsType[unreadError](err); unread {
		return errors.Join(err, b.await(ctx, t))
	}
	if err != nil {
		return err
	}
	now := time.Now()
	err = b.store.Seal(ctx, t.ID, changed, func(t *bot.Tasting, kept bot.Rows) error {
		t.Rounds, t.Outside, t.Unsure = slices.Clone(rounds), out.users, out.unsure
		apart := make(map[string]bool, len(t.Outside))
		for _, u := range t.Outside {
			apart[u] = true
		}
		var outside []bot.Vote
		if !t.ReadBy.IsZero() {
			t.Waited = now.Sub(t.ClosedAt)
		}
		t.Count(func(yield func(bot.Vote) bool) {
			for v := range kept {
				switch {
				case !t.Rounds[v.Round.Round-1].Live(): // taken out, or never opened
				case apart[v.Voter.User]:
					outside = append(outside, v)
				case !yield(v):
					return
				}
			}
		})
		t.CountApart(outside)
		return nil
	})
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	b.late.forget(t.ID)
	b.opt.Step("sealed")
	return nil
}

// finalVotes returns a round's rows that end otherwise than they were heard, and notes
// in r how they came about, and in voted who has a pick, where that matters. An
// unreadError says that its ballot is still to be read.
func (b *Bot) finalVotes(ctx context.Context, t bot.Tasting, n int, ref bot.Ref, r *bot.Round, voted map[string]bool) ([]bot.Vote, error) {
	if t.Ballot == bot.Private {
		return nil, nil
	}
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return nil, err
	}
	standing, err := chat.Reactions(ctx, ref)
	read := err == nil
	switch {
	case read:
	case errors.Is(err, bot.ErrGone):
		r.Reposted = true
	case errors.Is(err, bot.ErrHeardOnly):
	case bot.Stopped(ctx) != nil: // nothing is wrong with it: whoever is there next reads it
		return nil, fmt.Errorf("read the ballot of round %v: %w", t.ID.Round(n), err)
	case b.patient(t):
		return nil, unreadError{"read the ballot of round " + t.ID.Round(n).String(), err}
	default:
		b.log.Warn("read a ballot at closing; what was heard counts", "round", t.ID.Round(n), "err", err)
		r.Unread = true
	}
	var changed []bot.Vote
	ends := func(heard, final bot.Vote) {
		if final != heard {
			changed = append(changed, final)
		}
		if t.Voters != (bot.Electorate{}) && final.Pick() != bot.None {
			voted[final.Voter.User] = true
		}
	}
	if !read {
		err := b.store.EachVote(ctx, t.ID.Round(n), func(v bot.Vote) error {
			ends(v, stamped(v, t.ClosedAt))
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
		}
		return changed, nil
	}
	heard, err := b.store.Votes(ctx, t.ID.Round(n))
	if err != nil {
		return nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
	}
	standing = slices.DeleteFunc(standing, func(tap bot.Tap) bool { return slices.Contains(t.Barred, tap.User) })
	final, split := reconcile(t, n, heard, standing, t.ClosedAt)
	r.Split = split
	before := make(map[string]bot.Vote, len(heard))
	for _, v := range heard {
		before[v.Voter.User] = v
	}
	for _, v := range final {
		ends(before[v.Voter.User], v)
		delete(before, v.Voter.User)
	}
	for _, v := range heard { // and does not stand
		if _, left := before[v.Voter.User]; left {
			ends(v, bot.Vote{Round: v.Round, Voter: v.Voter})
		}
	}
	return changed, nil
}

// An unreadError is that of votes that cannot be read at closing, or not be told
// from those that do not count, and are waited for.
type unreadError struct {
	doing string
	err   error
}

func (e unreadError) Error() string { return fmt.Sprintf("%s: %v", e.doing, e.err) }
func (e unreadError) Unwrap() error { return e.err }

const (
	// warnAfter is how long an outage may last without anybody hearing of it.
	warnAfter = time.Minute
)

// patient reports whether votes that cannot be read are waited for any longer.
// Just after a start they are, however long ago their time was up.
func (b *Bot) patient(t bot.Tasting) bool {
	return t.ReadBy.IsZero() || time.Now().Before(t.ReadBy) || time.Since(b.began) < min(warnAfter, b.opt.WaitForVotes)
}

// await notes that the votes of a closing tasting are waited for, and until
// when. The starter is told once, if it takes long.
func (b *Bot) await(ctx context.Context, t bot.Tasting) error {
	now := time.Now()
	warn := !t.Warned && now.Sub(t.ClosedAt) >= warnAfter
	if !t.ReadBy.IsZero() && !warn {
		return nil
	}
	err := b.store.Update(ctx, t.ID, bot.Closing, func(stored *bot.Tasting) error {
		if stored.ReadBy.IsZero() {
			stored.ReadBy = now.Add(b.opt.WaitForVotes)
		}
		stored.Warned = stored.Warned || warn
		t = *stored
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that votes are waited for: %w", err)
	}
	if warn {
		b.tell(ctx, t, compose.UnreadNotice(t))
	}
	return nil
}

// Healthy returns an error that names the tastings whose votes are waited for.
func (b *Bot) Healthy(ctx context.Context) error {
	now := time.Now()
	ws, err := b.store.Workspaces(ctx)
	if err != nil {
		return fmt.Errorf("look for workspaces: %w", err)
	}
	var errs []error
	for _, w := range ws {
		ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Closing}})
		if err != nil {
			return fmt.Errorf("look for tastings that close: %w", err)
		}
		for _, t := range ts {
			if !t.ReadBy.IsZero() && now.Sub(t.ClosedAt) >= warnAfter {
				errs = append(errs, fmt.Errorf("%s: the votes of tasting %v cannot be read since it closed, and are waited for until %s",
					w.Platform, t.ID, t.ReadBy.Format(time.RFC3339)))
			}
		}
	}
	return errors.Join(errs...)
}
