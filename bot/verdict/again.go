package verdict

import (
	"math"
	"math/rand/v2"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Again is a new tasting of the same models on fresh prompts, judged by its own
// votes: going on with a tasting after a look at it would not be fair.
type Again struct {
	Prompts  int  // that each person votes on; 0: no tasting would help
	Controls bool // with control pairs, and so on private ballots
	OneKind  bool // on prompts of one kind
}

// next says what would settle it: the same number in the sentence and in Again.
func (f *finding) next() {
	usual := bot.Count(bot.UsualRounds)
	again := func(a Again, said bot.Sentence) { f.said.Again, f.said.Next = a, said }
	switch v := f.Verdict; {
	case f.few():
		again(Again{Prompts: bot.UsualRounds}, bot.Say("Next: {n} fresh prompts when five people or more have time; fewer cannot give a verdict.", usual))
	case v == stats.Guessing:
		n := max(bot.EnoughPrompts, f.Mean.Prompts/2)
		again(Again{Prompts: n, Controls: true}, bot.Say("Next: {n} fresh prompts, with people who have the time to read.", bot.Count(n)))
	case v == stats.First, v == stats.Second, v == stats.Same:
		again(Again{Prompts: bot.UsualRounds}, bot.Say("Next: {n} fresh prompts would check it.", usual))
	case v == stats.Prompts:
		again(Again{Prompts: bot.UsualRounds, OneKind: true}, bot.Say("Next: {n} fresh prompts of one kind, as each kind may have its own answer.", usual))
	case v == stats.Mix:
		again(Again{Prompts: bot.UsualRounds, OneKind: true}, bot.Say("Next: {n} fresh prompts of one kind, with those whose taste counts here.", usual))
	case v == stats.Taste, v == stats.Split && f.controls > 0:
		again(Again{Prompts: bot.UsualRounds, Controls: true}, bot.Say("Next: {n} fresh prompts, with those whose taste counts here.", usual))
	case v == stats.Split:
		again(Again{Prompts: bot.UsualRounds, Controls: true}, bot.Say("Next: {n} fresh prompts with control pairs tell whether those who read closely agree.", usual))
	case f.Close && f.Mean.Prompts >= bot.EnoughPrompts && !f.changing() && f.controls > 0:
		again(Again{Prompts: bot.UsualRounds, Controls: true}, bot.Say("Next: {n} fresh prompts with more people or more control pairs can show that they are equal within ten points.", usual))
	case f.Close && f.Mean.Prompts >= bot.EnoughPrompts && !f.changing():
		again(Again{Prompts: bot.UsualRounds, Controls: true}, bot.Say("Next: {n} fresh prompts with control pairs can show that they are equal within ten points.", usual))
	case f.Brief:
	case f.Each > 0:
		f.nextDealt()
	default:
		f.nextPlain()
	}
}

// nextPlain says how often a new tasting, with everybody on all its prompts, would show a
// preference of 70 to 30; or, where this one would most likely have shown that, of 60 to
// 40. It is the smallest that mostly would, first by more prompts, then by more people:
// as many at first as voted on a prompt of this one.
func (f *finding) nextPlain() {
	onEach := (f.Mean.N + f.Mean.Prompts - 1) / max(f.Mean.Prompts, 1)
	voters := min(max(onEach, bot.EnoughVoters), f.Mean.Voters, MostPlanned)
	same := onEach >= f.Mean.Voters // all voted on all of this one, too
	sought := plannedShare
	if power(voters, min(f.Mean.Prompts, bot.MostRounds), sought) >= enoughPower {
		sought = 0.6
	}
	for _, s := range []struct{ times, prompts int }{{1, 10}, {1, 15}, {1, 20}, {2, 20}, {4, 20}} {
		people := min(s.times*voters, MostPlanned)
		if people <= voters && s.prompts <= f.Mean.Prompts {
			continue // no more than this one
		}
		found := power(people, s.prompts, sought)
		n, more, often := bot.Count(s.prompts), bot.Count(people), InHundred(whole(found))
		f.said.Again.Prompts = s.prompts
		switch small := sought < plannedShare; {
		case small && (people > voters || !same):
			f.said.Next = bot.Say("Next: {n} fresh prompts with {people} people on all of them, judged by themselves, would find a 60/40 preference {often}.", n, more, often)
		case small:
			f.said.Next = bot.Say("Next: {n} fresh prompts, judged by themselves, would find a 60/40 preference {often}.", n, often)
		case people > voters || !same:
			f.said.Next = bot.Say("Next: {n} fresh prompts with {people} people on all of them, judged by themselves, would find a 70/30 preference {often}.", n, more, often)
		default:
			f.said.Next = bot.Say("Next: {n} fresh prompts, judged by themselves, would find a 70/30 preference {often}.", n, often)
		}
		if found >= enoughPower {
			break
		}
	}
}

// nextDealt says the same of a tasting with decks: how many more people it would
// take.
func (f *finding) nextDealt() {
	pool := max(f.Pool, f.Each) // some of this one's may have been taken out
	for _, times := range []int{1, 2, 4} {
		p := stats.DealtPlan{Each: f.Each, Looks: 1, Plan: stats.PlanFor(min(times*f.Mean.Voters, MostPlanned), pool, 0.6)}
		if times == 1 && f.Mean.N >= f.Mean.Voters*f.Each {
			continue // no more than this one
		}
		found, _ := p.Simulate(dealtRuns, rand.New(rand.NewPCG(uint64(p.Voters), uint64(p.Each))))
		f.said.Again.Prompts = f.Each
		f.said.Next = bot.Say("Next: {people} people with {n} fresh prompts each, judged by themselves, would find a 60/40 preference {often}.", bot.Count(p.Voters), bot.Count(p.Each), InHundred(whole(found)))
		if found >= enoughPower {
			break
		}
	}
}

// once is the finding in a breath: the share and its interval or, where a share
// says too much, who has more votes; and why that is not more.
func (f *finding) once() bot.Sentence {
	switch {
	case f.tally.N() == 0:
		return bot.Say("Nobody voted, so nothing is known about which is preferred.")
	case f.few():
		return bot.Prose(Lead(f.Names, f.tally), bot.Say("Too few people to say."))
	case f.Verdict == stats.Guessing:
		return bot.Say("On the control pairs the better answer got {a}, so they say nothing of the two models.", rightOf(f.Attention))
	case f.Mean.Prompts < bot.EnoughPrompts:
		return bot.Prose(Lead(f.Names, f.tally), bot.Say("Too few prompts to say."))
	case !f.OK:
		return Lead(f.Names, f.tally)
	}
	m, lo, hi := f.fromAhead()
	said := bot.Say("Equal and both bad count half: {ahead} has {m}; its true share may be {lo} to {hi}.", bot.Verbatim(f.ahead()), sharePercent(m, math.Round), bot.Verbatim(Share(lo, math.Floor)), sharePercent(hi, math.Ceil))
	if f.Verdict != stats.Same && lo <= 0.5 {
		said = bot.Prose(said, bot.Say("That includes half and half."))
	}
	return said
}

// fromAhead are the mean and its interval, from the side of the model ahead.
func (f *finding) fromAhead() (m, lo, hi float64) {
	m, lo, hi = f.Mean.M, f.fits[0], f.fits[1]
	if m < 0.5 {
		m, lo, hi = 1-m, 1-hi, 1-lo
	}
	return m, lo, hi
}
