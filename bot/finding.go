package bot

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tastetest/tastetest/bot/stats"
)

const (
	enoughPrompts = 5    // fewer say nothing about prompts in general
	shuffles      = 2000 // of each test by shuffling: its p-value is good to ±0.005 at 0.05
)

// A Question is what votes are asked.
type Question struct {
	Names   [2]string // the first model and the second
	Visible bool      // votes could be seen while voting was open
	Judges  bool      // votes of one person are known to be one person's
	Worth   int       // fixed beforehand: is Dearer preferred in so many percent or more? 0: not asked
	Dearer  int       // which model that is, 0 or 1

	Shuffles int  // of each test by shuffling; 0: 2,000
	Brief    bool // leave Next out where it takes a simulation
}

// A Finding is what votes show and what they do not, in words.
type Finding struct {
	Decision  stats.Decision
	Title     string   // "no winner shown. kestrel is ahead."
	Sentences []string // for everybody
	Next      string   // what would settle it
	Details   []string // numbers, for those who want them
}

// Find puts what votes show into words. There are no p-values outside Details.
// rng shuffles; in the same state it gives the same finding.
func Find(e stats.Evidence, q Question, rng *rand.Rand) Finding {
	f := finding{Question: q, tally: tallyOf(e.Votes), Decision: stats.Decide(e, cmp.Or(q.Shuffles, shuffles), rng), controls: len(e.Controls) > 0}
	_, coins := stats.FairCoins(stats.Polls(decisive(e.Votes)))
	f.coins = coins >= 0.05
	if !q.Brief {
		f.settled = f.settle(rng)
	}
	return f.say()
}

// A finding is a Finding in the making.
type finding struct {
	Question
	stats.Decision
	tally    Tally
	controls bool   // there were control pairs
	coins    bool   // coin flips would give votes like these
	settled  string // what would settle it
	said     Finding
}

// decisive are the votes that chose a side.
func decisive(votes []stats.Obs) []stats.Obs {
	return slices.DeleteFunc(slices.Clone(votes), func(o stats.Obs) bool { return o.Y != 0 && o.Y != 1 })
}

// tallyOf counts first, second, and the rest as ties.
func tallyOf(votes []stats.Obs) Tally {
	var c Tally
	for _, o := range votes {
		switch o.Y {
		case 1:
			c.First++
		case 0:
			c.Second++
		default:
			c.Tie++
		}
	}
	return c
}

func (f *finding) sentence(format string, args ...any) {
	f.said.Sentences = append(f.said.Sentences, fmt.Sprintf(format, args...))
}

// few reports whether so few people voted that only counts are said. Where
// nobody knows whose votes are whose, each counts as a person.
func (f *finding) few() bool { return f.Mean.Voters < enoughVoters }

func (f *finding) say() Finding {
	f.said.Decision = f.Decision
	switch {
	case f.tally.N() == 0:
		f.said.Title = "no votes."
		f.sentence("Nobody voted, so nothing is known about which is preferred.")
		f.said.Next = "To settle it: start it again when people have time; five voters are the least for a verdict."
		return f.said
	case f.few():
		f.said.Title = "too few voters for a verdict."
		f.sentence("%s", lead(f.Names, f.tally))
		f.sentence("Only %s voted: too few for percentages, and for saying who is preferred.", plural(f.Mean.Voters, "person", "people"))
		f.said.Next = "To settle it: a new tasting in which at least five people vote."
	case f.Attention.OK && !f.Attention.Passed:
		f.inattentive()
	case f.Mean.Prompts < enoughPrompts:
		f.fewPrompts()
	default:
		f.manyPrompts()
	}
	if f.Visible {
		f.sentence("Votes could be seen while voting was open, so they may have swayed each other.")
	}
	f.said.Details = f.numbers()
	return f.said
}

// fewPrompts speaks of the votes cast, and not of prompts in general.
func (f *finding) fewPrompts() {
	f.said.Title = standing(f.Names, f.tally) + " No verdict on so few prompts."
	f.sentence("%s", lead(f.Names, f.tally))
	if f.Mean.Prompts == 1 {
		k, n := f.tally.First, f.tally.First+f.tally.Second
		switch {
		case n == 0:
			f.sentence("Nobody who voted chose a side.")
		case stats.Exact(k, n) < 0.05:
			f.sentence("On this prompt that is more than coin flips would give.")
		default:
			f.sentence("Coin flips give a split like this too often for it to count.")
		}
		f.sentence("It does not show which model is preferred in general: another prompt can turn it round.")
	} else {
		f.sentence("%d prompts do not show which model is preferred in general: a few others can turn it round.", f.Mean.Prompts)
	}
	f.sentence("Not shown: that they are alike.")
	f.said.Next = "To settle it: a new tasting of at least five prompts; ten tell more."
}

// inattentive speaks of votes whose voters missed the control pairs.
func (f *finding) inattentive() {
	f.said.Title = "nothing shown: the control pairs were missed."
	f.sentence("On the control pairs, where one answer is better beyond taste, the better one got %d %% of the %d votes: about what coin flips give.", whole(f.Attention.Mean), f.Attention.Votes)
	f.sentence("So these votes do not say which model is preferred, nor that they are alike.")
	f.said.Next = "To settle it: a new tasting with fewer rounds, and with people who have the time to read."
}

// manyPrompts speaks of prompts and people like these.
func (f *finding) manyPrompts() {
	switch f.Verdict {
	case stats.First, stats.Second:
		name := f.ahead()
		f.said.Title = name + " is preferred."
		f.sentence("Of those who voted, more preferred %s than chance and this choice of prompts would explain.", name)
		f.interval()
		if f.Depends {
			f.sentence("By how much changes with the prompt.")
		}
	case stats.Same:
		f.said.Title = "shown to be about equal."
		f.sentence("Of those who voted, neither model is preferred by more than ten points.")
		f.interval()
	case stats.Prompts:
		f.said.Title = "it depends on the prompt."
		f.changes()
	case stats.Taste:
		f.said.Title = "good tasters and the rest disagree."
		f.tastes()
	case stats.Mix:
		f.said.Title = "it depends on the prompt, and on who tastes."
		f.tastes()
		f.sentence("And the answer changes with the prompt.")
	case stats.Split:
		f.said.Title = "voters lean to different models."
		f.sentence("People did not just guess: more than chance explains, some lean to %s and some to %s.", f.Names[0], f.Names[1])
		f.interval()
	default:
		f.said.Title = "no winner shown. " + standing(f.Names, f.tally)
		switch {
		case f.changing():
			f.changes()
		case !f.coins:
			f.sentence("Voters did not just guess, and they %s; but other prompts could turn it round.", f.leaned())
			f.interval()
		default:
			f.interval()
		}
	}
	f.worth()
	f.untested()
	if f.Verdict != stats.First && f.Verdict != stats.Second {
		f.said.Next = f.settled
	}
}

// changing reports whether the answer is shown to change with the prompt, be
// it by less than makes a verdict.
func (f *finding) changing() bool { return f.Prompts.P < 0.05 }

// changes says that the answer changes with the prompt.
func (f *finding) changes() {
	f.sentence("Voters did not just guess, and they %s, but the answer changes with the prompt.", f.leaned())
	f.sentence("%d prompts cannot say which model is better in general.", f.Mean.Prompts)
	f.interval()
}

// ahead is the model with the higher mean.
func (f *finding) ahead() string {
	if f.Mean.M < 0.5 {
		return f.Names[1]
	}
	return f.Names[0]
}

func (f *finding) leaned() string {
	if f.Mean.M == 0.5 {
		return "leaned to neither"
	}
	return "leaned to " + f.ahead()
}

// interval says the mean and what fits, from the side of the model ahead.
func (f *finding) interval() {
	if !f.OK {
		return
	}
	m, lo, hi := f.Mean.M, f.CI95[0], f.CI95[1]
	if m < 0.5 {
		m, lo, hi = 1-m, 1-hi, 1-lo
	}
	f.sentence("Counting equal and both bad as half, %s has %s %%; for prompts and people like these, anything from %s to %s %% fits.",
		f.ahead(), share(m, math.Round), share(lo, math.Floor), share(hi, math.Ceil))
}

// tastes says how the better half of tasters and the others voted.
func (f *finding) tastes() {
	f.sentence("The half of voters who did better on control pairs and repeats gave %s %d %% of their votes, the other half %d %% (%s in all).",
		f.Names[0], whole(f.Taste.Top), whole(f.Taste.Bottom), plural(f.Mean.Voters, "person", "people"))
	f.sentence("So a majority of all who voted is not the best guide here.")
}

// untested says what these votes rule out, and what they cannot tell and why.
func (f *finding) untested() {
	switch {
	case f.Attention.Passed:
		f.sentence("Not guessing: on the control pairs the better answer got %d %% of the %d votes.", whole(f.Attention.Mean), f.Attention.Votes)
	case !f.controls && f.coins && !f.changing() && f.Verdict != stats.Split:
		f.sentence("Not tested: guessing (no control rounds).")
	case f.controls:
		f.sentence("Not tested: guessing (too few votes on control pairs).")
	}
	switch f.Verdict {
	case stats.First, stats.Second, stats.Same:
	default:
		f.sentence("Not shown: that they are alike.")
	}
	switch {
	case f.Verdict == stats.Taste || f.Verdict == stats.Mix:
	case !f.Judges:
		f.sentence("These votes cannot tell whether good tasters disagree: it is not known whose votes are whose.")
	case !f.Taste.OK && f.Verdict != stats.First && f.Verdict != stats.Second:
		f.sentence("These votes cannot tell whether good tasters disagree (no control pairs or repeats).")
	}
}

// worth answers the question that was fixed beforehand.
func (f *finding) worth() {
	if f.Worth == 0 {
		return
	}
	m := f.Mean
	if f.Dearer == 1 {
		m.M = 1 - m.M
	}
	answer := map[stats.Answer]string{
		stats.Shown:    "That is shown.",
		stats.RuledOut: "That is ruled out.",
		stats.Open:     "That stays open.",
	}[m.AtLeast(float64(f.Worth)/100)]
	f.sentence("Asked beforehand: is %s preferred in %d %% or more? %s", f.Names[f.Dearer], f.Worth, answer)
}

// settle says which new tasting would do. Going on with this one after a look
// at it would not be fair.
func (f *finding) settle(rng *rand.Rand) string {
	if f.few() || f.Mean.Prompts < enoughPrompts {
		return ""
	}
	voters := min(f.Mean.Voters, mostPlanned)
	for _, prompts := range []int{10, 15, 20} {
		found := stats.PlanFor(voters, prompts, plannedShare).Simulate(plannedRuns, rng).First
		if found >= enoughPower || prompts == mostRounds {
			return fmt.Sprintf("To settle it: a new tasting of %d prompts with %d people finds a 70/30 preference about %d times in 100.",
				prompts, voters, whole(found))
		}
	}
	return ""
}

// whole is a share in whole percent.
func whole(x float64) int { return int(math.Round(100 * x)) }

// share writes a share as a percentage, rounded to whole numbers by round;
// with a decimal where it would otherwise seem to be exactly one half.
func share(x float64, round func(float64) float64) string {
	p := round(100 * x)
	if p == 50 && math.Abs(100*x-50) > 0.05 {
		return fmt.Sprintf("%.1f", round(1000*x)/10)
	}
	return fmt.Sprintf("%.0f", p)
}

// lead says who has more of the votes that chose a side.
func lead(names [2]string, c Tally) string {
	k, n, who := c.First, c.First+c.Second, names[0]
	if c.Second > c.First {
		k, who = c.Second, names[1]
	}
	switch {
	case n == 0:
		return "No vote chose a side."
	case c.First == c.Second:
		return fmt.Sprintf("The two are level: %s each.", plural(k, "vote", "votes"))
	case n == 1:
		return fmt.Sprintf("The one vote that chose a side was for %s.", who)
	}
	return fmt.Sprintf("%s got %d of the %d votes that chose a side.", who, k, n)
}

// standing says who is ahead, as a short sentence.
func standing(names [2]string, c Tally) string {
	switch {
	case c.First > c.Second:
		return names[0] + " is ahead."
	case c.First < c.Second:
		return names[1] + " is ahead."
	}
	return "The two are level."
}
