package verdict

import (
	"fmt"
	"math"

	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
)

// behindMost is how far behind people a judge may be that is said to agree with
// them as often as they do with each other.
const behindMost = 0.10

// Standing says how a judge's agreement with people compares with theirs among each
// other.
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
func (r JudgeReport) Sentences() []string {
	said := []string{r.agreement()}
	if s := r.bySide(); s != "" {
		said = append(said, s)
	}
	if s := r.byLength(); s != "" {
		said = append(said, s)
	}
	if r.Rounds == 0 {
		return said
	}
	return append(said, r.standIn())
}

func (r JudgeReport) agreement() string {
	judge, voters := points(r.Judge), points(r.Voters)
	switch {
	case r.Read > 0 && r.Abstained == r.Read:
		return fmt.Sprintf("%s gave no answer that counts in %s.", r.Name, say.Plural(r.Read, "round", "rounds"))
	case r.Rounds == 0:
		return fmt.Sprintf("%s read no round that people voted on.", r.Name)
	case !r.Gap.OK:
		return fmt.Sprintf("Whether %s shares these voters' taste cannot be said from %s.", r.Name, say.Plural(r.Rounds, "round", "rounds"))
	}
	switch r.Standing() {
	case LessOften:
		return fmt.Sprintf("%s agrees with one voter less often than voters agree with each other: in %s of decisive votes against %s.", r.Name, judge, voters)
	case AsOften:
		return fmt.Sprintf("%s agrees with one voter as often as voters agree with each other, give or take ten points: in %s of decisive votes against %s.", r.Name, judge, voters)
	case MoreOften:
		return fmt.Sprintf("%s agrees with one voter more often than voters agree with each other: in %s of decisive votes against %s.", r.Name, judge, voters)
	}
	return fmt.Sprintf("Whether %s agrees with one voter as often as voters agree with each other cannot be said from %s: it is %s of decisive votes against %s, and the difference may be anything from %+.0f to %+.0f points.",
		r.Name, say.Plural(r.Rounds, "round", "rounds"), judge, voters, math.Round(100*r.Gap.Lower)+0, math.Round(100*r.Gap.Upper)+0)
}

// bySide says whether the order of the two texts decided.
func (r JudgeReport) bySide() string {
	if r.Both > 0 {
		if r.Flips == 0 {
			return ""
		}
		s := fmt.Sprintf("In %d of %s its answer changed with the order of the two texts, and does not count", r.Flips, say.Plural(r.Both, "round", "rounds"))
		left, right := r.FlipsLeft[0], r.FlipsLeft[1]
		if stats.Exact(left, left+right) < 0.02 {
			side := "left"
			if right > left {
				side = "right"
			}
			s += fmt.Sprintf("; it leans to the text on the %s", side)
		}
		return s + "."
	}
	if r.Left.N == 0 {
		return ""
	}
	return fmt.Sprintf("It read each pair in one order only, and decided for the text on the left in %s of its decisions (voters in %s).", points(r.Left), points(r.VotersLeft))
}

// byLength speaks up where the judge is shown to like long texts more than people do.
func (r JudgeReport) byLength() string {
	lower, _ := stats.Wilson(r.Longer.K, r.Longer.N, 0.95)
	_, upper := stats.Wilson(r.VotersLonger.K, r.VotersLonger.N, 0.95)
	if r.Longer.N == 0 || r.VotersLonger.N == 0 || lower <= upper {
		return ""
	}
	return fmt.Sprintf("It decides for the longer text more often than voters do: in %s of its decisions, they in %s.", points(r.Longer), points(r.VotersLonger))
}

// standIn says whether it could stand in for one of the people.
func (r JudgeReport) standIn() string {
	a := r.Alternative
	people := say.Plural(a.People, "person", "people")
	switch {
	case !a.Enough:
		return fmt.Sprintf("Whether it could stand in for one of them cannot be tested: that takes %d people with %d rounds each, and there are %d.", stats.AltPeople, stats.AltRounds, a.People)
	case a.Passed:
		return fmt.Sprintf("It could stand in for one of them: that is shown beside %d of the %s with %d rounds or more.", a.Won, people, stats.AltRounds)
	}
	return fmt.Sprintf("It is not shown that it could stand in for one of them: it is so beside %d of the %s with %d rounds or more, and half are needed.", a.Won, people, stats.AltRounds)
}

// points is a share as whole percent.
func points(s stats.Share) string {
	return fmt.Sprintf("%d%%", stats.Percent(s.K, s.N-s.K)[0])
}
