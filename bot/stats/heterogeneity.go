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
func PromptsDiffer(obs []Obs, shuffles int, rng *rand.Rand) Test {
	voters := newNumbering(len(obs))
	var votes []int
	for _, o := range obs {
		v := voters.of(o.Voter)
		if v == len(votes) {
			votes = append(votes, 0)
		}
		votes[v]++
	}
	stratum := func(o Obs) int {
		if v := voters.of(o.Voter); votes[v] > 1 {
			return v
		}
		return -1
	}
	return differ(obs, func(o Obs) int { return o.Prompt }, stratum, shuffles, rng)
}

// VotersDiffer tests whether voters lean to different models. Stat is Q over
// voters; with a full table its p-value is that of Σ (ȳ_v − m)². The votes on
// each prompt are shuffled among its voters. It is not OK where nobody has two
// votes.
func VotersDiffer(obs []Obs, shuffles int, rng *rand.Rand) Test {
	return differ(obs, func(o Obs) int { return o.Voter }, func(o Obs) int { return o.Prompt }, shuffles, rng)
}

// differ tests by shuffling inside strata whether units have different means.
func differ(obs []Obs, unit, stratum func(Obs) int, shuffles int, rng *rand.Rand) Test {
	units, strata := newNumbering(len(obs)), newNumbering(len(obs))
	unitOf, stratumOf := make([]int, len(obs)), make([]int, len(obs))
	var size []float64 // votes of each unit
	mean := 0.0
	for i, o := range obs {
		unitOf[i], stratumOf[i] = units.of(unit(o)), strata.of(stratum(o))
		size = addAt(size, unitOf[i], 1)
		mean += o.Y / float64(len(obs))
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
			d := sums[u] - n*mean
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
// fewer than two prompts, or no more than one vote a prompt.
func PromptSD(obs []Obs) float64 {
	polls := Polls(obs)
	k := float64(len(polls))
	var votes, mean, noise, between float64 // mean is that of prompts, not of votes
	for _, p := range polls {
		votes += float64(p.Votes)
		mean += p.Share() / k
		noise += 1 / float64(p.Votes) / k
	}
	if k < 2 || votes <= k {
		return 0
	}
	for _, p := range polls {
		between += (p.Share() - mean) * (p.Share() - mean) / (k - 1)
	}
	prompts := newNumbering(len(obs)) // in the order of polls
	within := 0.0
	for _, o := range obs {
		e := o.Y - polls[prompts.of(o.Prompt)].Share()
		within += e * e / (votes - k)
	}
	return math.Sqrt(max(0, between-within*noise))
}
