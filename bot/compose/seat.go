package compose

import (
	"fmt"
	"slices"

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
		Title:    bot.Dotted(bot.Say("Taste test {id}", t.ID), bot.Say("{n} of {all}", bot.Count(i+1), bot.Count(len(order)))),
		Question: Asked(t),
		Prompt:   bot.Verbatim(x.Prompt.Text),
		Mine:     mine.Choice(flip),
		Position: i + 1,
		Of:       len(order),
		Done:     count(voted),
		Voted:    voted,
		Note:     bot.Say("Each tap is saved. You can change it until {closes}.", t.At(t.Closes)),
	}
	if slices.Contains(t.Outside, user) {
		s.Note = bot.Prose(s.Note, bot.Say("The result counts {voters}; your votes are counted apart.", say.Electorate(t.Voters)))
	}
	left, right := sides(x, flip)
	s.Left, s.Right = bot.Verbatim(left), bot.Verbatim(right)
	for _, c := range bot.Choices {
		s.Buttons = append(s.Buttons, bot.Button{
			ID: fmt.Sprintf("%v/%s", s.Round, c.Choice), Label: labelled(c.Emoji, c.Label), Chosen: c.Choice == s.Mine,
		})
	}
	if i > 0 {
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.Round(order[i-1]).String() + "/show", Label: bot.Say("Back")})
	}
	if s.Mine != "" {
		s.Nav = append(s.Nav, bot.Button{ID: s.Round.String() + "/clear", Label: bot.Say("Take back")})
	}
	switch {
	case i+1 < len(order) && s.Mine == "":
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: bot.Say("Skip")})
	case i+1 < len(order):
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.Round(order[i+1]).String() + "/show", Label: bot.Say("Next")})
	case s.Done == len(order):
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.String() + "/taste", Label: bot.Say("Finish")})
	case s.Mine != "" || s.Done+1 < len(order):
		s.Nav = append(s.Nav, bot.Button{ID: t.ID.String() + "/taste", Label: bot.Say("To what is left")})
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
	s := bot.Seat{
		Round:    t.ID.Round(0),
		Title:    bot.Dotted(bot.Say("Taste test {id}", t.ID), bot.Say("done")),
		Position: len(order),
		Of:       len(order),
		Done:     count(voted),
		Voted:    voted,
		Note:     bot.Say("You have tasted all {n|round|rounds}. You can change your votes until {closes}; then the models are revealed in the channel.", bot.Count(len(order)), t.At(t.Closes)),
	}
	if len(order) > 0 { // or all of a deck were taken out
		s.Nav = []bot.Button{{ID: t.ID.Round(order[0]).String() + "/show", Label: bot.Say("Look again")}}
	}
	return s
}
