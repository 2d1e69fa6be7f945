package bot

import (
	"fmt"
	"math"
	"strings"

	"github.com/tastetest/tastetest/bot/stats"
)

// enoughPrompts is the number of prompts under which nothing is said about
// prompts in general.
const enoughPrompts = 5

// A verdict is what votes show, in words: a short title, sentences, what
// would settle it, and the numbers behind them.
type verdict struct {
	title     string
	sentences []string
	next      string
	details   []string
}

// verdict says what an outcome's votes do and do not show.
func (o outcome) verdict() verdict {
	var v verdict
	names := o.t.names()
	prompts := o.answered()
	switch {
	case o.total.N() == 0:
		v.title = "no votes."
		v.sentences = []string{"Nobody voted, so nothing is known about which is preferred."}
		v.next = "To settle it: start it again when people have time; five voters are the least for a verdict."
		if len(o.withheld) > 0 {
			v.sentences = []string{"So few people voted that a count would tell who voted for what."}
		}
		return v
	case o.voters < enoughVoters:
		v.title = "too few voters for a verdict."
		v.sentences = []string{
			lead(names, o.total),
			fmt.Sprintf("Only %s voted: too few for percentages, and for saying who is preferred.", plural(o.voters, "person", "people")),
		}
		v.next = "To settle it: a new tasting in which at least five people vote."
	case prompts < enoughPrompts:
		v.title = standing(names, o.total) + " No verdict on so few prompts."
		v.sentences = o.fewPrompts(names, prompts)
		v.next = "To settle it: a new tasting of at least five prompts; ten tell more."
	default:
		v = o.manyPrompts(names)
	}
	if o.t.Ballot == Reaction {
		v.sentences = append(v.sentences, "Votes could be seen while voting was open, so they may have swayed each other.")
	}
	v.details = append(v.details, o.numbers(names)...)
	return v
}

// answered counts the shown rounds in which anyone voted.
func (o outcome) answered() int {
	n := 0
	for _, r := range o.shown {
		if o.t.Rounds[r-1].Counts.Tally().N() > 0 {
			n++
		}
	}
	return n
}

// fewPrompts speaks of the votes cast, and not of prompts in general.
func (o outcome) fewPrompts(names [2]string, prompts int) []string {
	said := []string{lead(names, o.total)}
	if prompts == 1 {
		k, n := o.total.First, o.total.First+o.total.Second
		switch {
		case n == 0:
			said = append(said, "Nobody who voted chose a side.")
		case stats.Exact(k, n) < 0.05:
			said = append(said, "On this prompt that is more than coin flips would give.")
		default:
			said = append(said, "Coin flips give a split like this too often for it to count.")
		}
		said = append(said, "It does not show which model is preferred in general: another prompt can turn it round.")
	} else {
		said = append(said, fmt.Sprintf("%d prompts do not show which model is preferred in general: a few others can turn it round.", prompts))
	}
	return append(said, "Not shown: that they are alike.")
}

// manyPrompts speaks of prompts and people like these: the mean over voters
// and prompts, with its interval.
func (o outcome) manyPrompts(names [2]string) verdict {
	var v verdict
	m := o.mean.M
	lo, hi, ok := o.mean.CI(0.95)
	ahead := names[0]
	if m < 0.5 {
		ahead, m, lo, hi = names[1], 1-m, 1-hi, 1-lo
	}
	won := ok && lo > 0.5
	if won {
		v.title = ahead + " is preferred."
		v.sentences = append(v.sentences, fmt.Sprintf("Of those who voted, more preferred %s than chance and this choice of prompts would explain.", ahead))
	} else {
		v.title = "no winner shown. " + standing(names, o.total)
	}
	if ok {
		v.sentences = append(v.sentences, fmt.Sprintf(
			"Counting equal and both bad as half, %s has %s %%; for prompts and people like these, anything from %s to %s %% fits.",
			ahead, share(m, math.Round), share(lo, math.Floor), share(hi, math.Ceil)))
	}
	if !won {
		v.sentences = append(v.sentences, "Not shown: that they are alike.")
		v.next = "To settle it: a new tasting with more prompts. Adding to this one after a look at it would not be fair."
	}
	v.sentences = append(v.sentences, "Not tested: guessing (no control rounds).")
	return v
}

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

// numbers are what stands behind "Details", for those who want them.
func (o outcome) numbers(names [2]string) []string {
	var said []string
	if m := o.mean; m.Prompts > 1 && m.Voters > 1 {
		line := fmt.Sprintf("Mean score of %s (1 it, 0 %s, ½ equal or both bad): %.3f, standard error %.3f clustered by voter and by prompt, t with %.0f degrees of freedom", names[0], names[1], m.M, m.SE, m.DF)
		if lo, hi, ok := m.CI(0.95); ok {
			line += fmt.Sprintf(", 95 %% interval %.3f to %.3f", lo, hi)
		}
		said = append(said, line+".")
	}
	if len(o.shown) == 1 {
		said = append(said, poll(names, o.total)...)
	}
	var left, sided int
	for _, n := range o.shown {
		c := o.t.Rounds[n-1].Counts
		left += c[0][First-1] + c[1][Second-1]
		sided += c.Tally().First + c.Tally().Second
	}
	if sided > 0 {
		said = append(said, fmt.Sprintf("The left answer got %d of the %d votes that chose a side.", left, sided))
	}
	return said
}

// poll are the numbers of one poll: the exact test and Wilson's interval of
// the decisive votes.
func poll(names [2]string, c Tally) []string {
	n := c.First + c.Second
	if n == 0 {
		return nil
	}
	lo, hi := stats.Wilson(c.First, n, 0.95)
	return []string{fmt.Sprintf("%s %d of %d decisive votes: 95 %% interval %.1f to %.1f %% (Wilson), p = %s against coin flips (exact, two-sided).",
		names[0], c.First, n, 100*lo, 100*hi, pValue(stats.Exact(c.First, n)))}
}

func pValue(p float64) string {
	if p < 0.0005 {
		return "under 0.0005"
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", p), "0"), ".")
}
