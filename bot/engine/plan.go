package engine

import (
	"cmp"
	"strconv"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/deal"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// usualVoters is for how many people a plan is made if nobody says.
const usualVoters = 9

// plan answers /tastetest plan: what so many voters and rounds would find, and
// what it would take. Every figure is simulated, always from the same seed.
func plan(opts map[string]string) (bot.Reply, error) {
	voters, err := number(opts, "voters", usualVoters, 2, verdict.MostPlanned)
	if err != nil {
		return bot.Reply{}, err
	}
	rounds, err := number(opts, "rounds", bot.UsualRounds, 2, bot.MostRounds)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, typed := opts["rounds"]; !typed {
		rounds = 0
	}
	return bot.Reply{Post: planned(voters, rounds)}, nil
}

// planned plans a tasting for so many people, by name: on a private ballot, if
// those are enough for decks, else with the same prompts for everybody. rounds 0
// is as many as usual.
func planned(voters, rounds int) bot.Notice {
	size := deal.Usual(voters)
	if rounds > 0 {
		size = size.Of(rounds, voters)
	}
	if size = size.Fit(size.Pool); !size.Dealt() {
		return verdict.Planned(voters, cmp.Or(rounds, bot.UsualRounds))
	}
	plan := func(voters int, s deal.Size) stats.DealtPlan {
		return stats.DealtPlan{Plan: stats.Plan{Voters: voters, Prompts: s.Pool}, Each: s.Plain, Controls: s.Controls, Looks: s.Looks}
	}
	plans := []stats.DealtPlan{plan(voters, size)}
	for _, beside := range []int{12, 20, 30} {
		if beside != voters {
			plans = append(plans, plan(beside, deal.Usual(beside)))
		}
	}
	return verdict.PlannedDeal(plans, cmp.Or(rounds, bot.UsualRounds))
}

// number reads an option between least and most.
func number(opts map[string]string, name string, usual, least, most int) (int, error) {
	typed, ok := opts[name]
	if !ok {
		return usual, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < least || n > most {
		return 0, bot.UserError(bot.Say("{name} can be {least} to {most}. For example: {example}", bot.Usage{Options: []bot.Setting{{Name: name}}}, bot.Count(least), bot.Count(most), bot.Usage{Options: []bot.Setting{{Name: name, Value: strconv.Itoa(usual)}}}))
	}
	return n, nil
}
