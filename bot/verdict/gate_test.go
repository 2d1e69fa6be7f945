package verdict_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// votesOf are of so many voters on so many prompts, each for the old one with this
// probability.
func votesOf(voters, prompts int, old float64, rng *rand.Rand) (obs []stats.Obs) {
	for v := range voters {
		for k := range prompts {
			obs = append(obs, stats.Obs{Voter: v, Prompt: k, Y: float64(stats.Bit(rng.Float64() < old))})
		}
	}
	return obs
}

func TestGate(t *testing.T) {
	names := [2]string{"main", "branch"}
	for _, tt := range []struct {
		what            string
		ask             bot.Ask
		voters, prompts int
		old             float64
		want            verdict.Passage
		says            string
	}{
		{"all for the new one", bot.NotWorse, 6, 6, 0, verdict.Passed, "Passed: branch is not worse than main by more than ten points (40% or more). branch has 100%"},
		{"all for the new one", bot.Preferred, 6, 6, 0, verdict.Passed, "Passed: branch is preferred to main (over 50%)."},
		{"all for the old one", bot.NotWorse, 6, 6, 1, verdict.Failed, "Failed: it is ruled out that branch is not worse than main"},
		{"all for the old one", bot.Preferred, 6, 6, 1, verdict.Failed, "branch has 0%"},
		{"level, few", bot.NotWorse, 6, 6, 0.5, verdict.Undecided, "Undecided: it is neither shown nor ruled out"},
		{"level, many", bot.NotWorse, 30, 40, 0.5, verdict.Passed, "Passed"},
		{"level, many", bot.Preferred, 30, 40, 0.5, verdict.Undecided, "Undecided"},
		{"four voters", bot.NotWorse, 4, 20, 0, verdict.Undecided, "that takes at least 5 voters and 5 prompts, and there were 4 and 20"},
		{"four prompts", bot.NotWorse, 20, 4, 0, verdict.Undecided, "there were 20 and 4"},
		{"nobody", bot.NotWorse, 0, 0, 0, verdict.Undecided, "there were 0 and 0"},
	} {
		m := stats.TwoWay(votesOf(tt.voters, tt.prompts, tt.old, rand.New(rand.NewPCG(1, 1))))
		if got, said := verdict.Gate(tt.ask, names, m, 0.05); got != tt.want || !strings.Contains(said, tt.says) {
			t.Errorf("%s, %s: %s, %q; want %s, %q", tt.what, tt.ask, got, said, tt.want, tt.says)
		}
	}
}

// A gate's shares are rounded as its reveal rounds them: what may be lower than half is not
// said to be half.
func TestGateSaysTheRevealsShares(t *testing.T) {
	names := [2]string{"main", "branch"}
	for _, tt := range []struct {
		old, se float64
		says    string
	}{
		{0.455, 0.0300, "branch has 55% of the votes of 10 voters on 10 prompts; its true share may be 49 to 60%."},
		{0.421, 0.0432, "branch has 58% of the votes of 10 voters on 10 prompts; its true share may be 49 to 66%."},
		{0.497, 0.0500, "branch has 50.3% of the votes of 10 voters on 10 prompts; its true share may be 41 to 60%."},
	} {
		m := stats.Mean{M: tt.old, SE: tt.se, DF: 9, Voters: 10, Prompts: 10}
		if _, said := verdict.Gate(bot.Preferred, names, m, 0.05); !strings.HasSuffix(said, " "+tt.says) {
			t.Errorf("of a mean of %v ± %v: %q, want %q", tt.old, tt.se, said, tt.says)
		}
	}
}

// A gate is wrong in at most 5 of 100 times, give or take chance, where the new one
// is worse by just ten points; and what it says of its power is so.
func TestGateErrsSeldom(t *testing.T) {
	const runs, voters, prompts = 600, 8, 20
	rng := rand.New(rand.NewPCG(2, 2))
	passes := func(old float64) (n int) {
		for range runs {
			got, _ := verdict.Gate(bot.NotWorse, [2]string{"old", "new"}, stats.TwoWay(votesOf(voters, prompts, old, rng)), 0.05)
			n += stats.Bit(got == verdict.Passed)
		}
		return n
	}
	if n := passes(0.6); n > 42 { // 30, give or take chance
		t.Errorf("where it is worse by ten points it passes in %d of %d", n, runs)
	}
	power := verdict.Power(bot.NotWorse, voters, prompts)
	if power < 20 || power > 80 || verdict.Power(bot.NotWorse, 3*voters, prompts) <= power || verdict.Power(bot.Preferred, voters, prompts) > 8 {
		t.Errorf("the power of %d voters on %d prompts is said to be %d, of three times as many %d; of “preferred” %d", voters, prompts, power,
			verdict.Power(bot.NotWorse, 3*voters, prompts), verdict.Power(bot.Preferred, voters, prompts))
	}
}
