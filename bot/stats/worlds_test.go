package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A world is one truth behind a tasting. Leans and spreads are in logits.
type world struct {
	name     string
	want     Verdict
	right    float64 // how often the reference rule calls it right: 300 tastings of 20 voters, 20 prompts, 6 controls, 6 retests
	lean     float64
	promptSD float64
	twoPoint bool // prompts are promptSD up or down
	voterSD  float64
	tie      float64
	skill    float64 // the share of control pairs that are called right
	tastes   bool    // a third are good tasters (right in 93 %, lean 1.3), the rest are not (68 %, −0.7)
}

// worlds are those of sim_verdict.py.
var worlds = []world{
	{name: "1_taste", want: Taste, right: 0.543, tie: 0.15, tastes: true},
	{name: "2_guess", want: Guessing, right: 1, tie: 0.15, skill: 0.5},
	{name: "3_prompts", want: Prompts, right: 0.947, promptSD: 1.3, tie: 0.15, skill: 0.88},
	{name: "4_same", want: Same, right: 0.94, tie: 0.35, skill: 0.88},
	{name: "5_mix", want: Mix, right: 0.377, promptSD: 1.1, tie: 0.15, tastes: true},
	{name: "new_better", want: First, right: 0.997, lean: 0.9, promptSD: 0.3, tie: 0.15, skill: 0.88},
	{name: "old_better", want: Second, right: 0.99, lean: -0.9, promptSD: 0.3, tie: 0.15, skill: 0.88},
}

// A size is that of a tasting.
type size struct{ voters, prompts, controls, retests int }

// An oddity is what people and posts do to votes.
type oddity struct {
	troll    bool    // one voter, whoever it is, chooses the second model every time, and the worse control in 70 %
	spread   bool    // voters' true shares have a spread of 0.06
	left     float64 // logits for the left answer, where all see one order of sides
	herd     float64 // how often a vote is that of most before it, on a ballot that shows them
	guessers float64 // share of voters who flip coins
	lazy     float64 // share of voters who stop half way
	missing  float64 // share of votes that are missing
	oneOrder bool    // all see one order of sides, and can see votes
	hidden   bool    // but they cannot
	of       int     // each voter sees so many of the prompts, dealt from shuffled decks; 0: all
	twice    bool    // every vote comes twice
}

// taste draws all votes of one tasting.
func (w world) taste(s size, rng *rand.Rand) Evidence { return w.odd(s, oddity{}, rng) }

// odd is taste with oddities.
func (w world) odd(s size, o oddity, rng *rand.Rand) Evidence {
	e := Evidence{Seen: o.oneOrder && !o.hidden}
	prompt := make([]float64, s.prompts)
	for k := range prompt {
		prompt[k] = w.promptSD * rng.NormFloat64()
		if w.twoPoint {
			prompt[k] = math.Copysign(w.promptSD, rng.Float64()-0.5)
		}
		if o.oneOrder {
			e.Flipped = append(e.Flipped, k%2 == 1)
			prompt[k] += o.left * float64(1-2*(k%2))
		}
	}
	lean, skill := make([]float64, s.voters), make([]float64, s.voters)
	guesses, troll := make([]bool, s.voters), -1
	if o.troll {
		troll = rng.IntN(s.voters)
	}
	for v := range lean {
		lean[v], skill[v] = w.lean+w.voterSD*rng.NormFloat64(), w.skill
		if o.spread {
			lean[v] += 0.24 * rng.NormFloat64()
		}
		switch {
		case w.tastes && float64(v) < math.RoundToEven(0.35*float64(s.voters)):
			lean[v], skill[v] = lean[v]+1.3, 0.93
		case w.tastes:
			lean[v], skill[v] = lean[v]-0.7, 0.68
		}
		guesses[v] = rng.Float64() < o.guessers
		switch {
		case v == troll:
			skill[v] = 0.3
		case guesses[v]:
			skill[v] = 0.5
		}
	}
	vote := func(v, k int) float64 {
		switch {
		case v == troll:
			return 0
		case rng.Float64() < w.tie:
			return 0.5
		case guesses[v]:
			return yes(rng.Float64() < 0.5)
		}
		return yes(rng.Float64() < logistic(lean[v]+prompt[k]))
	}
	sum, votes := make([]float64, s.prompts), make([]float64, s.prompts)
	var deck []int
	for v := range s.voters {
		prompts, controls := rng.Perm(s.prompts), s.controls
		if o.of > 0 {
			prompts, deck = deal(deck, o.of, s.prompts, rng)
		}
		if float64(v) < math.Round(o.lazy*float64(s.voters)) {
			prompts, controls = prompts[:len(prompts)/2], controls/2
		}
		first := make(map[int]float64)
		for _, k := range prompts {
			if o.missing > 0 && rng.Float64() < o.missing {
				continue
			}
			y := vote(v, k)
			if o.herd > 0 && votes[k] >= 2 && 2*sum[k] != votes[k] && rng.Float64() < o.herd {
				y = yes(2*sum[k] > votes[k])
			}
			sum[k] += y
			votes[k]++
			first[k] = y
			e.Votes = append(e.Votes, Obs{v, k, y})
			if o.twice {
				e.Votes = append(e.Votes, Obs{v, k, y})
			}
		}
		for c := range controls {
			e.Controls = append(e.Controls, Obs{v, c, yes(rng.Float64() < skill[v])})
		}
		for _, k := range prompts[:min(s.retests, len(prompts))] {
			if y, voted := first[k]; voted {
				e.Retests = append(e.Retests, Obs{v, k, yes(vote(v, k) == y)})
			}
		}
	}
	return e
}

// deal takes n different ones of so many prompts from a deck, adding shuffled
// decks as needed, and returns the rest.
func deal(deck []int, n, prompts int, rng *rand.Rand) (hand, rest []int) {
	for len(hand) < n {
		if len(deck) == 0 {
			deck = rng.Perm(prompts)
		}
		if k := deck[0]; slices.Contains(hand, k) {
			rest = append(rest, k)
		} else {
			hand = append(hand, k)
		}
		deck = deck[1:]
	}
	return hand, append(rest, deck...)
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
