package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A Verdict is which explanation the votes of a tasting support.
type Verdict string

const (
	First     Verdict = "first"      // the first model is preferred
	Second    Verdict = "second"     // the second is
	Same      Verdict = "same"       // shown to be equal within ten points
	Taste     Verdict = "taste"      // people of good taste prefer another model than the rest
	Prompts   Verdict = "prompts"    // which model is better depends on the prompt
	Mix       Verdict = "mix"        // both of these
	Split     Verdict = "split"      // voters differ, and not by taste as far as seen
	Guessing  Verdict = "guessing"   // voters missed differences that are there
	NotEnough Verdict = "not-enough" // nothing is shown
)

// Evidence is all votes of a tasting, by the same numbers for voters.
type Evidence struct {
	Votes    []Obs // on plain rounds
	Controls []Obs // Y is 1 where the better answer was chosen, else 0: a tie is a miss
	Retests  []Obs // Y is 1 where the vote was that of the first time, else 0

	Flipped []bool // by prompt, where all saw one order of sides: the first model stood on the right
	Seen    bool   // votes could be seen while voting was open
}

// Levels are how often a verdict may be wrong where nothing is there.
type Levels struct {
	Winner float64 // two-sided, of a winner; Same takes it on either side
	Flags  float64 // of prompts, voters and taste
	Early  bool    // more votes may come: what they may yet turn into another verdict is not said
}

// OneLook are the levels of votes that are looked at once, when all are in.
func OneLook() Levels { return Levels{Winner: 0.05, Flags: 0.05} }

const (
	leastOf   = 5    // voters, and prompts, for a verdict
	margin    = 0.10 // a spread, or a distance, under ten points counts as none
	tasteSlip = 3    // taste without the extreme voter is tested at so many times the level
	mayYet    = 0.25 // a test under this may yet find something when more votes are in
	nearHalf  = 0.75 // standard errors: a mean so near ½ will hardly become a winner
)

// A Decision is a verdict and what it rests on.
type Decision struct {
	Verdict Verdict
	Depends bool // First or Second, but by how much, or whether, depends on the prompt
	Close   bool // Narrow lies inside 0.4 to 0.6: within ten points of equal

	Mean   Mean
	Wide   [2]float64 // the interval of the mean at 1 − Levels.Winner
	Narrow [2]float64 // at 1 − 2·Levels.Winner
	OK     bool       // false: Mean has no interval, and the verdict is NotEnough or Guessing

	Attention  Attention
	Prompts    Test
	PromptSD   float64 // of the true shares of prompts
	Changes    bool    // by these two the answer changes with the prompt; with Seen, in these votes only
	Voters     Test
	Taste      TasteTest // not OK: taste cannot be tested
	Differ     bool      // voters do, also without any one of them
	TasteTells bool      // good tasters disagree with the rest, likewise

	// The same without the one voter who leans farthest from the rest, Tested if
	// voters differ with that one.
	Without Without
	// With all votes voters differ, or taste tells, and without that voter not:
	// it counts as not found.
	VotersHang, TasteHangs bool
}

// Without is what is left of tests when one voter is.
type Without struct {
	Tested  bool
	Voters  Test
	VoterSD float64
	Taste   TasteTest
}

// Decide returns what the votes of a tasting support at levels l. The package
// comment says how often it is right, and wrong, in simulated worlds. With f for
// Levels.Flags:
//
//   - Controls missed: Guessing. Under five voters or prompts: NotEnough.
//   - Voters differ if their test is under f and the spread of their true shares
//     over 0.10. Taste tells if that test and its own are under f and the better
//     and the worse half over ten points apart. Both must hold also without the
//     voter whose lean, freed of prompts, is farthest from the median; taste
//     then at 3f.
//   - The answer changes with the prompt if the prompts' test is under f and
//     PromptSD over 0.10. Where votes could be seen people may have followed
//     each other, and then it is never a verdict.
//   - In this order: taste and prompts, Mix; Taste; prompts without a winner,
//     Prompts; Narrow inside 0.4 to 0.6 with ½ inside Wide, controls passed and
//     voters and prompts that do not differ, Same; Wide without ½, a winner;
//     Split; NotEnough.
//
// At an early look there is no verdict unless controls passed or were missed; no
// Split; no Taste, Prompts or Same while a test that would change them is under
// 0.25, with and without that voter; and no Prompts while the mean is more than
// 0.75 standard errors from ½.
//
// What cannot be tested counts as not found. With rng in the same state the
// verdict does not depend on the order of votes, nor on how voters are
// numbered, and is mirrored if the models are swapped. A shuffle takes about
// 20 ns a vote and test; 400 are enough to simulate the rule with.
func Decide(e Evidence, l Levels, shuffles int, rng *rand.Rand) Decision {
	e = e.inOrder()
	votes := cells(e.Votes)
	d := Decision{
		Mean:     TwoWay(e.Votes),
		Prompts:  PromptsDiffer(votes, e.Flipped, shuffles, rng),
		PromptSD: PromptSD(votes, e.Flipped),
	}
	d.Wide[0], d.Wide[1], d.OK = d.Mean.CI(1 - l.Winner)
	d.Narrow[0], d.Narrow[1], _ = d.Mean.CI(1 - 2*l.Winner)
	d.Changes = d.Prompts.P < l.Flags && d.PromptSD > margin
	tasters := e.Tasters()
	d.Attention = Attend(tasters)
	d.people(e, tasters, l, shuffles, rng)
	d.conclude(e.Seen, l.Early)
	return d
}

// people fills in what voters, and taste, have to do with it. e must be in
// order, and tasters be its own.
func (d *Decision) people(e Evidence, tasters []Taster, l Levels, shuffles int, rng *rand.Rand) {
	d.Voters = VotersDiffer(cells(e.Votes), shuffles, rng)
	d.Taste = TasteMatters(tasters, shuffles, rng)
	if found := d.Voters.P < l.Flags; found || l.Early && d.Voters.P < mayYet {
		d.Without = e.without(e.extreme(tasters)).tests(shuffles, rng)
		if found {
			d.guard(l)
		}
	}
}

// guard fills in what is found of voters and taste, and what hangs on one voter.
func (d *Decision) guard(l Levels) {
	w, weak := d.Without, tasteSlip*l.Flags
	voters := d.Mean.VoterSD > margin
	taste := d.Taste.tells(l.Flags)
	d.Differ = voters && w.Voters.P < l.Flags && w.VoterSD > margin
	d.TasteTells = taste && w.Voters.P < weak && w.Taste.tells(weak)
	d.VotersHang, d.TasteHangs = voters && !d.Differ, taste && !d.TasteTells
}

// votersMayYet reports whether more votes may yet show that voters differ, and
// not because of one of them.
func (d *Decision) votersMayYet() bool {
	return d.Voters.P < mayYet && d.Without.Voters.P < mayYet
}

// conclude fills in the verdict. What an early look leaves open stands with the
// verdict that more votes may yet change.
func (d *Decision) conclude(seen, early bool) {
	winner := NotEnough
	switch {
	case d.Wide[0] > 0.5:
		winner = First
	case d.Wide[1] < 0.5:
		winner = Second
	}
	d.Close = d.OK && d.Narrow[0] > 0.4 && d.Narrow[1] < 0.6
	prompts := d.Changes && !seen
	votersOpen, promptsOpen := early && d.votersMayYet(), early && d.Prompts.P < mayYet
	d.Verdict = NotEnough
	switch {
	case d.Attention.Missed:
		d.Verdict = Guessing
	case !d.OK || min(d.Mean.Voters, d.Mean.Prompts) < leastOf, early && !d.Attention.Passed:
	case d.TasteTells && prompts:
		d.Verdict = Mix
	case d.TasteTells:
		if !promptsOpen {
			d.Verdict = Taste
		}
	case d.Changes && winner != NotEnough:
		d.Verdict, d.Depends = winner, true
	case prompts:
		if !votersOpen && !(early && math.Abs(d.Mean.M-0.5) > nearHalf*d.Mean.SE) {
			d.Verdict = Prompts
		}
	case d.Close && winner == NotEnough && d.Attention.Passed && !d.Differ && !d.Changes:
		if !votersOpen && !promptsOpen {
			d.Verdict = Same
		}
	case winner != NotEnough:
		d.Verdict = winner
	case d.Differ && !early:
		d.Verdict = Split
	}
}

// tells reports whether taste is found at a level.
func (t TasteTest) tells(level float64) bool {
	return t.P < level && math.Abs(t.Top-t.Bottom) > margin
}

// extreme is the number of the voter whose lean is farthest from the median; of
// equals the first. e must be in order, and tasters be its own.
func (e Evidence) extreme(tasters []Taster) int {
	leans := make([]float64, len(tasters))
	for i, t := range tasters {
		leans[i] = t.Lean
	}
	slices.Sort(leans)
	n := len(leans)
	median := (leans[(n-1)/2] + leans[n/2]) / 2
	at, far, who := 0, -1.0, 0
	for i, o := range e.Votes {
		if i > 0 && o.Voter == e.Votes[i-1].Voter {
			continue
		}
		const tie = 1e-9 // leans are sums: equal ones may differ in the last bit
		if d := math.Abs(tasters[at].Lean - median); d > far+tie {
			far, who = d, o.Voter
		}
		at++
	}
	return who
}

// without is e without one voter.
func (e Evidence) without(voter int) Evidence {
	is := func(o Obs) bool { return o.Voter == voter }
	for _, obs := range []*[]Obs{&e.Votes, &e.Controls, &e.Retests} {
		*obs = slices.DeleteFunc(slices.Clone(*obs), is)
	}
	return e
}

func (e Evidence) tests(shuffles int, rng *rand.Rand) Without {
	return Without{
		Tested:  true,
		Voters:  VotersDiffer(cells(e.Votes), shuffles, rng),
		VoterSD: TwoWay(e.Votes).VoterSD,
		Taste:   TasteMatters(e.Tasters(), shuffles, rng),
	}
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
