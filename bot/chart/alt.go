package chart

import (
	"fmt"
	"math"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// mostAlt is how many characters an alternative text may have: what Discord
// takes, and Slack takes more.
const mostAlt = 1024

// altOfVotes says what the picture of an announcement shows, in the post's own
// words: the counts and percentages of all, the share that the dot is at with its
// interval, and each round's counts.
func altOfVotes(a bot.Announcement, words Words, numbered bool) string {
	all := rowOf("", "", a.Bars)
	all.fits = a.Fits
	label := func(i int) string { return words(a.Bars[i].Label) }
	said := []string{words(a.Title), fmt.Sprintf("%s (n=%d)", words(a.Summary), all.n())}
	if numbered {
		said = append(said, fmt.Sprintf("#1: %s · #2: %s", label(0), label(1)))
	}
	share, name := all.reading(), label(0)
	if all.share() < 0.5 {
		name = label(1)
	}
	said = append(said, fmt.Sprintf("%s + ½ (%s + %s): %s", name, label(2), label(3), share))
	for _, r := range a.Rounds {
		if len(r.Bars) == 4 && r.Votes > 0 {
			said = append(said, fmt.Sprintf("%v: %s (n=%d)", r.Round, words(r.Summary), r.Votes))
		}
	}
	return fitted(said)
}

// reading is the share of the model ahead with the interval that the verdict
// names, rounded as it rounds: outwards at the ends.
func (r row) reading() string {
	m, lo, hi := r.share(), r.fits.Low, r.fits.High
	if m < 0.5 {
		m, lo, hi = 1-m, 1-hi, 1-lo
	}
	if r.fits == (bot.Span{}) {
		return percent(m, math.Round)
	}
	return fmt.Sprintf("%s (%s–%s)", percent(m, math.Round), percent(lo, math.Floor), percent(hi, math.Ceil))
}

// percent writes a share in whole percent, with a decimal where it would else
// seem to be one half. What is within a billionth of a whole is taken for it.
func percent(x float64, round func(float64) float64) string {
	whole := func(x float64) float64 { return round(math.Round(1e11*x) / 1e9) }
	if p := whole(x); p != 50 || math.Abs(100*x-50) <= 0.05 {
		return fmt.Sprintf("%.0f%%", p)
	}
	return fmt.Sprintf("%.1f%%", whole(10*x)/10)
}

// altOfRanks says what the picture of standings shows: each model's rank, share
// and votes, and what it costs.
func altOfRanks(s bot.Standings, words Words) string {
	said := []string{words(s.Title)}
	for i, r := range s.Rows {
		line := fmt.Sprintf("#%d %s (%s): %s, n=%d", i+1, r.Model, r.Rank, words(r.Beats), r.Votes)
		if r.Price.Known {
			line += ", " + words(r.Cost)
		}
		said = append(said, line)
	}
	return fitted(said)
}

// fitted puts lines below each other, as many as fit.
func fitted(lines []string) string {
	var b strings.Builder
	left := mostAlt
	for i, l := range lines {
		n := len([]rune(l)) + 1
		if n > left-2 {
			if i == 0 {
				b.WriteString(string([]rune(l)[:left-2]))
			}
			b.WriteString("\n…")
			break
		}
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(l)
		left -= n
	}
	return b.String()
}
