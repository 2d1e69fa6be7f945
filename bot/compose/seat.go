package compose

import (
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// Seat makes the page of the round at position i of a voter's order. It is long
// because the buttons below depend on where in their order the voter is, and on
// what is left.
func Seat(t bot.Tasting, x bot.Texts, user string, order []int, i int, mine bot.Pick, voted []bool) bot.Seat {
	flip := t.FlipFor(order[i], user)
	s := bot.Seat{
		Round:    t.ID.Round(order[i]),
		Title:    bot.Literal(fmt.Sprintf("Taste test %v · %d of %d", t.ID, i+1, len(order))),
		Question: bot.Literal(t.Question),
		Prompt:   bot.Verbatim(x.Prompt.Text),
		Mine:     mine.Choice(flip),
		Position: i + 1,
		Of:       len(order),
		Done:     count(voted),
		Voted:    voted,
		Note:     bot.Literal("Each tap is saved. You can change it until " + say.Clock(t.Closes, time.Now(), t.TimeZone) + "."),
	}
	if slices.Contains(t.Outside, user) {
		s.Note = bot.Prose(s.Note, bot.Literal(fmt.Sprintf("The result counts %s; your votes are counted apart.", say.Electorate(t.Voters))))
	}
	left, right := sides(x, flip)
	s.Left, s.Right = bot.Verbatim(left), bot.Verbatim(right)
	for _, c := range bot.Choices {
		s.Buttons = append(s.Buttons, bot.Button{
			ID: fmt.Sprintf("%v/%s", s.Round, c.Choice), Label: bot.Literal(c.Emoji + " " + c.Label), Chosen: c.Choice == s.Mine,
		})
	}
	if i > 0 {
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.Round(order[i-1]).String() + "/show", Label: bot.Literal("Back")})
	}
	if s.Mine != "" {
		s.Nav = append(s.Nav, bot.Button{ID: s.Round.String() + "/clear", Label: bot.Literal("Take back")})
	}
	switch {
	case i+1 < len(order) && s.Mine == "":
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: bot.Literal("Skip")})
	case i+1 < len(order):
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: bot.Literal("Next")})
	case s.Done == len(order):
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.String() + "/taste", Label: bot.Literal("Finish")})
	case s.Mine != "" || s.Done+1 < len(order):
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.String() + "/taste", Label: bot.Literal("To what is left")})
	}
	return s
}

func count(all []bool) (n int) {
	for _, b := range all {
		n += stats.Bit(b)
	}
	return n
}

// LastSeat is the page after the last round.
func LastSeat(t bot.Tasting, order []int, voted []bool) bot.Seat {
	return bot.Seat{
		Round:    t.ID.Round(0),
		Title:    bot.Literal(fmt.Sprintf("Taste test %v · done", t.ID)),
		Position: len(order),
		Of:       len(order),
		Done:     count(voted),
		Voted:    voted,
		Note: bot.Literal(fmt.Sprintf("You have tasted all %s. You can change your votes until %s; then the names are revealed in the channel.",
			say.Plural(len(order), "round", "rounds"), say.Clock(t.Closes, time.Now(), t.TimeZone))),
		Nav: []bot.Button{{ID: t.ID.Round(order[0]).String() + "/show", Label: bot.Literal("Look again")}},
	}
}
