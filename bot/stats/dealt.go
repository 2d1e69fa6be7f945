package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A DealtPlan is a private tasting that was not held yet, in which Prompts are a
// pool: each voter is dealt so many of them, or all if it has fewer, and sees so many
// control pairs.
type DealtPlan struct {
	Plan
	Each, Controls int
	Looks          int // 1, or [Looks]
}

// Most is how many votes it takes at the most, on control pairs too.
func (p DealtPlan) Most() int { return p.Voters * (p.each() + p.Controls) }

// each is how many prompts a voter is dealt.
func (p DealtPlan) each() int { return min(p.Each, p.Prompts) }

// Simulate holds the planned tasting runs times, with everybody voting at one
// pace, and returns how often the first model is shown as the winner, and how
// many votes had come by the end, on average. It supposes that control pairs are
// passed. With 400 runs found is good to about five points.
func (p DealtPlan) Simulate(runs int, rng *rand.Rand) (found, votes float64) {
	for range runs {
		shown, took := p.hold(rng)
		found += float64(Bit(shown)) / float64(runs)
		votes += float64(took) / float64(runs)
	}
	return found, votes
}

// hold holds the tasting once.
func (p DealtPlan) hold(rng *rand.Rand) (first bool, votes int) {
	obs := p.votes(rng)
	for look := 1; look <= p.Looks; look++ {
		upTo := func(n int) int { return (n*look + p.Looks - 1) / p.Looks }
		seen := obs[:p.Voters*upTo(p.each())]
		l := LastLook(p.Looks-1, false)
		if look < p.Looks {
			l = EarlyLook(look)
		}
		m := TwoWay(seen)
		lo, hi, ok := m.CI(1 - l.Winner)
		enough := ok && min(m.Voters, m.Prompts) >= leastOf
		if shown := enough && (lo > 0.5 || hi < 0.5); shown || look == p.Looks {
			return shown && lo > 0.5, len(seen) + p.Voters*upTo(p.Controls)
		}
	}
	return false, 0
}

// votes draws all votes on plain rounds, first everybody's first one.
func (p DealtPlan) votes(rng *rand.Rand) []Obs {
	lean := math.Log(p.Share / (1 - p.Share))
	prompts := make([]float64, p.Prompts)
	for k := range prompts {
		prompts[k] = p.PromptSD * rng.NormFloat64()
	}
	var pack []int
	decks := make([][]int, p.Voters)
	for v := range decks {
		var aside []int
		for len(decks[v]) < p.each() {
			if len(pack) == 0 {
				pack = rng.Perm(p.Prompts)
			}
			if slices.Contains(decks[v], pack[0]) {
				aside = append(aside, pack[0])
			} else {
				decks[v] = append(decks[v], pack[0])
			}
			pack = pack[1:]
		}
		pack = append(aside, pack...)
	}
	obs := make([]Obs, 0, p.Voters*p.each())
	for n := range p.each() {
		for v, deck := range decks {
			o := Obs{Voter: v, Prompt: deck[n]}
			switch {
			case rng.Float64() < p.Tie:
				o.Y = 0.5
			case rng.Float64() < logistic(lean+prompts[deck[n]]):
				o.Y = 1
			}
			obs = append(obs, o)
		}
	}
	return obs
}
