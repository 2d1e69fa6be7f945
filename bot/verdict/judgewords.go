package verdict

import (
	"math"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// behindMost is how far behind people a judge may be that is said to agree with
// them as often as they do with each other.
const behindMost = 0.10

// A Standing says how a judge's agreement with people compares with theirs among
// each other.
type Standing int

const (
	Unsaid    Standing = iota // it cannot be told
	LessOften                 // shown to be less
	AsOften                   // shown to be not less by ten points or more, nor to be less at all
	MoreOften                 // shown to be more
)

// Standing is what the interval of the gap allows to say.
func (r JudgeReport) Standing() Standing {
	switch {
	case !r.Gap.OK:
		return Unsaid
	case r.Gap.Upper < 0:
		return LessOften
	case r.Gap.Lower > 0:
		return MoreOften
	case r.Gap.Lower > -behindMost:
		return AsOften
	}
	return Unsaid
}

// Sentences say what a judge's answers show, and what they do not. The first says
// whether it shares these people's taste.
func (r JudgeReport) Sentences() []bot.Sentence {
	said := []bot.Sentence{r.agreement()}
	for _, s := range []bot.Sentence{r.bySide(), r.byLength()} {
		if !s.IsZero() {
			said = append(said, s)
		}
	}
	if r.Rounds == 0 {
		return said
	}
	return append(said, r.standIn())
}

func (r JudgeReport) agreement() bot.Sentence {
	name, judge, voters := bot.Verbatim(r.Name), WholePercent(r.Judge), WholePercent(r.Voters)
	switch {
	case r.Read > 0 && r.Abstained == r.Read:
		return bot.Say("{judge} gave no answer that counts in {n|round|rounds}.", name, bot.Count(r.Read))
	case r.Rounds == 0:
		return bot.Say("{judge} read no round that people voted on.", name)
	case !r.Gap.OK:
		return bot.Say("Whether {judge} shares these voters’ taste cannot be said from {n|round|rounds}.", name, bot.Count(r.Rounds))
	}
	switch r.Standing() {
	case LessOften:
		return bot.Say("{judge} agrees with one voter less often than voters agree with each other: in {share} of decisive votes against {voters}.", name, judge, voters)
	case AsOften:
		return bot.Say("{judge} agrees with one voter as often as voters agree with each other, give or take ten points: in {share} of decisive votes against {voters}.", name, judge, voters)
	case MoreOften:
		return bot.Say("{judge} agrees with one voter more often than voters agree with each other: in {share} of decisive votes against {voters}.", name, judge, voters)
	}
	return bot.Say("Whether {judge} agrees with one voter as often as voters agree with each other cannot be said from {n|round|rounds}: it is {share} of decisive votes against {voters}, and the difference may be anything from {low} to {high} points.",
		name, bot.Count(r.Rounds), judge, voters, bot.Count(math.Round(100*r.Gap.Lower)), bot.Count(math.Round(100*r.Gap.Upper)))
}

// bySide says whether the order of the two texts decided.
func (r JudgeReport) bySide() bot.Sentence {
	if r.Both > 0 {
		if r.Flips == 0 {
			return bot.Sentence{}
		}
		flips, rounds := bot.Count(r.Flips), bot.Count(r.Both)
		left, right := r.FlipsLeft[0], r.FlipsLeft[1]
		switch leans := stats.Exact(left, left+right) < 0.02; {
		case leans && left > right:
			return bot.Say("In {k} of {n|round|rounds} its answer changed with the order of the two texts, and does not count; it leans to the text on the left.", flips, rounds)
		case leans:
			return bot.Say("In {k} of {n|round|rounds} its answer changed with the order of the two texts, and does not count; it leans to the text on the right.", flips, rounds)
		}
		return bot.Say("In {k} of {n|round|rounds} its answer changed with the order of the two texts, and does not count.", flips, rounds)
	}
	if r.Left.N == 0 {
		return bot.Sentence{}
	}
	return bot.Say("It read each pair in one order only, and decided for the text on the left in {share} of its decisions (voters in {voters}).", WholePercent(r.Left), WholePercent(r.VotersLeft))
}

// byLength speaks up where the judge is shown to like long texts more than people do.
func (r JudgeReport) byLength() bot.Sentence {
	lower, _ := stats.Wilson(r.Longer.K, r.Longer.N, 0.95)
	_, upper := stats.Wilson(r.VotersLonger.K, r.VotersLonger.N, 0.95)
	if r.Longer.N == 0 || r.VotersLonger.N == 0 || lower <= upper {
		return bot.Sentence{}
	}
	return bot.Say("It decides for the longer text more often than voters do: in {share} of its decisions, they in {voters}.", WholePercent(r.Longer), WholePercent(r.VotersLonger))
}

// standIn says whether it could stand in for one of the people.
func (r JudgeReport) standIn() bot.Sentence {
	a := r.Alternative
	won, people, rounds := bot.Count(a.Won), bot.Count(a.People), bot.Count(stats.AltRounds)
	switch {
	case !a.Enough:
		return bot.Say("Whether it could stand in for one of them cannot be tested: that takes {people|person|people} with {rounds|round|rounds} each, and there {n?is|are} {n}.", bot.Count(stats.AltPeople), rounds, people)
	case a.Passed:
		return bot.Say("It could stand in for one of them: that is shown beside {won} of the {people|person|people} with {rounds|round|rounds} or more.", won, people, rounds)
	}
	return bot.Say("It is not shown that it could stand in for one of them: it is so beside {won} of the {people|person|people} with {rounds|round|rounds} or more, and half are needed.", won, people, rounds)
}

// leastFurther is how many further prompts are worth speaking of.
const leastFurther = 5

// Narrowed says what a judge's reading of further prompts adds to what f says of the
// votes, which have n.People. level is that at which a winner was looked for; the interval
// is that of f.Fits. It says too that the verdict is people's.
func (f Finding) Narrowed(n stats.Narrowed, level float64, names [2]string, judge string, further int) bot.Sentence {
	who, read := bot.Verbatim(judge), bot.Count(further)
	if f.Decision.Verdict == stats.Same {
		level *= 2 // it is said with the narrow one
	}
	lo, hi, ok := n.CI(1 - level)
	switch {
	case further < leastFurther:
		return bot.Say("{judge} could not read enough of what nobody voted on to narrow anything: what is said rests on your votes alone.", who)
	case f.Fits == (bot.Span{}) || !ok:
		return bot.Say("{judge} also read {n|prompt|prompts} that nobody voted on. Your votes give no range that they could narrow.", who, read)
	}
	ahead, m, was := names[0], n.M, [2]float64{f.Fits.Low, f.Fits.High}
	if f.Decision.Mean.M < 0.5 {
		ahead, m, lo, hi, was = names[1], 1-m, 1-hi, 1-lo, [2]float64{1 - was[1], 1 - was[0]}
	}
	model, low, high := bot.Verbatim(ahead), bot.Verbatim(Share(lo, math.Floor)), sharePercent(hi, math.Ceil)
	low2, high2 := bot.Verbatim(Share(was[0], math.Floor)), sharePercent(was[1], math.Ceil)
	if hi-lo >= was[1]-was[0] || n.Part >= 1 {
		return bot.Say("{judge} also read {n|prompt|prompts} that nobody voted on, and that narrows nothing this time: with them {model} may have anything from {low} to {high}, by your votes alone from {low2} to {high2}.", who, read, model, low, high, low2, high2)
	}
	people := math.Round(100 * n.Part)
	return bot.Prose(
		bot.Say("With {n|prompt|prompts} that only {judge} read, {model} has {m}, and may have anything from {low} to {high}; by your votes alone from {low2} to {high2}.", read, who, model, sharePercent(clipped(m), math.Round), low, high, low2, high2),
		bot.Say("Of what this rests on, {people} came from your {votes|vote|votes} on {prompts|prompt|prompts} and {rest} from {judge}; the verdict is by your votes alone.", bot.Percent(people), bot.Count(n.N), bot.Count(n.Prompts), bot.Percent(100-people), who))
}

func clipped(x float64) float64 { return min(1, max(0, x)) }

// WholePercent is a share of votes as it is said.
func WholePercent(s stats.Share) bot.Percent {
	return bot.Percent(stats.Percent(s.K, s.N-s.K)[0])
}
