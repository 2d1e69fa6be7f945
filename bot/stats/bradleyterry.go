package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Ridge is the usual penalty of [BradleyTerry]: it keeps the score of a model
// that never lost finite, and moves others little.
const Ridge = 0.5

// A Game is what voters said about two models' answers to one prompt.
type Game struct {
	A, B   int     // models, from 0
	Score  float64 // votes for A, with ties and both bad as ½ each
	Votes  float64
	Prompt int       // any number that tells prompts apart
	Style  []float64 // what else could sway a vote to A, see [Fit.Style]; of the same length in all games
}

// A Fit is the outcome of [BradleyTerry].
type Fit struct {
	Score   []float64 // of each model: natural logits, mean 0
	Style   []float64 // of each column: the logits that one unit of it adds to A's chance
	Prompts int       // with votes
	DF      float64   // of the errors: prompts − models; not positive: no intervals
	Groups  []int     // of each model: models of different groups were never compared, not even through others
	Finite  bool      // whether the scores would be finite without a penalty: each group is strongly connected by wins

	// Of Score, then Style:
	cov    *mat.SymDense // before the factor for few prompts
	alone  []float64     // variances if votes were independent
	played []bool        // whether a game says anything about it
}

// BradleyTerry fits P(A beats B) = s(θ_A − θ_B + Σ β·style), s the logistic
// function, by Newton's method on Σ Score·ln s + (Votes − Score)·ln(1 − s) −
// ridge·(Σθ² + Σβ²)/2 (Bradley and Terry 1952; ties as half a win). Its cost
// hardly depends on the number of votes. Errors are clustered by prompt:
// H⁻¹(Σ g gᵀ)H⁻¹ over the gradients g of prompts, as votes on one prompt are
// not independent.
//
// Models without a game get score 0 and a group of their own. It panics if a
// game names a model out of range or has another number of columns.
func BradleyTerry(models int, games []Game, ridge float64) Fit {
	if models == 0 {
		return Fit{Finite: true}
	}
	f := fitting{models: models, ridge: max(ridge, 1e-9)}
	f.gather(games)
	x := f.solve()
	fit := Fit{Score: x[:models], Style: x[models:], Prompts: len(f.prompts), played: f.played}
	fit.DF = float64(fit.Prompts - models)
	fit.cov, fit.alone = f.covariance(x)
	fit.Groups, fit.Finite = connect(models, games)
	return fit
}

// SE returns the standard error of a model's score, with the factor K/(K−m+1)
// of the covariance for K prompts and m models. It is not ok for a model
// without a game, nor unless K > m; what it returns then has no factor and is
// too small. If all prompts came out exactly as fitted (all ties), it is the
// error of independent votes, as no error would be a lie.
func (f Fit) SE(model int) (se float64, ok bool) { return f.se(model) }

// StyleSE is SE for a column of Style.
func (f Fit) StyleSE(column int) (se float64, ok bool) { return f.se(len(f.Score) + column) }

func (f Fit) se(i int) (float64, bool) {
	v := f.cov.At(i, i)
	if v < 1e-12 {
		v = f.alone[i]
	}
	if f.DF < 1 || !f.played[i] {
		return math.Sqrt(v), false
	}
	return math.Sqrt(v * float64(f.Prompts) / (f.DF + 1)), true
}

// CI returns the interval of a model's score at a level such as 0.95, by
// Student's t with DF degrees of freedom. It is not ok where SE is not.
func (f Fit) CI(model int, level float64) (lo, hi float64, ok bool) {
	se, ok := f.SE(model)
	if !ok {
		return 0, 0, false
	}
	half := se * distuv.StudentsT{Sigma: 1, Nu: f.DF}.Quantile((1+level)/2)
	return f.Score[model] - half, f.Score[model] + half, true
}

// Ranks returns the first and last rank, from 1, that each model may have at a
// level such as 0.95: 1 + the number of models whose interval lies above its
// own, and the number of models less those whose interval lies below. Models
// of another group are neither. Without an interval every rank is possible.
func (f Fit) Ranks(level float64) [][2]int {
	n := len(f.Score)
	ranks, los, his := make([][2]int, n), make([]float64, n), make([]float64, n)
	for i := range ranks {
		var ok bool
		if los[i], his[i], ok = f.CI(i, level); !ok {
			los[i], his[i] = math.Inf(-1), math.Inf(1)
		}
	}
	for i := range ranks {
		ranks[i] = [2]int{1, n}
		for j := range ranks {
			switch {
			case f.Groups[i] != f.Groups[j]:
			case los[j] > his[i]:
				ranks[i][0]++
			case his[j] < los[i]:
				ranks[i][1]--
			}
		}
	}
	return ranks
}
