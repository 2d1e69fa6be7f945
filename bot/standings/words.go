package standings

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// legend says what the scores mean.
func (r ranking) legend() string {
	if !r.ok {
		return ""
	}
	const halves = "Equal and both bad count as half. In brackets: what fits, for other prompts like these and the same voters."
	switch {
	case len(r.in) == 2:
		return halves
	case slices.Max(r.fit.Groups) > 0:
		return "Beats the average model: how often it would be preferred to the average of those it was compared with. " + halves
	}
	return "Beats the average model: how often it would be preferred to the average of the models ranked here. " + halves
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

// pair compares two models: "kestrel beats nova in 56% of votes (51 to 60),
// and costs 30 times as much."
func (r ranking) pair(a, b int) string {
	if r.at[a] < 0 || r.at[b] < 0 {
		return ""
	}
	gap, lo, hi, ok := r.fit.Gap(r.at[a], r.at[b], standingsLevel)
	if !ok {
		return ""
	}
	x, y := r.box.models[a], r.box.models[b]
	words, _, _, _ := beats(preferred(gap), preferred(lo), preferred(hi))
	votes := strings.Replace(words, "%", "% of votes", 1)
	said, join := fmt.Sprintf("%s beats %s in %s", x.shown, y.shown, votes), ", and costs "
	switch {
	case math.Abs(gap) < 1e-6:
		said, join = fmt.Sprintf("%s and %s are level, each with %s", x.shown, y.shown, votes), fmt.Sprintf("; %s costs ", x.shown)
	case lo <= 0:
		said, join = fmt.Sprintf("%s is ahead of %s with %s, which could still be chance", x.shown, y.shown, votes), "; it costs "
	}
	switch {
	case dearer(x, y) >= worthSaying:
		said += join + factor(dearer(x, y)) + " times as much"
	case dearer(y, x) >= worthSaying:
		said += fmt.Sprintf("; %s costs %s times as much", y.shown, factor(dearer(y, x)))
	}
	return said + "."
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
		if !r.fit.Finite {
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
