package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Attention is how voters did on control pairs.
type Attention struct {
	Voters int     // who saw a control pair
	Votes  int     // on control pairs
	Right  int     // of these, for the better answer
	Mean   float64 // of voters' shares of right choices
	Lower  float64 // lower limit of its 95 % interval, t with Voters − 1 degrees of freedom
	Passed bool    // they did not just guess
	OK     bool    // false: under two voters, half of all voters, or six votes say nothing of all
}

// Attend returns how voters did on control pairs. They pass if Mean is at
// least 0.65 and Lower above ½, and if fair coins would choose right as often
// with a probability of at most 1/40.
func Attend(tasters []Taster) Attention {
	var a Attention
	var shares []float64
	for _, t := range tasters {
		if t.Controls > 0 {
			shares = append(shares, part(t.Right, t.Controls))
			a.Right += t.Right
			a.Votes += t.Controls
		}
	}
	a.Voters = len(shares)
	if a.Voters == 0 {
		return a
	}
	var sd float64
	a.Mean, sd = moments(shares)
	if a.Voters < 2 || 2*a.Voters < len(tasters) || a.Votes < 6 {
		return a
	}
	df := float64(a.Voters - 1)
	a.OK = true
	a.Lower = max(0, a.Mean-distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(0.975)*sd/math.Sqrt(df))
	a.Passed = a.Mean >= 0.65 && a.Lower > 0.5 && atLeast(a.Right, a.Votes, 0.5) <= 0.025
	return a
}
