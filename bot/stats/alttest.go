package stats

import (
	"cmp"
	"math"
	"slices"
)

// What the alternative annotator test asks for at the least.
const (
	AltRounds = 30 // of each person
	AltPeople = 3

	altLevel = 0.05 // of false wins among wins
)

// An AltTest says whether a judge could stand in for one of the people.
type AltTest struct {
	People int  // with enough rounds that somebody else voted on too
	Ahead  int  // of these, against whom the judge is not worse by more than ε, as counted
	Won    int  // of these, against whom that is shown
	Enough bool // there are enough people
	Passed bool // there are, and it won against half of them or more
}

// Alternative is the alternative annotator test (Calderon, Reichart and Dror 2025,
// arXiv 2501.10970). For each person with at least 30 rounds it leaves that person
// out, and asks of each round who agrees with more of the others, exactly: the
// judge or the person. The judge wins if it is behind in less than ε of the rounds
// more than it is ahead, by a one-sided t-test, with the correction of Benjamini
// and Yekutieli (2001) over people. epsilon is what asking people costs more:
// 0.15 for people off the street, 0.10 for trained ones.
//
// A judge that abstains agrees with nobody.
func Alternative(rounds []Judged, epsilon float64) AltTest {
	times := make(map[int32]int32) // of most people too few to be asked of
	for _, r := range rounds {
		for _, v := range r.Votes {
			times[v.Voter]++
		}
	}
	behind := make(map[int32][]float64) // by person: 1 behind, 0 level, −1 ahead
	for _, r := range rounds {
		if len(r.Votes) < 2 {
			continue
		}
		var voted [answers]int
		for _, v := range r.Votes {
			voted[v.Pick]++
		}
		for _, v := range r.Votes {
			if times[v.Voter] < AltRounds {
				continue
			}
			own, judge := voted[v.Pick]-1, 0 // of the others, as many agree
			if r.Pick != Abstained {
				judge = voted[r.Pick] - Bit(r.Pick == int(v.Pick))
			}
			behind[v.Voter] = append(behind[v.Voter], float64(cmp.Compare(own, judge)))
		}
	}
	var t AltTest
	var ps []float64
	for _, d := range behind {
		if len(d) < AltRounds {
			continue
		}
		t.People++
		mean, sd := moments(d)
		if mean <= epsilon {
			t.Ahead++
		}
		ps = append(ps, under(mean, sd, float64(len(d)), epsilon))
	}
	t.Won = discoveries(ps, altLevel)
	t.Enough = t.People >= AltPeople
	t.Passed = t.Enough && 2*t.Won >= t.People
	return t
}

// under is the p-value of a one-sided t-test that the mean lies under limit. sd is
// that of n values, as [moments] gives it.
func under(mean, sd, n, limit float64) float64 {
	if sd < 1e-12 {
		return float64(Bit(mean >= limit))
	}
	t := (mean - limit) / (sd / math.Sqrt(n-1))
	return studentAtMost(t, n-1)
}

// discoveries is how many of ps are shown at a level, by Benjamini and Yekutieli:
// whatever depends on what, the false ones are at most that part of them, on average.
func discoveries(ps []float64, level float64) int {
	sorted, harmonic := slices.Sorted(slices.Values(ps)), 0.0
	for i := range ps {
		harmonic += 1 / float64(i+1)
	}
	shown, n := 0, float64(len(ps))
	for i, p := range sorted {
		if p <= level*float64(i+1)/(n*harmonic) {
			shown = i + 1
		}
	}
	return shown
}
