package deal

import (
	"cmp"
	"io"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// Controls returns those control pairs in a language that were never shown in a
// place, in random order. ts are the tastings in its channel.
func Controls(ts []bot.Tasting, pairs []bot.ControlPair, language string, random io.Reader) ([]bot.ControlPair, error) {
	used := make(map[string]bool)
	for _, t := range ts {
		for _, r := range t.Rounds {
			used[r.Prompt] = used[r.Prompt] || r.Kind == bot.Control && !t.Opened.IsZero()
		}
	}
	type drawn struct {
		pair bot.ControlPair
		key  float64
	}
	var fresh []drawn
	for _, c := range pairs {
		if used[c.Prompt.ID] || cmp.Or(c.Prompt.Language, "en") != cmp.Or(language, "en") {
			continue
		}
		key, err := lot(random, 1)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, drawn{c, key})
	}
	slices.SortFunc(fresh, func(x, y drawn) int { return cmp.Compare(x.key, y.key) })
	chosen := make([]bot.ControlPair, len(fresh))
	for i, d := range fresh {
		chosen[i] = d.pair
	}
	return chosen, nil
}
