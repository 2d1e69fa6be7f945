package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// seat opens a voter's page of a private ballot at round n; 0 is the first
// round, in this voter's order, that they have not voted in yet, or the end.
func (b *Bot) seat(ctx context.Context, t bot.Tasting, user string, n int) (bot.Reply, error) {
	return b.seatAfter(ctx, t, user, n, 0)
}

// seatAfter is seat, where n 0 is the first round without a vote after round
// after, and from the beginning if there is none.
func (b *Bot) seatAfter(ctx context.Context, t bot.Tasting, user string, n, after int) (bot.Reply, error) {
	if err := canTaste(t, user); err != nil {
		return bot.Reply{}, err
	}
	order, err := b.orderFor(ctx, t, user)
	if err != nil {
		return bot.Reply{}, err
	}
	picks := make([]bot.Pick, len(order))
	voted := make([]bool, len(order))
	for i, r := range order {
		v, err := b.store.Vote(ctx, t.ID.Round(r), bot.Voter{Workspace: t.ID.Workspace, User: user})
		if err != nil {
			return bot.Reply{}, fmt.Errorf("read a vote in round %v: %w", t.ID.Round(r), err)
		}
		picks[i] = v.Pick()
		voted[i] = picks[i] != bot.None
	}
	i := slices.Index(order, n)
	if n == 0 {
		i = firstFalse(voted, slices.Index(order, after)+1)
	} else if i < 0 && isRemoved(t, n) {
		return bot.Reply{}, bot.UserError(takenOut())
	} else if i < 0 {
		return bot.Reply{}, bot.UserError(bot.Say("There is no such round in this tasting. Press “Start tasting” again."))
	}
	if i < 0 {
		return bot.Reply{Post: compose.LastSeat(t, order, voted)}, nil
	}
	x, err := b.store.Texts(ctx, t.ID.Round(order[i]))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("texts of round %v: %w", t.ID.Round(order[i]), err)
	}
	s := compose.Seat(t, x, user, order, i, picks[i], voted)
	if b.mayRemove(ctx, t, user) {
		s.Nav = append(s.Nav, compose.TakeOut(t, order[i]))
	}
	return bot.Reply{Post: s}, nil
}

// orderFor is the order in which a user goes through the rounds of a private
// ballot. Where they are dealt it gives the user a seat, if they have none.
func (b *Bot) orderFor(ctx context.Context, t bot.Tasting, user string) ([]int, error) {
	if t.Deal.Plain == 0 {
		return t.OrderFor(user, 0), nil
	}
	seat, err := b.store.Sit(ctx, t.ID, bot.Voter{Workspace: t.ID.Workspace, User: user})
	switch {
	case errors.Is(err, bot.ErrClosed):
		return nil, bot.UserError(bot.Say("Voting in taste test {id} has just closed; this vote came too late.", t.ID))
	case err != nil:
		return nil, fmt.Errorf("find a seat in tasting %v: %w", t.ID, err)
	}
	return t.OrderFor(user, seat), nil
}

// firstFalse is the index of the first false from start on, else from the
// beginning, else -1.
func firstFalse(all []bool, start int) int {
	for k := range all {
		if i := (start + k) % len(all); !all[i] {
			return i
		}
	}
	return -1
}

func canTaste(t bot.Tasting, user string) error {
	switch {
	case t.Ballot != bot.Private:
		return bot.UserError(bot.Say("In this tasting people vote with an emoji on the ballot."))
	case !t.State.TakesVotes():
		return bot.UserError(bot.Say("Voting in taste test {id} is over: {state}", t.ID, compose.StateLine(t)))
	case slices.Contains(t.Barred, user):
		return bot.UserError(knowsTexts())
	}
	return nil
}

// knowsTexts is said to whoever pasted the texts and votes on them.
func knowsTexts() bot.Sentence {
	return bot.Say("You pasted these texts, so you know them: your vote would not be blind.")
}

// vote keeps a tap on a private ballot and goes on to the next round without a
// vote. The same tap twice is one vote.
func (b *Bot) vote(ctx context.Context, t bot.Tasting, p bot.Press, n int, c bot.Choice) (bot.Reply, error) {
	if err := b.mark(ctx, t, p, n, c); err != nil {
		return bot.Reply{}, err
	}
	return b.seatAfter(ctx, t, p.User, 0, n)
}

// takeBack takes a vote on a private ballot back, and stays at its round.
func (b *Bot) takeBack(ctx context.Context, t bot.Tasting, p bot.Press, n int) (bot.Reply, error) {
	if err := b.mark(ctx, t, p, n, ""); err != nil {
		return bot.Reply{}, err
	}
	return b.seat(ctx, t, p.User, n)
}

// mark keeps a choice, or takes it back if c is "".
func (b *Bot) mark(ctx context.Context, t bot.Tasting, p bot.Press, n int, c bot.Choice) error {
	if err := canTaste(t, p.User); err != nil {
		return err
	}
	order, err := b.orderFor(ctx, t, p.User)
	if err != nil {
		return err
	}
	if isRemoved(t, n) {
		return bot.UserError(takenOut())
	}
	if !slices.Contains(order, n) {
		return bot.UserError(bot.Say("There is no such round in this tasting. Press “Start tasting” again."))
	}
	err = b.choose(ctx, t, t.ID.Round(n), p.User, c, p.Made)
	if errors.Is(err, bot.ErrClosed) {
		return bot.UserError(bot.Say("Voting in taste test {id} has just closed; this vote came too late.", t.ID))
	}
	return err
}
