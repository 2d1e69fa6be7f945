package verdict_test

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

func seq(rows []verdict.VoteRow) iter.Seq2[verdict.VoteRow, error] {
	return func(yield func(verdict.VoteRow, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func analyse(t *testing.T, rows []verdict.VoteRow) verdict.Analysis {
	t.Helper()
	a, err := verdict.Analyse(t.Context(), seq(rows), stats.Ridge, verdict.Epsilon)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ballots are votes of everyone on every prompt; choose says for whom.
func ballots(voters, prompts int, choose func(v, k int) bot.Choice) []verdict.VoteRow {
	var rows []verdict.VoteRow
	for v := range voters {
		for k := range prompts {
			rows = append(rows, verdict.VoteRow{
				Question: fmt.Sprintf("q%d", k), Models: [2]string{"kestrel", "nova"}, Winner: choose(v, k),
				Judge: fmt.Sprintf("voter %d", v), Kind: bot.Plain,
			})
		}
	}
	return rows
}

func left(int, int) bot.Choice { return bot.Left }

// extras are control pairs and retests of everyone: right says whether the
// better answer was chosen, and the repeat was voted as the first time.
func extras(voters, each int, kind bot.Kind, right func(v, k int) bool) []verdict.VoteRow {
	var rows []verdict.VoteRow
	for v := range voters {
		for k := range each {
			r := verdict.VoteRow{
				Question: fmt.Sprintf("%s%d", kind, k), Models: [2]string{"better", "worse"}, Winner: bot.Left,
				Judge: fmt.Sprintf("voter %d", v), Kind: kind,
			}
			if kind == bot.Retest { // the sides are swapped
				r.Models, r.Winner, r.RetestOf = [2]string{"nova", "kestrel"}, bot.Right, fmt.Sprintf("q%d", k)
			}
			if !right(v, k) {
				r.Winner = map[bot.Choice]bot.Choice{bot.Left: bot.Right, bot.Right: bot.Left}[r.Winner]
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func everyTime(int, int) bool { return true }
func byTurns(v, k int) bool   { return (v+k)%2 == 0 }
func unnamed(rows []verdict.VoteRow) []verdict.VoteRow {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Judge = ""
	}
	return rows
}

func TestAnalyseVerdicts(t *testing.T) {
	byPrompt := func(v, k int) bot.Choice {
		if k%2 == 0 {
			return bot.Left
		}
		return bot.Right
	}
	mostly := func(v, k int) bot.Choice { // nine in ten, by voter and by prompt: enough for an interval without ½
		if (v+3*k)%10 == 0 {
			return bot.Right
		}
		return bot.Left
	}
	winner := ballots(9, 9, left)
	for _, tt := range []struct {
		name  string
		rows  []verdict.VoteRow
		want  stats.Verdict
		says  string
		ptest [3]bool // whether prompts, voters and taste can be tested
	}{
		{"a winner", winner, stats.First, "kestrel is preferred", [3]bool{}},
		{"a winner, voters unknown", unnamed(winner), stats.First, "kestrel is preferred", [3]bool{}},
		{"four prompts", ballots(30, 4, mostly), stats.NotEnough, "too few prompts for a verdict", [3]bool{true, true, false}},
		{"four voters", ballots(4, 30, mostly), stats.NotEnough, "too few voters", [3]bool{true, true, false}},
		{"by the prompt", ballots(10, 10, byPrompt), stats.Prompts, "depends on the prompt", [3]bool{true, false, false}},
		{"by the voter", ballots(10, 10, func(v, k int) bot.Choice { return byPrompt(k, v) }), stats.Split, "not because of one person", [3]bool{false, true, false}},
		{"by the voter, voters unknown", unnamed(ballots(10, 10, func(v, k int) bot.Choice { return byPrompt(k, v) })), stats.NotEnough, "not known whose votes", [3]bool{true, false, false}},
		{"by the prompt, voters unknown", unnamed(ballots(10, 10, byPrompt)), stats.Prompts, "not known whose votes", [3]bool{true, false, false}},
		{"controls missed", append(extras(9, 4, bot.Control, byTurns), winner...), stats.Guessing, "control pairs were missed", [3]bool{}},
		{"controls seen", append(extras(9, 4, bot.Control, everyTime), winner...), stats.First, "As a group they did not guess", [3]bool{}},
		{"controls of voters unknown", unnamed(append(extras(9, 4, bot.Control, byTurns), winner...)), stats.First, "kestrel is preferred", [3]bool{}},
		{"the better answer on the right", mirrored(append(extras(9, 4, bot.Control, everyTime), winner...)), stats.First, "As a group they did not guess", [3]bool{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := analyse(t, tt.rows)
			if len(a.Pairs) != 1 {
				t.Fatalf("%d pairs", len(a.Pairs))
			}
			f := a.Pairs[0].Finding
			d := f.Decision
			if said := f.Title.String() + " " + strings.Join(bot.English(f.Sentences), " "); d.Verdict != tt.want || !strings.Contains(said, tt.says) {
				t.Errorf("%s, %q; want %s, %q", d.Verdict, said, tt.want, tt.says)
			}
			if got := [3]bool{d.Prompts.OK, d.Voters.OK, d.Taste.OK}; got != tt.ptest {
				t.Errorf("prompts, voters, taste are tested: %v, want %v", got, tt.ptest)
			}
		})
	}
}

// mirrored are the same votes with the sides exchanged.
func mirrored(rows []verdict.VoteRow) []verdict.VoteRow {
	rows = slices.Clone(rows)
	for i, r := range rows {
		rows[i].Models = [2]string{r.Models[1], r.Models[0]}
		rows[i].Winner = r.Winner.Pick(true).Choice(false)
		rows[i].RightBetter = !r.RightBetter
	}
	return rows
}

func TestAnalyseTaste(t *testing.T) {
	good := func(v int) bool { return v < 10 }
	rows := ballots(20, 12, func(v, k int) bot.Choice {
		if good(v) == ((v+k)%6 != 0) {
			return bot.Left
		}
		return bot.Right
	})
	rows = append(rows, extras(20, 6, bot.Control, func(v, k int) bool { return good(v) || k%3 > 0 })...)
	rows = append(rows, verdict.VoteRow{Question: "r", Models: [2]string{"nova", "kestrel"}, Winner: bot.Left, Judge: "voter 3", Kind: bot.Retest, RetestOf: "nothing"})
	a := analyse(t, rows)
	d := a.Pairs[0].Finding.Decision
	if d.Verdict != stats.Taste || d.Taste.P >= 0.05 || d.Taste.Top-d.Taste.Bottom < 0.4 {
		t.Errorf("%+v", d)
	}
	if a.Controls != 120 || a.Retests != 0 || a.Orphans != 1 || a.Votes != 240 {
		t.Errorf("%+v", a)
	}
	// Steady are those who vote for the same model when the sides are swapped.
	repeats := extras(20, 4, bot.Retest, func(v, k int) bool {
		return rows[12*v+k].Winner == bot.Left == good(v) // kestrel again, or not, as it was
	})
	unrelated := extras(20, 4, bot.Control, func(v, k int) bool { return v%2 == 0 || k > 0 })
	steady := analyse(t, slices.Concat(rows[:240], unrelated, repeats))
	if taste := steady.Pairs[0].Finding.Decision.Taste; steady.Retests != 80 || taste.Covariance < 0.05 {
		t.Errorf("%d retests; taste %+v", steady.Retests, taste)
	}
	if alone := analyse(t, slices.Concat(rows[:240], repeats)).Pairs[0].Finding.Decision.Taste; alone.OK {
		t.Errorf("taste is told from retests alone: %+v", alone)
	}
}

// crowdOf votes on three models, of different strengths.
func crowdOf(seed uint64) []verdict.VoteRow {
	rng := rand.New(rand.NewPCG(seed, 0))
	names := []string{"kestrel", "nova", "wren"}
	var rows []verdict.VoteRow
	for v := range 12 {
		for k := range 24 {
			a, b := k%3, (k+1)%3
			r := verdict.VoteRow{
				Question: fmt.Sprintf("q%d", k), Models: [2]string{names[a], names[b]}, Winner: bot.Right,
				Judge: fmt.Sprintf("voter %d", v), Kind: bot.Plain,
			}
			if x := rng.Float64(); x < 0.15 {
				r.Winner = bot.Equal
			} else if x < 0.2 {
				r.Winner = bot.Awful
			} else if rng.Float64() < 1/(1+math.Exp(float64(a-b))) {
				r.Winner = bot.Left
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func TestAnalyseIsOfTheVotesAlone(t *testing.T) {
	rows := append(crowdOf(1), extras(12, 4, bot.Control, everyTime)...)
	want := analyse(t, rows)
	shuffled := slices.Clone(rows)
	rand.New(rand.NewPCG(2, 0)).Shuffle(len(rows), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	renamed := slices.Clone(rows)
	for i := range renamed {
		renamed[i].Judge = "x" + renamed[i].Judge
	}
	for what, other := range map[string][]verdict.VoteRow{"sides exchanged": mirrored(rows), "rows shuffled": shuffled, "voters renamed": renamed} {
		got := analyse(t, other)
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", what, diff)
		}
	}

	// With other names the first model may be the second, and a winner the loser.
	other := map[string]string{"kestrel": "zebra", "nova": "yak", "wren": "xerus", "better": "better", "worse": "worse"}
	for i, r := range rows {
		renamed[i] = r
		renamed[i].Models = [2]string{other[r.Models[0]], other[r.Models[1]]}
	}
	got := analyse(t, renamed)
	for i, m := range want.Models {
		n := got.Models[i]
		if other[m.Model] != n.Model || math.Abs(m.Score-n.Score) > 1e-9 || math.Abs(m.SE-n.SE) > 1e-9 || m.Rank != n.Rank {
			t.Errorf("%+v, renamed %+v", m, n)
		}
	}
	for _, p := range want.Pairs {
		i := slices.IndexFunc(got.Pairs, func(q verdict.PairResult) bool {
			return q.Models == [2]string{other[p.Models[1]], other[p.Models[0]]}
		})
		if i < 0 {
			t.Fatalf("no pair of %v after renaming", p.Models)
		}
		a, b := p.Finding.Decision, got.Pairs[i].Finding.Decision
		if math.Abs(a.Mean.M-(1-b.Mean.M)) > 1e-9 || a.Prompts.P != b.Prompts.P || a.Voters.P != b.Voters.P || a.Taste.P != b.Taste.P {
			t.Errorf("%v: %+v; renamed %+v", p.Models, a, b)
		}
	}
}

func TestAnalyseLeavesOut(t *testing.T) {
	rows := ballots(6, 6, left)
	for i := range rows {
		rows[i].Excluded = rows[i].Question == "q0"
	}
	rows = append(rows, verdict.VoteRow{Question: "x", Models: [2]string{"ghost", "nova"}, Winner: bot.Left, Judge: "voter 1", Kind: bot.Plain, Excluded: true})
	a := analyse(t, rows)
	if a.LeftOut != 7 || len(a.Models) != 2 || a.Models[0].Votes != 30 || a.Groups != 1 {
		t.Errorf("left out %d, models %+v", a.LeftOut, a.Models)
	}
	if n := a.Pairs[0].Tally.N(); n != 36 {
		t.Errorf("the verdict rests on %d votes, want all 36", n)
	}
	if a := analyse(t, nil); a.Votes != 0 || len(a.Pairs) != 0 || len(a.Models) != 0 {
		t.Errorf("no votes: %+v", a)
	}
	broken := errors.New("broken")
	_, err := verdict.Analyse(t.Context(), func(yield func(verdict.VoteRow, error) bool) {
		if yield(rows[0], nil) && yield(verdict.VoteRow{}, broken) {
			t.Error("reading goes on after an error")
		}
	}, 0, verdict.Epsilon)
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
