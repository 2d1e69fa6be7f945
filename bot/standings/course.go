package standings

import (
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// mostPoints is at how many times a course looks, the last of them the newest.
const mostPoints = 8

// courses are how models stood after some of their tastings, evenly chosen, and after
// the last: each time by all votes until then. Only models that are ranked now are
// followed, and only while they were.
func courses(ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, only Scope, now ranking) []bot.Course {
	ts = slices.Clone(ts)
	slices.SortStableFunc(ts, func(a, b bot.Tasting) int { return a.RevealedAt.Compare(b.RevealedAt) })
	steps := min(mostPoints, len(ts))
	if !now.ok || steps < 2 {
		return nil
	}
	follow := make(map[string]int) // by name and settings
	var all []bot.Course
	for _, i := range now.order() {
		if now.at[i] >= 0 {
			e := now.box.models[i]
			follow[e.card.Name+"\x00"+e.print] = len(all)
			all = append(all, bot.Course{Model: bot.Verbatim(e.shown)})
		}
	}
	for k := 1; k <= steps; k++ {
		upto := ts[:len(ts)*k/steps]
		r := now
		if k < steps {
			r = fill(upto, cells, only).rank()
		}
		for i, e := range r.box.models {
			if to, followed := follow[e.card.Name+"\x00"+e.print]; followed && r.ok && r.at[i] >= 0 {
				_, score, low, high := beats(r.chance(r.at[i]))
				all[to].Points = append(all[to].Points, bot.Stood{On: upto[len(upto)-1].RevealedAt, Score: score, Low: low, High: high})
			}
		}
	}
	return slices.DeleteFunc(all, func(c bot.Course) bool { return len(c.Points) < 2 })
}
