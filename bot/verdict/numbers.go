package verdict

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// numbers are what stands behind "Details", for those who want them.
func (f *finding) numbers() []bot.Sentence {
	var said []bot.Sentence
	if m := f.Mean; f.OK {
		said = append(said, bot.Say("Mean score of {names} (1 it, 0 {names2}, ½ equal or both bad): {m}, standard error {se} clustered by voter and by prompt, t with {df} degrees of freedom (Satterthwaite), {level}% interval {wide} to {wide2}, {level2}% interval {narrow} to {narrow2} (for “equal within ten points” and for what was asked beforehand).", bot.Verbatim(f.Names[0]), bot.Verbatim(f.Names[1]), bot.Verbatim(fmt.Sprintf("%.3f", m.M)), bot.Verbatim(fmt.Sprintf("%.3f", m.SE)), bot.Verbatim(fmt.Sprintf("%.1f", m.DF)), bot.Verbatim(confidence(f.Levels.Winner)), bot.Verbatim(fmt.Sprintf("%.3f", f.Wide[0])), bot.Verbatim(fmt.Sprintf("%.3f", f.Wide[1])), bot.Verbatim(confidence(2*f.Levels.Winner)), bot.Verbatim(fmt.Sprintf("%.3f", f.Narrow[0])), bot.Verbatim(fmt.Sprintf("%.3f", f.Narrow[1]))))
	}
	if f.Mean.Prompts == 1 {
		said = append(said, Poll(f.Names, f.tally)...)
	}
	if f.Prompts.OK {
		within := bot.Say("voters")
		if f.sided {
			within = bot.Say("voters and sides")
		}
		said = append(said, bot.Say("Do prompts differ? p {p} (by shuffling within {within}); spread of the true shares of prompts {promptsd}.", pValue(f.Prompts.P), within, bot.Verbatim(fmt.Sprintf("%.2f", f.PromptSD))))
	}
	if f.Judges && f.Voters.OK {
		said = append(said, bot.Say("Do voters differ? p {p} (by shuffling within prompts); spread of their true shares {votersd}.", pValue(f.Voters.P), bot.Verbatim(fmt.Sprintf("%.2f", f.Mean.VoterSD))))
	}
	if a := f.Attention; a.Votes > 0 {
		said = append(said, bot.Say("Control pairs: {votes|vote|votes} by {voters|person|people}; mean share of right choices {mean}, passed if its lower limit, {lower}, is over 0.50, missed if its upper limit, {upper}, is under 0.70.", bot.Count(a.Votes), bot.Count(a.Voters), bot.Verbatim(fmt.Sprintf("%.2f", a.Mean)), bot.Verbatim(fmt.Sprintf("%.2f", a.Lower)), bot.Verbatim(fmt.Sprintf("%.2f", a.Upper))))
	}
	if f.Taste.OK {
		said = append(said, bot.Say("Taste: covariance of score and leaning {covariance}, p {p} (by shuffling scores over voters).", bot.Verbatim(fmt.Sprintf("%.3f", f.Taste.Covariance)), pValue(f.Taste.P)))
	}
	if w := f.Without; f.Judges && w.Tested {
		voters := bot.Say("Without the one voter farthest from the rest: voters p {p}, spread {votersd}", pValue(w.Voters.P), bot.Verbatim(fmt.Sprintf("%.2f", w.VoterSD)))
		if w.Taste.OK {
			voters = bot.Clauses(voters, bot.Say("taste p {p}", pValue(w.Taste.P)))
		}
		said = append(said, bot.Say("{numbers}.", voters))
	}
	if f.tally.N() > shuffleBudget/shuffles && (f.Prompts.OK || f.Voters.OK) {
		said = append(said, bot.Say("With so many votes each p rests on {n} shuffles.", bot.Count(f.Shuffles)))
	}
	return said
}

// confidence is what an interval at a level holds, in percent.
func confidence(level float64) string {
	return strconv.FormatFloat(math.Round(1e4*(1-level))/100, 'f', -1, 64)
}

// Poll are the numbers of one poll: the exact test and Wilson's interval of
// the decisive votes.
func Poll(names [2]string, c bot.Tally) []bot.Sentence {
	n := c.First + c.Second
	if n == 0 {
		return nil
	}
	lo, hi := stats.Wilson(c.First, n, 0.95)
	return []bot.Sentence{bot.Say("{names} {first} of {n} decisive votes: 95% interval {x} to {x2}% (Wilson), p {first2} against coin flips (exact, two-sided).", bot.Verbatim(names[0]), bot.Count(c.First), bot.Count(n), bot.Verbatim(fmt.Sprintf("%.1f", 100*lo)), bot.Verbatim(fmt.Sprintf("%.1f", 100*hi)), pValue(stats.Exact(c.First, n)))}
}

// pValue writes "= 0.03" or "under 0.0005".
func pValue(p float64) bot.Sentence {
	if p < 0.0005 {
		return bot.Say("under 0.0005")
	}
	return bot.Say("= {p}", bot.Verbatim(strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", p), "0"), ".")))
}

// rightOf writes "33 of 36 votes (92%)".
func rightOf(a stats.Attention) bot.Sentence {
	return bot.Say("{n} of {all} votes ({share})", bot.Count(a.Right), bot.Count(a.Votes), bot.Percent(stats.Percent(a.Right, a.Votes-a.Right)[0]))
}

// whole is a share in whole percent.
func whole(x float64) int { return int(Percent(x, math.Round)) }

// Percent is a share in percent, rounded to whole numbers by round. What lies
// within a billionth of a half or a whole is taken for that: in which order
// votes were added up must not decide between 55 and 56.
func Percent(x float64, round func(float64) float64) float64 {
	return round(math.Round(1e11*x) / 1e9)
}

// sharePercent is the same with its sign.
func sharePercent(x float64, by func(float64) float64) bot.Verbatim {
	return bot.Verbatim(Share(x, by) + "%")
}

// Share writes a share as a percentage, rounded to whole numbers by round;
// with a decimal where it would otherwise seem to be exactly one half.
func Share(x float64, round func(float64) float64) string {
	p := Percent(x, round)
	if p == 50 && math.Abs(100*x-50) > 0.05 {
		return fmt.Sprintf("%.1f", Percent(10*x, round)/10)
	}
	return fmt.Sprintf("%.0f", p)
}
