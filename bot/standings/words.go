package standings

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/verdict"
)

// legend says what the scores mean.
func (r ranking) legend() string {
	if !r.ok {
		return ""
	}
	halves := "Equal and both bad count as half. In brackets: what fits, for " + r.holdsFor() + "."
	switch {
	case r.two():
		return halves
	case slices.Max(r.fit.Groups) > 0:
		return "Beats the average model: how often it would be preferred to the average of those it was compared with, by a score from all comparisons. " + halves
	}
	return "Beats the average model: how often it would be preferred to the average of the models ranked here, by a score from all comparisons. " + halves
}

// people reports whether intervals hold for other people too: all votes are
// known to be somebody's, and not all one person's.
func (r ranking) people() bool { return r.fit.Voters > 1 && r.fit.Known == r.fit.Votes }

// holdsFor says for what intervals hold.
func (r ranking) holdsFor() string {
	switch {
	case r.people():
		return "prompts and people like these"
	case r.fit.Voters > 1:
		return fmt.Sprintf("prompts like these, and for people like these where it is known whose votes are whose (%s of %s)",
			say.Thousands(int64(r.fit.Known)), say.Plural(r.fit.Votes, "vote", "votes"))
	}
	return "prompts like these and the same people"
}

// pairs say in sentences how the first stands to the second and to the
// cheapest, and what it costs.
func (r ranking) pairs() []string {
	if !r.ok {
		return nil
	}
	order := r.order()
	first := order[0]
	rivals := order[1:2]
	cheapest := first
	for _, i := range order[1:] {
		if dearer(r.box.models[cheapest], r.box.models[i]) >= worthSaying {
			cheapest = i
		}
	}
	if cheapest != first && cheapest != rivals[0] {
		rivals = append(rivals[:1:1], cheapest)
	}
	var said []string
	for _, rival := range rivals {
		if s := r.pair(first, rival); s != "" {
			said = append(said, s)
		}
	}
	return said
}

// pair compares two models: "kestrel is preferred to nova with 56% (51 to 60) of
// 412 votes, and costs 30 times as much." Of several models that is by their
// scores, which are not what was voted between the two; that is said beside it.
func (r ranking) pair(a, b int) string {
	if r.at[a] < 0 || r.at[b] < 0 {
		return ""
	}
	x, y := r.box.models[a], r.box.models[b]
	share, lo, hi := r.versus(r.at[a])
	of := " of " + say.Plural(r.box.between(a, b).votes, "vote", "votes")
	if !r.two() {
		gap, below, over, ok := r.fit.Gap(r.at[a], r.at[b], standingsLevel)
		if !ok {
			return ""
		}
		share, lo, hi = preferred(gap), preferred(below), preferred(over)
		of = r.box.between(a, b).said()
	}
	words, _, _, _ := beats(share, lo, hi)
	said, join := fmt.Sprintf("%s is preferred to %s with %s%s", x.shown, y.shown, words, of), ", and costs "
	switch {
	case math.Abs(share-0.5) < 1e-6:
		said, join = fmt.Sprintf("%s and %s are level, each with %s%s", x.shown, y.shown, words, of), fmt.Sprintf("; %s costs ", x.shown)
	case lo <= 0.5:
		said, join = fmt.Sprintf("%s is ahead of %s with %s%s, which could still be chance", x.shown, y.shown, words, of), "; it costs "
	}
	switch {
	case dearer(x, y) >= worthSaying:
		said += join + factor(dearer(x, y)) + " times as much"
	case dearer(y, x) >= worthSaying:
		said += fmt.Sprintf("; %s costs %s times as much", y.shown, factor(dearer(y, x)))
	}
	return said + "."
}

// A direct comparison is what was voted between two models.
type direct struct {
	votes int
	score float64 // of the first of them
}

// between returns what was voted between two models.
func (box ballotBox) between(a, b int) direct {
	var d direct
	for _, c := range box.rounds {
		votes, score := c.votes[0]+c.votes[1], c.score[0]+c.score[1]
		switch c.models {
		case [2]int{a, b}:
		case [2]int{b, a}:
			score = votes - score
		default:
			continue
		}
		d.votes += int(votes)
		d.score += score
	}
	return d
}

// said is " by all comparisons (61% of the 54 votes between the two)".
func (d direct) said() string {
	switch {
	case d.votes == 0:
		return " by comparisons with others (no votes between the two)"
	case d.votes == 1:
		return fmt.Sprintf(" by all comparisons (%s of the one vote between the two)", halves(d.score))
	case d.votes < bot.EnoughVoters:
		return fmt.Sprintf(" by all comparisons (%s of the %d votes between the two)", halves(d.score), d.votes)
	}
	return fmt.Sprintf(" by all comparisons (%s%% of the %s votes between the two)", verdict.Share(d.score/float64(d.votes), math.Round), say.Thousands(int64(d.votes)))
}

// halves writes 3 and 2½.
func halves(x float64) string {
	whole := int(x)
	switch {
	case x == float64(whole):
		return fmt.Sprint(whole)
	case whole == 0:
		return "½"
	}
	return fmt.Sprintf("%d½", whole)
}

// worthSaying is from how many times the cost on it is said.
const worthSaying = 1.5

// dearer says how many times as much as y's an answer of x costs; 0 if that is
// not known, or if one costs nothing.
func dearer(x, y entrant) float64 {
	a, b := x.perThousand(), y.perThousand()
	if !a.Known || !b.Known || a.Pico <= 0 || b.Pico <= 0 {
		return 0
	}
	return float64(a.Pico) / float64(b.Pico)
}

// factor writes 30, 2.5, 1,200.
func factor(x float64) string {
	if x < 9.95 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	}
	return say.Thousands(int64(math.Round(x)))
}

// missing says what it takes to rank what is not ranked.
func (r ranking) missing() []string {
	var few []string
	for _, i := range r.order() {
		if e := r.box.models[i]; r.at[i] < 0 {
			so := say.Plural(e.asked, "prompt", "prompts")
			if e.asked >= bot.EnoughPrompts {
				so += ", against models with fewer"
			}
			few = append(few, fmt.Sprintf("%s (%s)", e.shown, so))
		}
	}
	needs := fmt.Sprintf("A model is ranked once it was tasted on %d different prompts", bot.EnoughPrompts)
	switch {
	case len(r.in) < 2:
		return []string{fmt.Sprintf("Nothing is ranked yet. %s; so far: %s.", needs, say.Listed(few, 5))}
	case !r.ok:
		return []string{fmt.Sprintf("Nothing is ranked yet: it takes votes on more different prompts than there are models, and here are %s for %s.",
			say.Plural(r.fit.Prompts, "prompt", "prompts"), say.Plural(len(r.in), "model", "models"))}
	case len(few) > 0:
		return []string{fmt.Sprintf("Not ranked yet: %s. %s.", say.Listed(few, 5), needs)}
	}
	return nil
}

// cautions say how far the table can be trusted.
func (r ranking) cautions(left, length lean) []string {
	var said []string
	if r.ok {
		said = append(said, r.islands()...)
		if !r.fit.Finite && !r.two() {
			said = append(said, "Between some models every vote went one way; their scores will still move a lot.")
		}
	}
	if r.box.largest < bot.EnoughVoters {
		said = append(said, fmt.Sprintf("No round had more than %s, so this is the taste of few people.", say.Plural(r.box.largest, "vote", "votes")))
	}
	if left.shown() {
		side := "left"
		if left.share < 0.5 {
			side = "right"
		}
		said = append(said, fmt.Sprintf("People lean to the %s answer, whoever wrote it (more under Details). Sides are balanced, so no model gains by that.", side))
	}
	if length.shown() {
		how := "longer"
		if length.share < 0.5 {
			how = "shorter"
		}
		said = append(said, fmt.Sprintf("People lean to the %s answer (more under Details). How much a model writes is part of its score.", how))
	}
	return said
}

// islands names the groups of models that were never compared.
func (r ranking) islands() []string {
	var groups [][]string
	for _, i := range r.order() {
		if r.at[i] < 0 {
			continue
		}
		g := r.fit.Groups[r.at[i]]
		for len(groups) <= g {
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], r.box.models[i].shown)
	}
	if len(groups) < 2 {
		return nil
	}
	var names []string
	for _, g := range groups {
		names = append(names, say.Listed(g, 4))
	}
	return []string{fmt.Sprintf("Never compared with each other, not even through others: %s. Their scores hold within each group only; a tasting of one from each would join them.",
		strings.Join(names, " / "))}
}

// notes say what was left out, and where votes come from.
func (box ballotBox) notes() []string {
	var out []string
	for _, left := range []struct {
		n   int
		why string
	}{
		{box.flagged, "in which an answer names its author"},
		{box.control, "that were controls"},
		{box.retest, "that were repeats"},
		{box.void, "without both answers"},
		{box.withheld, "with under three secret votes"},
		{box.pasted, "of pasted texts"},
		{box.simulated, "with simulated voters"},
	} {
		if left.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", left.n, left.why))
		}
	}
	var notes []string
	if len(out) > 0 {
		notes = append(notes, "Rounds left out: "+strings.Join(out, ", ")+".")
	}
	if len(box.settings()) > 0 {
		notes = append(notes, "A model under different settings is ranked as several; which are which stands under Details.")
	}
	if box.imported > 0 {
		notes = append(notes, fmt.Sprintf("%s came from an import.", say.Plural(box.imported, "round", "rounds")))
	}
	if box.crowd {
		notes = append(notes, "Most voters here are simulated: this is a demonstration.")
	}
	return notes
}
