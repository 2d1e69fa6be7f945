package prompts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
)

// Whoever taps the longer answer every time must not pass: the better answer is
// the longer one in about half of the pairs, and no longer on average than a
// word or two.
const (
	leastLonger, mostLonger = 0.35, 0.65 // of the pairs
	mostGap                 = 8          // characters
	fewPairs                = 6          // shares of fewer say nothing
)

// CheckControls returns what keeps control pairs, each of which [ParseControls]
// accepted, from being good ones together, language by language. In their
// prompts it finds what [Check] finds.
func CheckControls(pairs []bot.ControlPair) []Problem {
	of := make(map[string][]bot.ControlPair)
	for _, c := range pairs {
		of[c.Prompt.Language] = append(of[c.Prompt.Language], c)
	}
	var found []Problem
	for _, language := range slices.Sorted(maps.Keys(of)) {
		found = append(found, checkControls(language, of[language])...)
	}
	return found
}

func checkControls(language string, pairs []bot.ControlPair) []Problem {
	asked := bot.Pack{Title: "Control pairs", Description: "One of two answers is better."}
	longer, gap := 0.0, 0
	for _, c := range pairs {
		q := c.Prompt
		q.Why = c.Why
		asked.Prompts = append(asked.Prompts, q)
		more := utf8.RuneCountInString(c.Better) - utf8.RuneCountInString(c.Worse)
		gap += more
		longer += float64(1+cmp.Compare(more, 0)) / 2
	}
	found := Check(asked)
	n := float64(len(pairs))
	if n < fewPairs {
		return found
	}
	if share := longer / n; share < leastLonger || share > mostLonger {
		found = append(found, Problem{Says: fmt.Sprintf("in %s the better answer is the longer one in %.0f%% of the pairs; between %.0f and %.0f%% length tells nothing", language, 100*share, 100*leastLonger, 100*mostLonger)})
	}
	if mean := float64(gap) / n; mean < -mostGap || mean > mostGap {
		found = append(found, Problem{Says: fmt.Sprintf("in %s better answers are %+.0f characters longer on average; at most %d either way do not tell", language, mean, mostGap)})
	}
	return found
}
