package compose

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// Mine says to one person how they voted in a revealed tasting, of which picks
// has one a round: in all, and round by round. Control pairs and repeats compare
// no models, and are left out.
func Mine(t bot.Tasting, picks []bot.Pick) (whole bot.Sentence, each []bot.Sentence) {
	var counts [5]int
	for _, n := range t.Tasted() {
		p := picks[n-1]
		if p == bot.None {
			continue
		}
		counts[p]++
		each = append(each, bot.Say("{round}: {choice}", t.ID.Round(n), chosen(t, p)))
	}
	n := bot.Count(len(each))
	first, second := bot.Count(counts[bot.First]), bot.Count(counts[bot.Second])
	switch {
	case n == 0:
		return bot.Say("You have no vote in this one."), nil
	case first == second && first == 0:
		return bot.Say("You picked neither, {n|time|times} out of {all}.", n, n), each
	case first == second:
		return bot.Say("You picked {first} and {second} {n|time|times} each out of {all}.", t.Called(0), t.Called(1), first, n), each
	case first > second:
		return bot.Say("You picked {model} {n|time|times} out of {all}.", t.Called(0), first, n), each
	}
	return bot.Say("You picked {model} {n|time|times} out of {all}.", t.Called(1), second, n), each
}

// MineNotice is the same as an answer to that person alone.
func MineNotice(t bot.Tasting, picks []bot.Pick) bot.Notice {
	whole, each := Mine(t, picks)
	var rows []bot.Sentence
	for row := range slices.Chunk(each, 5) {
		rows = append(rows, bot.Dotted(row...))
	}
	return bot.Notice{
		Title: bot.Dotted(bot.Say("Taste test {id}", t.ID), bot.Say("How I voted")),
		Text:  bot.Lines(append([]bot.Sentence{whole}, rows...)...),
	}
}

// chosen is what somebody picked.
func chosen(t bot.Tasting, p bot.Pick) bot.Sentence {
	switch p {
	case bot.First, bot.Second:
		return bot.Quoted(t.Names()[p-bot.First])
	case bot.Tie:
		return bot.Say("equal")
	}
	return bot.Say("both bad")
}
