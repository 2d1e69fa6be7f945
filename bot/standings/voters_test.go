package standings

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// opinionated is a tasting in which each person has a model they nearly always
// prefer: of so many people, most the first one. It returns its cells, too.
func opinionated(n int, first, second string, rounds, people, most int, rng *rand.Rand) (bot.Tasting, [][]bot.Cell) {
	t := tasted(n, first, second)
	var cells [][]bot.Cell
	for k := range rounds {
		var c bot.Counts
		var who []bot.Cell
		for v := range people {
			p := bot.First
			if (v < most) != (rng.IntN(10) > 0) {
				p = bot.Second
			}
			c[0][p-1]++
			who = append(who, bot.Cell{Voter: uint64(v) * 7919, Lean: p.Lean()})
		}
		t.Rounds, cells = append(t.Rounds, round(100*n+k, c)), append(cells, who)
	}
	return t, cells
}

// Twenty prompts say that most of these people prefer auk, and nine people say
// little of what others do: with voters known the interval is wider, and says for
// whom it holds.
func TestStandingsKnowVoters(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	a, cells := opinionated(1, "auk", "bee", 20, 9, 6, rng)
	all := map[bot.TastingID][][]bot.Cell{a.ID: cells}
	some := map[bot.TastingID][][]bot.Cell{a.ID: slices.Clone(cells)}
	for i := range 8 {
		some[a.ID][i] = nil
	}
	some[a.ID][8] = cells[8][1:] // one vote fewer than counted: not to be relied on
	third, thirdCells := opinionated(2, "bee", "cat", 20, 9, 5, rng)
	for _, tt := range []struct {
		name  string
		ts    []bot.Tasting
		cells map[bot.TastingID][][]bot.Cell
		rank  string
		holds string
	}{
		{"nobody known", []bot.Tasting{a}, nil, "1", "for prompts like these and the same people."},
		{"all known", []bot.Tasting{a}, all, "1–2", "for prompts and people like these."},
		{"some known", []bot.Tasting{a}, some, "1–2", "for prompts like these, and for people like these where it is known whose votes are whose (99 of 180 votes)."},
		{"three models, nobody known", []bot.Tasting{a, third}, nil, "1", "for prompts like these and the same people."},
		{"three models, all known", []bot.Tasting{a, third}, map[bot.TastingID][][]bot.Cell{a.ID: cells, third.ID: thirdCells}, "1–3", "for prompts and people like these."},
	} {
		p := Post(tt.ts, tt.cells, Scope{})
		if row := p.Rows[0]; row.Model != "auk" || string(row.Rank) != tt.rank {
			t.Errorf("%s: %s is first at rank %s, %s; want auk at %s", tt.name, row.Model, row.Rank, row.Beats, tt.rank)
		}
		if !strings.HasSuffix(p.Legend.String(), tt.holds) {
			t.Errorf("%s: %q, want it to end in %q", tt.name, p.Legend, tt.holds)
		}
	}
}

// Of several models a share between two is by scores; what was voted between
// the two is said beside it, with how many votes.
func TestSharesOfSeveralModels(t *testing.T) {
	rounds := func(first int, c ...bot.Counts) (rs []bot.Round) {
		for i := range 12 {
			rs = append(rs, round(first+i, c[i%len(c)]))
		}
		return rs
	}
	strong, weak, even := bot.Counts{{7, 2, 0, 0}}, bot.Counts{{5, 3, 1, 0}}, bot.Counts{{4, 4, 0, 1}}
	ab := tasted(1, "auk", "bee", rounds(0, strong, weak)...)
	bc := tasted(2, "bee", "cat", rounds(100, weak, strong, even)...)
	for _, tt := range []struct {
		name string
		ts   []bot.Tasting
		says string
	}{
		{"compared", []bot.Tasting{ab, bc}, "by all comparisons (69% of the 108 votes between the two)"},
		{"the other two never met, the first is level", []bot.Tasting{tasted(1, "auk", "bee", rounds(0, even)...), tasted(2, "cat", "bee", rounds(100, even)...)},
			"auk and bee are level, each with 50%"},
		{"never met", []bot.Tasting{tasted(1, "auk", "cat", rounds(0, strong, weak)...), tasted(2, "bee", "cat", rounds(100, strong, even)...)},
			"by comparisons with others (no votes between the two)"},
		{"three votes", []bot.Tasting{tasted(1, "auk", "cat", rounds(0, strong, weak)...), tasted(2, "bee", "cat", rounds(100, strong, even)...), tasted(3, "auk", "bee", round(200, bot.Counts{{2, 0, 1, 0}}))},
			"by all comparisons (2½ of the 3 votes between the two)"},
	} {
		p := Post(tt.ts, nil, Scope{})
		if !strings.Contains(p.Says[0].String(), tt.says) {
			t.Errorf("%s: says %q, want %q", tt.name, p.Says[0], tt.says)
		}
		if strings.Contains(fmt.Sprint(p.Says), "% of votes") {
			t.Errorf("%s: a score is called a share of votes: %q", tt.name, p.Says)
		}
	}
}
