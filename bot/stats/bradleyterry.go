package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/mathext"
)

// Ridge is the usual penalty of [BradleyTerry]: it keeps the score of a model
// that never lost finite, and moves others little.
const Ridge = 0.5

// A Game is what voters said about two models' answers to one prompt.
type Game struct {
	A, B   int     // models, from 0
	Score  float64 // votes for A, with ties and both bad as ½ each
	Votes  float64
	Prompt int    // any number that tells prompts apart
	Cells  []Cell // the votes of which it is known whose they are
}

// A Style is what else could sway votes to A of some games, see [Fit.Style]: so
// many numbers a game, one game after the other. The zero Style is nothing. It
// stands beside the games, as most fits of a million have none.
type Style struct {
	Columns int
	Values  []float64
}

// A Cell is one vote of a [Game].
type Cell struct {
	Voter uint64 // any number that tells voters apart
	Score float32
}

// A Fit is the outcome of [BradleyTerry].
type Fit struct {
	Score   []float64 // of each model: natural logits, mean 0
	Style   []float64 // of each column: the logits that one unit of it adds to A's chance
	Prompts int       // with votes
	Voters  int       // known ones
	Votes   int
	Known   int     // votes whose voters are known
	DF      float64 // of errors clustered by prompt: prompts − models; not positive: no intervals
	Asked   []int   // of each model: the prompts with votes on it
	Groups  []int   // of each model: models of different groups were never compared, not even through others
	Finite  bool    // whether the scores would be finite without a penalty: each group is strongly connected by wins

	// Of Score, then Style:
	cov   symmetric // before the factor for few prompts
	alone symmetric // if votes were independent
	asked []int     // prompts with votes that say something about it
	known *crossed  // nil: no voter is known
}

// BradleyTerry fits P(A beats B) = s(θ_A − θ_B + Σ β·style), s the logistic
// function, by Newton's method on Σ Score·ln s + (Votes − Score)·ln(1 − s) −
// ridge·(Σθ² + Σβ²)/2 (Bradley and Terry 1952; ties as half a win). Its cost
// hardly depends on the number of votes. Errors are clustered by prompt:
// H⁻¹(Σ g gᵀ)H⁻¹ over the gradients g of prompts, as votes on one prompt are
// not independent; where voters are known, by voter too, see [Fit.SE].
//
// Models without a game get score 0 and a group of their own. It panics if a
// game names a model out of range.
func BradleyTerry(models int, games []Game, ridge float64) Fit {
	return fit(make([]float64, models), games, Style{}, ridge)
}

// Again is [BradleyTerry] of the same models from other games, such as the same
// votes with columns of style. It begins at the scores of f, so that it is
// faster; what it finds is the same. It panics if the style is not that of as
// many games.
func (f Fit) Again(games []Game, style Style, ridge float64) Fit {
	return fit(f.Score, games, style, ridge)
}

func fit(start []float64, games []Game, style Style, ridge float64) Fit {
	models := len(start)
	if models == 0 {
		return Fit{Finite: true}
	}
	f := newFitting(models, games, style, ridge)
	var side sync.WaitGroup // what can be done beside the rest
	var voted known
	side.Go(func() { voted = f.known() })
	x, hess := f.solve(start)
	side.Wait()
	fit := Fit{Score: x[:models], Style: x[models:], Prompts: len(f.begin) - 1, asked: f.asked}
	fit.DF = float64(fit.Prompts - models)
	for i := range f.sums {
		fit.Votes += int(math.Round(f.sums[i].Votes))
	}
	fit.Groups, fit.Finite = connect(models, f.sums)
	inverse, ok := hess.inverse()
	if !ok {
		inverse = newSymmetric(len(x))
	}
	fit.alone = centred(inverse, fit.Groups)
	side.Go(func() { fit.cov = sandwich(inverse, f.byPrompt(x)) })
	fit.known = f.byVoter(voted, x, inverse)
	side.Wait()
	if fit.known != nil {
		fit.Voters, fit.Known = fit.known.voters, len(voted.votes)
	}
	fit.Asked = f.asked[:models]
	return fit
}

// SE returns the standard error of a model's score. By prompts alone its square
// is p: the covariance with the factor K/(K−m+1) for K prompts and m models, or
// k/(k−1) if the model's own k prompts ask for more. Where voters are known it
// is, as in [TwoWay],
//
//	t = max(p, c) + max(v, c) − c
//
// with v and c of the gradients of voters and of cells of voter and prompt, each
// with its factor G/(G−1); votes of unknown voters are in p alone. It is never below the error of independent votes, the root of
// H⁻¹, as few prompts can come out alike by chance and would then give hardly
// any error (Angrist and Pischke 2009, section 8.1, advise the larger of the
// two). It is not ok for a model with fewer than two prompts, nor unless K > m;
// what it returns then is too small.
func (f Fit) SE(model int) (se float64, ok bool) {
	e := f.estimate(model, model)
	return e.SE, e.ok
}

// CI returns the interval of a model's score at a level such as 0.95, by
// Student's t with DF degrees of freedom, or one fewer than the model's own
// prompts if those are less: a model tasted on six prompts among hundreds is
// known no better than six prompts allow. Where voters are known, degrees of
// freedom are Satterthwaite's, as in [TwoWay]. It is not ok where SE is not.
func (f Fit) CI(model int, level float64) (lo, hi float64, ok bool) {
	e := f.estimate(model, model)
	lo, hi = e.ci(f.Score[model], level)
	return lo, hi, e.ok
}

// Gap returns by how much model a's score exceeds b's, with its interval at a
// level. It is not ok where SE is not, nor for models of different groups.
func (f Fit) Gap(a, b int, level float64) (gap, lo, hi float64, ok bool) {
	e := f.estimate(a, b)
	gap = f.Score[a] - f.Score[b]
	lo, hi = e.ci(gap, level)
	return gap, lo, hi, e.ok && f.Groups[a] == f.Groups[b]
}

// StyleSE is SE for a column of Style.
func (f Fit) StyleSE(column int) (se float64, ok bool) {
	e := f.estimate(len(f.Score)+column, len(f.Score)+column)
	return e.SE, e.ok
}

// StyleCI is CI for a column of Style.
func (f Fit) StyleCI(column int, level float64) (lo, hi float64, ok bool) {
	e := f.estimate(len(f.Score)+column, len(f.Score)+column)
	lo, hi = e.ci(f.Style[column], level)
	return lo, hi, e.ok
}

// An estimated is how sure an estimate is.
type estimated struct {
	SE, df float64
	ok     bool
}

// estimate returns how sure parameter a less parameter b is, or a alone if
// they are the same.
func (f Fit) estimate(a, b int) estimated {
	variance := func(m symmetric) float64 {
		if a == b {
			return max(0, m.at(a, a))
		}
		return max(0, m.at(a, a)+m.at(b, b)-2*m.at(a, b))
	}
	k := float64(min(f.asked[a], f.asked[b]))
	ok := f.DF >= 1 && k >= 2
	factor := 1.0
	if ok {
		factor = max(float64(f.Prompts)/(f.DF+1), k/(k-1))
	}
	v, df := factor*variance(f.cov), min(f.DF, k-1)
	if ok && f.known != nil {
		v, df = f.known.error(a, b, k, variance, terms{p: v, dp: min(f.DF+1, k-1)})
	}
	v = max(v, variance(f.alone))
	if v < 1e-12 { // rounding: nothing was said of it
		v = 0
	}
	return estimated{math.Sqrt(v), df, ok}
}

// ci is the interval around x; x itself if the error is not known.
func (e estimated) ci(x, level float64) (lo, hi float64) {
	if !e.ok {
		return x, x
	}
	half := e.SE * studentQuantile((1+level)/2, e.df)
	return x - half, x + half
}

// Ranks returns the first and last rank, from 1, that each model may have at a
// level such as 0.95: 1 + the number of models that are above it by an interval
// of the difference, see [Fit.Gap], and the number of models less those below.
// Two models' own intervals may overlap all the same. Models of another group
// are neither above nor below. Without an interval every rank is possible.
func (f Fit) Ranks(level float64) [][2]int {
	n := len(f.Score)
	ranks := make([][2]int, n)
	for i := range ranks {
		ranks[i] = [2]int{1, n}
	}
	for i := range ranks {
		for j := range i {
			above, below := i, j
			if f.Score[i] < f.Score[j] {
				above, below = j, i
			}
			if f.apart(above, below, level) {
				ranks[below][0]++
				ranks[above][1]--
			}
		}
	}
	return ranks
}

// apart reports whether the interval of the difference of two scores leaves out 0.
func (f Fit) apart(above, below int, level float64) bool {
	if f.Groups[above] != f.Groups[below] {
		return false
	}
	e, gap := f.estimate(above, below), f.Score[above]-f.Score[below]
	if !e.ok || gap <= e.SE*mathext.NormalQuantile((1+level)/2) { // which is less than t, and found faster
		return false
	}
	lo, _ := e.ci(gap, level)
	return lo > 0
}
