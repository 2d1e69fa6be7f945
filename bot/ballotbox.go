package bot

import (
	"cmp"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot/stats"
)

// A ballotBox is what standings are made of: the counts of all rounds that
// enter them, and how many rounds do not, and why.
type ballotBox struct {
	models   []entrant // by name, then fingerprint
	rounds   []counted
	tastings int
	imported int  // rounds among them
	largest  int  // votes in one round
	crowd    bool // all voters are simulated

	entrants   map[entrantKey]int // places in models, while it is filled
	promptKeys map[promptKey]int  // numbers of prompts

	flagged, control, retest, void, withheld, pasted, simulated int // rounds left out
}

// An entrant is a model under one set of settings.
type entrant struct {
	card   Card
	print  string // its fingerprint
	shown  string // its name; with the fingerprint if there are others of that name
	votes  int
	bad    int // votes that found both answers bad
	rounds int
	asked  int // different prompts
	cost   int64
	costs  int // answers of known cost
	took   time.Duration
	timed  int // answers of known latency
}

// A counted round is one that enters the standings.
type counted struct {
	models [2]int
	prompt int
	counts Counts
	words  [2]int
}

// fill gathers the rounds of revealed tastings that are in scope. Simulated
// people's votes count only where nobody else voted: in the demo.
func fill(ts []Tasting, only scope) ballotBox {
	revealed := slices.DeleteFunc(slices.Clone(ts), func(t Tasting) bool { return t.State != Revealed })
	most := 0
	for _, t := range revealed {
		most += len(t.Rounds)
	}
	box := ballotBox{
		crowd:      len(revealed) > 0 && !slices.ContainsFunc(revealed, func(t Tasting) bool { return !t.Crowd }),
		rounds:     make([]counted, 0, most),
		entrants:   make(map[entrantKey]int),
		promptKeys: make(map[promptKey]int),
	}
	for _, t := range revealed {
		pair := [2]int{-1, -1} // models without a round that counts do not enter
		for i, r := range t.Rounds {
			if !only.has(r) || !box.counts(t, r) {
				continue
			}
			if pair[0] < 0 {
				pair = [2]int{box.entrant(t.Models[0]), box.entrant(t.Models[1])}
				box.tastings++
			}
			box.add(pair, box.prompt(t, i+1), r)
			box.imported += bit(t.Imported != "")
		}
	}
	box.sort()
	return box
}

// An entrantKey is what makes a model the same model.
type entrantKey struct{ name, print string }

// entrant returns a model's place among models, a new one if need be.
func (box *ballotBox) entrant(card Card) int {
	k := entrantKey{card.Name, card.Fingerprint()}
	i, known := box.entrants[k]
	if !known {
		i = len(box.models)
		box.entrants[k] = i
		box.models = append(box.models, entrant{card: card, print: k.print})
	}
	return i
}

// A promptKey is what makes a prompt the same prompt in all tastings; one
// without an ID is the same in its round alone.
type promptKey struct {
	promptID
	own RoundID
}

// prompt numbers the prompt of round n of t.
func (box *ballotBox) prompt(t Tasting, n int) int {
	k := promptKey{promptID: t.Rounds[n-1].promptID()}
	if k.id == "" {
		k.own = t.ID.Round(n)
	}
	i, known := box.promptKeys[k]
	if !known {
		i = len(box.promptKeys)
		box.promptKeys[k] = i
	}
	return i
}

// counts reports whether a round enters the standings, and counts it if not.
// A round without a vote does neither.
func (box *ballotBox) counts(t Tasting, r Round) bool {
	switch {
	case t.Compared:
		box.pasted++
	case t.Crowd && !box.crowd:
		box.simulated++
	case r.Kind == Control:
		box.control++
	case r.Kind == Retest:
		box.retest++
	case !r.Live():
		box.void++
	case r.Flagged:
		box.flagged++
	case t.withheld(r):
		box.withheld++
	default:
		return r.Counts.Tally().N() > 0
	}
	return false
}

func (box *ballotBox) add(pair [2]int, prompt int, r Round) {
	tally := r.Counts.Tally()
	box.rounds = append(box.rounds, counted{pair, prompt, r.Counts, r.Words})
	box.largest = max(box.largest, tally.N())
	for i, m := range pair {
		e := &box.models[m]
		e.rounds++
		e.votes += tally.N()
		e.bad += tally.Bad
		if r.Cost[i].Known {
			e.cost += r.Cost[i].Pico
			e.costs++
		}
		if r.Took[i] > 0 {
			e.took += r.Took[i]
			e.timed++
		}
	}
}

// sort puts the models in an order that does not depend on that of the
// tastings, and names them.
func (box *ballotBox) sort() {
	order := make([]int, len(box.models))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := box.models[i], box.models[j]
		return cmp.Or(cmp.Compare(a.card.Name, b.card.Name), cmp.Compare(a.print, b.print))
	})
	place := make([]int, len(order))
	sorted := make([]entrant, len(order))
	named := make(map[string]int)
	for at, i := range order {
		place[i], sorted[at] = at, box.models[i]
		named[sorted[at].card.Name]++
	}
	for i := range sorted {
		e := &sorted[i]
		if e.shown = e.card.Name; named[e.shown] > 1 {
			e.shown += "@" + e.print
		}
	}
	box.models = sorted
	for i := range box.rounds {
		for j, m := range box.rounds[i].models {
			box.rounds[i].models[j] = place[m]
		}
	}
}

// total is the votes of all rounds.
func (box ballotBox) total() int {
	n := 0
	for _, e := range box.models {
		n += e.votes
	}
	return n / 2
}

// games are the rounds as a fit takes them.
func (box ballotBox) games() []stats.Game {
	games := make([]stats.Game, 0, len(box.rounds))
	for _, r := range box.rounds {
		c := r.counts.Tally()
		games = append(games, stats.Game{
			A: r.models[0], B: r.models[1], Prompt: r.prompt,
			Score: float64(c.First) + float64(c.Tie+c.Bad)/2, Votes: float64(c.N()),
		})
	}
	return games
}
