package stats

import (
	"math"
)

const (
	forFirst  = 0 // answers to a round, by model; the others decide nothing
	forSecond = 1
	answers   = 4 // how many there are

	// Abstained is the Pick of a judge that gave no answer.
	Abstained = -1
)

// A Judged is a round that a judge has read and on which people voted.
type Judged struct {
	Pick  int // 0 the first model, 1 the second, 2 equal, 3 both bad, or Abstained
	Votes []JudgedVote
}

// A JudgedVote is a person's answer, by the numbers of [Judged].
type JudgedVote struct {
	Voter int32
	Pick  int8
}

// A Share is k of n.
type Share struct{ K, N int }

// Part is K/N, and 0 where N is 0.
func (s Share) Part() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.K) / float64(s.N)
}

// An Interval is an estimate with the limits of its two-sided 95 % interval. Where it
// is not OK, neither it nor they can be known.
type Interval struct {
	Estimate, Lower, Upper float64
	OK                     bool
}

// Likeness is how a judge's answers and people's are alike, over the rounds in
// which it gave one. Each of its answers is held against each vote on the same
// round, and each vote against each other one.
type Likeness struct {
	Rounds      int      // with an answer of the judge and a vote at least
	Judge       Share    // of decisive votes, as the judge decided
	Voters      Share    // of pairs of decisive votes, alike
	JudgeExact  Share    // of all votes, the same answer as the judge's, equal and both bad too
	VotersExact Share    // of all pairs of votes, the same answer
	Gap         Interval // Judge less Voters
	Kappa       Interval // Cohen's (1960), of the judge's answers and single votes
	Correlation Interval // of the judge's score and the mean of a round's: 1, 0, ½; without limits
}

// Alike returns the likeness of a judge and people. Limits are by the jackknife
// over rounds with Student's t of rounds − 1: they hold for prompts like these and
// the same people. They need at least ten rounds in which both decided.
func Alike(rounds []Judged) Likeness {
	var l Likeness
	var parts []agreementSums
	var x, y []float64
	var total agreementSums
	both := 0
	for _, r := range rounds {
		if r.Pick == Abstained || len(r.Votes) == 0 {
			continue
		}
		p := sumsOf(r)
		parts = append(parts, p)
		total = total.plus(p, 1)
		l.Rounds++
		l.Judge.add(p.judge)
		l.Voters.add(p.voters)
		l.JudgeExact.add(p.judgeExact)
		l.VotersExact.add(p.votersExact)
		both += Bit(p.judge.N > 0)
		mean := 0.0
		for _, v := range r.Votes {
			mean += scoreOf(int(v.Pick)) / float64(len(r.Votes))
		}
		x, y = append(x, scoreOf(r.Pick)), append(y, mean)
	}
	enough := both >= 10
	l.Gap = jackknife(parts, func(s agreementSums) float64 { return s.judge.Part() - s.voters.Part() })
	l.Gap.OK = l.Gap.OK && enough && l.Voters.N > 0
	l.Kappa = jackknife(parts, agreementSums.kappa)
	l.Kappa.OK = l.Kappa.OK && enough && total.chance() < 1-1e-12
	l.Correlation.Estimate, l.Correlation.OK = correlation(x, y)
	return l
}

func (s *Share) add(t Share) { s.K, s.N = s.K+t.K, s.N+t.N }

// scoreOf is 1 for the first model, 0 for the second, else ½.
func scoreOf(pick int) float64 {
	switch pick {
	case forFirst:
		return 1
	case forSecond:
		return 0
	}
	return 0.5
}

// agreementSums are what a round adds to everything that Alike counts.
type agreementSums struct {
	judge, voters, judgeExact, votersExact Share
	picked, voted                          [answers]int // the judge's answer, once for each vote; the votes
}

func sumsOf(r Judged) agreementSums {
	var s agreementSums
	for _, v := range r.Votes {
		s.voted[v.Pick]++
	}
	n := len(r.Votes)
	s.picked[r.Pick] = n
	s.judgeExact = Share{s.voted[r.Pick], n}
	decided := s.voted[forFirst] + s.voted[forSecond]
	if r.Pick == forFirst || r.Pick == forSecond {
		s.judge = Share{s.voted[r.Pick], decided}
	}
	pairs := func(n int) int { return n * (n - 1) / 2 }
	s.voters = Share{pairs(s.voted[forFirst]) + pairs(s.voted[forSecond]), pairs(decided)}
	s.votersExact.N = pairs(n)
	for _, k := range s.voted {
		s.votersExact.K += pairs(k)
	}
	return s
}

// plus adds t, times sign.
func (s agreementSums) plus(t agreementSums, sign int) agreementSums {
	for _, x := range []struct {
		to   *Share
		part Share
	}{{&s.judge, t.judge}, {&s.voters, t.voters}, {&s.judgeExact, t.judgeExact}, {&s.votersExact, t.votersExact}} {
		x.to.add(Share{sign * x.part.K, sign * x.part.N})
	}
	for c := range s.picked {
		s.picked[c] += sign * t.picked[c]
		s.voted[c] += sign * t.voted[c]
	}
	return s
}

// kappa is what the judge agrees beyond chance, as a part of all beyond chance: 0
// where chance alone would always agree.
func (s agreementSums) kappa() float64 {
	chance := s.chance()
	if 1-chance < 1e-12 {
		return 0
	}
	return (s.judgeExact.Part() - chance) / (1 - chance)
}

// chance is how often a judge and people would agree who answer as often as they do,
// each whatever the other says.
func (s agreementSums) chance() (p float64) {
	n := float64(max(s.judgeExact.N, 1))
	for c := range s.picked {
		p += float64(s.picked[c]) * float64(s.voted[c]) / (n * n)
	}
	return p
}

// jackknife returns f of all rounds, with limits from leaving out one at a time. The
// error behind them is that of two rounds more of average size, in which everybody
// agreed, and the judge in one of them: a judge that is seldom wrong was, in a few
// rounds, never wrong by luck.
func jackknife(rounds []agreementSums, f func(agreementSums) float64) Interval {
	if len(rounds) < 2 {
		return Interval{}
	}
	var all agreementSums
	for _, r := range rounds {
		all = all.plus(r, 1)
	}
	e := f(all)
	size := max(1, all.judgeExact.N/len(rounds))
	for pick := range 2 {
		doubt := Judged{Pick: pick}
		for v := range size {
			doubt.Votes = append(doubt.Votes, JudgedVote{int32(v), forFirst})
		}
		d := sumsOf(doubt)
		rounds, all = append(rounds[:len(rounds):len(rounds)], d), all.plus(d, 1)
	}
	k := float64(len(rounds))
	without := make([]float64, len(rounds))
	for i, r := range rounds {
		without[i] = f(all.plus(r, -1))
	}
	_, sd := moments(without)
	reach := studentQuantile(0.975, k-3) * sd * math.Sqrt(k-1)
	return Interval{e, max(-1, e-reach), min(1, e+reach), true}
}

// correlation is Pearson's; false where x or y does not vary.
func correlation(x, y []float64) (float64, bool) {
	if len(x) < 3 {
		return 0, false
	}
	mx, sx := moments(x)
	my, sy := moments(y)
	if sx < 1e-12 || sy < 1e-12 {
		return 0, false
	}
	cov := 0.0
	for i := range x {
		cov += (x[i] - mx) * (y[i] - my) / float64(len(x))
	}
	return cov / (sx * sy), true
}
