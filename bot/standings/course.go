package standings

import (
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
)

// mostPoints is at how many times a course looks, the last of them the newest.
const mostPoints = 8

// courses are how models stood after some of the tastings that now was filled with,
// evenly chosen, and after the last: each time by all votes until then. Only models
// that are ranked now are followed, and only while they were.
func courses(ts []bot.Tasting, now ranking) []bot.Course {
	order := make([]int, len(ts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return ts[a].RevealedAt.Compare(ts[b].RevealedAt) })
	steps := min(mostPoints, len(ts))
	if !now.ok || steps < 2 {
		return nil
	}
	when := make([]int, len(ts)) // each one's place in that order
	for place, i := range order {
		when[i] = place
	}
	points := make([]ranking, steps)
	points[steps-1] = now
	side := inTurns()
	for k := range steps - 1 {
		side.Go(func() error {
			rounds := make([]*counted, 0, len(now.box.rounds))
			for _, c := range now.box.rounds {
				if when[c.tasting] < len(ts)*(k+1)/steps {
					rounds = append(rounds, c)
				}
			}
			points[k] = now.box.bare(rounds).rank()
			return nil
		})
	}
	_ = side.Wait() // ranking cannot fail
	var all []bot.Course
	for _, i := range now.order() {
		if now.at[i] < 0 {
			continue
		}
		course := bot.Course{Model: bot.Verbatim(now.box.models[i].shown)}
		for k, r := range points {
			if r.ok && r.at[i] >= 0 {
				_, score, low, high := beats(r.chance(r.at[i]))
				last := ts[order[len(ts)*(k+1)/steps-1]]
				course.Points = append(course.Points, bot.Stood{On: last.RevealedAt, Score: score, Low: low, High: high, Votes: r.box.models[i].votes})
			}
		}
		if len(course.Points) > 1 {
			all = append(all, course)
		}
	}
	return all
}

// inTurns does as many things side by side as there are processors.
func inTurns() *errgroup.Group {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	return &g
}
