package standings

import (
	"cmp"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// A ballotBox is what standings are made of: the counts and cells of all rounds
// that enter them, and how many rounds do not, and why.
type ballotBox struct {
	models   []entrant  // by name, then fingerprint
	rounds   []*counted // prompt by prompt
	prompts  int
	tastings int
	imported int  // rounds among them
	largest  int  // votes in one round
	crowd    bool // all voters are simulated

	entrants  map[string][]int     // places in models of those of a name, while it is filled
	promptIDs map[bot.PromptID]int // numbers of prompts

	flagged, control, retest, void, removed, unopened, withheld, pasted, versions, gates, simulated int // rounds left out
}

// An entrant is a model under one set of settings.
type entrant struct {
	card   bot.Card
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
	of           *bot.Round
	tasting      int // its place among those that the box was filled with
	models       [2]int
	prompt       int
	gap          float64      // how much longer the first one's answer is, see [stats.LengthGap]; in words
	votes, score [2]float64   // all, and for the first model, by its side: left, right
	halves       int          // votes for equal and both bad
	stored       []bot.Cell   // as many as votes; none where it is not known whose they are
	cells        []stats.Cell // the same
}

// fill gathers the rounds of revealed tastings that are in scope. Simulated
// people's votes count only where nobody else voted: in the demo. A round whose
// cells are not as many as its votes is one of unknown voters.
func fill(ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, only Scope) ballotBox {
	var revealed []int
	most, votes, people := 0, 0, false
	for i := range ts {
		if t := &ts[i]; t.State == bot.Revealed {
			revealed = append(revealed, i)
			most += len(t.Rounds)
			people = people || !t.Crowd
			for _, who := range cells[t.ID] {
				votes += len(who)
			}
		}
	}
	box := ballotBox{
		crowd:     len(revealed) > 0 && !people,
		rounds:    make([]*counted, 0, most),
		entrants:  make(map[string][]int),
		promptIDs: make(map[bot.PromptID]int),
	}
	rounds := make([]counted, 0, most) // in one piece, and so are their cells: there may be a million
	for _, at := range revealed {
		t := &ts[at]
		pair := [2]int{-1, -1} // models without a round that counts do not enter
		all := cells[t.ID]
		for i := range t.Rounds {
			r := &t.Rounds[i]
			if !only.has(r) || !box.counts(t, r) {
				continue
			}
			if pair[0] < 0 {
				pair = [2]int{box.entrant(t.Models[0]), box.entrant(t.Models[1])}
				box.tastings++
			}
			var stored []bot.Cell
			if i < len(all) && len(all[i]) == r.Counts.Tally().N() {
				stored = all[i]
			}
			rounds = append(rounds, newCounted(at, pair, box.prompt(r.PromptID()), r, stored))
			box.add(&rounds[len(rounds)-1])
			box.imported += stats.Bit(t.Imported != "")
		}
	}
	box.sort()
	known := make([]stats.Cell, 0, votes)
	for _, c := range box.rounds { // in the order in which a fit goes through them, again and again
		begin := len(known)
		for _, x := range c.stored {
			known = append(known, stats.Cell{Voter: x.Voter, Score: float32(x.Score())})
		}
		c.cells = known[begin:len(known):len(known)]
	}
	return box
}

// entrant returns a model's place among models, a new one if need be.
func (box *ballotBox) entrant(card bot.Card) int {
	for _, i := range box.entrants[card.Name] {
		if box.models[i].card.Alike(card) {
			return i
		}
	}
	i := len(box.models)
	box.entrants[card.Name] = append(box.entrants[card.Name], i)
	box.models = append(box.models, entrant{card: card, print: card.Fingerprint()})
	return i
}

// prompt numbers prompts. One without an ID is the same in its round alone.
func (box *ballotBox) prompt(p bot.PromptID) int {
	i, known := box.promptIDs[p]
	if !known || p.ID == "" {
		i = box.prompts
		box.promptIDs[p] = i
		box.prompts++
	}
	return i
}

// counts reports whether a round enters the standings, and counts it if not.
// A round without a vote does neither.
func (box *ballotBox) counts(t *bot.Tasting, r *bot.Round) bool {
	switch {
	case t.Compared:
		box.pasted++
	case t.Versions():
		box.versions++
	case t.OnlyNames():
		box.gates++
	case t.Crowd && !box.crowd:
		box.simulated++
	case r.Kind == bot.Control:
		box.control++
	case r.Kind == bot.Retest:
		box.retest++
	case r.IsUnopened():
		box.unopened++
	case r.Removed():
		box.removed++
	case !r.Live():
		box.void++
	case r.Flagged:
		box.flagged++
	case t.Withheld(r):
		box.withheld++
	default:
		return r.Counts.Tally().N() > 0
	}
	return false
}

func newCounted(tasting int, pair [2]int, prompt int, r *bot.Round, stored []bot.Cell) counted {
	tally := r.Counts.Tally()
	c := counted{of: r, tasting: tasting, models: pair, prompt: prompt, halves: tally.Tie + tally.Bad, stored: stored}
	if r.Words[0] > 0 && r.Words[1] > 0 {
		c.gap = stats.LengthGap(r.Words[0], r.Words[1])
	}
	for side, n := range r.Counts {
		c.votes[side] = float64(n[bot.First-1] + n[bot.Second-1] + n[bot.Tie-1] + n[bot.Bad-1])
		c.score[side] = float64(n[bot.First-1]) + float64(n[bot.Tie-1]+n[bot.Bad-1])/2
	}
	return c
}

// part has some rounds of the box alone, and no word on what was left out. Its models,
// and what they are called, are those of the box.
func (box ballotBox) part(rounds []*counted) ballotBox {
	box = box.bare(rounds)
	for _, c := range box.rounds {
		box.sum(c)
	}
	return box
}

// bare is part for whoever ranks its models and asks for nothing else of them than
// their votes.
func (box ballotBox) bare(rounds []*counted) ballotBox {
	all := box.models
	box.models, box.largest = make([]entrant, len(all)), 0
	for i, e := range all {
		box.models[i] = entrant{card: e.card, print: e.print, shown: e.shown}
	}
	box.rounds = rounds
	for _, c := range rounds {
		box.voted(c)
	}
	return box
}

func (box *ballotBox) add(c *counted) {
	box.rounds = append(box.rounds, c)
	box.voted(c)
	box.sum(c)
}

// voted adds a round's votes to its models'. It does not look at the record: fetching a
// hundred thousand of them from all over is most of what a part takes.
func (box *ballotBox) voted(c *counted) {
	n := int(c.votes[0] + c.votes[1])
	for _, m := range c.models {
		box.models[m].votes += n
	}
}

// sum adds a round to what else is known of its models.
func (box *ballotBox) sum(c *counted) {
	r, tally := c.of, c.of.Counts.Tally()
	box.largest = max(box.largest, tally.N())
	for i, m := range c.models {
		e := &box.models[m]
		e.rounds++
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
// tastings, and names them; and rounds prompt by prompt, in which order a fit
// is fastest.
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
	begin := make([]int, box.prompts+1) // of each prompt's rounds, those before it counted
	for _, r := range box.rounds {
		begin[r.prompt+1]++
	}
	for k := range box.prompts {
		begin[k+1] += begin[k]
	}
	sortedRounds := make([]counted, len(box.rounds))
	for _, c := range box.rounds {
		r := *c
		for j, m := range r.models {
			r.models[j] = place[m]
		}
		sortedRounds[begin[r.prompt]] = r
		begin[r.prompt]++
	}
	for i := range sortedRounds {
		box.rounds[i] = &sortedRounds[i]
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
