package stats

import (
	"math"
	"math/rand/v2"
)

// A Plan is a tasting that was not held yet, and what is supposed of it.
type Plan struct {
	Voters, Prompts int
	Share           float64 // of votes for the first model on a middling prompt, ties left out; inside (0, 1)
	Tie             float64 // the share of ties
	PromptSD        float64 // how much prompts differ, in logits
	VoterSD         float64 // how much voters do, in logits
}

// PlanFor returns a plan in which 15 % of votes are ties, two prompts in three
// shift the odds by a factor of less than 1.65, and voters lean alike.
func PlanFor(voters, prompts int, share float64) Plan {
	return Plan{Voters: voters, Prompts: prompts, Share: share, Tie: planTie, PromptSD: 0.5}
}

// Chances are how often a planned tasting would end how.
type Chances struct {
	First, Second float64 // the 95 % interval of the mean shows a winner
	Same          float64 // its 90 % interval lies inside 0.4 to 0.6
}

// Simulate holds the planned tasting runs times, with every voter on every
// prompt, and returns how often which end came; with 1,000 runs to about three
// points. All are 0 for under two voters or prompts.
func (p Plan) Simulate(runs int, rng *rand.Rand) Chances {
	var c Chances
	if p.Voters < 2 || p.Prompts < 2 || runs < 1 {
		return c
	}
	votes := make([]float64, p.Voters*p.Prompts)
	for range runs {
		p.hold(votes, rng)
		m := wholeTable(votes, p.Voters, p.Prompts)
		lo, hi, _ := m.CI(0.95)
		switch one := 1 / float64(runs); {
		case lo > 0.5:
			c.First += one
		case hi < 0.5:
			c.Second += one
		default:
			if lo, hi, _ := m.CI(0.90); lo > 0.4 && hi < 0.6 {
				c.Same += one
			}
		}
	}
	return c
}

// AtLeast returns how often, of so many runs, [Mean.AtLeast] shows at 5 % that the first
// model's share is worth or more. It is 0 for under two voters or prompts.
func (p Plan) AtLeast(worth float64, runs int, rng *rand.Rand) float64 {
	if p.Voters < 2 || p.Prompts < 2 || runs < 1 {
		return 0
	}
	votes, shown := make([]float64, p.Voters*p.Prompts), 0
	for range runs {
		p.hold(votes, rng)
		shown += Bit(wholeTable(votes, p.Voters, p.Prompts).AtLeast(worth, 0.05) == Shown)
	}
	return float64(shown) / float64(runs)
}

// Needed returns the smallest number of prompts, up to most, with which the
// planned tasting shows the first model as the winner with a probability of at
// least power; p.Prompts does not matter. 0: not even most would do.
func (p Plan) Needed(power float64, most, runs int, rng *rand.Rand) int {
	enough := func(prompts int) bool {
		p.Prompts = prompts
		return p.Simulate(runs, rng).First >= power
	}
	if most < 2 || !enough(most) {
		return 0
	}
	too, do := 1, most // too few, and enough
	for do-too > 1 {
		if mid := (too + do) / 2; enough(mid) {
			do = mid
		} else {
			too = mid
		}
	}
	return do
}

// A TastePlan is a tasting in which good tasters and the rest disagree: a third of
// the voters lean to the first model by 1.3 logits and are right in 93 % of
// control pairs, the others lean to the second by 0.7 and are right in 68 %.
// Prompts are alike, and 15 % of votes are ties.
type TastePlan struct {
	Voters, Prompts int
	Controls        int // of each voter
}

const (
	goodLean, restLean   = 1.3, -0.7
	goodRight, restRight = 0.93, 0.68
	planTie              = 0.15
)

// Shares returns what good tasters and the rest give the first model, with a tie
// as half.
func (TastePlan) Shares() (good, rest float64) {
	share := func(lean float64) float64 { return planTie/2 + (1-planTie)*logistic(lean) }
	return share(goodLean), share(restLean)
}

// Found returns in how many of so many simulated tastings taste is found as by
// [Decide]; 60 runs are good to about six points.
func (p TastePlan) Found(runs int, rng *rand.Rand) float64 {
	const shuffles = 100
	found := 0.0
	for range runs {
		var e Evidence
		for v := range p.Voters {
			lean, right := restLean, restRight
			if 3*v < p.Voters {
				lean, right = goodLean, goodRight
			}
			for k := range p.Prompts {
				o := Obs{Voter: v, Prompt: k}
				if rng.Float64() < planTie {
					o.Y = 0.5
				} else if rng.Float64() < logistic(lean) {
					o.Y = 1
				}
				e.Votes = append(e.Votes, o)
			}
			for k := range p.Controls {
				o := Obs{Voter: v, Prompt: k}
				if rng.Float64() < right {
					o.Y = 1
				}
				e.Controls = append(e.Controls, o)
			}
		}
		var d Decision
		d.people(e, e.Tasters(), OneLook(), shuffles, rng)
		if d.TasteTells {
			found += 1 / float64(runs)
		}
	}
	return found
}

// hold draws the votes of one tasting, voter by voter.
func (p Plan) hold(votes []float64, rng *rand.Rand) {
	lean := math.Log(p.Share / (1 - p.Share))
	prompts := make([]float64, p.Prompts)
	for k := range prompts {
		prompts[k] = p.PromptSD * rng.NormFloat64()
	}
	first := make([]float64, p.Prompts) // how probably the voter prefers it
	for v := range p.Voters {
		if voter := p.VoterSD * rng.NormFloat64(); v == 0 || p.VoterSD != 0 {
			for k, prompt := range prompts {
				first[k] = logistic(lean + prompt + voter)
			}
		}
		for k := range prompts {
			y := 0.0
			switch {
			case rng.Float64() < p.Tie:
				y = 0.5
			case rng.Float64() < first[k]:
				y = 1
			}
			votes[v*p.Prompts+k] = y
		}
	}
}

// wholeTable is [TwoWay] of a table without gaps, one vote a cell, voter by voter;
// many times as fast.
func wholeTable(votes []float64, voters, prompts int) Mean {
	n := len(votes)
	m := Mean{N: n, Voters: voters, Prompts: prompts}
	same := true
	for _, y := range votes {
		m.M += y / float64(n)
		same = same && y == votes[0]
	}
	if same {
		return m.ofOneMind(votes[0])
	}
	columns := make([]float64, prompts)
	var byVoter, byPrompt, alone float64
	for v := range voters {
		row := 0.0
		for k := range prompts {
			e := votes[v*prompts+k] - m.M
			row += e
			columns[k] += e
			alone += e * e
		}
		byVoter += row * row
	}
	for _, c := range columns {
		byPrompt += c * c
	}
	factor := func(g int) float64 { return float64(g) / float64(g-1) }
	m.estimate(terms{
		v: byVoter * factor(voters), p: byPrompt * factor(prompts), c: alone * factor(n),
		dv: float64(voters - 1), dp: float64(prompts - 1), dc: float64((voters - 1) * (prompts - 1)),
		voters: float64(voters * prompts * prompts),
	})
	return m
}
