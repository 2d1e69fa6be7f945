package verdict

import (
	"math/rand/v2"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Foreseen says what a draft can find if so many people vote. The figure is
// simulated, always from the same seed.
func Foreseen(t bot.Tasting, voters int) bot.Sentence {
	if tooFew(voters, len(t.Tasted())) {
		return tooFewFor(voters, len(t.Tasted()))
	}
	prompts := bot.Count(len(t.Tasted()))
	if t.Deal.Plain > 0 {
		p := stats.DealtPlan{Plan: stats.PlanFor(voters, len(t.Tasted()), plannedShare), Each: t.Deal.Plain, Controls: t.DeckSize() - t.Deal.Plain, Looks: max(1, t.Deal.Looks)}
		found, _ := p.Simulate(dealtRuns, rand.New(rand.NewPCG(uint64(voters), uint64(p.Each))))
		return Found(voters, prompts, whole(found))
	}
	return Found(voters, prompts, whole(power(min(voters, MostPlanned), len(t.Tasted()), plannedShare)))
}

// Found says that so many voters, on so many prompts, find a 70/30 preference n times in 100.
func Found(voters int, prompts bot.Count, n int) bot.Sentence {
	return bot.Say("With {voters|person|people} and {prompts|prompt|prompts} a 70/30 preference is found {often}.", bot.Count(voters), prompts, InHundred(n))
}

// tooFewFor says what cannot be found with so few people or prompts: a verdict.
func tooFewFor(voters, prompts int) bot.Sentence {
	switch {
	case prompts == 1:
		return bot.Say("One prompt shows which answer is liked better, and not which model is.")
	case prompts < bot.EnoughPrompts:
		return bot.Say("A verdict takes {least} prompts or more: {n} show which answers are liked better, and not which model is.", bot.Count(bot.EnoughPrompts), bot.Count(prompts))
	}
	return bot.Say("A verdict takes {least} people or more: the votes of {n} are counted, and no more is said of them.", bot.Count(bot.EnoughVoters), bot.Count(voters))
}

// More is the next larger round number of prompts, of so many that there are, with
// which so many voters find clearly more, and how many times in 100 they then find a
// 70/30 preference; 0 if there is none.
func More(voters, prompts, there int) (more, times int) {
	voters = min(voters, MostPlanned)
	now := whole(power(voters, prompts, plannedShare))
	for _, n := range []int{10, 15, 20} {
		if n <= prompts || n > there {
			continue
		}
		if then := whole(power(voters, n, plannedShare)); then >= now+5 {
			return n, then
		}
	}
	return 0, 0
}
