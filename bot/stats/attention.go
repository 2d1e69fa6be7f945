package stats

import (
	"math"
)

// Attention is how voters did on control pairs: they passed, they missed them,
// or, where neither is shown, these votes cannot tell.
type Attention struct {
	Voters int     // who saw a control pair
	Votes  int     // on control pairs
	Right  int     // of these, for the better answer
	Mean   float64 // of voters' shares of right choices
	Lower  float64 // lower limit of its two-sided 95 % interval
	Upper  float64 // its one-sided 95 % limit
	Passed bool    // they did not just guess
	Missed bool    // they do worse than people who look
}

// attentive is the share of control pairs that people who look get right at
// the least. Under it all of them, as a group, are said to have missed them.
const attentive = 0.70

// Attend returns how voters did on control pairs. They pass if Mean is at least
// 0.65 and Lower above ½, and if fair coins would choose right as often with a
// probability of at most 1/40. They missed them if they do not pass and Upper
// is under 0.70. Under two voters, half of all voters, or six votes say nothing
// of all.
//
// Limits are by Student's t over voters. The error behind Upper is never less
// than that of as many votes with two more right and two more wrong, so that
// one miss accuses nobody.
func Attend(tasters []Taster) Attention {
	a := Attention{Upper: 1}
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
	overVoters := sd / math.Sqrt(df)
	k, n := float64(a.Right)+2, float64(a.Votes)+4
	a.Lower = max(0, a.Mean-studentQuantile(0.975, df)*overVoters)
	a.Upper = min(1, a.Mean+studentQuantile(0.95, df)*max(overVoters, math.Sqrt(k*(n-k)/(n*n*n))))
	a.Passed = a.Mean >= 0.65 && a.Lower > 0.5 && atLeast(a.Right, a.Votes, 0.5) <= 0.025
	a.Missed = !a.Passed && a.Upper < attentive
	return a
}
