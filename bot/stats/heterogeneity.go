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
	fixed, sums := make([]float64, len(size)), make([]float64, len(size))
	moving := ys[:0] // what shuffling can change; the sums of the rest are fixed
	movingOf := of[:0]
	for s := range ys {
		if varies(ys[s]) && varies(of[s]) {
			moving, movingOf = append(moving, ys[s]), append(movingOf, of[s])
			continue
		}
		for i, u := range of[s] {
			fixed[u] += ys[s][i]
		}
	}
	if len(moving) == 0 {
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
