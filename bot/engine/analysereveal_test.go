package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// The same votes have one number: a reveal's sentences are those of analyse, and
// its bars are the counts there; and standings of that tasting alone show the
// share and the interval that both name.
func TestAnalyseSaysWhatTheRevealSaid(t *testing.T) {
	for _, ballot := range []bot.BallotKind{bot.Reaction, bot.Private} {
		play(t, nil, func(s *stage) {
			pick := func(n, v int) bot.Pick {
				return []bot.Pick{bot.First, bot.Second, bot.First, bot.Tie, bot.First, bot.Bad}[(n*v+2*v+n)%6]
			}
			id := s.hold(fmt.Sprintf("start kestrel nova pack=fruit rounds=8 until=5d ballot=%s", ballot), 7, pick)
			tasting := s.tasting(id)
			var rows []verdict.VoteRow
			for _, n := range tasting.Live() {
				for v := range 7 {
					user := fmt.Sprint("voter", v)
					flip := tasting.Seen(n, user).Flip
					r := verdict.VoteRow{
						Question: id.Round(n).String(), Models: [2]string{"kestrel", "nova"}, Winner: pick(n, v).Choice(flip),
						Judge: user, Kind: bot.Plain, Visible: ballot == bot.Reaction,
					}
					if flip {
						r.Models = [2]string{"nova", "kestrel"}
					}
					rows = append(rows, r)
				}
			}
			analysis, err := verdict.Analyse(s.Context(), func(yield func(verdict.VoteRow, error) bool) {
				for _, r := range rows {
					if !yield(r, nil) {
						return
					}
				}
			}, stats.Ridge, verdict.Epsilon)
			if err != nil {
				s.Fatal(err)
			}
			a, p := s.announcement(id), analysis.Pairs[0]
			if !strings.HasSuffix(a.Title.String(), p.Finding.Title.String()) || len(a.Verdict) < len(p.Finding.Sentences) || !slices.EqualFunc(a.Verdict[:len(p.Finding.Sentences)], p.Finding.Sentences, bot.Sentence.Equal) {
				s.Errorf("%s: the reveal says %q\n%q\nanalyse says %q\n%q", ballot, a.Title, a.Verdict, p.Finding.Title, p.Finding.Sentences)
			}
			for _, more := range a.Verdict[min(len(a.Verdict), len(p.Finding.Sentences)):] { // a table does not say on which side an answer stood for all
				if !strings.HasPrefix(more.String(), "The left answer got ") {
					s.Errorf("%s: the reveal says more than analyse: %q", ballot, more)
				}
			}
			var share, lo, hi int
			for _, said := range a.Verdict {
				if _, says, found := strings.Cut(said.String(), "kestrel has "); found {
					if _, err := fmt.Sscanf(says, "%d%%; for all prompts and people like these, it may be anything from %d to %d%%.", &share, &lo, &hi); err != nil {
						s.Fatalf("%q: %v", said, err)
					}
				}
			}
			table := s.standings("standings")
			row := table.Rows[0]
			if want := fmt.Sprintf("%d%% (%d to %d)", share, lo, hi); share == 0 || row.Model != "kestrel" || row.Beats.String() != want || !strings.Contains(table.Says[0].String(), want+" of 56 votes") {
				s.Errorf("%s: the reveal says %s; standings %+v, %q", ballot, want, row, table.Says)
			}
			if lo <= 50 && row.Rank != "1–2" || lo > 50 && row.Rank != "1" {
				s.Errorf("%s: at least %d%% fits, and kestrel's rank is %s", ballot, lo, row.Rank)
			}
			if !strings.Contains(table.Legend.String(), "for prompts and people like these") {
				s.Errorf("%s: the legend does not say what intervals hold for: %s", ballot, table.Legend)
			}
			for i, m := range analysis.Models {
				if got := table.Rows[i]; string(got.Model) != m.Model || string(got.Rank) != map[bool]string{true: fmt.Sprint(m.Rank[0]), false: fmt.Sprintf("%d–%d", m.Rank[0], m.Rank[1])}[m.Rank[0] == m.Rank[1]] {
					s.Errorf("%s: standings have %s at %s, analyse has %s at %v", ballot, got.Model, got.Rank, m.Model, m.Rank)
				}
			}
			if c := p.Tally; a.Bars[0].Count != c.First || a.Bars[1].Count != c.Second || a.Bars[2].Count != c.Tie || a.Bars[3].Count != c.Bad {
				s.Errorf("%s: bars %v, analyse %+v", ballot, a.Bars, c)
			}
		})
	}
}
