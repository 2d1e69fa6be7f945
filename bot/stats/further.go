package stats

import (
	"math"
	"slices"
)

// What a judge must have shown in earlier tastings before it may read further prompts:
// under this correlation they narrow too little to be worth saying.
const (
	TrustRounds      = 100
	TrustCorrelation = 0.5
)

// A Paired is what a judge and people made of one round, as scores of the first
// model: 1, 0, or ½ for equal, both bad and a judge that abstains; people's is the mean
// of their votes.
type Paired struct {
	Tasting       int // tells tastings apart
	Judge, People float64
}

// A Trust is how far a judge's scores go with people's from one prompt to another.
type Trust struct {
	Rounds      int     // of tastings with at least two
	Correlation float64 // Pearson's; 0 where it cannot be known
	Slope       float64 // of people's scores on the judge's; 0 likewise
}

// Trusted correlates scores about the means of their tastings: that both find one
// model better all along tells nothing of which prompts it is better on, and which
// model comes first is anybody's choice.
func Trusted(rounds []Paired) Trust {
	type sums struct{ n, judge, people float64 }
	of := make(map[int]sums)
	for _, r := range rounds {
		s := of[r.Tasting]
		of[r.Tasting] = sums{s.n + 1, s.judge + r.Judge, s.people + r.People}
	}
	var t Trust
	var jj, pp, jp float64
	for _, r := range rounds {
		s := of[r.Tasting]
		if s.n < 2 {
			continue
		}
		j, p := r.Judge-s.judge/s.n, r.People-s.people/s.n
		t.Rounds++
		jj, pp, jp = jj+j*j, pp+p*p, jp+j*p
	}
	if jj < 1e-12 || pp < 1e-12 {
		return t
	}
	t.Correlation, t.Slope = jp/math.Sqrt(jj*pp), jp/jj
	return t
}

// Earned reports whether that is enough for further prompts.
func (t Trust) Earned() bool {
	return t.Rounds >= TrustRounds && t.Correlation >= TrustCorrelation
}

// VarianceLeft is what part of the variance of a mean over voted prompts is left once
// a judge has read further ones, by a correlation that was known beforehand: with K of N
// prompts voted, 1 − ρ²·(1 − K/N) (Boyeau and others 2024, arXiv 2403.07008). It is 1
// without prompts.
func VarianceLeft(correlation float64, voted, further int) float64 {
	if voted+further == 0 {
		return 1
	}
	return 1 - correlation*correlation*float64(further)/float64(voted+further)
}

// A Narrowed is a Mean of votes with what a judge made of their prompts, and of further
// ones, as a control variate.
type Narrowed struct {
	Mean           // M, SE and DF are narrowed; N, Voters and Prompts are people's
	People Mean    // without the judge
	Part   float64 // of what it rests on, what came from people: the variance left. 1 or more: it is not narrower
}

// Narrow returns
//
//	mean of (y − λf) over votes + λ · mean of f over further prompts
//
// where f is the judge's score of a prompt, read of those voted on, and λ the slope
// known from earlier tastings times the part that the further ones are of all: then the
// judge adds what its mean of all prompts has over its mean of those voted on. Whatever
// the judge is like, this is people's share of all such prompts. Its squared error is that
// of [TwoWay] of the differences plus λ² times the squared error of the mean of the
// further ones, so it is measured on this tasting and not taken from earlier ones: a judge
// that goes with people no more makes it wider. Its degrees of freedom are those of
// voters, of voted prompts or of further ones, whichever are fewest, less one: an interval
// of few prompts is a little narrow as it is, and this one claims more.
//
// It has no error, and no CI, with under two further prompts, or where the votes have
// none or are all the same.
func Narrow(votes []Obs, read map[int]float64, further []float64, slope float64) Narrowed {
	n := Narrowed{People: TwoWay(votes), Part: 1}
	n.Mean = n.People
	n.DF = 0
	same := !slices.ContainsFunc(votes, func(o Obs) bool { return o.Y != votes[0].Y })
	if len(further) < 2 || n.People.DF <= 0 || same {
		return n
	}
	weight := slope * float64(len(further)) / float64(len(further)+n.Prompts)
	less := make([]Obs, len(votes))
	for i, o := range votes {
		o.Y -= weight * read[o.Prompt]
		less[i] = o
	}
	left := TwoWay(less)
	if left.DF <= 0 {
		return n
	}
	mean, sd := moments(further)
	dof := float64(len(further) - 1)
	voted, added := left.SE*left.SE, weight*weight*sd*sd/dof
	n.M = left.M + weight*mean
	n.SE = math.Sqrt(voted + added)
	n.DF = min(left.DF, dof, float64(min(n.Voters, n.Prompts)-1)) - 1
	n.Part = (voted + added) / (n.People.SE * n.People.SE)
	return n
}
