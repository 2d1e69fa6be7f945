package bot

import (
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot/stats"
)

// numbers are what stands behind "Details", for those who want them.
func (f *finding) numbers() []string {
	var said []string
	add := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if m := f.Mean; f.OK {
		add("Mean score of %s (1 it, 0 %s, ½ equal or both bad): %.3f, standard error %.3f clustered by voter and by prompt, t with %s of freedom, 95 %% interval %.3f to %.3f, 90 %% interval %.3f to %.3f (for “about equal” and for what was asked beforehand).",
			f.Names[0], f.Names[1], m.M, m.SE, plural(int(m.DF), "degree", "degrees"), f.CI95[0], f.CI95[1], f.CI90[0], f.CI90[1])
	}
	if f.Mean.Prompts == 1 {
		said = append(said, poll(f.Names, f.tally)...)
	}
	if f.Prompts.OK {
		add("Do prompts differ? p %s (by shuffling within voters); spread of the true shares of prompts %.2f.", pValue(f.Prompts.P), f.PromptSD)
	}
	if f.Judges && f.Voters.OK {
		add("Do voters differ? p %s (by shuffling within prompts).", pValue(f.Voters.P))
	}
	if a := f.Attention; a.Votes > 0 {
		add("Control pairs: %s by %s; mean share of right choices %.2f, lower limit %.2f.", plural(a.Votes, "vote", "votes"), plural(a.Voters, "person", "people"), a.Mean, a.Lower)
	}
	if f.Taste.OK {
		add("Taste: covariance of score and leaning %.3f, p %s (by shuffling scores over voters).", f.Taste.Covariance, pValue(f.Taste.P))
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
	return []string{fmt.Sprintf("%s %d of %d decisive votes: 95 %% interval %.1f to %.1f %% (Wilson), p %s against coin flips (exact, two-sided).",
		names[0], c.First, n, 100*lo, 100*hi, pValue(stats.Exact(c.First, n)))}
}

// pValue writes "= 0.03" or "under 0.0005".
func pValue(p float64) string {
	if p < 0.0005 {
		return "under 0.0005"
	}
	return "= " + strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", p), "0"), ".")
}
