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
	votes := make(map[int]int)
	for _, o := range obs {
		votes[o.Voter]++
	}
	type stratum struct {
		voter  int
		single bool
	}
	return differ(obs, func(o Obs) int { return o.Prompt }, func(o Obs) stratum {
		if votes[o.Voter] == 1 {
			return stratum{single: true}
		}
		return stratum{voter: o.Voter}
	}, shuffles, rng)
}

// VotersDiffer tests whether voters lean to different models. Stat is Q over
// voters; with a full table its p-value is that of Σ (ȳ_v − m)². The votes on
// each prompt are shuffled among its voters.
func VotersDiffer(obs []Obs, shuffles int, rng *rand.Rand) Test {
	return differ(obs, func(o Obs) int { return o.Voter }, func(o Obs) int { return o.Prompt }, shuffles, rng)
}

// differ tests by shuffling inside strata whether units have different means.
func differ[S comparable](obs []Obs, unit func(Obs) int, stratum func(Obs) S, shuffles int, rng *rand.Rand) Test {
	units, strata := make(map[int]int), make(map[S]int)
	var size []float64 // votes of each unit
	var ys [][]float64 // by stratum
	var of [][]int     // the unit of each of ys
	mean := 0.0
	for _, o := range obs {
		u, ok := units[unit(o)]
		if !ok {
			u = len(size)
			units[unit(o)] = u
			size = append(size, 0)
		}
		s, ok := strata[stratum(o)]
		if !ok {
			s = len(ys)
			strata[stratum(o)] = s
			ys, of = append(ys, nil), append(of, nil)
		}
		size[u]++
		ys[s], of[s] = append(ys[s], o.Y), append(of[s], u)
		mean += o.Y / float64(len(obs))
	}
	if !movable(ys, of) {
		return Test{P: 1}
	}
	sums := make([]float64, len(size))
	stat := func() float64 {
		clear(sums)
		for s := range ys {
			for i, u := range of[s] {
				sums[u] += ys[s][i]
			}
		}
		q := 0.0
		for u, n := range size {
			d := sums[u] - n*mean
			q += d * d / n
		}
		return q / (mean * (1 - mean))
	}
	t := Test{Stat: stat(), OK: true}
	extreme := 1
	for range shuffles {
		for _, y := range ys {
			for i := len(y) - 1; i > 0; i-- {
				j := rng.IntN(i + 1)
				y[i], y[j] = y[j], y[i]
			}
		}
		if stat() >= t.Stat*(1-1e-9) {
			extreme++
		}
	}
	t.P = float64(extreme) / float64(shuffles+1)
	return t
}

// movable is whether shuffling inside a stratum can change anything.
func movable(ys [][]float64, of [][]int) bool {
	for s := range ys {
		y, u := false, false
		for i := range ys[s] {
			y = y || ys[s][i] != ys[s][0]
			u = u || of[s][i] != of[s][0]
		}
		if y && u {
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
	shares := make(map[int]float64, len(polls))
	for _, p := range polls {
		shares[p.Prompt] = p.Share()
		between += (p.Share() - mean) * (p.Share() - mean) / (k - 1)
	}
	within := 0.0
	for _, o := range obs {
		e := o.Y - shares[o.Prompt]
		within += e * e / (votes - k)
	}
	return math.Sqrt(max(0, between-within*noise))
}
