package engine

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

const tastePlanned = 60 // simulated tastings: good to about 6 times in 100

// settle says which new tasting would show a preference of 70 to 30; or, where
// this one would most likely have shown that, of 60 to 40. Going on with this
// one after a look at it would not be fair.
func (f *finding) settle() string {
	voters := min(f.Mean.Voters, mostPlanned)
	sought := plannedShare
	if power(voters, min(f.Mean.Prompts, bot.MostRounds), sought) >= enoughPower {
		sought = 0.6
	}
	type size struct{ voters, prompts int }
	sizes := []size{{voters, 10}, {voters, 15}, {voters, 20}, {2 * voters, 20}, {4 * voters, 20}}
	var said string
	for _, s := range sizes {
		s.voters = min(s.voters, mostPlanned)
		if s.voters <= voters && s.prompts <= f.Mean.Prompts {
			continue // no more than this one
		}
		found := power(s.voters, s.prompts, sought)
		said = fmt.Sprintf("To settle it: a new tasting of %d prompts with %d people finds a %d/%d preference about %d times in 100.",
			s.prompts, s.voters, whole(sought), 100-whole(sought), whole(found))
		if found >= enoughPower {
			break
		}
	}
	return said
}

// wouldBeFound says how often good tasters who disagree would have been found.
func (f *finding) wouldBeFound() string {
	if f.Brief {
		return ""
	}
	p := stats.TastePlan{
		Voters: min(f.Mean.Voters, mostPlanned), Prompts: min(f.Mean.Prompts, bot.MostRounds),
		Controls: max(1, f.Attention.Votes/max(f.Attention.Voters, 1)),
	}
	good, rest := p.Shares()
	often := int(math.Round(10 * p.Found(tastePlanned, rand.New(rand.NewPCG(uint64(p.Voters), uint64(p.Prompts))))))
	return fmt.Sprintf(" If a third gave one model %d%% of their votes and the rest %d%%, so many people, prompts and control pairs would show it %s.",
		whole(good), whole(rest), inTen(often))
}

// inTen writes how often something happens.
func inTen(times int) string {
	switch times {
	case 0:
		return "hardly ever"
	case 1:
		return "about once in 10 times"
	case 10:
		return "nearly always"
	}
	return fmt.Sprintf("about %d times in 10", times)
}
