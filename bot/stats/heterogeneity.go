package stats

import (
	"math"
	"math/rand/v2"
)

// A Test is the outcome of a test by shuffling.
type Test struct {
	Stat float64
	P    float64 // (1 + shuffles at least as extreme)/(1 + shuffles)
	OK   bool    // false: there was nothing to shuffle, and P is 1
}

// PromptsDiffer tests whether the share of the first model differs between
// prompts. Stat is Q = Σ (k − n p̄)²/(n p̄(1−p̄)) over prompts of n votes, k of
// them for the first model. Each voter's votes are shuffled among that voter's
// prompts, which is exact whatever the voters' own leanings; voters of a
// single vote are shuffled among each other, as if chance had sent them to
// their prompt.
//
// Where all saw one order of sides, flipped says by prompt on which one the
// first model stood, and prompts are compared with those of their side only:
// else people who favour a side would make prompts differ. It is nil where each
// voter had an order of their own.
func PromptsDiffer(obs []Obs, flipped []bool, shuffles int, rng *rand.Rand) Test {
	voters := newNumbering(len(obs))
	var votes []int
	for _, o := range obs {
		v := voters.of(o.Voter)
		if v == len(votes) {
			votes = append(votes, 0)
		}
		votes[v]++
	}
	side := sideOf(flipped)
	stratum := func(o Obs) int {
		if v := voters.of(o.Voter); votes[v] > 1 {
			return 2*v + side(o.Prompt)
		}
		return -1 - side(o.Prompt)
	}
	return differ(obs, func(o Obs) int { return o.Prompt }, stratum, side, shuffles, rng)
}

// sideOf returns on which side a prompt has the first model: 0 or 1.
func sideOf(flipped []bool) func(prompt int) int {
	return func(prompt int) int {
		if prompt >= 0 && prompt < len(flipped) && flipped[prompt] {
			return 1
		}
		return 0
	}
}

// VotersDiffer tests whether voters lean to different models. Stat is Q over
// voters; with a full table its p-value is that of Σ (ȳ_v − m)². The votes on
// each prompt are shuffled among its voters. It is not OK where nobody has two
// votes.
func VotersDiffer(obs []Obs, shuffles int, rng *rand.Rand) Test {
	return differ(obs, func(o Obs) int { return o.Voter }, func(o Obs) int { return o.Prompt }, sideOf(nil), shuffles, rng)
}

// differ tests by shuffling inside strata whether units have different means,
// from each other or, where side tells units apart, from those of their side.
// It is long because what shuffling cannot change is set apart beforehand, so
// that a shuffle touches votes alone and makes nothing anew: here goes the time
// of a verdict.
func differ(obs []Obs, unit, stratum func(Obs) int, side func(unit int) int, shuffles int, rng *rand.Rand) Test {
	units, strata := newNumbering(len(obs)), newNumbering(len(obs))
	unitOf, stratumOf := make([]int, len(obs)), make([]int, len(obs))
	var size, expected []float64 // of each unit: votes, and what they would sum up to
	var unitSide []int
	var sum, votes [2]float64 // of each side
	for i, o := range obs {
		unitOf[i], stratumOf[i] = units.of(unit(o)), strata.of(stratum(o))
		s := side(unit(o))
		if unitOf[i] == len(unitSide) {
			unitSide = append(unitSide, s)
		}
		size = addAt(size, unitOf[i], 1)
		sum[s] += o.Y
		votes[s]++
	}
	mean := (sum[0] + sum[1]) / float64(len(obs))
	for u, n := range size {
		s := unitSide[u]
		expected = append(expected, n*sum[s]/votes[s])
	}
	order, begin := grouped(stratumOf, strata.n)
	ys, of := make([]float64, len(obs)), make([]int32, len(obs)) // stratum by stratum
	for i, at := range order {
		ys[i], of[i] = obs[at].Y, int32(unitOf[at])
	}
	fixed, sums := make([]float64, len(size)), make([]float64, len(size))
	var moving [][]float64 // what shuffling can change; the sums of the rest are fixed
	var movingOf [][]int32
	for s := range strata.n {
		y, u := ys[begin[s]:begin[s+1]], of[begin[s]:begin[s+1]]
		if varies(y) && varies(u) {
			moving, movingOf = append(moving, y), append(movingOf, u)
			continue
		}
		for i := range y {
			fixed[u[i]] += y[i]
		}
	}
	if len(moving) == 0 || len(size) == len(obs) { // with a vote each, units cannot be told from votes
		return Test{P: 1}
	}
	stat := func(shuffled bool) float64 {
		copy(sums, fixed)
		for s, y := range moving {
			units := movingOf[s]
			for i := len(y) - 1; i >= 0; i-- {
				if shuffled {
					j := rng.IntN(i + 1)
					y[i], y[j] = y[j], y[i]
				}
				sums[units[i]] += y[i]
			}
		}
		q := 0.0
		for u, n := range size {
			d := sums[u] - expected[u]
			q += d * d / n
		}
		return q / (mean * (1 - mean))
	}
	t := Test{Stat: stat(false), OK: true}
	extreme := 1
	for range shuffles {
		if stat(true) >= t.Stat*(1-1e-9)-1e-12 {
			extreme++
		}
	}
	t.P = float64(extreme) / float64(shuffles+1)
	return t
}

func varies[T comparable](x []T) bool {
	for _, v := range x {
		if v != x[0] {
			return true
		}
	}
	return false
}

// PromptSD returns the standard deviation of the true shares of prompts: what
// is left of the variance of their means after that of voting. It is 0 with
// fewer than two prompts, or no more than one vote a prompt. With flipped, as in
// [PromptsDiffer], it is that of prompts of one side.
func PromptSD(obs []Obs, flipped []bool) float64 {
	polls := Polls(obs)
	k := float64(len(polls))
	side := sideOf(flipped)
	var votes, noise, between float64
	var mean, prompts [2]float64 // of each side: the mean of prompts, not of votes
	for _, p := range polls {
		votes += float64(p.Votes)
		noise += 1 / float64(p.Votes) / k
		s := side(p.Prompt)
		mean[s] += p.Share()
		prompts[s]++
	}
	free := k
	for s, n := range prompts {
		if n > 0 {
			mean[s] /= n
			free--
		}
	}
	if free < 1 || votes <= k {
		return 0
	}
	for _, p := range polls {
		d := p.Share() - mean[side(p.Prompt)]
		between += d * d / free
	}
	number := newNumbering(len(obs)) // in the order of polls
	within := 0.0
	for _, o := range obs {
		e := o.Y - polls[number.of(o.Prompt)].Share()
		within += e * e / (votes - k)
	}
	return math.Sqrt(max(0, between-within*noise))
}
