package engine

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

const (
	mostPlanned  = 100 // voters; more change little
	plannedShare = 0.7 // the preference that a plan looks for
	plannedRuns  = 400 // simulated tastings a figure: good to about two points
	enoughPower  = 0.8
)

// usualVoters is for how many people a plan is made if nobody says.
const usualVoters = 9

// plan answers /tastetest plan: what so many voters and rounds would find, and
// what it would take. Every figure is simulated, always from the same seed.
func plan(opts map[string]string) (bot.Reply, error) {
	voters, err := number(opts, "voters", usualVoters, 2, mostPlanned)
	if err != nil {
		return bot.Reply{}, err
	}
	rounds, err := number(opts, "rounds", bot.UsualRounds, 2, bot.MostRounds)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Post: planned(voters, rounds)}, nil
}

// planAnother plans a tasting like t with as many voters as t had.
func (b *Bot) planAnother(ctx context.Context, t bot.Tasting) (bot.Reply, error) {
	if err := mustBeOver(t); err != nil {
		return bot.Reply{}, err
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	voters := min(max(n.all, bot.EnoughVoters), mostPlanned)
	notice := planned(voters, bot.UsualRounds)
	if _, err := b.sameModels(t); err == nil && t.Models[0].Source != bot.Pasted && t.Models[1].Source != bot.Pasted {
		rounds := cmp.Or(needed(voters), bot.MostRounds)
		notice.Text += fmt.Sprintf("\nTo begin: /tastetest start %s %s rounds=%d", t.Models[0].Name, t.Models[1].Name, rounds)
	}
	return bot.Reply{Post: notice}, nil
}

// planned says what so many voters find in so many rounds.
func planned(voters, rounds int) bot.Notice {
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
		Title: fmt.Sprintf("What %d voters would find", voters),
		Text: strings.Join([]string{
			fmt.Sprintf("A tasting of %d prompts with %d voters finds a 70/30 preference about %d times in 100.", rounds, voters, here),
			wouldTake(voters),
			whatHelps(voters, rounds),
			"This supposes that one vote in seven finds the answers equal, and that people lean alike; if they do not, it takes more people.",
			"How often would a preference that is there be shown? In 100 tastings of so many prompts:",
		}, "\n"),
		Code: table,
	}
}

// needed is how many prompts so many voters need; 0: more than a tasting has.
func needed(voters int) int {
	rng := rand.New(rand.NewPCG(uint64(voters), 1))
	return stats.PlanFor(voters, 0, plannedShare).Needed(enoughPower, bot.MostRounds, plannedRuns, rng)
}

func wouldTake(voters int) string {
	n := needed(voters)
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

// number reads an option between least and most.
func number(opts map[string]string, name string, usual, least, most int) (int, error) {
	typed, ok := opts[name]
	if !ok {
		return usual, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < least || n > most {
		return 0, bot.UserError(fmt.Sprintf("%s can be %d to %d. For example: %s=%d", name, least, most, name, usual))
	}
	return n, nil
}
