package judge_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/judge"
)

var owl = bot.Card{Name: "owl", Source: "api"}

// said is what owl made of a round: its picks in both orders, or why there is none.
func said(upright, crossed bot.Pick, failed ...bot.JudgeFault) bot.Judgment {
	m := bot.Judgment{Judge: "owl", Setting: owl.Fingerprint(), Picks: [2]bot.Pick{upright, crossed}}
	copy(m.Failed[:], failed)
	return m
}

// seen is a tasting of rounds, each with so many votes for the first model of so many, and
// what owl made of it.
func seen(n uint64, votes [][2]int, made ...bot.Judgment) judge.Seen {
	s := judge.Seen{
		Tasting: bot.Tasting{
			ID: bot.TastingID{Workspace: bot.Workspace{Platform: "room", ID: "T"}, N: n}, Models: [2]bot.Card{{Name: "kestrel"}, {Name: "nova"}},
			State: bot.Revealed, Ballot: bot.Private, Judges: []bot.AskedJudge{{Card: owl}},
		},
		Judgments: make(map[int][]bot.Judgment),
	}
	for i, of := range votes {
		r := bot.Round{Kind: bot.Plain, Ready: true}
		r.Counts[0] = [4]int{of[0], of[1] - of[0]}
		s.Tasting.Rounds = append(s.Tasting.Rounds, r)
		s.Judgments[i+1] = []bot.Judgment{made[i]}
	}
	return s
}

// Trust counts rounds that the judge was asked about, as it is set now, and whose counts
// may be shown. Who changes their mind with the order, or says something else, stands in
// the middle.
func TestTrust(t *testing.T) {
	all := []judge.Seen{
		seen(1, [][2]int{{3, 4}, {1, 4}, {2, 4}}, said(bot.First, bot.First), said(bot.Second, bot.Second), said(bot.First, bot.Second)),
		seen(2, [][2]int{{4, 4}, {0, 4}, {2, 2}, {4, 4}, {4, 4}},
			said(bot.First, bot.None, "", bot.OffGrammar), said(bot.Tie, bot.Tie),
			said(bot.First, bot.First),                                 // two votes on a private ballot are not broken down
			said(bot.None, bot.None, bot.NotAnswered, bot.NotAnswered), // not asked
			said(bot.First, bot.None, bot.NoFault, bot.OverBudget)),    // nor this one
	}
	got := judge.Trust(all, owl)
	// The first tasting's scores are 1, 0, ½ against ¾, ¼, ½; the second's ½, ½ against 1, 0.
	if want := 0.25 / math.Sqrt(0.5*(0.125+0.5)); got.Rounds != 5 || math.Abs(got.Correlation-want) > 1e-9 || math.Abs(got.Slope-0.5) > 1e-9 {
		t.Errorf("trust is %+v, want 5 rounds, %.3f and a slope of ½", got, want)
	}
	changed := owl
	changed.System = "Be strict."
	if got := judge.Trust(all, changed); got.Rounds != 0 {
		t.Errorf("a judge that was set anew has %+v", got)
	}
}

// Scores end where the judge stopped, also if it went on with what was under way.
func TestScores(t *testing.T) {
	s := seen(1, [][2]int{{3, 4}, {1, 4}}, said(bot.First, bot.First), said(bot.None, bot.None, bot.NotAnswered, bot.NotAnswered))
	tasting := s.Tasting
	tasting.Further = bot.Further{N: 7, Judge: "owl"}
	made := s.Judgments
	made[3] = []bot.Judgment{said(bot.Second, bot.Second)}
	made[4] = []bot.Judgment{said(bot.None, bot.None, bot.NotAnswered, bot.NotAnswered)}
	made[5] = []bot.Judgment{said(bot.First, bot.Second)}
	made[6] = []bot.Judgment{said(bot.First, bot.First)}
	made[8] = []bot.Judgment{said(bot.First, bot.First)} // 7 was under way
	read, further := judge.Scores(tasting, made)
	if d := cmp.Diff(map[int]float64{1: 1}, read); d != "" {
		t.Errorf("of the rounds (- want, + got):\n%s", d)
	}
	if d := cmp.Diff([]float64{0, 0.5, 1}, further); d != "" {
		t.Errorf("of the further prompts (- want, + got):\n%s", d)
	}
	made[3] = []bot.Judgment{said(bot.None, bot.None, bot.OverBudget, bot.OverBudget)}
	if _, further := judge.Scores(tasting, made); further != nil {
		t.Errorf("after its limit was reached %v count", further)
	}
	tasting.Further = bot.Further{}
	if _, further := judge.Scores(tasting, made); further != nil {
		t.Errorf("without further prompts %v count", further)
	}
}
