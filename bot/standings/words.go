package standings

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/verdict"
)

// legend says what the scores mean.
func (r ranking) legend() bot.Sentence {
	if !r.ok {
		return bot.Sentence{}
	}
	halves := bot.Say("Equal and both bad count as half. In brackets: what the true share may be, for {whom}.", r.holdsFor())
	switch {
	case r.two():
		return halves
	case slices.Max(r.fit.Groups) > 0:
		return bot.Prose(bot.Say("Beats the average model: how often it would be preferred to the average of those it was compared with, by a score from all comparisons."), halves)
	}
	return bot.Prose(bot.Say("Beats the average model: how often it would be preferred to the average of the models ranked here, by a score from all comparisons."), halves)
}

// people reports whether intervals hold for other people too: all votes are
// known to be somebody's, and not all one person's.
func (r ranking) people() bool { return r.fit.Voters > 1 && r.fit.Known == r.fit.Votes }

// holdsFor says for what intervals hold.
func (r ranking) holdsFor() bot.Sentence {
	switch {
	case r.people():
		return bot.Say("prompts and people like these")
	case r.fit.Voters > 1:
		return bot.Say("prompts like these, and for people like these where it is known whose votes are whose ({n} of {all|vote|votes})",
			bot.Count(r.fit.Known), bot.Count(r.fit.Votes))
	}
	return bot.Say("prompts like these and the same people")
}

// pairs say in sentences how the first stands to the second and to the
// cheapest, and what it costs.
func (r ranking) pairs() []bot.Sentence {
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
	var said []bot.Sentence
	for _, rival := range rivals {
		if s := r.pair(first, rival); !s.IsZero() {
			said = append(said, s)
		}
	}
	return said
}

// pair compares two models: "kestrel is preferred to nova with 56% (51 to 60) of
// 412 votes, and costs 30 times as much." Of several models that is by their
// scores, which are not what was voted between the two; that is said beside it.
func (r ranking) pair(a, b int) bot.Sentence {
	if r.at[a] < 0 || r.at[b] < 0 {
		return bot.Sentence{}
	}
	x, y := r.box.models[a], r.box.models[b]
	share, lo, hi := r.versus(r.at[a])
	of := bot.Say("of {n|vote|votes}", bot.Count(r.box.between(a, b).votes))
	if !r.two() {
		gap, below, over, ok := r.fit.Gap(r.at[a], r.at[b], standingsLevel)
		if !ok {
			return bot.Sentence{}
		}
		share, lo, hi = preferred(gap), preferred(below), preferred(over)
		of = r.box.between(a, b).said()
	}
	words, _, _, _ := beats(share, lo, hi)
	first, second := bot.Verbatim(x.shown), bot.Verbatim(y.shown)
	level, chance := math.Abs(share-0.5) < 1e-6, lo <= 0.5
	said := bot.Say("{first} is preferred to {second} with {share} {of}", first, second, words, of)
	switch {
	case level:
		said = bot.Say("{first} and {second} are level, each with {share} {of}", first, second, words, of)
	case chance:
		said = bot.Say("{first} is ahead of {second} with {share} {of}, which could still be chance", first, second, words, of)
	}
	times := bot.Verbatim(factor(max(dearer(x, y), dearer(y, x))))
	switch {
	case dearer(x, y) < worthSaying && dearer(y, x) < worthSaying:
		return bot.Say("{comparison}.", said)
	case dearer(y, x) >= worthSaying:
		return bot.Say("{comparison}; {model} costs {times} times as much.", said, second, times)
	case level:
		return bot.Say("{comparison}; {model} costs {times} times as much.", said, first, times)
	case chance:
		return bot.Say("{comparison}; it costs {times} times as much.", said, times)
	}
	return bot.Say("{comparison}, and costs {times} times as much.", said, times)
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

// said is "by all comparisons (61% of the 54 votes between the two)".
func (d direct) said() bot.Sentence {
	switch {
	case d.votes == 0:
		return bot.Say("by comparisons with others (no votes between the two)")
	case d.votes == 1:
		return bot.Say("by all comparisons ({share} of the one vote between the two)", bot.Verbatim(halves(d.score)))
	case d.votes < bot.EnoughVoters:
		return bot.Say("by all comparisons ({share} of the {n} votes between the two)", bot.Verbatim(halves(d.score)), bot.Count(d.votes))
	}
	return bot.Say("by all comparisons ({share} of the {n} votes between the two)", bot.Verbatim(verdict.Share(d.score/float64(d.votes), math.Round)+"%"), bot.Count(d.votes))
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
	return bot.Count(math.Round(x)).String()
}

// missing says what it takes to rank what is not ranked.
func (r ranking) missing() []bot.Sentence {
	var few bot.List
	for _, i := range r.order() {
		if e := r.box.models[i]; r.at[i] < 0 {
			so := bot.Say("{model} ({n|prompt|prompts})", bot.Verbatim(e.shown), bot.Count(e.asked))
			if e.asked >= bot.EnoughPrompts {
				so = bot.Say("{model} ({n|prompt|prompts}, against models with fewer)", bot.Verbatim(e.shown), bot.Count(e.asked))
			}
			few.Of = append(few.Of, so)
		}
	}
	enough := bot.Count(bot.EnoughPrompts)
	switch {
	case len(r.in) < 2:
		return []bot.Sentence{bot.Say("Nothing is ranked yet. A model is ranked once it was tasted on {enough} different prompts; so far: {models}.", enough, few.Upto(5))}
	case !r.ok:
		return []bot.Sentence{bot.Say("Nothing is ranked yet: it takes votes on more different prompts than there are models, and here are {n|prompt|prompts} for {m|model|models}.",
			bot.Count(r.fit.Prompts), bot.Count(len(r.in)))}
	case len(few.Of) > 0:
		return []bot.Sentence{bot.Say("Not ranked yet: {models}. A model is ranked once it was tasted on {enough} different prompts.", few.Upto(5), enough)}
	}
	return nil
}

// cautions say how far the table can be trusted.
func (r ranking) cautions(left, length lean) []bot.Sentence {
	var said []bot.Sentence
	if r.ok {
		said = append(said, r.islands()...)
		if !r.fit.Finite && !r.two() {
			said = append(said, bot.Say("Between some models every vote went one way; their scores will still move a lot."))
		}
	}
	if r.box.largest < bot.EnoughVoters {
		said = append(said, bot.Say("No round had more than {n|vote|votes}, so this is the taste of few people.", bot.Count(r.box.largest)))
	}
	switch {
	case left.shown() && left.share < 0.5:
		said = append(said, bot.Say("People lean to the right answer, whoever wrote it (more under Details). Sides are balanced, so no model gains by that."))
	case left.shown():
		said = append(said, bot.Say("People lean to the left answer, whoever wrote it (more under Details). Sides are balanced, so no model gains by that."))
	}
	switch {
	case length.shown() && length.share < 0.5:
		said = append(said, bot.Say("People lean to the shorter answer (more under Details). How much a model writes is part of its score."))
	case length.shown():
		said = append(said, bot.Say("People lean to the longer answer (more under Details). How much a model writes is part of its score."))
	}
	return said
}

// islands names the groups of models that were never compared.
func (r ranking) islands() []bot.Sentence {
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
	apart := bot.Say("{group}", bot.Names(groups[0]...).Upto(4))
	for _, g := range groups[1:] {
		apart = bot.Say("{groups} / {group}", apart, bot.Names(g...).Upto(4))
	}
	return []bot.Sentence{bot.Say("Never compared with each other, not even through others: {groups}. Their scores hold within each group only; a tasting of one from each would join them.", apart)}
}

// notes say what was left out, and where votes come from.
func (box ballotBox) notes() []bot.Sentence {
	var out bot.Series
	for _, left := range []struct {
		n   int
		why bot.Sentence
	}{
		{box.flagged, bot.Say("in which an answer names its author")},
		{box.control, bot.Say("that were controls")},
		{box.retest, bot.Say("that were repeats")},
		{box.void, bot.Say("without both answers")},
		{box.removed, bot.Say("that were taken out")},
		{box.unopened, bot.Say("that were never opened")},
		{box.withheld, bot.Say("with under three secret votes")},
		{box.pasted, bot.Say("of pasted texts")},
		{box.versions, bot.Say("of two versions of a prompt")},
		{box.gates, bot.Say("of what a gate compared")},
		{box.simulated, bot.Say("with simulated voters")},
	} {
		if left.n > 0 {
			out = append(out, bot.Say("{n} {why}", bot.Count(left.n), left.why))
		}
	}
	var notes []bot.Sentence
	if len(out) > 0 {
		notes = append(notes, bot.Say("Rounds left out: {list}.", out))
	}
	if len(box.settings()) > 0 {
		notes = append(notes, bot.Say("A model under different settings is ranked as several; which are which stands under Details."))
	}
	if box.imported > 0 {
		notes = append(notes, bot.Say("{n|round|rounds} came from an import.", bot.Count(box.imported)))
	}
	if box.crowd {
		notes = append(notes, bot.Say("Most voters here are simulated: this is a demonstration."))
	}
	return notes
}
