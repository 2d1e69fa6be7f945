package stats

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// judgedBy makes rounds of a judge's answers and people's: "0 0112" is a judge
// for the first model, and four people; "- 01" one that abstained.
func judgedBy(rounds ...string) []Judged {
	var js []Judged
	for _, r := range rounds {
		j := Judged{Pick: int(r[0] - '0')}
		if r[0] == '-' {
			j.Pick = Abstained
		}
		for voter, c := range r[2:] {
			j.Votes = append(j.Votes, JudgedVote{int32(voter), int8(c - '0')})
		}
		js = append(js, j)
	}
	return js
}

// By hand: of the first round's votes the judge agrees with two of three decisive
// ones, and one of their three pairs agrees; and so on.
func TestAlikeByHand(t *testing.T) {
	l := Alike(judgedBy("0 001", "1 112", "2 02", "- 11", "0 "))
	for _, c := range []struct {
		what string
		got  Share
		want Share
	}{
		{"judge and decisive votes", l.Judge, Share{4, 5}},
		{"pairs of decisive votes", l.Voters, Share{2, 4}},
		{"judge and all votes", l.JudgeExact, Share{5, 8}},
		{"pairs of all votes", l.VotersExact, Share{2, 7}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v agree, want %v", c.what, c.got, c.want)
		}
	}
	// The judge answered 0, 1, 2 in 3, 3, 2 of the eight pairings, people in 3, 3, 2.
	chance := (3*3 + 3*3 + 2*2) / 64.
	if want := (5./8 - chance) / (1 - chance); !near(l.Kappa.Estimate, want, 1e-12) {
		t.Errorf("κ is %v, want %v", l.Kappa.Estimate, want)
	}
	// Scores of the judge 1, 0, ½; means of the rounds 2/3, 1/6, 3/4.
	if want := 0.5 * (2./3 - 1./6) / math.Sqrt(0.5*(4./9+1./36+9./16-361./432)); !l.Correlation.OK || !near(l.Correlation.Estimate, want, 1e-9) {
		t.Errorf("correlation %+v, want %v", l.Correlation, want)
	}
	if l.Rounds != 3 || l.Gap.OK || l.Kappa.OK {
		t.Errorf("three rounds are enough for limits: %+v", l)
	}
}

// A round is one piece of evidence: twice the rounds narrow the limits, twice the
// same people in them hardly do.
func TestAlikeCountsRounds(t *testing.T) {
	var few, many, crowded []Judged
	for i := range 20 {
		r := []string{"0 0011", "0 0001", "1 1110", "1 0011"}[i%4]
		few = append(few, judgedBy(r)...)
		many = append(many, judgedBy(r, r, r, r)...)
		crowded = append(crowded, judgedBy(r+r[2:])...)
	}
	width := func(rounds []Judged) float64 { g := Alike(rounds).Kappa; return g.Upper - g.Lower }
	if f, m, c := width(few), width(many), width(crowded); !(m < 0.55*f && c > 0.85*f) {
		t.Errorf("κ's interval is %.3f wide; of four times the rounds %.3f, of twice the people %.3f", f, m, c)
	}
}

// A judge who says the same as everybody has no κ beyond chance, and no division by 0.
func TestAlikeWithoutChance(t *testing.T) {
	var rounds []Judged
	for range 12 {
		rounds = append(rounds, judgedBy("0 000")...)
	}
	l := Alike(rounds)
	if !finite(l.Kappa.Estimate, l.Kappa.Lower, l.Gap.Upper) || l.Kappa.Estimate != 0 || l.Correlation.OK {
		t.Errorf("everybody always for the first: %+v", l)
	}
	if none := Alike(nil); none != (Likeness{}) {
		t.Errorf("no rounds: %+v", none)
	}
}

func TestAlternativeByHand(t *testing.T) {
	var same, worse []Judged
	for range 30 {
		same = append(same, judgedBy("0 000")...)
		worse = append(worse, judgedBy("1 000")...)
	}
	if got, want := Alternative(same, 0.1), (AltTest{3, 3, 3, true, true}); got != want {
		t.Errorf("a judge like everybody: %+v, want %+v", got, want)
	}
	if got, want := Alternative(worse, 0.1), (AltTest{3, 0, 0, true, false}); got != want {
		t.Errorf("a judge against everybody: %+v, want %+v", got, want)
	}
	if got := Alternative(same[:29], 0.1); got != (AltTest{}) {
		t.Errorf("of 29 rounds: %+v", got)
	}
	abstains := append(judgedBy("- 000", "- 000", "- 000", "- 000"), same[:26]...)
	if got := Alternative(abstains, 0.1); got.Ahead != 0 {
		t.Errorf("abstaining in 4 of 30 rounds is behind in 13%% of them, and yet not worse by 10 points: %+v", got)
	}
	if got := Alternative(abstains, 0.15); got.Ahead != 3 || got.Won != 0 {
		t.Errorf("13%% is less than 15, but not shown to be: %+v", got)
	}
}

// Of m true nulls with p = 1 and some far below the level: by hand, level·i/(m·H(m)).
func TestDiscoveries(t *testing.T) {
	for _, tt := range []struct {
		ps   []float64
		want int
	}{
		{nil, 0},
		{[]float64{0.049}, 1},
		{[]float64{0.051}, 0},
		{[]float64{0.04, 0.04}, 0},            // 0.05·2/(2·1.5) = 0.033
		{[]float64{0.033, 0.033}, 2},          // both by the second's limit
		{[]float64{0.009, 0.5, 0.018}, 2},     // 0.0091 and 0.0182 are the limits of three
		{[]float64{0.0092, 0.5, 0.0183}, 0},   //
		{[]float64{0.0001, 1, 1, 1, 1, 1}, 1}, //
	} {
		if got := discoveries(tt.ps, 0.05); got != tt.want {
			t.Errorf("%v shows %d, want %d", tt.ps, got, tt.want)
		}
	}
}

// The crowd of LLMFAO and two judges of the same pairs, by the published figures.
// Which of two models is the first is as their numbers are written.
func TestJudgesOfTheCrowd(t *testing.T) {
	read := func(name string) [][]string {
		f, err := os.Open(filepath.Join(fromShared(t, "data/llmfao"), name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	pick := func(winner string, models []string) int { // id, prompt, model_x, model_y: which of the two stood left
		p := map[string]int{"left": 0, "right": 1, "tie": 2}[winner]
		if p < 2 && models[0] > models[1] {
			p = 1 - p
		}
		return p
	}
	votes := make(map[string][]JudgedVote)
	voters := make(map[string]int)
	for _, r := range read("crowd-comparisons.csv") {
		if _, known := voters[r[4]]; !known {
			voters[r[4]] = len(voters)
		}
		votes[r[0]] = append(votes[r[0]], JudgedVote{int32(voters[r[4]]), int8(pick(r[5], r[2:4]))})
	}
	for file, want := range map[string]string{
		"gpt4-crowd-comparisons.csv": "66.2% against 70.1%, exactly 0.415 against 0.532, correlation 0.35, ahead of 22 of 49",
		"gpt3-crowd-comparisons.csv": "60.1% against 70.1%, exactly 0.376 against 0.532, correlation 0.23, ahead of 19 of 49",
	} {
		var rounds []Judged
		for _, r := range read(file) {
			rounds = append(rounds, Judged{pick(r[4], r[2:4]), votes[r[0]]})
		}
		l, alt := Alike(rounds), Alternative(rounds, 0.15)
		got := fmt.Sprintf("%.1f%% against %.1f%%, exactly %.3f against %.3f, correlation %.2f, ahead of %d of %d",
			100*l.Judge.Part(), 100*l.Voters.Part(), l.JudgeExact.Part(), l.VotersExact.Part(), l.Correlation.Estimate, alt.Ahead, alt.People)
		if got != want {
			t.Errorf("%s: %s\nwant %s", file, got, want)
		}
		if alt.Passed || alt.Won > alt.Ahead || !(l.Gap.OK && l.Gap.Upper < 0) {
			t.Errorf("%s: %+v, gap %+v; neither may stand in for that crowd", file, alt, l.Gap)
		}
		t.Logf("%s: κ %+v, gap %+v, %+v", file, l.Kappa, l.Gap, alt)
	}
}
