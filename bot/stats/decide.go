package stats

import (
	"math"
	"math/rand/v2"
)

// A Verdict is which explanation the votes of a tasting support.
type Verdict string

const (
	First     Verdict = "first"      // the first model is preferred
	Second    Verdict = "second"     // the second is
	Same      Verdict = "same"       // shown to be about equal: within ten points
	Taste     Verdict = "taste"      // people of good taste prefer another model than the rest
	Prompts   Verdict = "prompts"    // which model is better depends on the prompt
	Mix       Verdict = "mix"        // both of these
	Split     Verdict = "split"      // voters lean to different models, and not by taste as far as seen
	Guessing  Verdict = "guessing"   // voters missed differences that are there
	NotEnough Verdict = "not-enough" // nothing is shown
)

// Evidence is all votes of a tasting, by the same numbers for voters.
type Evidence struct {
	Votes    []Obs // on plain rounds
	Controls []Obs // Y is 1 where the better answer was chosen, else 0: a tie is a miss
	Retests  []Obs // Y is 1 where the vote was that of the first time, else 0
}

// A Decision is a verdict and what it rests on.
type Decision struct {
	Verdict Verdict
	Depends bool // First or Second, but by how much, or whether, depends on the prompt

	Mean       Mean
	CI95, CI90 [2]float64
	OK         bool // false: Mean has no interval, and the verdict is NotEnough or Guessing

	Attention Attention // not OK: guessing cannot be tested
	Prompts   Test
	PromptSD  float64 // of the true shares of prompts
	Voters    Test
	Taste     TasteTest // not OK: taste cannot be tested
}

// Decide returns what the votes of a tasting support. How often it is right in
// simulated worlds: go test -run DecisionTable -v -trials 2000. It looks once: after a
// look, more votes need a new tasting.
//
//   - Voters who fail the control pairs were guessing.
//   - Taste and voters significant at 5 %, and better and worse tasters over
//     ten points apart: Taste. Prompts significant, and PromptSD over 0.10:
//     Prompts, unless the mean's 95 % interval shows a winner all the same.
//     Both: Mix.
//   - Else the 90 % interval inside 0.4 to 0.6: Same, unless voters differ.
//   - Else the 95 % interval without ½: a winner.
//   - Else Split if voters differ, or NotEnough.
//
// 400 shuffles are enough for the rule; they take about 20 ns a vote each.
//
// What cannot be tested counts as not found. With rng in the same state the
// verdict does not depend on the order of votes, nor on how voters are
// numbered, and is mirrored if the models are swapped.
func Decide(e Evidence, shuffles int, rng *rand.Rand) Decision {
	e = e.inOrder()
	d := Decision{
		Mean:     TwoWay(e.Votes),
		Prompts:  PromptsDiffer(e.Votes, shuffles, rng),
		PromptSD: PromptSD(e.Votes),
		Voters:   VotersDiffer(e.Votes, shuffles, rng),
	}
	d.CI95[0], d.CI95[1], d.OK = d.Mean.CI(0.95)
	d.CI90[0], d.CI90[1], _ = d.Mean.CI(0.90)
	tasters := e.Tasters()
	d.Attention = Attend(tasters)
	d.Taste = TasteMatters(tasters, shuffles, rng)
	d.Verdict, d.Depends = d.verdict()
	return d
}

func (d Decision) verdict() (v Verdict, depends bool) {
	winner := NotEnough
	switch {
	case d.CI95[0] > 0.5:
		winner = First
	case d.CI95[1] < 0.5:
		winner = Second
	}
	voters := d.Voters.P < 0.05
	taste := d.Taste.P < 0.05 && voters && math.Abs(d.Taste.Top-d.Taste.Bottom) > 0.10
	prompts := d.Prompts.P < 0.05 && d.PromptSD > 0.10
	same := d.CI90[0] > 0.4 && d.CI90[1] < 0.6
	switch {
	case d.Attention.OK && !d.Attention.Passed:
		return Guessing, false
	case !d.OK:
		return NotEnough, false
	case taste && prompts:
		return Mix, false
	case taste:
		return Taste, false
	case prompts && winner != NotEnough:
		return winner, true
	case prompts:
		return Prompts, false
	case same && !voters:
		return Same, false
	case winner != NotEnough && !same:
		return winner, false
	case voters:
		return Split, false
	}
	return NotEnough, false
}

// Tasters returns what is known of each voter of plain rounds, in the order in
// which they come up. Lean is the voter's share of the first model, freed of
// which prompts the voter happened to see.
func (e Evidence) Tasters() []Taster {
	voters, prompts := newNumbering(len(e.Votes)), newNumbering(len(e.Votes)) // prompts in the order of polls
	var tasters []Taster
	var votes []float64
	polls, mean := Polls(e.Votes), 0.0
	for _, p := range polls {
		mean += p.First / float64(len(e.Votes))
	}
	for _, o := range e.Votes {
		i := voters.of(o.Voter)
		if i == len(tasters) {
			tasters = append(tasters, Taster{})
		}
		tasters[i].Lean += o.Y - polls[prompts.of(o.Prompt)].Share()
		votes = addAt(votes, i, 1)
	}
	for i := range tasters {
		tasters[i].Lean = mean + tasters[i].Lean/votes[i]
	}
	for _, o := range e.Controls {
		if i := voters.of(o.Voter); i < len(tasters) {
			tasters[i].Controls++
			tasters[i].Right += int(o.Y)
		}
	}
	for _, o := range e.Retests {
		if i := voters.of(o.Voter); i < len(tasters) {
			tasters[i].Retested++
			tasters[i].Steady += int(o.Y)
		}
	}
	return tasters
}
