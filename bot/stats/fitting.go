package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// fitting holds the sums a fit needs: games of the same pair, style and
// prompt are one.
type fitting struct {
	models, columns int
	ridge           float64
	asked           []int    // of models and columns: prompts whose games say something about them
	prompts         [][]Game // games by prompt
	all             []Game   // games summed over prompts where they have no style
}

func (f *fitting) gather(games []Game) {
	if len(games) > 0 {
		f.columns = len(games[0].Style)
	}
	f.asked = make([]int, f.models+f.columns)
	prompts, of := newNumbering(len(games)), make([]int, 0, len(games))
	valid := make([]Game, 0, len(games))
	var pairs []Game
	if f.columns == 0 {
		pairs = make([]Game, f.models*f.models)
	} else {
		f.all = make([]Game, 0, len(games))
	}
	for _, g := range games {
		if g.A < 0 || g.B < 0 || g.A >= f.models || g.B >= f.models || len(g.Style) != f.columns {
			panic(fmt.Sprintf("stats: game %+v among %d models with %d columns", g, f.models, f.columns))
		}
		if g.Votes <= 0 || g.A == g.B {
			continue
		}
		valid, of = append(valid, g), append(of, prompts.of(g.Prompt))
		if f.columns > 0 {
			f.all = append(f.all, g)
			continue
		}
		if g.A > g.B {
			g.A, g.B, g.Score = g.B, g.A, g.Votes-g.Score
		}
		pair := &pairs[g.A*f.models+g.B]
		pair.A, pair.B, pair.Score, pair.Votes = g.A, g.B, pair.Score+g.Score, pair.Votes+g.Votes
	}
	for _, g := range pairs {
		if g.Votes > 0 {
			f.all = append(f.all, g)
		}
	}
	order, begin := grouped(of, prompts.n)
	sorted := make([]Game, len(valid))
	for i, at := range order {
		sorted[i] = valid[at]
	}
	f.prompts = make([][]Game, prompts.n)
	for k := range f.prompts {
		f.prompts[k] = sorted[begin[k]:begin[k+1]]
	}
}

func (f *fitting) logit(x []float64, g Game) float64 {
	d := x[g.A] - x[g.B]
	for c, s := range g.Style {
		d += x[f.models+c] * s
	}
	return d
}

// objective is the penalised log-likelihood.
func (f *fitting) objective(x []float64) float64 {
	var sum float64
	for _, g := range f.all {
		d := f.logit(x, g)
		sum += g.Score*d - g.Votes*softplus(d)
	}
	for _, v := range x {
		sum -= f.ridge / 2 * v * v
	}
	return sum
}

// slope adds a game's gradient at x to grad and returns its weight N p(1−p).
func (f *fitting) slope(x []float64, g Game, grad []float64) float64 {
	p := 1 / (1 + math.Exp(-f.logit(x, g)))
	r := g.Score - g.Votes*p
	grad[g.A] += r
	grad[g.B] -= r
	for c, s := range g.Style {
		grad[f.models+c] += r * s
	}
	return g.Votes * p * (1 - p)
}

// newton returns the gradient and the negative Hessian at x. A constant is
// added along "all scores up", in which no gradient points, so that it can be
// inverted without a ridge too.
func (f *fitting) newton(x []float64) ([]float64, *mat.SymDense) {
	n := len(x)
	grad, h := make([]float64, n), make([]float64, n*n)
	for _, g := range f.all {
		w := f.slope(x, g, grad)
		h[g.A*n+g.A] += w
		h[g.B*n+g.B] += w
		h[g.A*n+g.B] -= w
		h[g.B*n+g.A] -= w
		for c, s := range g.Style {
			i := f.models + c
			h[g.A*n+i] += w * s
			h[g.B*n+i] -= w * s
			for c2, s2 := range g.Style[c:] {
				h[i*n+i+c2] += w * s * s2
			}
		}
	}
	for i := range x {
		grad[i] -= f.ridge * x[i]
		h[i*n+i] += f.ridge
		for j := range f.models {
			if i < f.models {
				h[i*n+j]++
			}
		}
	}
	return grad, mat.NewSymDense(n, h)
}

// solve returns the maximum: scores of mean 0, then columns.
func (f *fitting) solve() []float64 {
	x := make([]float64, f.models+f.columns)
	for range 100 {
		grad, h := f.newton(x)
		step := make([]float64, len(x))
		if !solveInto(step, h, grad) || !f.advance(x, step) {
			break
		}
		moved := 0.0
		for _, s := range step {
			moved = max(moved, math.Abs(s))
		}
		if moved < 1e-9 {
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
	return x
}

// advance moves x by step, or by the largest half of a half of it that does
// not lower the objective, but for rounding. It reports whether there is one.
func (f *fitting) advance(x, step []float64) bool {
	start := f.objective(x)
	next := make([]float64, len(x))
	for size := 1.0; size > 1e-6; size /= 2 {
		for i := range x {
			next[i] = x[i] + size*step[i]
		}
		if f.objective(next) >= start-1e-9*(1+math.Abs(start)) {
			copy(x, next)
			return true
		}
	}
	return false
}

// solveInto solves h·dst = grad.
func solveInto(dst []float64, h *mat.SymDense, grad []float64) bool {
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return false
	}
	return chol.SolveVecTo(mat.NewVecDense(len(dst), dst), mat.NewVecDense(len(grad), grad)) == nil
}

// covariance returns H⁻¹(Σ g gᵀ)H⁻¹ at x, and H⁻¹.
func (f *fitting) covariance(x []float64) (cov, alone *mat.SymDense) {
	n := len(x)
	_, h := f.newton(x)
	var chol mat.Cholesky
	cov, alone = mat.NewSymDense(n, nil), mat.NewSymDense(n, nil)
	var inverse mat.SymDense
	if !chol.Factorize(h) || chol.InverseTo(&inverse) != nil {
		return cov, alone
	}
	for i := range n {
		for j := i; j < n; j++ {
			v := inverse.At(i, j)
			if j < f.models { // without newton's constant
				v -= 1 / float64(f.models) / (f.ridge + float64(f.models))
			}
			alone.SetSym(i, j, v)
		}
	}
	meat, grad := make([]float64, n*n), make([]float64, n)
	seen, touched := make([]bool, n), make([]int, 0, n)
	touch := func(i int) {
		if !seen[i] {
			seen[i] = true
			touched = append(touched, i)
		}
	}
	for _, games := range f.prompts {
		for _, g := range games {
			touch(g.A)
			touch(g.B)
			for c, s := range g.Style {
				if s != 0 {
					touch(f.models + c)
				}
			}
			f.slope(x, g, grad)
		}
		for _, i := range touched {
			f.asked[i]++
			for _, j := range touched {
				meat[i*n+j] += grad[i] * grad[j]
			}
		}
		for _, i := range touched {
			grad[i], seen[i] = 0, false
		}
		touched = touched[:0]
	}
	var half, full mat.Dense
	half.Mul(&inverse, mat.NewDense(n, n, meat))
	full.Mul(&half, &inverse)
	for i := range n {
		for j := i; j < n; j++ {
			cov.SetSym(i, j, full.At(i, j))
		}
	}
	return cov, alone
}

// softplus is ln(1 + eˣ).
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}
