package verdict

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// numbers are what stands behind "Details", for those who want them.
func (f *finding) numbers() []string {
	var said []string
	add := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if m := f.Mean; f.OK {
		add("Mean score of %s (1 it, 0 %s, ½ equal or both bad): %.3f, standard error %.3f clustered by voter and by prompt, t with %.1f degrees of freedom (Satterthwaite), %s%% interval %.3f to %.3f, %s%% interval %.3f to %.3f (for “equal within ten points” and for what was asked beforehand).",
			f.Names[0], f.Names[1], m.M, m.SE, m.DF, confidence(f.Levels.Winner), f.Wide[0], f.Wide[1], confidence(2*f.Levels.Winner), f.Narrow[0], f.Narrow[1])
	}
	if f.Mean.Prompts == 1 {
		said = append(said, Poll(f.Names, f.tally)...)
	}
	if f.Prompts.OK {
		within := "voters"
		if f.sided {
			within = "voters and sides"
		}
		add("Do prompts differ? p %s (by shuffling within %s); spread of the true shares of prompts %.2f.", pValue(f.Prompts.P), within, f.PromptSD)
	}
	if f.Judges && f.Voters.OK {
		add("Do voters differ? p %s (by shuffling within prompts); spread of their true shares %.2f.", pValue(f.Voters.P), f.Mean.VoterSD)
	}
	if a := f.Attention; a.Votes > 0 {
		add("Control pairs: %s by %s; mean share of right choices %.2f, passed if its lower limit, %.2f, is over 0.50, missed if its upper limit, %.2f, is under 0.70.",
			say.Plural(a.Votes, "vote", "votes"), say.Plural(a.Voters, "person", "people"), a.Mean, a.Lower, a.Upper)
	}
	if f.Taste.OK {
		add("Taste: covariance of score and leaning %.3f, p %s (by shuffling scores over voters).", f.Taste.Covariance, pValue(f.Taste.P))
	}
	if w := f.Without; f.Judges && w.Tested {
		line := fmt.Sprintf("Without the one voter farthest from the rest: voters p %s, spread %.2f", pValue(w.Voters.P), w.VoterSD)
		if w.Taste.OK {
			line += fmt.Sprintf("; taste p %s", pValue(w.Taste.P))
		}
		said = append(said, line+".")
	}
	return said
}

// confidence is what an interval at a level holds, in percent.
func confidence(level float64) string {
	return strconv.FormatFloat(math.Round(1e4*(1-level))/100, 'f', -1, 64)
}

// Poll are the numbers of one poll: the exact test and Wilson's interval of
// the decisive votes.
func Poll(names [2]string, c bot.Tally) []string {
	n := c.First + c.Second
	if n == 0 {
		return nil
	}
	lo, hi := stats.Wilson(c.First, n, 0.95)
	return []string{fmt.Sprintf("%s %d of %d decisive votes: 95%% interval %.1f to %.1f%% (Wilson), p %s against coin flips (exact, two-sided).",
		names[0], c.First, n, 100*lo, 100*hi, pValue(stats.Exact(c.First, n)))}
}

// pValue writes "= 0.03" or "under 0.0005".
func pValue(p float64) string {
	if p < 0.0005 {
		return "under 0.0005"
	}
	return "= " + strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", p), "0"), ".")
}

// rightOf writes "33 of 36 votes (92%)".
func rightOf(a stats.Attention) string {
	return fmt.Sprintf("%d of %d votes (%d%%)", a.Right, a.Votes, stats.Percent(a.Right, a.Votes-a.Right)[0])
}

// whole is a share in whole percent.
func whole(x float64) int { return int(Percent(x, math.Round)) }

// Percent is a share in percent, rounded to whole numbers by round. What lies
// within a billionth of a half or a whole is taken for that: in which order
// votes were added up must not decide between 55 and 56.
func Percent(x float64, round func(float64) float64) float64 {
	return round(math.Round(1e11*x) / 1e9)
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
