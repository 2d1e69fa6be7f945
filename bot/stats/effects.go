package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// A Poll is the votes on one prompt.
type Poll struct {
	Prompt int
	First  float64 // for the first model, with ties as ½
	Votes  int
}

// Share returns the first model's share; 0 without votes.
func (p Poll) Share() float64 {
	if p.Votes == 0 {
		return 0
	}
	return p.First / float64(p.Votes)
}

// Polls returns the votes on each prompt, in the order in which prompts come
// up in obs.
func Polls(obs []Obs) []Poll {
	prompts := newNumbering(len(obs))
	var polls []Poll
	for _, o := range obs {
		i := prompts.of(o.Prompt)
		if i == len(polls) {
			polls = append(polls, Poll{Prompt: o.Prompt})
		}
		polls[i].First += o.Y
		polls[i].Votes++
	}
	return polls
}

// Effects are polls seen as a sample of prompts, on the scale of logits.
type Effects struct {
	Polls  int     // with votes
	Mean   float64 // of the prompts' logits
	Tau2   float64 // their variance, beyond that of voting
	Q      float64 // Cochran's, of logits; χ² with Polls − 1 degrees of freedom if prompts do not differ
	CI     [2]float64
	CIOK   bool // from two polls
	Next   [2]float64
	NextOK bool // from three polls
}

// RandomEffects fits polls with a variance between prompts (DerSimonian and
// Laird 1986), on the logits of (First+½)/(Votes+1). CI holds the share of the
// average prompt (Hartung and Knapp 2001, t with K−1 degrees of freedom); Next
// the share of a prompt that was not asked yet (Higgins, Thompson and
// Spiegelhalter 2009, K−2). Both are shares at a level such as 0.95, and [0, 1]
// if not OK.
func RandomEffects(polls []Poll, level float64) Effects {
	e := Effects{CI: [2]float64{0, 1}, Next: [2]float64{0, 1}}
	var y, v []float64
	for _, p := range polls {
		if p.Votes > 0 {
			first, second := p.First+0.5, float64(p.Votes)-p.First+0.5
			y, v = append(y, math.Log(first/second)), append(v, 1/first+1/second)
		}
	}
	e.Polls = len(y)
	df := float64(e.Polls - 1)
	if e.Polls == 0 {
		return e
	}
	mean, weight, squares := weighted(y, v, 0)
	e.Mean = mean
	if df < 1 {
		return e
	}
	e.Q = deviance(y, v, 0, mean)
	e.Tau2 = max(0, (e.Q-df)/(weight-squares/weight))
	e.Mean, weight, _ = weighted(y, v, e.Tau2)
	se := math.Sqrt(deviance(y, v, e.Tau2, e.Mean) / df / weight)
	if se < 1e-9 { // all polls are the same: what voting alone would give
		se = 1 / math.Sqrt(weight)
	}
	e.CI, e.CIOK = shares(e.Mean, se, df, level), true
	if df >= 2 {
		e.Next, e.NextOK = shares(e.Mean, math.Sqrt(e.Tau2+se*se), df-1, level), true
	}
	return e
}

// weighted returns the mean of y by weights w = 1/(v + tau2), Σ w and Σ w².
func weighted(y, v []float64, tau2 float64) (mean, sum, squares float64) {
	for i := range y {
		w := 1 / (v[i] + tau2)
		mean += w * y[i]
		sum += w
		squares += w * w
	}
	return mean / sum, sum, squares
}

func deviance(y, v []float64, tau2, mean float64) float64 {
	q := 0.0
	for i := range y {
		q += (y[i] - mean) * (y[i] - mean) / (v[i] + tau2)
	}
	return q
}

func shares(logit, se, df, level float64) [2]float64 {
	half := se * studentQuantile((1+level)/2, df)
	return [2]float64{1 / (1 + math.Exp(half-logit)), 1 / (1 + math.Exp(-half-logit))}
}

// FairCoins tests whether all votes of all polls are fair coins, in whichever
// direction they depart: Σ (k − n/2)²/(n/4), χ² with a degree of freedom for
// each poll with votes. Ties are left out of First and Votes. p is 1 without
// votes.
func FairCoins(polls []Poll) (chi2, p float64) {
	df := 0.0
	for _, poll := range polls {
		if n := float64(poll.Votes); n > 0 {
			chi2 += (poll.First - n/2) * (poll.First - n/2) / (n / 4)
			df++
		}
	}
	if df == 0 {
		return 0, 1
	}
	return chi2, mathext.GammaIncRegComp(df/2, chi2/2)
}
