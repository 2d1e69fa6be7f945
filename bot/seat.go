package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// seat opens a voter's page of a private ballot at round n; 0 is the first
// round, in this voter's order, that they have not voted in yet.
func (b *Bot) seat(ctx context.Context, t Tasting, user string, n int) (Reply, error) {
	if err := canTaste(t, user); err != nil {
		return Reply{}, err
	}
	order := t.orderFor(user)
	mine := make(map[int]Pick)
	for _, r := range order {
		v, err := b.store.Vote(ctx, t.ID.Round(r), Voter{t.ID.Workspace, user})
		if err != nil {
			return Reply{}, fmt.Errorf("read a vote in round %v: %w", t.ID.Round(r), err)
		}
		if p := v.Pick(); p != None {
			mine[r] = p
		}
	}
	if n == 0 {
		i := slices.IndexFunc(order, func(r int) bool { return mine[r] == None })
		if i < 0 {
			return Reply{Post: lastSeat(t, order, len(mine))}, nil
		}
		n = order[i]
	}
	i := slices.Index(order, n)
	if i < 0 {
		return Reply{}, UserError("There is no such round in this tasting. Press “Start tasting” again.")
	}
	x, err := b.store.Texts(ctx, t.ID.Round(n))
	if err != nil {
		return Reply{}, fmt.Errorf("texts of round %v: %w", t.ID.Round(n), err)
	}
	flip := t.flipFor(n, user)
	s := Seat{
		Round:    t.ID.Round(n),
		Title:    fmt.Sprintf("Taste test %v · %d of %d", t.ID, i+1, len(order)),
		Prompt:   x.Prompt.Text,
		Mine:     mine[n].Choice(flip),
		Position: i + 1,
		Of:       len(order),
		Done:     len(mine),
		Note:     "Each tap is saved. You can change it until " + clock(t.Closes, time.Now(), t.TimeZone) + ".",
	}
	s.Left, s.Right = sides(x, flip)
	for _, c := range Choices {
		s.Buttons = append(s.Buttons, Button{
			ID: fmt.Sprintf("%v/%s", s.Round, c.Choice), Label: c.Emoji + " " + c.Label, Chosen: c.Choice == s.Mine,
		})
	}
	if i > 0 {
		s.Nav = append(s.Nav, Button{ID: t.ID.Round(order[i-1]).String() + "/show", Label: "Back"})
	}
	if s.Mine != "" {
		s.Nav = append(s.Nav, Button{ID: s.Round.String() + "/clear", Label: "Take back"})
	}
	if i+1 < len(order) {
		label := "Skip"
		if s.Mine != "" {
			label = "Next"
		}
		s.Nav = append(s.Nav, Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: label})
	}
	return Reply{Post: s}, nil
}

// lastSeat is the page after the last round.
func lastSeat(t Tasting, order []int, done int) Seat {
	return Seat{
		Round:    t.ID.Round(0),
		Title:    fmt.Sprintf("Taste test %v · done", t.ID),
		Position: len(order),
		Of:       len(order),
		Done:     done,
		Note: fmt.Sprintf("You have tasted all %s. You can change your votes until %s; then the names are revealed in the channel.",
			plural(len(order), "round", "rounds"), clock(t.Closes, time.Now(), t.TimeZone)),
		Nav: []Button{{ID: t.ID.Round(order[0]).String() + "/show", Label: "Look again"}},
	}
}

func canTaste(t Tasting, user string) error {
	switch {
	case t.Ballot != Private:
		return UserError("In this tasting people vote with an emoji on the ballot.")
	case !t.State.TakesVotes():
		return UserError(fmt.Sprintf("Voting in taste test %v is over: %s", t.ID, stateLine(t)))
	case slices.Contains(t.Barred, user):
		return UserError("You pasted these texts, so you know them: your vote would not be blind.")
	}
	return nil
}

// vote keeps a tap on a private ballot and goes on to the next round. The same
// tap twice is one vote.
func (b *Bot) vote(ctx context.Context, t Tasting, user string, n int, c Choice) (Reply, error) {
	if err := b.mark(ctx, t, user, n, c, true); err != nil {
		return Reply{}, err
	}
	order := t.orderFor(user)
	if i := slices.Index(order, n); i+1 < len(order) {
		return b.seat(ctx, t, user, order[i+1])
	}
	return b.seat(ctx, t, user, 0)
}

// takeBack takes a vote on a private ballot back, and stays at its round.
func (b *Bot) takeBack(ctx context.Context, t Tasting, user string, n int) (Reply, error) {
	for _, c := range Choices {
		if err := b.mark(ctx, t, user, n, c.Choice, false); err != nil {
			return Reply{}, err
		}
	}
	return b.seat(ctx, t, user, n)
}

func (b *Bot) mark(ctx context.Context, t Tasting, user string, n int, c Choice, on bool) error {
	if err := canTaste(t, user); err != nil {
		return err
	}
	if !slices.Contains(t.Live(), n) {
		return UserError("There is no such round in this tasting. Press “Start tasting” again.")
	}
	err := b.hear(ctx, t, t.ID.Round(n), user, c, Mark{on, b.arrived.now()})
	if errors.Is(err, ErrClosed) {
		return UserError(fmt.Sprintf("Voting in taste test %v has just closed; this vote came too late.", t.ID))
	}
	return err
}
