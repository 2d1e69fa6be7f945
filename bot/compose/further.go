package compose

import (
	"fmt"
	"math"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// furtherLine says what a judge reads besides what people vote on, and why. It says
// nothing if there is none.
func furtherLine(t bot.Tasting) bot.Sentence {
	f := t.Further
	if f.N == 0 {
		return bot.Sentence{}
	}
	narrower := 100 * (1 - math.Sqrt(stats.VarianceLeft(f.Correlation, len(t.Tasted()), f.N)))
	return bot.Prose(
		bot.Say("Both models also answer {n|prompt|prompts} of the same pack that nobody sees or votes on; {judge} reads them too, and its provider receives them. The sums above include that, and asking takes longer.", bot.Count(f.N), bot.Verbatim(f.Judge)),
		bot.Say("Its correlation with your votes is {correlation} over {rounds|round|rounds}: if it stays so, the range that your votes leave gets about {share} narrower. The verdict stays yours.", bot.Verbatim(fmt.Sprintf("%.2f", f.Correlation)), bot.Count(f.Rounds), bot.Percent(math.Round(narrower))))
}

// FurtherDetails are the numbers behind further prompts, as they were fixed beforehand.
func FurtherDetails(t bot.Tasting) bot.Sentence {
	f := t.Further
	return bot.Say("Further prompts: {n}, read by {judge}; their weight was fixed before the first vote: slope {slope}, correlation {correlation}, of {rounds|earlier round|earlier rounds}, about the means of their taste tests.",
		bot.Count(f.N), bot.Verbatim(f.Judge), bot.Verbatim(fmt.Sprintf("%.3f", f.Slope)), bot.Verbatim(fmt.Sprintf("%.3f", f.Correlation)), bot.Count(f.Rounds))
}

// Further says what a judge's scores of further prompts add to what people voted: read are
// those of the rounds that it read with them, by number. If one of these is missing on
// which people voted, nothing is narrowed.
func (o Outcome) Further(read map[int]float64, further []float64) bot.Sentence {
	f := o.t.Further
	for _, v := range o.evidence.Votes {
		if _, ok := read[v.Prompt]; !ok {
			further = nil
			break
		}
	}
	n := stats.Narrow(o.evidence.Votes, read, further, f.Slope)
	return o.finding.Narrowed(n, o.Level(), o.t.Names(), f.Judge, len(further))
}
