package standings

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// mostMoved is how many changes are told.
const mostMoved = 3

// Moved says which models stand above which others by all revealed tastings and did
// not by the earlier ones: only where the interval of their difference shows it, now
// and not then. It says nothing where nothing is ranked.
func Moved(earlier, all []bot.Tasting, cells map[bot.TastingID][][]bot.Cell) []bot.Sentence {
	now := fill(all, cells, Scope{}).rank()
	if !now.ok {
		return nil
	}
	before := fill(earlier, cells, Scope{}).rank().above()
	var news bot.List
	for _, p := range now.above() {
		if !slices.Contains(before, p) {
			news.Of = append(news.Of, bot.Say("{model} above {other}", bot.Verbatim(p[0]), bot.Verbatim(p[1])))
		}
	}
	if len(news.Of) == 0 {
		return []bot.Sentence{bot.Say("Nothing moved that these votes can show.")}
	}
	return []bot.Sentence{bot.Say("New in the standings, and more than chance explains: {changes}.", news.Upto(mostMoved))}
}

// above are the pairs of which the first model stands above the second, by an
// interval of the difference that leaves out none, best first.
func (r ranking) above() (pairs [][2]string) {
	if !r.ok {
		return nil
	}
	order := r.order()
	for i, a := range order {
		for _, b := range order[i+1:] {
			if r.at[a] >= 0 && r.at[b] >= 0 && r.beyond(r.at[a], r.at[b]) {
				pairs = append(pairs, [2]string{r.box.models[a].shown, r.box.models[b].shown})
			}
		}
	}
	return pairs
}

// beyond reports whether a model of the fit is shown to be above another.
func (r ranking) beyond(a, b int) bool {
	if r.two() {
		_, lo, _ := r.versus(a)
		return lo > 0.5
	}
	_, lo, _, ok := r.fit.Gap(a, b, standingsLevel)
	return ok && lo > 0
}
