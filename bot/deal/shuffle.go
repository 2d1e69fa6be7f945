package deal

import (
	"io"

	"github.com/tastetest/tastetest/bot"
)

// Shuffle puts rounds and their texts into a random order, so that no number
// tells a kind.
func Shuffle(t *bot.Tasting, texts []bot.Texts, random io.Reader) ([]bot.Texts, error) {
	to := make([]int, len(t.Rounds)) // where round i+1 goes
	for i := range to {
		to[i] = i
	}
	for i := len(to) - 1; i > 0; i-- {
		j, err := below(random, i+1)
		if err != nil {
			return nil, err
		}
		to[i], to[j] = to[j], to[i]
	}
	rounds, shuffled := make([]bot.Round, len(to)), make([]bot.Texts, len(to))
	for i, j := range to {
		r := t.Rounds[i]
		if r.Kind == bot.Retest {
			r.Original = to[r.Original-1] + 1
		}
		rounds[j], shuffled[j] = r, texts[i]
	}
	t.Rounds = rounds
	return shuffled, nil
}
