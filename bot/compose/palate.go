package compose

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// enoughToLean is the number of votes from which on it is said whether
// somebody leans to something.
const enoughToLean = 10

// An ofDecisive is so many of the votes that chose a side.
type ofDecisive struct{ k, n int }

func (o *ofDecisive) add(yes bool) {
	o.k += stats.Bit(yes)
	o.n++
}

// A Palate is one person's votes in revealed rounds, added up.
type Palate struct {
	votes    int
	tastings int
	agreed   ofDecisive // with the majority of the others
	steady   ofDecisive // of repeats: the same answer again
	left     ofDecisive
	longer   ofDecisive // where one answer had more words
	models   map[string]ofDecisive
}

// NewPalate is ready for Add.
func NewPalate() Palate { return Palate{models: make(map[string]ofDecisive)} }

// Add adds the picks of user in t, one a round. Each figure has its own votes
// that count: repeats for steadiness, all sided votes for sides, plain rounds
// for the rest.
func (p *Palate) Add(t bot.Tasting, user string, picks []bot.Pick) {
	before := p.votes
	for i, mine := range picks {
		r := t.Rounds[i]
		if mine == bot.None {
			continue
		}
		p.votes++
		if r.Kind == bot.Retest && r.Original > 0 && r.Original <= len(picks) {
			if first := picks[r.Original-1]; first != bot.None {
				p.steady.add(first == mine)
			}
		}
		if mine != bot.First && mine != bot.Second {
			continue
		}
		if seen := t.Seen(i+1, user); seen.Known {
			p.left.add((mine == bot.First) != seen.Flip)
		}
		if r.Words[0] != r.Words[1] && r.Words[0] > 0 && r.Words[1] > 0 {
			p.longer.add((mine == bot.First) == (r.Words[0] > r.Words[1]))
		}
		if r.Kind != bot.Plain || t.Withheld(&r) {
			continue
		}
		others := r.Counts.Tally()
		others.First -= stats.Bit(mine == bot.First)
		others.Second -= stats.Bit(mine == bot.Second)
		if others.First != others.Second {
			p.agreed.add((mine == bot.First) == (others.First > others.Second))
		}
		if len(t.Barred) > 0 || r.Flagged {
			continue
		}
		for j, card := range t.Models {
			m := p.models[card.Name]
			m.add(int(mine) == j+1)
			p.models[card.Name] = m
		}
	}
	p.tastings += stats.Bit(p.votes > before)
}

// Sentences say what is known, each with its n.
func (p Palate) Sentences() []string {
	if p.votes == 0 {
		return []string{"You have no votes in revealed rounds yet. When a tasting you voted in is revealed, this shows how you vote."}
	}
	said := []string{fmt.Sprintf("%s in %s.", say.Plural(p.votes, "vote", "votes"), say.Plural(p.tastings, "revealed tasting", "revealed tastings"))}
	if p.agreed.n > 0 {
		said = append(said, fmt.Sprintf("Where you chose a side and most of the others chose one, it was the same in %s (coin flips: half).", p.agreed.of()))
	}
	if p.steady.n > 0 {
		said = append(said, fmt.Sprintf("Shown the same pair again with the sides swapped, you stood by your answer in %s.", p.steady.of()))
	}
	if p.left.n > 0 {
		said = append(said, p.left.lean("the answer on the left", "the one on the right", ""))
	}
	if p.longer.n > 0 {
		said = append(said, p.longer.lean("the longer answer", "the shorter answer", " That may be the models that write so, and not the length."))
	}
	if s := p.favourites(); s != "" {
		said = append(said, s)
	}
	return append(said, "Nobody else is shown this. A few dozen votes are needed before such figures say much about anybody.")
}

// of writes "7 of 9", with a percentage where there are enough.
func (o ofDecisive) of() string {
	if o.n < enoughToLean {
		return fmt.Sprintf("%d of %d", o.k, o.n)
	}
	return fmt.Sprintf("%d of %d (%d%%)", o.k, o.n, stats.Percent(o.k, o.n-o.k)[0])
}

// lean says whether o favours this over that.
func (o ofDecisive) lean(this, that, caution string) string {
	if o.k < o.n-o.k {
		o.k, this, that = o.n-o.k, that, this
	}
	said := fmt.Sprintf("You chose %s in %s", this, o.of())
	switch {
	case o.n < enoughToLean:
		return said + ": too few to say whether you favour it."
	case stats.Exact(o.k, o.n) < 0.05:
		return said + ": more than coin flips would give." + caution
	}
	return said + ": as coin flips might."
}

// favourites are the models chosen most often against their rivals.
func (p Palate) favourites() string {
	type favourite struct {
		name string
		ofDecisive
	}
	var all []favourite
	for name, o := range p.models {
		all = append(all, favourite{name, o})
	}
	slices.SortFunc(all, func(a, b favourite) int {
		return cmp.Or(b.k*a.n-a.k*b.n, cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name))
	})
	var said []string
	for _, f := range all {
		said = append(said, fmt.Sprintf("%s in %s", f.name, f.of()))
	}
	if len(said) == 0 {
		return ""
	}
	return "Of the votes that chose a side you gave " + say.Listed(said, 8) + "."
}
