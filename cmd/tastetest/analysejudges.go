package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// judgesTable writes how models that judged did beside the voters: a line each,
// with one of the voters among each other on the same rounds, and sentences.
func judgesTable(b io.Writer, judges []verdict.JudgeReport) error {
	if len(judges) == 0 {
		return nil
	}
	fmt.Fprintf(b, "Models that judged, beside the voters. None of it counts above.\n\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "judge\trounds\tagrees with one voter\texactly\tκ (95%%)\tcorrelation\tleft\tlonger\tchanges\tas good as\n")
	for _, j := range judges {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", j.Name, say.Thousands(j.Rounds),
			tenths(j.Judge), decimals(j.JudgeExact), limits(j.Kappa), correlated(j.Correlation),
			wholes(j.Left), wholes(j.Longer), wholes(stats.Share{K: j.Flips, N: j.Both}),
			wholes(stats.Share{K: j.Alternative.Ahead, N: j.Alternative.People}))
		fmt.Fprintf(w, "  voters\t\t%s\t%s\t\t\t%s\t%s\t\t\n", tenths(j.Voters), decimals(j.VotersExact), wholes(j.VotersLeft), wholes(j.VotersLonger))
	}
	fmt.Fprintf(w, "\nAgrees: of decisive votes; of voters, of pairs of them. Exactly: equal and both bad too. Correlation: with the mean of a round's votes. Left, longer: of decisive picks. Changes: with the order of the two texts. As good as: of voters with %d rounds, beside so many it is not worse by more than %.2f, as counted.\n\n", stats.AltRounds, judges[0].Epsilon)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, j := range judges {
		for _, s := range j.Sentences() {
			fmt.Fprintf(b, "%s\n", s)
		}
		fmt.Fprintln(b)
	}
	return nil
}

// unknown stands where there is nothing to count.
const unknown = "–"

func tenths(s stats.Share) string   { return written("%.1f%%", 100*s.Part(), s.N > 0) }
func wholes(s stats.Share) string   { return written("%.0f%%", 100*s.Part(), s.N > 0) }
func decimals(s stats.Share) string { return written("%.3f", s.Part(), s.N > 0) }

func correlated(i stats.Interval) string { return written("%.2f", i.Estimate, i.OK) }

func limits(i stats.Interval) string {
	if !i.OK {
		return unknown
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", i.Estimate, i.Lower, i.Upper)
}

func written(format string, x float64, ok bool) string {
	if !ok {
		return unknown
	}
	return fmt.Sprintf(format, x)
}

// A judgeJSON is a model that judged, beside the voters in the rounds that it read.
type judgeJSON struct {
	Judge         string      `json:"judge"`
	Read          int         `json:"rounds_read"`
	Rounds        int         `json:"rounds"` // with an answer and a vote
	Abstained     int         `json:"abstained"`
	Both          int         `json:"read_in_both_orders"`
	Flips         int         `json:"changed_with_the_order"`
	Agreement     *float64    `json:"agreement"` // with one decisive vote
	Voters        *float64    `json:"agreement_of_voters"`
	Exact         *float64    `json:"exact_agreement"`
	VotersExact   *float64    `json:"exact_agreement_of_voters"`
	Gap           *[2]float64 `json:"agreement_less_voters_interval"` // 95%
	Kappa         *float64    `json:"kappa"`
	KappaInterval *[2]float64 `json:"kappa_interval"` // 95%
	Correlation   *float64    `json:"correlation"`
	Left          *float64    `json:"left_share"`
	VotersLeft    *float64    `json:"left_share_of_voters"`
	Longer        *float64    `json:"longer_share"`
	VotersLonger  *float64    `json:"longer_share_of_voters"`
	Alternative   altTestJSON `json:"alternative_annotator_test"`
	Sentences     []string    `json:"sentences"`
}

type altTestJSON struct {
	Epsilon float64 `json:"epsilon"`
	People  int     `json:"people"` // with 30 rounds or more
	Ahead   int     `json:"not_worse_as_counted"`
	Won     int     `json:"not_worse_shown"`
	Passed  *bool   `json:"passed"` // null: too few people
}

func judgesJSON(judges []verdict.JudgeReport) []judgeJSON {
	all := []judgeJSON{}
	part := func(s stats.Share) *float64 { return known(s.Part(), s.N > 0) }
	for _, j := range judges {
		a := j.Alternative
		all = append(all, judgeJSON{
			Judge: j.Name, Read: j.Read, Rounds: j.Rounds, Abstained: j.Abstained, Both: j.Both, Flips: j.Flips,
			Agreement: part(j.Judge), Voters: part(j.Voters), Exact: part(j.JudgeExact), VotersExact: part(j.VotersExact),
			Gap:   known([2]float64{j.Gap.Lower, j.Gap.Upper}, j.Gap.OK),
			Kappa: known(j.Kappa.Estimate, j.Kappa.OK), KappaInterval: known([2]float64{j.Kappa.Lower, j.Kappa.Upper}, j.Kappa.OK),
			Correlation: known(j.Correlation.Estimate, j.Correlation.OK),
			Left:        part(j.Left), VotersLeft: part(j.VotersLeft), Longer: part(j.Longer), VotersLonger: part(j.VotersLonger),
			Alternative: altTestJSON{j.Epsilon, a.People, a.Ahead, a.Won, known(a.Passed, a.Enough)},
			Sentences:   bot.English(j.Sentences()),
		})
	}
	return all
}
