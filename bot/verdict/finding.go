package verdict

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// shuffles is how many each test by shuffling takes: its p-value is good to
// ±0.005 at 0.05.
const shuffles = 2000

// An Inquiry is what votes are asked.
type Inquiry struct {
	Names  [2]string // the first model and the second
	Judges bool      // votes of one person are known to be one person's
	Worth  int       // fixed beforehand: is Dearer preferred in so many percent or more? 0: not asked
	Dearer int       // which model that is, 0 or 1

	Levels stats.Levels // zero: of votes that are looked at once
	Each   int          // how many prompts one person votes on; 0: all

	Shuffles int  // of each test by shuffling; 0: 2,000
	Brief    bool // leave Next out where it takes a simulation
}

// A Finding is what votes show and what they do not, in words.
type Finding struct {
	Decision  stats.Decision
	Title     bot.Sentence   // "no winner shown. kestrel is ahead."
	Sentences []bot.Sentence // for everybody
	ByPrompt  bool           // they say that the answer changes with the prompt
	Fits      bot.Span       // the interval that they name, of the first model's share; zero if they name none
	Next      bot.Sentence   // what would settle it
	Details   []bot.Sentence // numbers, for those who want them
}

// Find puts what votes show into words. With fewer than five voters or prompts
// the verdict is that they are not enough. There are no p-values outside Details.
// rng shuffles; in the same state it gives the same finding.
func Find(e stats.Evidence, q Inquiry, rng *rand.Rand) Finding {
	f := finding{
		Inquiry: q.atOnce(), seen: e.Seen, sided: e.Flipped != nil, tally: tallyOf(e.Votes), polls: stats.Polls(e.Votes),
		controls: len(e.Controls), retests: len(e.Retests) > 0,
		Decision: Decide(e, q, rng),
	}
	_, coins := stats.FairCoins(stats.Polls(decisive(e.Votes)))
	f.coins = coins >= f.Levels.Winner
	f.say()
	if f.said.Next.IsZero() && f.Verdict == stats.NotEnough && !q.Brief {
		f.said.Next = bot.Literal(f.wouldSettle())
	}
	return f.said
}

// Decide is what Find puts into words, with rng in the same state.
func Decide(e stats.Evidence, q Inquiry, rng *rand.Rand) stats.Decision {
	return stats.Decide(e, q.atOnce().Levels, cmp.Or(q.Shuffles, shuffles), rng)
}

// atOnce is q with levels.
func (q Inquiry) atOnce() Inquiry {
	q.Levels = cmp.Or(q.Levels, stats.OneLook())
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

func (f *finding) sentence(format string, args ...any) {
	f.said.Sentences = append(f.said.Sentences, bot.Say("{format}", bot.Verbatim(fmt.Sprintf(format, args...))))
}

// few reports whether so few people voted that only counts are said. Where
// nobody knows whose votes are whose, each counts as a person.
func (f *finding) few() bool { return f.Mean.Voters < bot.EnoughVoters }

func (f *finding) say() {
	f.said.Decision = f.Decision
	switch {
	case f.tally.N() == 0:
		f.said.Title = bot.Say("no votes.")
		f.sentence("Nobody voted, so nothing is known about which is preferred.")
		f.said.Next = bot.Say("To settle it: start it again when people have time; five voters are the least for a verdict.")
		return
	case f.few():
		f.said.Title = bot.Say("too few voters for a verdict.")
		f.sentence("%s", Lead(f.Names, f.tally))
		f.sentence("Only %s voted: too few for percentages, and for saying who is preferred.", say.Plural(f.Mean.Voters, "person", "people"))
		f.worth(stats.Open)
		f.said.Next = bot.Say("To settle it: a new tasting in which at least five people vote.")
	case f.Verdict == stats.Guessing:
		f.inattentive()
	case f.Mean.Prompts < bot.EnoughPrompts:
		f.fewPrompts()
	default:
		f.manyPrompts()
	}
	if f.seen {
		f.sentence("Votes could be seen while voting was open, so they may have swayed each other.")
	}
	f.said.Details = bot.Literals(f.numbers())
}

// fewPrompts speaks of the votes cast, and not of prompts in general.
func (f *finding) fewPrompts() {
	f.said.Title = bot.Say("{names} No verdict on so few prompts.", bot.Verbatim(standing(f.Names, f.tally)))
	f.sentence("%s", Lead(f.Names, f.tally))
	if f.Mean.Prompts == 1 {
		k, n := f.tally.First, f.tally.First+f.tally.Second
		switch {
		case 2*k == n: // level, as the first sentence says
		case stats.Exact(k, n) < 0.05:
			f.sentence("On this prompt that is more than coin flips would give.")
		default:
			f.sentence("Coin flips give a split like this too often for it to count.")
		}
		f.sentence("It does not show which model is preferred in general: another prompt can turn it round.")
	} else {
		f.sentence("%d prompts do not show which model is preferred in general: a few others can turn it round.", f.Mean.Prompts)
	}
	f.worth(stats.Open)
	f.sentence("Not shown: that they are alike.")
	f.said.Next = bot.Say("To settle it: a new tasting of at least five prompts; ten tell more.")
}

// inattentive speaks of votes whose voters missed the control pairs.
func (f *finding) inattentive() {
	f.said.Title = bot.Say("nothing shown: the control pairs were missed.")
	a := f.Attention
	like := "too close to what coin flips give"
	if 2*a.Right < a.Votes && stats.Exact(a.Right, a.Votes) < 0.05 {
		like = "less than coin flips give"
	}
	f.sentence("On the control pairs, where one answer is better beyond taste, the better one got %s: %s.", rightOf(a), like)
	f.sentence("So these votes do not say which model is preferred, nor that they are alike.")
	f.worth(stats.Open)
	f.said.Next = bot.Say("To settle it: a new tasting with fewer rounds, and with people who have the time to read.")
}

// manyPrompts speaks of prompts and people like these. Each verdict has its
// title, its sentence and what to do next side by side, so that they are
// changed together.
func (f *finding) manyPrompts() {
	f.fits = f.Wide
	switch f.Verdict {
	case stats.First, stats.Second:
		name := f.ahead()
		f.said.Title = bot.Say("{name} is preferred.", bot.Verbatim(name))
		if f.Close {
			f.said.Title = bot.Say("a small preference for {name}, {m}%, within ten points.", bot.Verbatim(name), bot.Verbatim(Share(max(f.Mean.M, 1-f.Mean.M), math.Round)))
		}
		f.sentence("Of those who voted, more preferred %s than chance, this choice of prompts and this choice of people would explain.", name)
	case stats.Same:
		f.fits = f.Narrow
		f.said.Title = bot.Say("equal within ten points.")
		f.sentence("Shown: for prompts and people like these neither gets more than 60%%, counting equal and both bad as half.")
	case stats.Prompts:
		f.said.Title = bot.Say("it depends on the prompt.")
		f.changes()
		f.said.Next = bot.Say("To settle it: a tasting for each kind of prompt, as each may have its own answer.")
	case stats.Taste:
		f.said.Title = bot.Say("good tasters and the rest differ.")
		f.tastes()
		if f.Changes {
			f.changes()
		}
		f.said.Next = bot.Say("To settle it: a new tasting with those whose taste counts here.")
	case stats.Mix:
		f.said.Title = bot.Say("it depends on the prompt, and on who tastes.")
		f.tastes()
		f.changes()
		f.said.Next = bot.Say("To settle it: a tasting for each kind of prompt, with those whose taste counts here.")
	case stats.Split:
		f.said.Title = bot.Say("no winner shown: voters differ.")
		f.sentence("Who votes makes a difference, by more than chance explains, and not because of one person.")
		f.said.Next = bot.Say("To settle it: one answer for all may not exist. Control pairs (ballot=private controls=on) tell whether those who read closely agree.")
		if f.controls > 0 {
			f.said.Next = bot.Say("To settle it: one answer for all may not exist; decide whose taste counts here.")
		}
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
	f.said.Title = bot.Say("no winner shown. {names}", bot.Verbatim(standing(f.Names, f.tally)))
	switch {
	case f.changing():
		f.changes()
	case f.Close:
		f.said.Title = bot.Say("no difference seen.")
		f.sentence("That is not to say that they are equal: people who do not look vote like this too.")
		f.said.Next = bot.Say("To settle it: a new tasting with control pairs (ballot=private controls=on) can show that they are equal within ten points.")
		if f.controls > 0 {
			f.said.Next = bot.Say("To settle it: a new tasting with more people or more control pairs can show that they are equal within ten points.")
		}
	case !f.coins:
		f.sentence("Coin flips alone would hardly give votes like these%s; but other prompts could turn it round.", f.leaned())
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
	case f.seen:
		f.sentence("Seen in these votes, which could be seen: the answer changes with the prompt.")
	case f.Verdict == stats.Mix:
		f.sentence("And the answer changes with the prompt.")
	default:
		f.sentence("Coin flips alone would hardly give votes like these%s; but the answer changes with the prompt.", f.leaned())
	}
	if f.Verdict == stats.Prompts || f.Verdict == stats.NotEnough {
		f.sentence("%d prompts cannot say which model is better in general.", f.Mean.Prompts)
	}
}

// whether says on how many prompts the winner was behind.
func (f *finding) whether() {
	f.said.ByPrompt = true
	behind := 0
	for _, p := range f.polls {
		behind += stats.Bit(p.Share() < 0.5 && f.Verdict == stats.First || p.Share() > 0.5 && f.Verdict == stats.Second)
	}
	where := "By how much changes with the prompt"
	if behind > 0 {
		where = "By how much, and whether, changes with the prompt"
	}
	if f.seen {
		where += " in these votes, which could be seen"
	}
	switch behind {
	case 0:
		f.sentence("%s; on none of the %d did more go to the other.", where, len(f.polls))
	default:
		f.sentence("%s: on %d of %d more went to the other.", where, behind, len(f.polls))
	}
}

// hangs says what would be found but for one voter; never which.
func (f *finding) hangs() {
	switch {
	case f.TasteHangs:
		f.sentence("Good tasters may disagree with the rest, but it hangs on one voter.")
	case f.VotersHang:
		f.sentence("Voters may differ, but it hangs on one voter.")
	}
}

// ahead is the model with the higher mean.
func (f *finding) ahead() string {
	if f.Mean.M < 0.5 {
		return f.Names[1]
	}
	return f.Names[0]
}

// leaned says to whom the votes cast leaned, if by more than coin flips would
// give.
func (f *finding) leaned() string {
	if k, n := f.tally.First, f.tally.First+f.tally.Second; n == 0 || stats.Exact(k, n) >= f.Levels.Winner {
		return ""
	}
	return ", and they leaned to " + f.ahead()
}

// interval says the mean and what fits, from the side of the model ahead.
func (f *finding) interval() {
	if !f.OK {
		return
	}
	f.said.Fits = bot.Span{Low: f.fits[0], High: f.fits[1]}
	m, lo, hi := f.Mean.M, f.fits[0], f.fits[1]
	if m < 0.5 {
		m, lo, hi = 1-m, 1-hi, 1-lo
	}
	f.sentence("Counting equal and both bad as half, %s has %s%%; for prompts and people like these, anything from %s to %s%% fits.",
		f.ahead(), Share(m, math.Round), Share(lo, math.Floor), Share(hi, math.Ceil))
}

// tastes says how the better half of tasters and the others voted.
func (f *finding) tastes() {
	better := "control pairs"
	if f.retests {
		better += " and repeats"
	}
	f.sentence("The half of voters who did better on %s gave %s %d%% of their votes, the other half %d%% (%s in all).",
		better, f.Names[0], whole(f.Taste.Top), whole(f.Taste.Bottom), say.Plural(f.Mean.Voters, "person", "people"))
	if top, bottom := whole(f.Taste.Top)-50, whole(f.Taste.Bottom)-50; top*bottom > 0 {
		f.sentence("Both lean the same way, but not as far.")
	}
}

// untested says what these votes do not show, and what they cannot tell and why.
func (f *finding) untested() {
	winner := f.Verdict == stats.First || f.Verdict == stats.Second
	if f.Verdict != stats.Same && f.Wide[0] <= 0.5 && f.Wide[1] >= 0.5 {
		f.sentence("Not shown: that they are alike.")
	}
	a := f.Attention
	switch {
	case a.Passed:
		f.sentence("As a group they did not guess: on the control pairs the better answer got %s.", rightOf(a))
	case a.Votes > 0:
		f.sentence("Not tested: guessing. The better answer got %s on the control pairs, which cannot tell.", rightOf(a))
	case winner || !f.coins || f.changing() || f.Verdict == stats.Split: // coin flips would not give such votes
	case f.controls > 0:
		f.sentence("Not tested: guessing (no votes of these people on control pairs).")
	default:
		f.sentence("Not tested: guessing (no control rounds).")
	}
	const cannot = "These votes cannot tell whether good tasters disagree"
	switch {
	case f.Verdict == stats.Taste || f.Verdict == stats.Mix || f.TasteHangs:
	case !f.Judges:
		f.sentence("%s: it is not known whose votes are whose.", cannot)
	case f.controls == 0:
		f.sentence("%s (no control rounds).", cannot)
	case !f.Taste.OK && a.Right == a.Votes:
		f.sentence("%s (all did alike on the control pairs).", cannot)
	case !f.Taste.OK:
		f.sentence("%s (too few votes on control pairs).", cannot)
	default:
		f.sentence("Looked for and not found: good tasters who disagree with the rest.%s", f.wouldBeFound())
	}
}

// worth answers the question that was fixed beforehand.
func (f *finding) worth(a stats.Answer) {
	if f.Worth == 0 {
		return
	}
	said := map[stats.Answer]string{
		stats.Shown:    "That is shown.",
		stats.RuledOut: "That is ruled out.",
		stats.Open:     "That stays open.",
	}[a]
	lo, hi := f.fits[0], f.fits[1]
	if f.Dearer == 1 {
		lo, hi = 1-hi, 1-lo
	}
	if limit := float64(f.Worth) / 100; a != stats.Open && lo < limit && limit <= hi {
		said += " (In one direction only, it takes a little less than the range above.)"
	}
	f.sentence("Asked beforehand: is %s preferred in %d%% or more? %s", f.Names[f.Dearer], f.Worth, said)
}

// Lead says who has more of the votes that chose a side.
func Lead(names [2]string, c bot.Tally) string {
	k, n, who := c.First, c.First+c.Second, names[0]
	if c.Second > c.First {
		k, who = c.Second, names[1]
	}
	switch {
	case n == 0:
		return "No vote chose a side."
	case c.First == c.Second:
		return fmt.Sprintf("The two are level: %s each.", say.Plural(k, "vote", "votes"))
	case n == 1:
		return fmt.Sprintf("The one vote that chose a side was for %s.", who)
	case k == n && n == 2:
		return fmt.Sprintf("%s got both votes that chose a side.", who)
	case k == n:
		return fmt.Sprintf("%s got all %d votes that chose a side.", who, n)
	}
	return fmt.Sprintf("%s got %d of the %d votes that chose a side.", who, k, n)
}

// standing says who is ahead, as a short sentence.
func standing(names [2]string, c bot.Tally) string {
	switch {
	case c.First > c.Second:
		return names[0] + " is ahead."
	case c.First < c.Second:
		return names[1] + " is ahead."
	}
	return "The two are level."
}
