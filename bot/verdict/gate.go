package verdict

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// A Passage is how a gate's question was answered.
type Passage string

const (
	Passed    Passage = "passed"    // it is shown
	Failed    Passage = "failed"    // it is ruled out
	Undecided Passage = "undecided" // neither
	Pending   Passage = "pending"   // people are still being asked
	Fault     Passage = "fault"     // people could not be asked
)

// Gate answers a gate's question by the mean of a tasting's votes, which is that of
// its first model, the old one, one-sided at the level of the look that ended voting;
// 0.05 of votes that are looked at once. Under five voters or prompts nothing is
// decided.
func Gate(ask bot.Ask, names [2]string, m stats.Mean, level float64) (Passage, string) {
	if m.Voters < bot.EnoughVoters || m.Prompts < bot.EnoughPrompts {
		return Undecided, fmt.Sprintf("Undecided: that takes at least %d voters and %d prompts, and there were %d and %d.",
			bot.EnoughVoters, bot.EnoughPrompts, m.Voters, m.Prompts)
	}
	lo, hi, ok := m.CI(1 - 2*level)
	m.M = 1 - m.M
	answer := m.AtLeast(ask.Least(), level)
	share := fmt.Sprintf("%s has %s%% of the votes of %s on %s", names[1], Share(m.M, math.Round), say.Counted(m.Voters, "voter"), say.Counted(m.Prompts, "prompt"))
	if ok {
		share += fmt.Sprintf("; its true share may be %s to %s%%", Share(1-hi, math.Floor), Share(1-lo, math.Ceil))
	}
	asked := "not worse than " + names[0] + " by more than ten points (40% or more)"
	if ask == bot.Preferred {
		asked = "preferred to " + names[0] + " (over 50%)"
	}
	switch answer {
	case stats.Shown:
		return Passed, fmt.Sprintf("Passed: %s is %s. %s.", names[1], asked, share)
	case stats.RuledOut:
		return Failed, fmt.Sprintf("Failed: it is ruled out that %s is %s. %s.", names[1], asked, share)
	}
	return Undecided, fmt.Sprintf("Undecided: it is neither shown nor ruled out that %s is %s. %s.", names[1], asked, share)
}

// Power is how often, of 100 times, a gate passes if the two are equal and so many
// people vote on so many prompts.
func Power(ask bot.Ask, voters, prompts int) int {
	rng := rand.New(rand.NewPCG(uint64(voters), uint64(prompts)))
	return whole(stats.PlanFor(voters, prompts, 0.5).AtLeast(ask.Least(), 1000, rng))
}
