package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/verdict"
)

// mostSaid is how many pairs of models get sentences on paper.
const mostSaid = 10

// printAnalysis writes an analysis for people: sentences, then tables. It is a
// list of what is printed, in order.
func printAnalysis(out io.Writer, a verdict.Analysis, left votefile.LeftOut) error {
	var b strings.Builder
	voters := say.Counted(a.Judges, "voter")
	if a.Unnamed > 0 {
		voters = "unknown voters"
	}
	models := say.Counted(len(a.Models), "model")
	if len(a.Models) == 0 {
		models = "no model in the standings"
	}
	fmt.Fprintf(&b, "%s, %s, %s, %s\n", say.Counted(a.Votes, "vote"), voters, say.Counted(a.Prompts, "prompt"), models)
	for _, p := range a.Pairs[:min(len(a.Pairs), mostSaid)] {
		fmt.Fprintf(&b, "\n%s and %s: %s\n%s\n", p.Models[0], p.Models[1], p.Finding.Title, bars(p))
		for _, s := range append(p.Finding.Sentences, p.Finding.Next) {
			if !s.IsZero() {
				fmt.Fprintf(&b, "  %s\n", s)
			}
		}
	}
	if more := len(a.Pairs) - mostSaid; more > 0 {
		fmt.Fprintf(&b, "\nThere are %s with fewer votes; --json has them all.\n", say.Counted(more, "more pair"))
	}
	b.WriteString("\n")
	table := rankedTable
	switch {
	case len(a.Models) == 0: // all rows stay out, as is said below
		table = func(io.Writer, verdict.Analysis) error { return nil }
	case a.Judges+a.Unnamed < fewVoters:
		table = countedTable
	case len(a.Models) == 2:
		table = pairTable
	}
	if err := table(&b, a); err != nil {
		return fmt.Errorf("write the analysis: %w", err)
	}
	if err := judgesTable(&b, a.Readers); err != nil {
		return fmt.Errorf("write the analysis: %w", err)
	}
	notes := analysisNotes(a, left)
	if len(a.Models) > 2 {
		notes = append(notes, scoreNotes(a)...)
	}
	for _, n := range notes {
		b.WriteString(n + "\n")
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("write the analysis: %w", err)
	}
	return nil
}

// rankedTable writes the standings with what can be said of them.
func rankedTable(b io.Writer, a verdict.Analysis) error {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "rank\tmodel\tbeats the average\tscore\t95%% interval\tboth bad\tvotes\n")
	for _, m := range a.Models {
		interval, beats := "–", percent(m.Score)
		if m.OK {
			interval = fmt.Sprintf("%.2f to %.2f", m.CI[0], m.CI[1])
			beats += fmt.Sprintf(" (%s to %s)", percent(m.CI[0]), percent(m.CI[1]))
		}
		score := math.Round(100*m.Score)/100 + 0 // no -0.00
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%s\t%s\t%s\n", rankRange(m.Rank), m.Model, beats, score, interval, badShare(m), say.Thousands(m.Votes))
	}
	fmt.Fprintf(w, "\nThe score comes of all comparisons, with equal and both bad as half; it is in natural logits, with a mean of 0. What is said of a pair above rests on the votes between the two alone.\nIntervals hold for %s. A rank is a range where the difference of two scores can be 0.\n", a.HoldsFor())
	return w.Flush()
}

// pairTable writes two models without ranks: what is said of the pair ranks them,
// and scores would give the same votes another number.
func pairTable(b io.Writer, a verdict.Analysis) error {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "model\tboth bad\tvotes\n")
	for _, m := range a.Models {
		fmt.Fprintf(w, "%s\t%s\t%s\n", m.Model, badShare(m), say.Thousands(m.Votes))
	}
	fmt.Fprintf(w, "\nOf two models, what is said above is all that these votes say; there are no ranks beside it.\n")
	return w.Flush()
}

// badShare is in how many of a model's votes both were bad.
func badShare(m verdict.ModelResult) string {
	return fmt.Sprintf("%.0f%%", math.Round(100*float64(m.Bad)/float64(max(m.Votes, 1))))
}

// fewVoters is up to where there are no percentages, and so no ranks.
const fewVoters = 5

// countedTable writes the models by name: too few voted to rank them.
func countedTable(b io.Writer, a verdict.Analysis) error {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "model\tvotes\tboth bad\n")
	byName := func(x, y verdict.ModelResult) int { return strings.Compare(x.Model, y.Model) }
	for _, m := range slices.SortedFunc(slices.Values(a.Models), byName) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", m.Model, say.Thousands(m.Votes), say.Thousands(m.Bad))
	}
	fmt.Fprintf(w, "\nCounts only: ranks and percentages need five voters.\n")
	return w.Flush()
}

// bars are a pair's counts in one line.
func bars(p verdict.PairResult) string {
	t, m := p.Tally, p.Finding.Decision.Mean
	return fmt.Sprintf("  %s %s · %s %s · equal %s · both bad %s   (%s, %s)", p.Models[0], say.Thousands(t.First), p.Models[1], say.Thousands(t.Second),
		say.Thousands(t.Tie), say.Thousands(t.Bad), say.Counted(t.N(), "vote"), say.Counted(m.Prompts, "prompt"))
}

func sentences(f verdict.Finding) string { return strings.Join(bot.English(f.Sentences), " ") }

// analysisNotes say what the numbers leave out.
func analysisNotes(a verdict.Analysis, left votefile.LeftOut) []string {
	var notes []string
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if a.Unnamed > 0 {
		note("It is not known who cast %s of the votes. Each counts as a voter; whether voters differ, taste and guessing cannot be tested from them.", say.Thousands(a.Unnamed))
	}
	if n := a.Orphans; n > 0 {
		note("Retests without a first vote of the same person: %s; left out.", say.Thousands(n))
	}
	if n := a.Repeated; n > 0 {
		note("Of %s %s left out: the same judge voted on the same question again, and the last row counts.", say.Counted(left.Rows, "row"), say.WereOf(n))
	}
	if s := votefile.LikeNames(a.Alike); s != "" {
		note("%s With --ignore-case they count as one.", s)
	}
	if s := left.String(); s != "" {
		note("%s", s)
	}
	if len(a.Pairs) > 1 {
		note("Each pair is judged by itself. Of pairs without a difference, up to 1 in 20 has a winner by chance; there are %s.", say.Thousands(len(a.Pairs)))
	}
	return notes
}

// scoreNotes say what scores and ranks cannot tell.
func scoreNotes(a verdict.Analysis) []string {
	if a.Judges+a.Unnamed < fewVoters {
		return nil
	}
	var notes []string
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if len(a.Models) > 0 && !a.Models[0].OK {
		note("Scores have no intervals, so every rank fits: those need more prompts than models (%s and %s).", say.Thousands(a.Prompts), say.Thousands(len(a.Models)))
	}
	switch {
	case a.Groups > 1:
		note("The models fall into %d groups that were never compared with each other; a score says nothing about another group.", a.Groups)
	case !a.Finite:
		note("A model, or a group of them, won or lost every comparison; how far it is from the others is unknown, and its score a cautious guess.")
	}
	return notes
}

// percent is the chance that a score stands for, against the average model.
func percent(score float64) string {
	return fmt.Sprintf("%.0f%%", 100/(1+math.Exp(-score)))
}

func rankRange(r [2]int) string {
	if r[0] == r[1] {
		return strconv.Itoa(r[0])
	}
	return fmt.Sprintf("%d–%d", r[0], r[1])
}
