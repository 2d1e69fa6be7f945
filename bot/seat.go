package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot/stats"
)

// seat opens a voter's page of a private ballot at round n; 0 is the first
// round, in this voter's order, that they have not voted in yet, or the end.
func (b *Bot) seat(ctx context.Context, t Tasting, user string, n int) (Reply, error) {
	return b.seatAfter(ctx, t, user, n, 0)
}

// seatAfter is seat, where n 0 is the first round without a vote after round
// after, and from the beginning if there is none.
func (b *Bot) seatAfter(ctx context.Context, t Tasting, user string, n, after int) (Reply, error) {
	if err := canTaste(t, user); err != nil {
		return Reply{}, err
	}
	order := t.orderFor(user)
	picks := make([]Pick, len(order))
	voted := make([]bool, len(order))
	for i, r := range order {
		v, err := b.store.Vote(ctx, t.ID.Round(r), Voter{t.ID.Workspace, user})
		if err != nil {
			return Reply{}, fmt.Errorf("read a vote in round %v: %w", t.ID.Round(r), err)
		}
		picks[i] = v.Pick()
		voted[i] = picks[i] != None
	}
	i := slices.Index(order, n)
	if n == 0 {
		i = firstFalse(voted, slices.Index(order, after)+1)
	} else if i < 0 {
		return Reply{}, UserError("There is no such round in this tasting. Press “Start tasting” again.")
	}
	if i < 0 {
		return Reply{Post: lastSeat(t, order, voted)}, nil
	}
	x, err := b.store.Texts(ctx, t.ID.Round(order[i]))
	if err != nil {
		return Reply{}, fmt.Errorf("texts of round %v: %w", t.ID.Round(order[i]), err)
	}
	return Reply{Post: t.seat(x, user, order, i, picks[i], voted)}, nil
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

// seat makes the page of the round at position i of a voter's order.
func (t Tasting) seat(x Texts, user string, order []int, i int, mine Pick, voted []bool) Seat {
	flip := t.flipFor(order[i], user)
	s := Seat{
		Round:    t.ID.Round(order[i]),
		Title:    fmt.Sprintf("Taste test %v · %d of %d", t.ID, i+1, len(order)),
		Question: t.Question,
		Prompt:   x.Prompt.Text,
		Mine:     mine.Choice(flip),
		Position: i + 1,
		Of:       len(order),
		Done:     count(voted),
		Voted:    voted,
		Note:     "Each tap is saved. You can change it until " + clock(t.Closes, time.Now(), t.TimeZone) + ".",
	}
	if slices.Contains(t.Outside, user) {
		s.Note += fmt.Sprintf(" The result counts %s; your votes are counted apart.", t.Voters.String())
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
	switch {
	case i+1 < len(order) && s.Mine == "":
		s.Nav = append(s.Nav, Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: "Skip"})
	case i+1 < len(order):
		s.Nav = append(s.Nav, Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: "Next"})
	case s.Done == len(order):
		s.Nav = append(s.Nav, Button{ID: t.ID.String() + "/taste", Label: "Finish"})
	case s.Mine != "" || s.Done+1 < len(order):
		s.Nav = append(s.Nav, Button{ID: t.ID.String() + "/taste", Label: "To what is left"})
	}
	return s
}

func count(all []bool) (n int) {
	for _, b := range all {
		n += stats.Bit(b)
	}
	return n
}

// lastSeat is the page after the last round.
func lastSeat(t Tasting, order []int, voted []bool) Seat {
	return Seat{
		Round:    t.ID.Round(0),
		Title:    fmt.Sprintf("Taste test %v · done", t.ID),
		Position: len(order),
		Of:       len(order),
		Done:     count(voted),
		Voted:    voted,
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
		return UserError(knowsTexts)
	}
	return nil
}

// knowsTexts is said to whoever pasted the texts and votes on them.
const knowsTexts = "You pasted these texts, so you know them: your vote would not be blind."

// vote keeps a tap on a private ballot and goes on to the next round without a
// vote. The same tap twice is one vote.
func (b *Bot) vote(ctx context.Context, t Tasting, user string, n int, c Choice) (Reply, error) {
	if err := b.mark(ctx, t, user, n, c); err != nil {
		return Reply{}, err
	}
	return b.seatAfter(ctx, t, user, 0, n)
}

// takeBack takes a vote on a private ballot back, and stays at its round.
func (b *Bot) takeBack(ctx context.Context, t Tasting, user string, n int) (Reply, error) {
	if err := b.mark(ctx, t, user, n, ""); err != nil {
		return Reply{}, err
	}
	return b.seat(ctx, t, user, n)
}

// mark keeps a choice, or takes it back if c is "".
func (b *Bot) mark(ctx context.Context, t Tasting, user string, n int, c Choice) error {
	if err := canTaste(t, user); err != nil {
		return err
	}
	if !slices.Contains(t.Live(), n) {
		return UserError("There is no such round in this tasting. Press “Start tasting” again.")
	}
	err := b.choose(ctx, t, t.ID.Round(n), user, c)
	if errors.Is(err, ErrClosed) {
		return UserError(fmt.Sprintf("Voting in taste test %v has just closed; this vote came too late.", t.ID))
	}
	return err
}
