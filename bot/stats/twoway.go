package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
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
	DF                 float64 // degrees of freedom, min(Voters, Prompts) − 1; 0 if it cannot be known
}

// TwoWay returns the mean of obs, clustered by voter and by prompt (Cameron,
// Gelbach and Miller 2011): se² = (V_voter + V_prompt − V_cell)/n², each term
// with its factor G/(G−1). The error is never below that of either clustering
// alone nor that of independent votes. Any set of voters × prompts will do,
// with any number of votes in a cell. Votes that are all the same show no
// spread, and no error would be a lie: it is then as if one voter, or one prompt
// if those are fewer, had been of two minds.
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
	var byVoter, byPrompt []float64 // sums of e
	alone, same := 0.0, true
	for i, o := range obs {
		e := o.Y - m.M
		voter[i], prompt[i] = voters.of(o.Voter), prompts.of(o.Prompt)
		byVoter, byPrompt = addAt(byVoter, voter[i], e), addAt(byPrompt, prompt[i], e)
		alone += e * e
		same = same && o.Y == obs[0].Y
	}
	m.Voters, m.Prompts = voters.n, prompts.n
	m.DF = float64(min(m.Voters, m.Prompts) - 1)
	if m.DF == 0 {
		return m
	}
	if same {
		return m.ofOneMind(obs[0].Y)
	}
	v, p, c := spread(byVoter), spread(byPrompt), spread(m.cells(obs, voter, prompt))
	alone *= float64(m.N) / float64(m.N-1)
	m.SE = math.Sqrt(max(v+p-c, v, p, c, alone)) / float64(m.N)
	return m
}

// ofOneMind is m of votes that are all y.
func (m Mean) ofOneMind(y float64) Mean {
	m.M, m.SE = y, max(y, 1-y)/2/(m.DF+1)
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
	var sq float64
	for _, s := range sums {
		sq += s * s
	}
	return sq * float64(len(sums)) / float64(len(sums)-1)
}

// CI returns the interval of the mean at a level such as 0.95, by Student's t,
// clipped to [0, 1]. It is not ok with fewer than two voters or two prompts.
func (m Mean) CI(level float64) (lo, hi float64, ok bool) {
	if m.DF < 1 || level <= 0 || level >= 1 {
		return 0, 1, false
	}
	half := distuv.StudentsT{Sigma: 1, Nu: m.DF}.Quantile((1+level)/2) * m.SE
	return clip(m.M - half), clip(m.M + half), true
}
