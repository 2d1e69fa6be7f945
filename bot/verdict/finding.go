package verdict

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// shuffles is how many each test by shuffling takes: its p-value is good to
// ±0.005 at 0.05. With over 20,000 votes it takes fewer, as they would take
// minutes, but never under fewestShuffles, which can show 1/200; Details say so.
const (
	shuffles       = 2000
	fewestShuffles = 199
)

// An Inquiry is what votes are asked.
type Inquiry struct {
	Names  [2]string // the first model and the second
	Judges bool      // votes of one person are known to be one person's
	Worth  int       // fixed beforehand: is Dearer preferred in so many percent or more? 0: not asked
	Dearer int       // which model that is, 0 or 1

	VotedFirst bool // of votes that could be seen: only whoever had voted saw them

	Levels stats.Levels // zero: of votes that are looked at once
	Each   int          // how many prompts one person votes on; 0: all
	Pool   int          // of so many prompts that are dealt

	Shuffles int  // of each test by shuffling; 0: 2,000, or fewer with over 20,000 votes
	Brief    bool // leave Next out where it takes a simulation
}

// A Finding is what votes show and what they do not, in words.
type Finding struct {
	Decision  stats.Decision
	Title     bot.Sentence   // "no winner shown. kestrel is ahead."
	Sentences []bot.Sentence // for everybody
	ByPrompt  bool           // they say that the answer changes with the prompt
	Fits      bot.Span       // the interval that they name, of the first model's share; zero if they name none
	Once      bot.Sentence   // the same in one or two short ones, for whoever reads no more
	Next      bot.Sentence   // what would settle it
	Again     Again          // the tasting that Next speaks of
	Details   []bot.Sentence // numbers, for those who want them
}

// Find puts what votes show into words. With fewer than five voters or prompts
// the verdict is that they are not enough. There are no p-values outside Details.
// rng shuffles; in the same state it gives the same finding.
func Find(e stats.Evidence, q Inquiry, rng *rand.Rand) Finding {
	f := finding{
		Inquiry: q.of(e), seen: e.Seen, sided: e.Flipped != nil, tally: tallyOf(e.Votes), polls: stats.Polls(e.Votes),
		controls: len(e.Controls), retests: len(e.Retests) > 0,
		Decision: Decide(e, q, rng),
	}
	_, coins := stats.FairCoins(stats.Polls(decisive(e.Votes)))
	f.coins = coins >= f.Levels.Winner
	f.say()
	f.next()
	f.said.Once = f.once()
	return f.said
}

// Decide is what Find puts into words, with rng in the same state.
func Decide(e stats.Evidence, q Inquiry, rng *rand.Rand) stats.Decision {
	q = q.of(e)
	return stats.Decide(e, q.Levels, q.Shuffles, rng)
}

// of is q of these votes, with levels and shuffles.
func (q Inquiry) of(e stats.Evidence) Inquiry {
	q.Levels = cmp.Or(q.Levels, stats.OneLook())
	q.Shuffles = cmp.Or(q.Shuffles, min(max(shuffleBudget/max(len(e.Votes), 1), fewestShuffles), shuffles))
	return q
}

// A finding is a Finding in the making.
type finding struct {
	Inquiry
	stats.Decision
	seen     bool // votes could be seen while voting was open
	sided    bool // all saw one order of sides
	tally    bot.Tally
	polls    []stats.Poll // the votes on each prompt
	controls int          // votes on control pairs
	retests  bool         // there were repeats
	coins    bool         // coin flips would give votes like these
	fits     [2]float64   // the interval that is said
	said     Finding
}

// decisive are the votes that chose a side.
func decisive(votes []stats.Obs) []stats.Obs {
	return slices.DeleteFunc(slices.Clone(votes), func(o stats.Obs) bool { return o.Y != 0 && o.Y != 1 })
}

// tallyOf counts first, second, and the rest as ties.
func tallyOf(votes []stats.Obs) bot.Tally {
	var c bot.Tally
	for _, o := range votes {
		switch o.Y {
		case 1:
			c.First++
		case 0:
			c.Second++
		default:
			c.Tie++
		}
	}
	return c
}

func (f *finding) add(said bot.Sentence) { f.said.Sentences = append(f.said.Sentences, said) }

// few reports whether so few people voted that only counts are said. Where
// nobody knows whose votes are whose, each counts as a person.
func (f *finding) few() bool { return f.Mean.Voters < bot.EnoughVoters }

func (f *finding) say() {
	f.said.Decision = f.Decision
	switch {
	case f.tally.N() == 0:
		f.said.Title = bot.Say("no votes.")
		f.add(bot.Say("Nobody voted, so nothing is known about which is preferred."))
		return
	case f.few():
		f.said.Title = bot.Say("too few voters for a verdict.")
		f.add(Lead(f.Names, f.tally))
		f.add(bot.Say("Only {voters|person|people} voted: too few for percentages, and for saying who is preferred.", bot.Count(f.Mean.Voters)))
		f.worth(stats.Open)
	case f.Verdict == stats.Guessing:
		f.inattentive()
	case f.Mean.Prompts < bot.EnoughPrompts:
		f.fewPrompts()
	default:
		f.manyPrompts()
	}
	switch {
	case f.seen && f.VotedFirst:
		f.add(bot.Say("Whoever had voted saw how others had, and could still change their vote, so votes may have swayed each other."))
	case f.seen:
		f.add(bot.Say("Votes could be seen while voting was open, so they may have swayed each other."))
	}
	f.said.Details = f.numbers()
}

// fewPrompts speaks of the votes cast, and not of prompts in general.
func (f *finding) fewPrompts() {
	f.said.Title = bot.Say("too few prompts for a verdict.")
	f.add(Lead(f.Names, f.tally))
	if f.Mean.Prompts == 1 {
		k, n := f.tally.First, f.tally.First+f.tally.Second
		switch {
		case 2*k == n: // level, as the first sentence says
		case stats.Exact(k, n) < 0.05:
			f.add(bot.Say("On this prompt that is more than coin flips would give."))
		default:
			f.add(bot.Say("Coin flips give a split like this too often for it to count."))
		}
		f.add(bot.Say("It does not show which model is preferred in general: another prompt can turn it round."))
	} else {
		f.add(bot.Say("{prompts} prompts do not show which model is preferred in general: a few others can turn it round.", bot.Count(f.Mean.Prompts)))
	}
	f.worth(stats.Open)
	f.add(bot.Say("Not shown: that they are alike."))
}

// inattentive speaks of votes whose voters missed the control pairs.
func (f *finding) inattentive() {
	f.said.Title = bot.Say("nothing shown: the control pairs were missed.")
	a := f.Attention
	like := bot.Say("too close to what coin flips give")
	if 2*a.Right < a.Votes && stats.Exact(a.Right, a.Votes) < 0.05 {
		like = bot.Say("less than coin flips give")
	}
	f.add(bot.Say("On the control pairs, where one answer is better beyond taste, the better one got {a}: {like}.", rightOf(a), like))
	f.add(bot.Say("So these votes do not say which model is preferred, nor that they are alike."))
	f.worth(stats.Open)
}

// manyPrompts speaks of prompts and people like these. Each verdict has its
// title and its sentence side by side, so that they are changed together.
func (f *finding) manyPrompts() {
	f.fits = f.Wide
	switch f.Verdict {
	case stats.First, stats.Second:
		name := f.ahead()
		f.said.Title = bot.Say("{name} is preferred.", bot.Verbatim(name))
		if f.Close {
			f.said.Title = bot.Say("a small preference for {name}, {share}, within ten points.", bot.Verbatim(name), sharePercent(max(f.Mean.M, 1-f.Mean.M), math.Round))
		}
		f.add(bot.Say("Of those who voted, more preferred {name}; luck with the votes, with the prompts that were picked or with the people who came would hardly explain it.", bot.Verbatim(name)))
	case stats.Same:
		f.fits = f.Narrow
		f.said.Title = bot.Say("equal within ten points.")
		f.add(bot.Say("Shown: for prompts and people like these neither gets more than 60%, counting equal and both bad as half."))
	case stats.Prompts:
		f.said.Title = bot.Say("it depends on the prompt.")
		f.changes()
	case stats.Taste:
		f.said.Title = bot.Say("good tasters and the rest differ.")
		f.tastes()
		if f.Changes {
			f.changes()
		}
	case stats.Mix:
		f.said.Title = bot.Say("it depends on the prompt, and on who tastes.")
		f.tastes()
		f.changes()
	case stats.Split:
		f.said.Title = bot.Say("no winner shown: voters differ.")
		f.add(bot.Say("Who votes makes a difference, by more than chance explains, and not because of one person."))
	default:
		f.silent()
	}
	f.interval()
	if f.Depends {
		f.whether()
	}
	f.hangs()
	m := f.Mean
	if f.Dearer == 1 {
		m.M = 1 - m.M
	}
	f.worth(m.AtLeast(float64(f.Worth)/100, f.Levels.Winner))
	f.untested()
}

// silent speaks of votes that show nothing.
func (f *finding) silent() {
	f.said.Title = bot.Prose(bot.Say("no winner shown."), standing(f.Names, f.tally))
	switch {
	case f.changing():
		f.changes()
	case f.Close:
		f.said.Title = bot.Say("no difference seen.")
		f.add(bot.Say("That is not to say that they are equal: people who do not look vote like this too."))
	case !f.coins:
		f.add(bot.Say("Coin flips alone would hardly give votes like these{leaned}; but other prompts could turn it round.", f.leaned()))
	}
}

// changing reports whether the answer is shown to change with the prompt, be
// it by less than makes a verdict.
func (f *finding) changing() bool { return f.Prompts.P < f.Levels.Flags }

// changes says that the answer changes with the prompt: shown, or only seen
// where people could follow each other.
func (f *finding) changes() {
	f.said.ByPrompt = true
	switch {
	case f.seen && f.VotedFirst:
		f.add(bot.Say("Seen in these votes, which whoever had voted could see: the answer changes with the prompt."))
	case f.seen:
		f.add(bot.Say("Seen in these votes, which could be seen: the answer changes with the prompt."))
	case f.Verdict == stats.Mix:
		f.add(bot.Say("And the answer changes with the prompt."))
	default:
		f.add(bot.Say("Coin flips alone would hardly give votes like these{leaned}; but the answer changes with the prompt.", f.leaned()))
	}
	if f.Verdict == stats.Prompts || f.Verdict == stats.NotEnough {
		f.add(bot.Say("{prompts} prompts cannot say which model is better in general.", bot.Count(f.Mean.Prompts)))
	}
}

// whether says on how many prompts the winner was behind.
func (f *finding) whether() {
	f.said.ByPrompt = true
	behind := 0
	for _, p := range f.polls {
		behind += stats.Bit(p.Share() < 0.5 && f.Verdict == stats.First || p.Share() > 0.5 && f.Verdict == stats.Second)
	}
	where := bot.Say("By how much changes with the prompt{seen}", f.visibly())
	if behind > 0 {
		where = bot.Say("By how much, and whether, changes with the prompt{seen}", f.visibly())
	}
	switch behind {
	case 0:
		f.add(bot.Say("{where}; on none of the {polls} did more go to the other.", where, bot.Count(len(f.polls))))
	default:
		f.add(bot.Say("{where}: on {behind} of {polls} more went to the other.", where, bot.Count(behind), bot.Count(len(f.polls))))
	}
}

// hangs says what would be found but for one voter; never which.
func (f *finding) hangs() {
	switch {
	case f.TasteHangs:
		f.add(bot.Say("Good tasters may disagree with the rest, but it hangs on one voter."))
	case f.VotersHang:
		f.add(bot.Say("Voters may differ, but it hangs on one voter."))
	}
}

// ahead is the model with the higher mean.
func (f *finding) ahead() string {
	if f.Mean.M < 0.5 {
		return f.Names[1]
	}
	return f.Names[0]
}

// visibly says by whom the votes could be seen while voting was open.
func (f *finding) visibly() bot.Sentence {
	switch {
	case f.seen && f.VotedFirst:
		return bot.Say(" in these votes, which whoever had voted could see")
	case f.seen:
		return bot.Say(" in these votes, which could be seen")
	}
	return bot.Sentence{}
}

// leaned says to whom the votes cast leaned, if by more than coin flips would
// give.
func (f *finding) leaned() bot.Sentence {
	if k, n := f.tally.First, f.tally.First+f.tally.Second; n == 0 || stats.Exact(k, n) >= f.Levels.Winner {
		return bot.Sentence{}
	}
	return bot.Say(", and they leaned to {model}", bot.Verbatim(f.ahead()))
}

// interval says the mean and its interval, from the side of the model ahead.
func (f *finding) interval() {
	if !f.OK {
		return
	}
	f.said.Fits = bot.Span{Low: f.fits[0], High: f.fits[1]}
	m, lo, hi := f.fromAhead()
	f.add(bot.Say("Counting equal and both bad as half, {ahead} has {m}; for all prompts and people like these, it may be anything from {lo} to {hi}.", bot.Verbatim(f.ahead()), sharePercent(m, math.Round), bot.Verbatim(Share(lo, math.Floor)), sharePercent(hi, math.Ceil)))
}

// tastes says how the better half of tasters and the others voted.
func (f *finding) tastes() {
	better := bot.Say("control pairs")
	if f.retests {
		better = bot.Say("control pairs and repeats")
	}
	f.add(bot.Say("The half of voters who did better on {better} gave {names} {top} of their votes, the other half {bottom} ({voters|person|people} in all).", better, bot.Verbatim(f.Names[0]), bot.Percent(whole(f.Taste.Top)), bot.Percent(whole(f.Taste.Bottom)), bot.Count(f.Mean.Voters)))
	if top, bottom := whole(f.Taste.Top)-50, whole(f.Taste.Bottom)-50; top*bottom > 0 {
		f.add(bot.Say("Both lean the same way, but not as far."))
	}
}

// untested says what these votes do not show, and what they cannot tell and why.
func (f *finding) untested() {
	winner := f.Verdict == stats.First || f.Verdict == stats.Second
	if f.Verdict != stats.Same && f.Wide[0] <= 0.5 && f.Wide[1] >= 0.5 {
		f.add(bot.Say("Not shown: that they are alike."))
	}
	a := f.Attention
	switch {
	case a.Passed:
		f.add(bot.Say("As a group they did not guess: on the control pairs the better answer got {a}.", rightOf(a)))
	case a.Votes > 0:
		f.add(bot.Say("Not tested: guessing. The better answer got {a} on the control pairs, which cannot tell.", rightOf(a)))
	case winner || !f.coins || f.changing() || f.Verdict == stats.Split: // coin flips would not give such votes
	case f.controls > 0:
		f.add(bot.Say("Not tested: guessing (no votes of these people on control pairs)."))
	default:
		f.add(bot.Say("Not tested: guessing (no control rounds)."))
	}
	switch {
	case f.Verdict == stats.Taste || f.Verdict == stats.Mix || f.TasteHangs:
	case !f.Judges:
		f.add(bot.Say("These votes cannot tell whether good tasters disagree: it is not known whose votes are whose."))
	case f.controls == 0:
		f.add(bot.Say("These votes cannot tell whether good tasters disagree (no control rounds)."))
	case !f.Taste.OK && a.Right == a.Votes:
		f.add(bot.Say("These votes cannot tell whether good tasters disagree (all did alike on the control pairs)."))
	case !f.Taste.OK:
		f.add(bot.Say("These votes cannot tell whether good tasters disagree (too few votes on control pairs)."))
	default:
		f.add(bot.Prose(bot.Say("Looked for and not found: good tasters who disagree with the rest."), f.wouldBeFound()))
	}
}

// worth answers the question that was fixed beforehand.
func (f *finding) worth(a stats.Answer) {
	if f.Worth == 0 {
		return
	}
	said := map[stats.Answer]bot.Sentence{
		stats.Shown:    bot.Say("That is shown."),
		stats.RuledOut: bot.Say("That is ruled out."),
		stats.Open:     bot.Say("That stays open."),
	}[a]
	lo, hi := f.fits[0], f.fits[1]
	if f.Dearer == 1 {
		lo, hi = 1-hi, 1-lo
	}
	if limit := float64(f.Worth) / 100; a != stats.Open && lo < limit && limit <= hi {
		said = bot.Prose(said, bot.Say("(In one direction only, it takes a little less than the range above.)"))
	}
	f.add(bot.Prose(bot.Say("Asked beforehand: is {model} preferred in {share} or more?", bot.Verbatim(f.Names[f.Dearer]), bot.Percent(f.Worth)), said))
}

// Lead says who has more of the votes that chose a side.
func Lead(names [2]string, c bot.Tally) bot.Sentence {
	k, n, who := c.First, c.First+c.Second, names[0]
	if c.Second > c.First {
		k, who = c.Second, names[1]
	}
	switch {
	case n == 0:
		return bot.Say("No vote chose a side.")
	case c.First == c.Second:
		return bot.Say("The two are level: {n|vote|votes} each.", bot.Count(k))
	case n == 1:
		return bot.Say("The one vote that chose a side was for {model}.", bot.Verbatim(who))
	case k == n && n == 2:
		return bot.Say("{model} got both votes that chose a side.", bot.Verbatim(who))
	case k == n:
		return bot.Say("{model} got all {n} votes that chose a side.", bot.Verbatim(who), bot.Count(n))
	}
	return bot.Say("{model} got {n} of the {all} votes that chose a side.", bot.Verbatim(who), bot.Count(k), bot.Count(n))
}

// standing says who is ahead, as a short sentence.
func standing(names [2]string, c bot.Tally) bot.Sentence {
	switch {
	case c.First > c.Second:
		return bot.Say("{model} is ahead.", bot.Verbatim(names[0]))
	case c.First < c.Second:
		return bot.Say("{model} is ahead.", bot.Verbatim(names[1]))
	}
	return bot.Say("The two are level.")
}
