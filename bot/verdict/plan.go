package verdict

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

const (
	MostPlanned  = 100 // voters; more change little
	plannedShare = 0.7 // the preference that a plan looks for
	plannedRuns  = 400 // simulated tastings a figure: good to about two points
	enoughPower  = 0.8
)

// Planned says what so many voters find in so many rounds.
func Planned(voters, rounds int) bot.Notice {
	columns := []int{5, 10, 15, 20}
	if !slices.Contains(columns, rounds) {
		columns = append(columns, rounds)
		slices.Sort(columns)
	}
	table := "prompts" // narrow, for phones
	for _, prompts := range columns {
		table += fmt.Sprintf("%5d ", prompts)
	}
	table = strings.TrimRight(table, " ")
	here := 0
	for _, share := range []float64{0.6, 0.7, 0.8} {
		table += fmt.Sprintf("\n%d/%d  ", whole(share), 100-whole(share))
		for _, prompts := range columns {
			n := whole(power(voters, prompts, share))
			table += fmt.Sprintf("%5d%%", n)
			if prompts == rounds && share == plannedShare {
				here = n
			}
		}
	}
	return bot.Notice{
		Title: bot.Say("What {voters} voters would find", bot.Count(voters)),
		Text: bot.Literal(strings.Join([]string{
			fmt.Sprintf("A tasting of %d prompts with %d voters finds a 70/30 preference about %d times in 100.", rounds, voters, here),
			wouldTake(voters),
			whatHelps(voters, rounds),
			"This supposes that one vote in seven finds the answers equal, and that people lean alike; if they do not, it takes more people.",
			"How often would a preference that is there be shown? In 100 tastings of so many prompts:",
		}, "\n")),
		Code: bot.Literal(table),
	}
}

// Needed is how many prompts so many voters need; 0: more than a tasting has.
func Needed(voters int) int {
	rng := rand.New(rand.NewPCG(uint64(voters), 1))
	return stats.PlanFor(voters, 0, plannedShare).Needed(enoughPower, bot.MostRounds, plannedRuns, rng)
}

func wouldTake(voters int) string {
	n := Needed(voters)
	if n == 0 {
		return fmt.Sprintf("Even %d prompts would find it less than %d times in 100: more voters are needed.", bot.MostRounds, whole(enoughPower))
	}
	return fmt.Sprintf("To find it %d times in 100 takes about %d prompts.", whole(enoughPower), n)
}

// whatHelps compares twice the prompts with twice the voters, for a preference
// that is not found often anyway.
func whatHelps(voters, rounds int) string {
	prompts, people := power(voters, 2*rounds, 0.6), power(2*voters, rounds, 0.6)
	switch {
	case prompts > people+0.05:
		return "More prompts help more than more voters."
	case people > prompts+0.05:
		return "More voters help more than more prompts."
	}
	return "More prompts and more voters help about alike."
}

// power is how often so many voters and prompts show a preference of this share.
func power(voters, prompts int, share float64) float64 {
	rng := rand.New(rand.NewPCG(uint64(voters), uint64(prompts)))
	return stats.PlanFor(voters, prompts, share).Simulate(plannedRuns, rng).First
}

const tastePlanned = 60 // simulated tastings: good to about 6 times in 100

// wouldSettle says which new tasting would show a preference of 70 to 30; or, where
// this one would most likely have shown that, of 60 to 40. Going on with this
// one after a look at it would not be fair.
func (f *finding) wouldSettle() string {
	voters := min(f.Mean.Voters, MostPlanned)
	sought := plannedShare
	if power(voters, min(f.Mean.Prompts, bot.MostRounds), sought) >= enoughPower {
		sought = 0.6
	}
	type size struct{ voters, prompts int }
	sizes := []size{{voters, 10}, {voters, 15}, {voters, 20}, {2 * voters, 20}, {4 * voters, 20}}
	var said string
	for _, s := range sizes {
		s.voters = min(s.voters, MostPlanned)
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
		Voters: min(f.Mean.Voters, MostPlanned), Prompts: min(f.Mean.Prompts, cmp.Or(f.Each, bot.MostRounds)),
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
