package standings

import (
	"maps"
	"math"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// A Route says which model to take for prompts of one kind: the cheapest that is
// shown to be not worse than the best by more than ten points.
type Route struct {
	Category string   // "": of every kind
	Best     string   // the first in the standings
	Model    string   // "": it cannot be said
	Share    float64  // of votes between the two that Model has; where it cannot be said, the cheapest cheaper one
	Low      float64  // the lower end of its 95% interval
	Saves    bot.Cost // Model in place of the best, per 1,000 answers
	Prompts  int      // on which the two were tasted, the fewer of both
	Needed   int      // prompts that would do, if votes went on as they do; 0: not known, or no number would
}

// notWorse is the share of votes between the two that a model must be shown to have:
// ten points under half.
const notWorse = 0.4

// Routes returns the routes of revealed tastings: one for all prompts in scope, then
// one for each category of them with a model that is ranked.
func Routes(ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, only Scope) []Route {
	return fill(ts, cells, only).rank().routes(only)
}

// routes are those of all that r ranks, which is what is in scope.
func (r ranking) routes(only Scope) (all []Route) {
	of := map[string][]*counted{only.Category: nil}
	for _, round := range r.box.rounds {
		if c := round.of.Category; c != "" && c != only.Category {
			of[c] = append(of[c], round)
		}
	}
	categories := slices.Sorted(maps.Keys(of))
	within := make([]ranking, len(categories))
	side := inTurns()
	for i, c := range categories {
		side.Go(func() error {
			if within[i] = r; c != only.Category {
				within[i] = r.box.part(of[c]).rank()
			}
			return nil
		})
	}
	_ = side.Wait() // ranking cannot fail
	for i, c := range categories {
		if route, ok := within[i].route(); ok {
			route.Category = c
			all = append(all, route)
		}
	}
	return all
}

// route is false where nothing is ranked or the best one's cost is not known.
func (r ranking) route() (Route, bool) {
	if !r.ok {
		return Route{}, false
	}
	first := r.order()[0]
	if r.at[first] < 0 || !r.box.models[first].perThousand().Known {
		return Route{}, false
	}
	best := r.box.models[first]
	price := func(i int) int64 { return r.box.models[i].perThousand().Pico }
	route := Route{Best: best.shown, Model: best.shown, Share: 0.5, Low: 0.5, Saves: bot.Cost{Known: true}, Prompts: best.asked}
	var cheaper []int
	for _, i := range r.order() {
		if at := r.at[i]; i != first && at >= 0 && r.fit.Groups[at] == r.fit.Groups[r.at[first]] && r.box.models[i].perThousand().Known && price(i) < price(first) {
			cheaper = append(cheaper, i)
		}
	}
	slices.SortStableFunc(cheaper, func(i, j int) int { return int(min(max(price(i)-price(j), -1), 1)) })
	for n, i := range cheaper {
		share, low := r.against(i, first)
		prompts := min(r.box.models[i].asked, best.asked)
		if low >= notWorse {
			route.Model, route.Share, route.Low, route.Prompts, route.Needed = r.box.models[i].shown, share, low, prompts, 0
			route.Saves = bot.Cost{Pico: price(first) - price(i), Known: true}
			return route, true
		}
		if n == 0 { // what is not yet shown of the cheapest
			route.Model, route.Share, route.Low, route.Prompts = "", share, low, prompts
			route.Saves, route.Needed = bot.Cost{}, wouldDo(share, low, prompts)
		}
	}
	return route, true
}

// against is the share of votes between two models that the first of them has, and
// the lower end of its interval; 0 if there is none.
func (r ranking) against(i, best int) (share, low float64) {
	if r.two() {
		share, low, _ = r.versus(r.at[i])
		return share, low
	}
	gap, below, _, ok := r.fit.Gap(r.at[i], r.at[best], standingsLevel)
	if !ok {
		return preferred(gap), 0
	}
	return preferred(gap), preferred(below)
}

// wouldDo is about how many prompts would show what so many do not: an interval
// narrows with the root of their number. 0 where the share itself is under the mark.
func wouldDo(share, low float64, prompts int) int {
	if share <= notWorse+0.005 || low <= 0 {
		return 0
	}
	times := (share - low) / (share - notWorse)
	return int(math.Ceil(float64(prompts) * times * times))
}

// pick says the route to people: which model to take, and why.
func (route Route) pick() bot.CostPick {
	p := bot.CostPick{For: bot.Quoted(route.Category), Take: bot.Say("cannot be said yet")}
	if route.Category == "" {
		p.For = bot.Say("all prompts")
	}
	best := bot.Verbatim(route.Best)
	switch {
	case route.Model == route.Best:
		p.Take, p.Why = bot.Quoted(route.Best), bot.Say("The best so far, and none that was tasted beside it is cheaper.")
	case route.Model != "":
		p.Take = bot.Quoted(route.Model)
		p.Why = bot.Say("Shown to be not worse than {best} by more than ten points. Taking it saves {sum} per 1,000 answers.", best, bot.Money(route.Saves.Pico))
	case route.Needed > 0:
		p.Why = bot.Say("About {n|prompt|prompts} for each would do, if votes went on like these; so far {m|prompt|prompts}.", bot.Count(route.Needed), bot.Count(route.Prompts))
	default:
		p.Why = bot.Say("{best} is the best so far. More prompts with votes like these would not show that a cheaper one is as good to ten points.", best)
	}
	return p
}

// takes says the route in a sentence for standings; nothing where no model is cheaper,
// or where more prompts like these would not show it.
func (r ranking) takes() bot.Sentence {
	route, ok := r.route()
	best := bot.Verbatim(route.Best)
	switch {
	case !ok, route.Model == route.Best:
		return bot.Sentence{}
	case route.Model != "":
		return bot.Say("The cheapest that is shown to be not worse than {best} by more than ten points is {model}; taking it saves {sum} per 1,000 answers.", best, bot.Verbatim(route.Model), bot.Money(route.Saves.Pico))
	case route.Needed > 0:
		return bot.Say("Whether a cheaper one is not worse than {best} by more than ten points cannot be said yet; about {n|prompt|prompts} for each would do, if votes went on like these.", best, bot.Count(route.Needed))
	}
	return bot.Sentence{} // how much better the best is, is said already
}
