package verdict

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

const (
	MostPlanned  = 100            // voters; more change little
	plannedShare = Sought / 100.0 // the preference that a plan looks for
	plannedRuns  = 400            // simulated tastings a figure: good to about two points
	enoughPower  = 0.8
)

// Planned says what so many voters find in so many rounds; where these are too few
// for a verdict, that, and what the fewest find of which there is one.
func Planned(voters, rounds int) bot.Notice {
	var few bot.Sentence
	if tooFew(voters, rounds) {
		few = tooFewFor(voters, rounds)
		voters, rounds = max(voters, bot.EnoughVoters), max(rounds, bot.EnoughPrompts)
	}
	columns := []int{5, 10, 15, 20}
	if !slices.Contains(columns, rounds) {
		columns = append(columns, rounds)
		slices.Sort(columns)
	}
	head := []bot.Arg{bot.Say("prompts")} // narrow, for phones
	for _, prompts := range columns {
		head = append(head, bot.Count(prompts))
	}
	table := bot.Table{head}
	here := 0
	for _, share := range []float64{0.6, 0.7, 0.8} {
		row := []bot.Arg{bot.Say("{most}/{rest}", bot.Count(whole(share)), bot.Count(100-whole(share)))}
		for _, prompts := range columns {
			n := whole(power(voters, prompts, share))
			row = append(row, bot.Percent(n))
			if prompts == rounds && share == plannedShare {
				here = n
			}
		}
		table = append(table, row)
	}
	return bot.Notice{
		Title: bot.Say("What {voters} voters would find", bot.Count(voters)),
		Text: bot.Lines(
			few,
			bot.Say("A tasting of {prompts} prompts with {voters} voters finds a 70/30 preference {often}.", bot.Count(rounds), bot.Count(voters), InHundred(here)),
			wouldTake(voters),
			whatHelps(voters, rounds),
			bot.Say("This supposes that one vote in seven finds the answers equal, and that people lean alike; if they do not, it takes more people."),
			bot.Say("How often would a preference that is there be shown? In 100 tastings of so many prompts:"),
		),
		Code: bot.Say("{table}", table),
	}
}

const dealtRuns = 250 // simulated tastings a figure: good to about three points

// PlannedDeal says what private tastings find in which each person votes on some
// prompts of a pool: the first of plans is the one that was asked for, the others
// stand beside it. rounds is how many prompts a tasting in a channel would have.
func PlannedDeal(plans []stats.DealtPlan, rounds int) bot.Notice {
	asked := plans[0]
	slices.SortFunc(plans, func(a, b stats.DealtPlan) int { return cmp.Compare(a.Voters, b.Voters) })
	var n bot.Notice
	var often, votes float64
	table := bot.Table{{bot.Say("people"), bot.Say("each"), bot.Verbatim("60/40"), bot.Say("votes"), bot.Verbatim("70/30"), bot.Say("votes")}}
	for _, p := range plans {
		row := []bot.Arg{bot.Count(p.Voters), bot.Count(p.Each + p.Controls)}
		for _, share := range []float64{0.6, plannedShare} {
			p.Plan = stats.PlanFor(p.Voters, p.Prompts, share)
			found, took := p.Simulate(dealtRuns, rand.New(rand.NewPCG(uint64(p.Voters), uint64(p.Each))))
			row = append(row, bot.Percent(whole(found)), bot.Count(math.Round(took)))
			switch {
			case share != plannedShare:
				n.Chances = append(n.Chances, bot.Bar{Label: bot.Say("60/40, {n|person|people}", bot.Count(p.Voters)), Percent: whole(found)})
			case p.Voters == asked.Voters:
				often, votes = found, took
			}
		}
		table = append(table, row)
	}
	looks := bot.Sentence{}
	if asked.Looks > 1 {
		looks = bot.Say("The bot, and nobody else, looks at the votes as they come in, and ends voting once something is shown.")
	}
	n.Title = bot.Say("What {voters} voters would find", bot.Count(asked.Voters))
	n.Text = bot.Lines(
		bot.Say("On a private ballot to which so many are invited, each votes on {each} of {pool} prompts and on {n|control pair|control pairs}: at most {most} votes in all.",
			bot.Count(asked.Each), bot.Count(asked.Prompts), bot.Count(asked.Controls), bot.Count(asked.Most())),
		bot.Say("It finds a 70/30 preference {often}, after {votes} votes on average.", InHundred(whole(often)), bot.Count(int(math.Round(votes)))),
		looks,
		bot.Say("In a channel, where everybody votes on the same {n|prompt|prompts}, it would be found {often}.", bot.Count(rounds), InHundred(whole(power(asked.Voters, rounds, plannedShare)))),
		bot.Say("This supposes that one vote in seven finds the answers equal, and that people lean alike; if they do not, it takes more people."),
		bot.Say("How often would a preference that is there be shown, and after how many votes? By how many people vote, and on how much each:"),
	)
	n.Code = bot.Say("{table}", table)
	return n
}

// Needed is how many prompts so many voters need; 0: more than a tasting has.
func Needed(voters int) int {
	rng := rand.New(rand.NewPCG(uint64(voters), 1))
	return stats.PlanFor(voters, 0, plannedShare).Needed(enoughPower, bot.MostRounds, plannedRuns, rng)
}

func wouldTake(voters int) bot.Sentence {
	n := Needed(voters)
	if n == 0 {
		return bot.Say("Even {prompts} prompts would find it fewer than {n} times in 100: more voters are needed.", bot.Count(bot.MostRounds), bot.Count(whole(enoughPower)))
	}
	return bot.Say("To find it {n} times in 100 takes about {prompts} prompts.", bot.Count(whole(enoughPower)), bot.Count(n))
}

// whatHelps compares twice the prompts with twice the voters, for a preference
// that is not found often anyway.
func whatHelps(voters, rounds int) bot.Sentence {
	prompts, people := power(voters, 2*rounds, 0.6), power(2*voters, rounds, 0.6)
	switch {
	case prompts > people+0.05:
		return bot.Say("More prompts help more than more voters.")
	case people > prompts+0.05:
		return bot.Say("More voters help more than more prompts.")
	}
	return bot.Say("More prompts and more voters help about alike.")
}

// power is how often so many voters and prompts show a preference of this share:
// never, where they are too few for a verdict.
func power(voters, prompts int, share float64) float64 {
	if tooFew(voters, prompts) {
		return 0
	}
	rng := rand.New(rand.NewPCG(uint64(voters), uint64(prompts)))
	return stats.PlanFor(voters, prompts, share).Simulate(plannedRuns, rng).First
}

// Sought is the preference that a plan looks for, in percent.
const Sought = 70

// Often is how many times in 100 a new tasting shows a preference of Sought: of so
// many prompts for everybody or, if each person votes on some of a pool, of that.
func Often(voters, prompts, pool, each int) int {
	voters = min(max(voters, bot.EnoughVoters), MostPlanned)
	if each == 0 {
		return whole(power(voters, prompts, plannedShare))
	}
	p := stats.DealtPlan{Each: each, Looks: 1, Plan: stats.PlanFor(voters, pool, plannedShare)}
	found, _ := p.Simulate(dealtRuns, rand.New(rand.NewPCG(uint64(voters), uint64(each))))
	return whole(found)
}

func tooFew(voters, prompts int) bool {
	return voters < bot.EnoughVoters || prompts < bot.EnoughPrompts
}

// InHundred writes how often something is found, of so many simulated times. What
// was found every time, or never, is not promised so.
func InHundred(n int) bot.Sentence {
	switch {
	case n <= 0:
		return bot.Say("hardly ever")
	case n >= 100:
		return bot.Say("nearly always")
	}
	return bot.Say("{n|time|times} in 100", bot.Count(n))
}

const tastePlanned = 60 // simulated tastings: good to about 6 times in 100

// wouldBeFound says how often good tasters who disagree would have been found.
func (f *finding) wouldBeFound() bot.Sentence {
	if f.Brief {
		return bot.Sentence{}
	}
	p := stats.TastePlan{
		Voters: min(f.Mean.Voters, MostPlanned), Prompts: min(f.Mean.Prompts, cmp.Or(f.Each, bot.MostRounds)),
		Controls: max(1, f.Attention.Votes/max(f.Attention.Voters, 1)),
	}
	good, rest := p.Shares()
	often := int(math.Round(10 * p.Found(tastePlanned, rand.New(rand.NewPCG(uint64(p.Voters), uint64(p.Prompts))))))
	return bot.Say("If a third gave one model {most} of their votes and the rest {rest}, so many people, prompts and control pairs would show it {often}.",
		bot.Percent(whole(good)), bot.Percent(whole(rest)), inTen(often))
}

// inTen writes how often something happens.
func inTen(times int) bot.Sentence {
	switch times {
	case 0:
		return bot.Say("hardly ever")
	case 1:
		return bot.Say("about once in 10 times")
	case 10:
		return bot.Say("nearly always")
	}
	return bot.Say("about {n} times in 10", bot.Count(times))
}
