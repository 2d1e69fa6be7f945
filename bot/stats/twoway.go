package stats

import (
	"math"
)

// An Obs is one voter's answer to one prompt. Voter and Prompt are any
// numbers that tell voters and prompts apart.
type Obs struct {
	Voter, Prompt int
	Y             float64 // 1 first model, 0 second, ½ tie or both bad
}

// A Mean is the share of the first model over voters and prompts, with an
// error that takes both as samples: of people like these, of prompts like
// these.
type Mean struct {
	N, Voters, Prompts int
	M                  float64 // the share; 0 without votes
	SE                 float64 // 0 if it cannot be known
	DF                 float64 // degrees of freedom; 0 if it cannot be known
	VoterSD            float64 // standard deviation of voters' true shares, by moments
}

// TwoWay returns the mean of obs, clustered by voter and by prompt. With v, p
// and c the squared sums of what voters, prompts and cells of voter and prompt
// depart from it (Cameron, Gelbach and Miller 2011), each with its factor
// G/(G−1) and over n², its squared error is
//
//	t = max(v, c) + max(p, c) − c
//
// where c is at least that of independent votes. Degrees of freedom are
// Satterthwaite's: t²/(v²/dv + p²/dp + c²/dc), a term that is not above c left
// out, with dv and dp one less than the number of clusters that count,
// (Σ size)²/Σ size², and dc = cells − Voters − Prompts + 1. Where dc is under 1
// (every voter has a prompt of their own, say) cells cannot be told from voters
// or prompts, and c stays out of the degrees of freedom.
//
// Any set of voters × prompts will do, with any number of votes in a cell.
// Votes that are all the same show no spread, and no error would be a lie: it is
// then as if one voter, or one prompt if those are fewer, had been of two minds.
func TwoWay(obs []Obs) Mean {
	m := Mean{N: len(obs)}
	if m.N == 0 {
		return m
	}
	for _, o := range obs {
		m.M += o.Y
	}
	m.M /= float64(m.N)

	voters, prompts := newNumbering(m.N), newNumbering(m.N)
	voter, prompt := make([]int, m.N), make([]int, m.N)
	var byVoter, byPrompt, ofVoter, ofPrompt []float64 // sums of e, and votes
	alone, same := 0.0, true
	for i, o := range obs {
		e := o.Y - m.M
		voter[i], prompt[i] = voters.of(o.Voter), prompts.of(o.Prompt)
		byVoter, ofVoter = addAt(byVoter, voter[i], e), addAt(ofVoter, voter[i], 1)
		byPrompt, ofPrompt = addAt(byPrompt, prompt[i], e), addAt(ofPrompt, prompt[i], 1)
		alone += e * e
		same = same && o.Y == obs[0].Y
	}
	m.Voters, m.Prompts = voters.n, prompts.n
	switch {
	case min(m.Voters, m.Prompts) == 1:
		return m
	case same:
		return m.ofOneMind(obs[0].Y)
	}
	cells := m.cells(obs, voter, prompt)
	alone *= float64(m.N) / float64(m.N-1)
	m.estimate(terms{
		v: spread(byVoter), p: spread(byPrompt), c: max(spread(cells), alone),
		dv: effective(ofVoter) - 1, dp: effective(ofPrompt) - 1, dc: float64(len(cells) - m.Voters - m.Prompts + 1),
		voters: squares(ofVoter),
	})
	return m
}

// terms are what the error of a mean is made of: v, p and c before they are
// divided by n², their degrees of freedom, and Σ n² over voters of n votes.
type terms struct{ v, p, c, dv, dp, dc, voters float64 }

// estimate fills in SE, DF and VoterSD.
func (m *Mean) estimate(t terms) {
	var sum float64
	sum, m.DF = t.combined()
	m.SE = math.Sqrt(sum) / float64(m.N)
	if t.v > t.c*above {
		m.VoterSD = math.Sqrt((t.v - t.c) / t.voters)
	}
}

const above = 1 + 1e-9 // or rounding would count as a spread

// combined returns max(v, c) + max(p, c) − c and its degrees of freedom.
func (t terms) combined() (sum, df float64) {
	sum, den := t.c, 0.0
	if t.v > t.c*above {
		sum += t.v - t.c
		den += t.v * t.v / t.dv
	}
	if t.p > t.c*above {
		sum += t.p - t.c
		den += t.p * t.p / t.dp
	}
	if t.dc >= 1 {
		den += t.c * t.c / t.dc
	}
	if den == 0 {
		return sum, min(t.dv, t.dp)
	}
	return sum, sum * sum / den
}

// effective is how many clusters count: all if they are of one size, fewer if
// not; at least two.
func effective(sizes []float64) float64 {
	sum := 0.0
	for _, n := range sizes {
		sum += n
	}
	return max(2, sum*sum/squares(sizes))
}

func squares(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return sum
}

// ofOneMind is m of votes that are all y.
func (m Mean) ofOneMind(y float64) Mean {
	fewer := float64(min(m.Voters, m.Prompts))
	m.M, m.SE, m.DF = y, max(y, 1-y)/2/fewer, fewer-1
	return m
}

// cells returns the sums of e over each voter's votes on each prompt.
func (m Mean) cells(obs []Obs, voter, prompt []int) []float64 {
	var sums []float64
	of := make([]int, m.Prompts) // 1 + the cell of each prompt
	order, begin := grouped(voter, m.Voters)
	for v := range m.Voters {
		votes := order[begin[v]:begin[v+1]]
		for _, i := range votes {
			k := prompt[i]
			if of[k] == 0 {
				sums = append(sums, 0)
				of[k] = len(sums)
			}
			sums[of[k]-1] += obs[i].Y - m.M
		}
		for _, i := range votes {
			of[prompt[i]] = 0
		}
	}
	return sums
}

// addAt adds x at i, which is at most the length.
func addAt(sums []float64, i int, x float64) []float64 {
	if i == len(sums) {
		return append(sums, x)
	}
	sums[i] += x
	return sums
}

// spread returns Σ s² · G/(G−1) over the sums of G > 1 clusters.
func spread(sums []float64) float64 {
	return squares(sums) * float64(len(sums)) / float64(len(sums)-1)
}

// CI returns the interval of the mean at a level such as 0.95, by Student's t,
// clipped to [0, 1]. It is not ok with fewer than two voters or two prompts.
func (m Mean) CI(level float64) (lo, hi float64, ok bool) {
	if m.DF < 1 || level <= 0 || level >= 1 {
		return 0, 1, false
	}
	half := studentQuantile((1+level)/2, m.DF) * m.SE
	return clip(m.M - half), clip(m.M + half), true
}
