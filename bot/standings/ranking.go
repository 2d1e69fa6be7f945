package standings

import (
	"cmp"
	"math"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// standingsLevel is the level of the intervals in standings.
const standingsLevel = 0.95

// A ranking is the fit of the models that were tasted on enough prompts.
type ranking struct {
	box    ballotBox
	in     []int        // of each model in the fit: its place in the box
	at     []int        // the inverse; -1 if it is not in the fit
	rounds []*counted   // between models in the fit
	games  []stats.Game // of those rounds, models numbered as in the fit
	fit    stats.Fit
	mean   stats.Mean // of two models: the share of the first in the fit
	ok     bool       // whether anything can be said: two models, and more prompts than models
}

// rank fits the models that were tasted on at least bot.EnoughPrompts prompts
// against each other.
func (box ballotBox) rank() ranking {
	r := ranking{box: box}
	out := make([]bool, len(box.models))
	for again := true; again; {
		again = false
		for i, n := range box.asked(out) {
			box.models[i].asked = max(box.models[i].asked, n)
			if !out[i] && n < bot.EnoughPrompts {
				out[i], again = true, true
			}
		}
	}
	r.at = make([]int, len(out))
	for i := range out {
		r.at[i] = -1
		if !out[i] {
			r.at[i] = len(r.in)
			r.in = append(r.in, i)
		}
	}
	r.games, r.rounds = make([]stats.Game, 0, len(box.rounds)), make([]*counted, 0, len(box.rounds))
	for _, c := range box.rounds {
		if out[c.models[0]] || out[c.models[1]] {
			continue
		}
		r.rounds = append(r.rounds, c)
		r.games = append(r.games, stats.Game{
			A: r.at[c.models[0]], B: r.at[c.models[1]], Prompt: c.prompt,
			Score: c.score[0] + c.score[1], Votes: c.votes[0] + c.votes[1], Cells: c.cells,
		})
	}
	r.fit = stats.BradleyTerry(len(r.in), r.games, stats.Ridge)
	r.ok = len(r.in) > 1 && r.fit.DF >= 1
	if r.ok && len(r.in) == 2 {
		r.mean = r.share()
	}
	return r
}

// asked counts each model's different prompts, in rounds between models that
// are not out.
func (box ballotBox) asked(out []bool) []int {
	n, prompts := make([]int, len(box.models)), box.prompts
	seen := make([]bool, len(box.models)*prompts)
	for _, r := range box.rounds {
		if out[r.models[0]] || out[r.models[1]] {
			continue
		}
		for _, m := range r.models {
			if at := m*prompts + r.prompt; !seen[at] {
				seen[at] = true
				n[m]++
			}
		}
	}
	return n
}

// order returns the places in the box, best first: the groups of models that
// were compared with each other, then those that are not ranked.
func (r ranking) order() []int {
	order := make([]int, len(r.at))
	for i := range order {
		order[i] = i
	}
	group := func(i int) int {
		if r.at[i] < 0 || !r.ok {
			return len(r.at)
		}
		return r.fit.Groups[r.at[i]]
	}
	score := func(i int) float64 {
		if r.at[i] < 0 || !r.ok {
			return float64(r.box.models[i].asked)
		}
		return math.Round(r.fit.Score[r.at[i]] * 1e9)
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(group(i), group(j)), cmp.Compare(score(j), score(i)))
	})
	return order
}

// preferred turns a difference of scores into the share of votes it wins.
func preferred(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// A lean is a habit of voters that has nothing to do with who wrote what: to
// choose the left answer, or the longer one. share is how many of the votes that
// side would get if both answers were equally good: 0.5 if there is no habit.
type lean struct {
	share, lo, hi float64
	coef, se      float64 // logits
	ok            bool
}

// shown reports whether it is more than chance.
func (l lean) shown() bool { return l.ok && (l.lo > 0.5 || l.hi < 0.5) }

// longer is the gap for which leans tells the share: half as long again, 3 to 2.
const longer = 0.2

// leans fits the same votes with columns for the left side and for length, in
// standard deviations over votes. Its mean is 0, as either model can be called
// the first. Cells do not know sides, so errors are by prompt.
func (r ranking) leans() (left, length lean) {
	if !r.ok {
		return left, length
	}
	votes, squares := 0.0, 0.0
	for i, g := range r.games {
		votes += g.Votes
		squares += g.Votes * r.rounds[i].gap * r.rounds[i].gap
	}
	scale := 0.0
	if sd := math.Sqrt(squares / votes); sd > 1e-9 {
		scale = 1 / sd
	}
	games := make([]stats.Game, 0, 2*len(r.games))
	style := stats.Style{Columns: 2, Values: make([]float64, 0, 4*len(r.games))}
	for i, g := range r.games {
		c := r.rounds[i]
		for side, n := range c.votes {
			if n > 0 {
				style.Values = append(style.Values, float64(1-2*side), scale*c.gap)
				g.Votes, g.Score, g.Cells = n, c.score[side], nil
				games = append(games, g)
			}
		}
	}
	fit := r.fit.Again(games, style, stats.Ridge)
	return leanOf(fit, 0, 1), leanOf(fit, 1, scale*longer)
}

// leanOf is the lean by so many units of a column.
func leanOf(fit stats.Fit, column int, units float64) lean {
	l := lean{coef: fit.Style[column], share: preferred(units * fit.Style[column])}
	lo, hi, ok := fit.StyleCI(column, standingsLevel)
	l.lo, l.hi, l.ok = preferred(units*lo), preferred(units*hi), ok && units > 0
	l.se, _ = fit.StyleSE(column)
	return l
}
