package stats

import (
	"fmt"
	"math"
	"slices"
)

// fitting is a fit in the making.
type fitting struct {
	models, columns int
	ridge           float64
	games           []Game    // with votes
	style           []float64 // of games, see [Style]
	sums            []Game    // what the likelihood needs: games of a pair are one, where they have no style
	prompt          []int     // of each game: its number, in the order in which they come
	order           []int32
	begin           []int // order[begin[k]:begin[k+1]] are the places in games of those on prompt k
	asked           []int // of models and columns: prompts whose games say something about them
}

func newFitting(models int, games []Game, style Style, ridge float64) *fitting {
	f := &fitting{models: models, ridge: max(ridge, 1e-9), games: games, columns: style.Columns, style: style.Values}
	if len(style.Values) != style.Columns*len(games) {
		panic(fmt.Sprintf("stats: %d values of style in %d columns for %d games", len(style.Values), style.Columns, len(games)))
	}
	f.asked = make([]int, f.models+f.columns)
	says := 0
	for _, g := range games {
		if g.A < 0 || g.B < 0 || g.A >= f.models || g.B >= f.models {
			panic(fmt.Sprintf("stats: game %+v among %d models", g, f.models))
		}
		if !g.empty() {
			says++
		}
	}
	if says < len(games) {
		f.games, f.style = make([]Game, 0, says), make([]float64, 0, says*f.columns)
		for i, g := range games {
			if !g.empty() {
				f.games = append(f.games, g)
				f.style = append(f.style, style.of(i)...)
			}
		}
	}
	prompts := newNumbering(len(f.games))
	f.prompt = make([]int, len(f.games))
	for i := range f.games {
		f.prompt[i] = prompts.of(f.games[i].Prompt)
	}
	f.order, f.begin = grouped(f.prompt, prompts.n)
	f.sums = f.games
	if f.columns == 0 {
		f.sums = f.pairs()
	}
	return f
}

// empty reports whether a game says nothing.
func (g Game) empty() bool { return g.Votes <= 0 || g.A == g.B }

func (f *fitting) pairs() []Game {
	sums := make([]Game, f.models*f.models)
	for _, g := range f.games {
		if g.A > g.B {
			g.A, g.B, g.Score = g.B, g.A, g.Votes-g.Score
		}
		sum := &sums[g.A*f.models+g.B]
		sum.A, sum.B, sum.Score, sum.Votes = g.A, g.B, sum.Score+g.Score, sum.Votes+g.Votes
	}
	return slices.DeleteFunc(sums, Game.empty)
}

// of returns the values of game i.
func (s Style) of(i int) []float64 { return s.Values[i*s.Columns:][:s.Columns] }

// styleOf returns the values of game i.
func (f *fitting) styleOf(i int) []float64 { return f.style[i*f.columns:][:f.columns] }

// logit is that of A's chance in a game with these values of style.
func (f *fitting) logit(x []float64, g *Game, style []float64) float64 {
	d := x[g.A] - x[g.B]
	for c, s := range style {
		d += x[f.models+c] * s
	}
	return d
}

// slopes returns the gradient of the penalised log-likelihood at x, and its
// negative Hessian, to which a constant is added along "all scores up", in
// which no gradient points, so that it can be inverted without a ridge too.
func (f *fitting) slopes(x []float64) (grad []float64, hess symmetric) {
	n := len(x)
	grad, h := make([]float64, n), make([]float64, n*n)
	for i := range f.sums {
		g, style := &f.sums[i], f.styleOf(i)
		p := logistic(f.logit(x, g, style))
		r, w := g.Score-g.Votes*p, g.Votes*p*(1-p)
		grad[g.A] += r
		grad[g.B] -= r
		h[g.A*n+g.A] += w
		h[g.B*n+g.B] += w
		h[min(g.A, g.B)*n+max(g.A, g.B)] -= w
		for c, s := range style {
			k := f.models + c
			grad[k] += r * s
			h[g.A*n+k] += w * s
			h[g.B*n+k] -= w * s
			for c2, s2 := range style[c:] {
				h[k*n+k+c2] += w * s * s2
			}
		}
	}
	for i, v := range x {
		grad[i] -= f.ridge * v
		h[i*n+i] += f.ridge
		for j := i; j < f.models; j++ {
			h[i*n+j]++
		}
	}
	return grad, symmetric{n, h}
}

// surely is by how much a step of Newton's method may change the logit of any
// game so that the likelihood surely rises: less than 1.79, where eᵘ − u − 1 is
// u² (from the bounds of Bach 2010 for logistic regression).
const surely = 1.5

// solve climbs from scores to the maximum. It returns scores of mean 0 and then
// columns, and the negative Hessian there.
func (f *fitting) solve(scores []float64) (x []float64, hess symmetric) {
	x = make([]float64, f.models+f.columns)
	copy(x, scores)
	grad, hess := f.slopes(x)
	step := make([]float64, len(x))
	for range 100 {
		if !hess.solveInto(step, grad) {
			break
		}
		turn, moved := 0.0, 0.0
		for i := range f.sums {
			turn = max(turn, math.Abs(f.logit(step, &f.sums[i], f.styleOf(i))))
		}
		for i, s := range step {
			s *= min(1, surely/turn)
			x[i] += s
			moved = max(moved, math.Abs(s))
		}
		grad, hess = f.slopes(x)
		if moved < 1e-5 { // what is left is of the order of its square
			break
		}
	}
	var mean float64
	for _, v := range x[:f.models] {
		mean += v / float64(f.models)
	}
	for i := range x[:f.models] {
		x[i] -= mean
	}
	return x, hess
}

// byPrompt returns Σ g gᵀ over the gradients g of prompts, and counts asked.
func (f *fitting) byPrompt(x []float64) symmetric {
	sum := newOuter(len(x))
	for k := range len(f.begin) - 1 {
		for _, i := range f.order[f.begin[k]:f.begin[k+1]] {
			g, style := &f.games[i], f.styleOf(int(i))
			f.add(sum, g, style, g.Score-g.Votes*logistic(f.logit(x, g, style)))
		}
		for _, i := range sum.touched {
			f.asked[i]++
		}
		sum.end()
	}
	return symmetric{len(x), sum.sum}
}

// add adds the gradient of votes of one game, with so many more for A than
// expected.
func (f *fitting) add(sum *outer, g *Game, style []float64, more float64) {
	sum.add(g.A, more)
	sum.add(g.B, -more)
	for c, s := range style {
		if s != 0 {
			sum.add(f.models+c, more*s)
		}
	}
}

// logistic is 1/(1 + e⁻ˣ).
func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
