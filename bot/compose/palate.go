package compose

import (
	"cmp"
	"slices"

	"github.com/tastetest/tastetest/bot"
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
	lately   bot.List // the first votes that were added, one by one
}

// mostLately is how many votes are said one by one.
const mostLately = 5

// NewPalate is ready for Add.
func NewPalate() Palate { return Palate{models: make(map[string]ofDecisive)} }

// Add adds the picks of user in t, one a round; the newest tasting first. Each figure has its own votes
// that count: repeats for steadiness, all sided votes for sides, plain rounds
// for the rest.
func (p *Palate) Add(t bot.Tasting, user string, picks []bot.Pick) {
	before := p.votes
	known, flipped := t.SidesKnown(user), t.Sides()
	for i, mine := range picks {
		r := t.Rounds[i]
		if mine == bot.None {
			continue
		}
		p.votes++
		p.recall(t, i, mine)
		if r.Kind == bot.Retest && r.Original > 0 && r.Original <= len(picks) {
			if first := picks[r.Original-1]; first != bot.None {
				p.steady.add(first == mine)
			}
		}
		if mine != bot.First && mine != bot.Second {
			continue
		}
		if known {
			p.left.add((mine == bot.First) != flipped(i+1, user))
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
		if t.OnlyNames() || len(t.Barred) > 0 || r.Flagged {
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

// recall keeps a vote to be said by itself. Control pairs and repeats are not
// asked about by what they are.
func (p *Palate) recall(t bot.Tasting, i int, mine bot.Pick) {
	if t.Rounds[i].Kind != bot.Plain || len(p.lately.Of) >= mostLately {
		return
	}
	p.lately.Of = append(p.lately.Of, bot.Say("{choice} in {round}", chosen(t, mine), t.ID.Round(i+1)))
}

// Sentences say what is known, each with its n.
func (p Palate) Sentences() []bot.Sentence {
	if p.votes == 0 {
		return []bot.Sentence{bot.Say("You have no votes in revealed rounds yet. When a tasting you voted in is revealed, this shows how you vote.")}
	}
	said := []bot.Sentence{bot.Say("{n|vote|votes} in {m|revealed tasting|revealed tastings}.", bot.Count(p.votes), bot.Count(p.tastings))}
	if len(p.lately.Of) > 0 {
		said = append(said, bot.Say("Lately you voted {votes}.", p.lately))
	}
	if p.agreed.n > 0 {
		said = append(said, bot.Say("Where you chose a side and most of the others chose one, it was the same in {share} (coin flips: half).", p.agreed.of()))
	}
	if p.steady.n > 0 {
		said = append(said, bot.Say("Shown the same pair again with the sides swapped, you stood by your answer in {share}.", p.steady.of()))
	}
	if p.left.n > 0 {
		said = append(said, p.left.lean(bot.Say("the answer on the left"), bot.Say("the one on the right"), bot.Sentence{}))
	}
	if p.longer.n > 0 {
		said = append(said, p.longer.lean(bot.Say("the longer answer"), bot.Say("the shorter answer"), bot.Say("That may be the models that write so, and not the length.")))
	}
	if s := p.favourites(); !s.IsZero() {
		said = append(said, s)
	}
	return append(said, bot.Say("Nobody else is shown this. A few dozen votes are needed before such figures say much about anybody."))
}

// of writes "7 of 9", with a percentage where there are enough.
func (o ofDecisive) of() bot.Sentence {
	if o.n < enoughToLean {
		return bot.Say("{n} of {all}", bot.Count(o.k), bot.Count(o.n))
	}
	return bot.Say("{n} of {all} ({share})", bot.Count(o.k), bot.Count(o.n), bot.Percent(stats.Percent(o.k, o.n-o.k)[0]))
}

// lean says whether o favours this over that.
func (o ofDecisive) lean(this, that, caution bot.Sentence) bot.Sentence {
	if o.k < o.n-o.k {
		o.k, this, that = o.n-o.k, that, this
	}
	switch {
	case o.n < enoughToLean:
		return bot.Say("You chose {what} in {share}: too few to say whether you favour it.", this, o.of())
	case stats.Exact(o.k, o.n) < 0.05:
		return bot.Prose(bot.Say("You chose {what} in {share}: more than coin flips would give.", this, o.of()), caution)
	}
	return bot.Say("You chose {what} in {share}: as coin flips might.", this, o.of())
}

// favourites are the models chosen most often against their rivals.
func (p Palate) favourites() bot.Sentence {
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
	var said bot.List
	for _, f := range all {
		said.Of = append(said.Of, bot.Say("{model} in {share}", bot.Verbatim(f.name), f.of()))
	}
	if len(said.Of) == 0 {
		return bot.Sentence{}
	}
	return bot.Say("Where you chose a side, it was {list}.", said.Upto(8))
}
