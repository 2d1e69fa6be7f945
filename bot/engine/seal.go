package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
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
	var final []bot.Vote
	rounds := slices.Clone(t.Rounds)
	for _, n := range t.Live() {
		if t.Block() && refs[n] == (bot.Ref{}) {
			rounds[n-1].Reason = bot.Unopened()
			continue
		}
		votes, err := b.finalVotes(ctx, t, n, refs[n], &rounds[n-1])
		if _, unread := errors.AsType[unreadError](err); unread {
			return errors.Join(err, b.await(ctx, t))
		}
		if err != nil {
			return err
		}
		final = append(final, votes...)
	}
	final = slices.DeleteFunc(final, func(v bot.Vote) bool { return slices.Contains(t.Barred, v.Voter.User) })
	out, err := b.outsiders(ctx, t, final)
	if _, unread := errors.AsType[unreadError](err); unread {
		return errors.Join(err, b.await(ctx, t))
	}
	if err != nil {
		return err
	}
	now := time.Now()
	err = b.store.Seal(ctx, t.ID, final, func(t *bot.Tasting, kept []bot.Vote) error {
		t.Rounds, t.Outside, t.Unsure = rounds, out.users, out.unsure
		var inside, outside []bot.Vote
		for _, v := range kept {
			if slices.Contains(t.Outside, v.Voter.User) {
				outside = append(outside, v)
			} else {
				inside = append(inside, v)
			}
		}
		if !t.ReadBy.IsZero() {
			t.Waited = now.Sub(t.ClosedAt)
		}
		t.Count(inside)
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

// finalVotes returns a round's final rows and notes in r how they came about.
// An unreadError says that its ballot is still to be read.
func (b *Bot) finalVotes(ctx context.Context, t bot.Tasting, n int, ref bot.Ref, r *bot.Round) ([]bot.Vote, error) {
	heard, err := b.store.Votes(ctx, t.ID.Round(n))
	if err != nil {
		return nil, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
	}
	var heardOnly []bot.Vote
	for _, v := range heard {
		if v.Pick() != bot.None {
			heardOnly = append(heardOnly, stamped(v, t.ClosedAt))
		}
	}
	if t.Ballot == bot.Private {
		return heardOnly, nil
	}
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return nil, err
	}
	standing, err := chat.Reactions(ctx, ref)
	switch {
	case err == nil:
		standing = slices.DeleteFunc(standing, func(tap bot.Tap) bool { return slices.Contains(t.Barred, tap.User) })
		var final []bot.Vote
		final, r.Split = reconcile(t, n, heard, standing, t.ClosedAt)
		return final, nil
	case errors.Is(err, bot.ErrGone):
		r.Reposted = true
	case errors.Is(err, bot.ErrHeardOnly):
	case b.patient(t):
		return nil, unreadError{"read the ballot of round " + t.ID.Round(n).String(), err}
	default:
		b.log.Warn("read a ballot at closing; what was heard counts", "round", t.ID.Round(n), "err", err)
		r.Unread = true
	}
	return heardOnly, nil
}
