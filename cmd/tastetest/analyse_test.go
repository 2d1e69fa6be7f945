package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/votefile"
	"github.com/tastetest/tastetest/bot"
)

const shared = "../../../shared"

// tell runs "analyse" on votes and returns what it prints.
func tell(t *testing.T, votes string, flags ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"analyse", "-"}, flags...), streams{strings.NewReader(votes), &o, &e})
	return o.String(), e.String(), code
}

func analyseJSON(t *testing.T, votes string, flags ...string) analysisJSON {
	t.Helper()
	out, errs, code := tell(t, votes, append(flags, "--json")...)
	var a analysisJSON
	if err := json.Unmarshal([]byte(out), &a); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v\n%s", code, err, errs)
	}
	return a
}

func near(got, want, within float64) bool { return math.Abs(got-want) <= within }

// fromShared reads a file that stands beside the checkout. Without it the test
// is skipped; with TASTETEST_SHARED=required it fails.
func fromShared(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(shared, name))
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("TASTETEST_SHARED") != "required" {
		t.Skipf("needs %s beside the checkout", filepath.Join(filepath.Base(shared), name))
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The LLMFAO crowd, by the reference files: Bradley and Terry without a ridge
// and with one, and agreement.
func TestAnalyseCrowd(t *testing.T) {
	t.Parallel()
	votes := string(fromShared(t, "data/llmfao/crowd-comparisons.csv"))
	var ranking struct {
		Llmfao struct {
			Models []string
			Score  []float64 `json:"theta_mean0"`
			Ridge  []float64 `json:"theta_ridge_lambda1"`
		}
	}
	var agreement struct {
		Llmfao struct {
			Units           int
			Raters          int
			Alpha           float64 `json:"alpha_nominal"`
			Pairs           float64 `json:"pairwise_agreement"`
			BrennanPrediger float64 `json:"brennan_prediger"`
		}
	}
	if err := errors.Join(
		json.Unmarshal(fromShared(t, "reference/bradley_terry.json"), &ranking),
		json.Unmarshal(fromShared(t, "reference/agreement.json"), &agreement),
	); err != nil {
		t.Fatal(err)
	}
	for ridge, want := range map[string][]float64{"0": ranking.Llmfao.Score, "1": ranking.Llmfao.Ridge} {
		a := analyseJSON(t, votes, "--ridge="+ridge)
		if len(a.Models) != len(want) {
			t.Fatalf("%d models, want %d", len(a.Models), len(want))
		}
		for _, m := range a.Models {
			if i := slices.Index(ranking.Llmfao.Models, m.Model); i < 0 || !near(m.Score, want[i], 1e-6) {
				t.Errorf("ridge %s: %s has %v, want %v", ridge, m.Model, m.Score, want[i])
			}
			if m.SE != nil || m.CI != nil || m.Rank != [2]int{1, 59} {
				t.Errorf("%s has an error, though 13 prompts cannot give one for 59 models: %+v", m.Model, m)
			}
		}
		got, want := a.Agreement, agreement.Llmfao
		if !near(*got.Alpha, want.Alpha, 1e-9) || !near(*got.Pairwise, want.Pairs, 1e-9) || !near(*got.BrennanPrediger, want.BrennanPrediger, 1e-9) {
			t.Errorf("agreement %v, %v, %v; want %+v", *got.Alpha, *got.Pairwise, *got.BrennanPrediger, want)
		}
		if a.Votes != 8931 || a.Voters != want.Raters || a.Prompts != 13 || len(a.Pairs) != 927 {
			t.Errorf("%d votes, %d voters, %d prompts, %d pairs", a.Votes, a.Voters, a.Prompts, len(a.Pairs))
		}
	}
}

// The five polls of which the product grew: 56, 43, 35, 35 and 36% for the new
// model. However many people voted, five prompts name no winner.
func TestFivePolls(t *testing.T) {
	t.Parallel()
	shares := []int{56, 43, 35, 35, 36}
	never := []string{"is preferred.", "the team", "you were guessing", "significant", "p =", "the same"}
	for voters, want := range map[int]struct {
		says  []string
		never []string
	}{
		20:   {says: []string{"no winner shown", "anything from"}, never: []string{"did not just guess", "Coin flips"}},
		200:  {says: []string{"Coin flips alone would hardly give votes like these, and they leaned to gpt-4", "the answer changes with the prompt", "5 prompts cannot say which model is better in general"}},
		5000: {says: []string{"Coin flips alone would hardly give votes like these, and they leaned to gpt-4", "the answer changes with the prompt", "5 prompts cannot say which model is better in general"}},
	} {
		for _, judges := range []string{"of their own", "the same", "unknown"} {
			t.Run(fmt.Sprintf("%d voters, %s", voters, judges), func(t *testing.T) {
				if testing.Short() && voters > 200 {
					t.Skip("so many votes take a second: run without -short")
				}
				var votes strings.Builder
				votes.WriteString("question_id,model_a,model_b,winner,judge\n")
				rng := rand.New(rand.NewPCG(7, uint64(voters)))
				for poll, share := range shares {
					k := int(math.Round(float64(voters*share) / 100))
					for i, v := range rng.Perm(voters) {
						winner := "model_b"
						if i < k {
							winner = "model_a"
						}
						judge := map[string]string{"of their own": fmt.Sprint(poll, "/", v), "the same": fmt.Sprint(v), "unknown": ""}[judges]
						fmt.Fprintf(&votes, "poll %d,gpt-4.5,gpt-4,%s,%s\n", poll+1, winner, judge)
					}
				}
				a := analyseJSON(t, votes.String())
				p := a.Pairs[0]
				said := p.Title + " " + p.Sentence
				if p.Verdict == "first" || p.Verdict == "second" || p.First != "gpt-4" || p.Votes != 5*voters {
					t.Errorf("%+v", p)
				}
				for _, s := range append(want.says, "Not shown: that they are alike.", "These votes cannot tell whether good tasters disagree") {
					if !strings.Contains(said, s) {
						t.Errorf("does not say %q:\n%s", s, said)
					}
				}
				for _, s := range append(never, want.never...) {
					if strings.Contains(said, s) {
						t.Errorf("says %q:\n%s", s, said)
					}
				}
				// facts: the prompt as unit, 41% [30, 52]
				if p.Verdict != "guessing" && (p.CI == nil || p.CI[0] >= 0.5 || p.CI[1] <= 0.5) {
					t.Errorf("interval %v", p.CI)
				}
			})
		}
	}
}

const header = "question_id,model_a,model_b,winner,judge,kind,retest_of\n"

func TestAnalyseBadInput(t *testing.T) {
	good := "q1,kestrel,nova,model_a,ann,,\n"
	for _, tt := range []struct{ name, votes, want string }{
		{"nothing", "", "the file is empty; votes come in the columns question_id, model_a, model_b, winner"},
		{"no votes", header, "a header and no votes"},
		{"only controls", header + "c,better,worse,model_a,ann,control,\n", "no other votes"},
		{"a column missing", "question_id,model_a,model_b,winer\n" + good, `there is no column winner (is it "winer"?)`},
		{"all columns missing", "a,b,c\n1,2,3\n", "there is no column question_id;"},
		{"JSON", `{"question_id": 1}` + "\n", "vote 1: there is no field model_a; votes come in"},
		{"a list of JSON", "\n [\n", "vote 1: the JSON is broken here"},
		{"winner", header + good + "q2,kestrel,nova,kestrel,ann,,\n", `line 3: winner is "kestrel"; write model_a, model_b, tie or tie (bothbad)`},
		{"kind", header + "q1,kestrel,nova,tie,ann,retst,\n", `line 2: kind is "retst"; write round, control or retest`},
		{"control", header + good + "c1,good,bad,model_a,ann,control,\n", "line 3: of a control pair, model_a or model_b must be called better"},
		{"control twice", header + good + "c1,better,Better,model_a,ann,control,\n", "line 3: of a control pair"},
		{"retest", header + good + "q2,kestrel,nova,model_a,ann,retest,\n", "line 3: retest_of is empty"},
		{"one model", header + "q1,nova,nova,tie,ann,,\n", `line 2: model_a and model_b are both "nova"`},
		{"no model", header + "q1,,nova,tie,ann,,\n", "line 2: a model has no name"},
		{"no question", header + ",kestrel,nova,tie,ann,,\n", "line 2: question_id is empty"},
		{"cells", header + "q1,kestrel,nova\n", "line 2 does not have as many cells"},
		{"a quotation mark", header + "q1,\"kestrel,nova,tie,ann,,\n", "line 2: a quotation mark is not closed"},
		{"a quotation mark inside", header + "q1,kes\"trel,nova,tie,ann,,\n", "line 2: a quotation mark"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, errs, code := tell(t, tt.votes)
			if code != 1 || out != "" || !strings.Contains(errs, tt.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit code %d, %q, %q; want 1, nothing, %q", code, out, errs, tt.want)
			}
		})
	}
	for _, ridge := range []string{"-1", "NaN", "nan", "Inf", "-Inf", "+inf", "1e300", "1000.5"} {
		out, errs, code := tell(t, header+good, "--ridge="+ridge)
		if code != 2 || out != "" || errs != "tastetest: --ridge is a number from 0 to 1000, and usually 0.5\n" {
			t.Errorf("a ridge of %s: %d, %q, %q", ridge, code, out, errs)
		}
	}
	var o, e bytes.Buffer
	if code := run(context.Background(), []string{"analyse", "nowhere.csv"}, streams{nil, &o, &e}); code != 1 || !strings.Contains(e.String(), "nowhere.csv") {
		t.Errorf("a missing file: %d, %q", code, e.String())
	}
}

// What differs only in form gives the same analysis.
func TestAnalyseForms(t *testing.T) {
	plain := header
	for v := range 8 {
		for k := range 8 {
			winner := []string{"model_a", "model_b", "model_a", "tie"}[(v*k+v)%4]
			plain += fmt.Sprintf("q%d,kestrel,nova,%s,voter %d,round,\n", k, winner, v)
		}
		plain += fmt.Sprintf("c1,better,worse,model_a,voter %d,control,\nr1,nova,kestrel,model_b,voter %d,retest,q1\n", v, v)
	}
	want, _, _ := tell(t, plain, "--json")
	if !strings.Contains(want, `"control_votes": 8`) || !strings.Contains(want, `"retest_votes": 8`) {
		t.Fatalf("controls and retests are not read:\n%s", want)
	}
	for form, votes := range map[string]string{
		"semicolons":       strings.ReplaceAll(plain, ",", ";"),
		"tabs":             strings.ReplaceAll(plain, ",", "\t"),
		"byte order mark":  "\ufeff" + plain,
		"windows":          strings.ReplaceAll(plain, "\n", "\r\n"),
		"capitals":         strings.Replace(plain, "question_id,model_a", "Question_ID, Model_A", 1),
		"plain rounds":     strings.ReplaceAll(plain, ",round,", ",plain,"),
		"an export's pair": strings.ReplaceAll(plain, "better,worse", "control (better),control (worse)"),
	} {
		if got, errs, _ := tell(t, votes, "--json"); got != want {
			t.Errorf("%s: another analysis\n%s\n%s", form, errs, got)
		}
	}
}

// A second turn is another answer to the same prompt: it is voted on apart.
func TestAnalyseTurns(t *testing.T) {
	votes := "question_id,model_a,model_b,winner,judge,turn\n"
	for v := range 6 {
		votes += fmt.Sprintf("81,kestrel,nova,model_a,v%d,1\n81,kestrel,nova,model_b,v%d,2\n", v, v)
	}
	a := analyseJSON(t, votes)
	if a.Prompts != 1 || a.Votes != 12 || a.Agreement.Questions != 2 || *a.Agreement.Pairwise != 1 {
		t.Errorf("%d prompts, %d votes, agreement %+v; want 1, 12, full on 2 questions", a.Prompts, a.Votes, a.Agreement)
	}
}

// This program's own export says the same as its tastings: prompts are known
// again across tastings, flagged rounds stay out of standings.
func TestAnalyseExport(t *testing.T) {
	var rows []votefile.Row
	add := func(tasting uint64, round int, kind bot.Kind, models [2]string, winner, judge string) *votefile.Row {
		rows = append(rows, votefile.Row{
			QuestionID: fmt.Sprintf("slack/T1/%d.%d", tasting, round), Tasting: tasting, Round: round, Kind: kind,
			ModelA: models[0], ModelB: models[1], Winner: winner, Judge: judge, Turn: 1, Ballot: string(bot.Reaction),
		})
		return &rows[len(rows)-1]
	}
	models := [2]string{"kestrel", "nova"}
	for tasting := range uint64(2) {
		for v := range 6 {
			judge := fmt.Sprintf("p-%d", v)
			for k := range 6 {
				r := add(tasting, k+1, bot.Plain, models, "model_a", judge)
				r.Pack, r.PromptID = "humour", fmt.Sprintf("p%d", k)
				if k == 0 {
					r.Excluded = []string{votefile.ExcludedFlagged}
				}
			}
			add(tasting, 7, bot.Retest, [2]string{"nova", "kestrel"}, "model_b", judge).Repeats = 2
			add(tasting, 8, bot.Control, votefile.ControlNames, "model_a", judge).Excluded = []string{votefile.ExcludedControl}
		}
	}
	var file bytes.Buffer
	if err := votefile.WriteCSV(&file, rows, false); err != nil {
		t.Fatal(err)
	}
	a := analyseJSON(t, file.String())
	p := a.Pairs[0]
	if len(a.Pairs) != 1 || a.Prompts != 6 || a.Votes != 72 || a.LeftOut != 12 || a.Retests != 12 || a.Controls != 12 || a.Models[0].Votes != 60 {
		t.Errorf("%+v", a)
	}
	if p.Verdict != "first" || *p.DF != 5 || !strings.Contains(p.Sentence, "swayed each other") {
		t.Errorf("%+v", p)
	}
}

// Under five voters there are counts only, and every row that is left out is
// said to be.
// Votes of a demo are simulated: they stay out of the standings, and it is said how they
// would count. A file that is not there is said in plain words.
func TestAnalyseSaysWhyNothingIsLeft(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("question_id,model_a,model_b,winner,judge,excluded\n")
	for q := range 6 {
		for v := range 6 {
			fmt.Fprintf(&rows, "q%d,kestrel,nova,model_a,v%d,simulated people voted\n", q, v)
		}
	}
	out, errs, code := tell(t, rows.String())
	for _, want := range []string{"no model in the standings", "36 by the column excluded, which says why, as where simulated people voted (empty it to count them)"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("says %d, %q%s; want %q", code, out, errs, want)
		}
	}
	if strings.Contains(out, "0 models") || strings.Contains(out, "rank") && strings.Contains(out, "beats the average") {
		t.Errorf("a table without models: %s", out)
	}
	var o, e bytes.Buffer
	if code := run(context.Background(), []string{"analyse", "nothere.csv"}, streams{nil, &o, &e}); code != 1 || !strings.Contains(e.String(), "there is no file nothere.csv; name a table of votes") || strings.Contains(e.String(), "no such file") {
		t.Errorf("a file that is not there: %d, %q", code, e.String())
	}
}

func TestAnalyseFewVoters(t *testing.T) {
	const head = "question_id,model_a,model_b,winner,judge,kind,retest_of,excluded\n"
	one := head + "q1,nova,kestrel,model_a,ann,,,\n"
	four := head
	for _, judge := range []string{"ann", "bob", "cho", "dan"} {
		four += fmt.Sprintf("q1,nova,kestrel,model_a,%s,,,\nq2,nova,kestrel,tie,%s,,,an answer names its author\nc1,better,worse,model_a,%s,control,,\n", judge, judge, judge)
	}
	four += "r1,nova,kestrel,model_a,ann,retest,q1,\n"
	for _, tt := range []struct {
		name, votes string
		says        []string
	}{
		{"one", one, []string{"1 vote, 1 voter, 1 prompt, 2 models\n", "(1 vote, 1 prompt)", "kestrel  1      0\nnova     1      0\n"}},
		{"four", four, []string{
			"8 votes, 4 voters, 2 prompts, 2 models\n", "Counts only: ranks and percentages need five voters.",
			"Of 13 rows, 9 stay out of the standings: 4 on control pairs, 1 repeats of an earlier round, 4 by the column excluded, which says why, as where simulated people voted (empty it to count them).",
		}},
	} {
		out, errs, code := tell(t, tt.votes)
		for _, want := range tt.says {
			if !strings.Contains(out, want) {
				t.Errorf("%s: does not say %q", tt.name, want)
			}
		}
		for _, never := range []string{"%", "rank  ", "score", "every rank"} {
			if strings.Contains(out, never) {
				t.Errorf("%s: says %q", tt.name, never)
			}
		}
		if t.Failed() {
			t.Fatalf("exit code %d, %s\n%s", code, errs, out)
		}
	}
	if out, _, _ := tell(t, four+"q1,nova,kestrel,model_a,eve,,,\n"); !strings.Contains(out, "model    both bad  votes\nnova     0%        5") || strings.Contains(out, "Counts only") || strings.Contains(out, "every rank") {
		t.Errorf("five voters get no percentages:\n%s", out)
	}
}

// A bout of two models at a press of a key: sentences, then a table.
func TestAnalyseOnPaper(t *testing.T) {
	votes := "question_id,model_a,model_b,winner\n"
	for k := range 12 {
		votes += strings.Repeat(fmt.Sprintf("q%d,kestrel,nova,model_a\n", k), 3) + fmt.Sprintf("q%d,nova,kestrel,tie (bothbad)\n", k)
	}
	out, _, code := tell(t, votes)
	for _, want := range []string{
		"48 votes, unknown voters, 12 prompts, 2 models",
		"kestrel and nova: kestrel is preferred.",
		"kestrel 36 · nova 0 · equal 0 · both bad 12",
		"model    both bad  votes",
		"25%",
		"It is not known who cast 48 of the votes.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q:", want)
		}
	}
	if code != 0 || t.Failed() {
		t.Logf("exit code %d\n%s", code, out)
	}
}

// A judge has one vote a question, the last row, on rounds, controls and
// repeats; unknown judges keep theirs, and so does one on another turn.
func TestAnalyseRepeatedRows(t *testing.T) {
	const head = "question_id,model_a,model_b,winner,judge,kind,retest_of,turn\n"
	var first, last string
	for v := range 6 {
		for k := range 6 {
			first += fmt.Sprintf("q%d,kestrel,nova,model_b,v%d,,,\n", k, v)
			last += fmt.Sprintf("q%d,nova,kestrel,model_b,v%d,,,\n", k, v)
		}
		first += fmt.Sprintf("c1,better,worse,model_b,v%d,control,,\nr1,kestrel,nova,model_a,v%d,retest,q1,\n", v, v)
		last += fmt.Sprintf("c1,better,worse,model_a,v%d,control,,\nr1,kestrel,nova,model_b,v%d,retest,q1,\n", v, v)
	}
	want, got := analyseJSON(t, head+last), analyseJSON(t, head+first+last)
	if got.Repeated != 48 || want.Repeated != 0 {
		t.Errorf("%d rows are left out, and of the last alone %d; want 48 and 0", got.Repeated, want.Repeated)
	}
	if got.Votes != 36 || got.Controls != 6 || got.Retests != 6 || got.Pairs[0].Sentence != want.Pairs[0].Sentence || got.Pairs[0].Counts != want.Pairs[0].Counts {
		t.Errorf("earlier rows count:\n%+v\n%+v", got, want)
	}
	if out, _, _ := tell(t, head+first+last); !strings.Contains(out, "Of 96 rows 48 were left out: the same judge voted on the same question again, and the last row counts.") {
		t.Errorf("that rows are left out is not said:\n%s", out)
	}
	for name, votes := range map[string]string{
		"unknown judges": head + strings.Repeat("q1,kestrel,nova,model_a,,,,\n", 3),
		"turns":          head + "q1,kestrel,nova,model_a,ann,,,1\nq1,kestrel,nova,model_a,ann,,,2\nq1,kestrel,nova,model_a,ann,,,3\n",
		"other models":   head + "q1,kestrel,nova,model_a,ann,,,\nq1,kestrel,wren,model_a,ann,,,\nq1,nova,wren,model_a,ann,,,\n",
	} {
		if a := analyseJSON(t, votes); a.Votes != 3 || a.Repeated != 0 {
			t.Errorf("%s: %d votes, %d left out; want 3 and 0", name, a.Votes, a.Repeated)
		}
	}
}

// Several turns on one prompt say nothing more about prompts and voters: by
// chance alone they would differ in most such files.
func TestAnalyseTurnsAreNoNews(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	found, files := 0, 40
	if testing.Short() {
		files = 8
	}
	for range files {
		votes := "question_id,model_a,model_b,winner,judge,turn\n"
		for v := range 10 {
			for k := range 10 {
				winner := []string{"model_a", "model_b"}[rng.IntN(2)]
				for turn := range 4 { // of one mind
					votes += fmt.Sprintf("q%d,kestrel,nova,%s,v%d,%d\n", k, winner, v, turn+1)
				}
			}
		}
		if p := analyseJSON(t, votes).Pairs[0]; *p.PPrompts < 0.05 || *p.PVoters < 0.05 {
			found++
		}
	}
	if found > files/4 { // a tenth is to be expected, and with votes shuffled one by one nearly all
		t.Errorf("of %d files of coin flips %d show that prompts or voters differ", files, found)
	}
}

// Names that differ only in case are asked about, and are one if told so.
func TestAnalyseCase(t *testing.T) {
	votes := "question_id,model_a,model_b,winner,judge\n"
	for k := range 6 {
		votes += fmt.Sprintf("q%d,kestrel,nova,model_a,Ann\nq%d,Kestrel,nova,model_b,ann\n", k, k)
	}
	out, _, _ := tell(t, votes)
	if want := `Are these one each? They differ only in case, and count as different: "Kestrel" and "kestrel", "Ann" and "ann". With --ignore-case they count as one.`; !strings.Contains(out, want) {
		t.Errorf("does not say %s\n%s", want, out)
	}
	a := analyseJSON(t, votes, "--ignore-case")
	if len(a.Models) != 2 || a.Voters != 1 || a.Votes != 6 || a.Repeated != 6 || a.Pairs[0].Counts.Second != 6 || strings.Contains(strings.Join(a.Notes, " "), "only in case") {
		t.Errorf("with --ignore-case: %+v", a)
	}
	if _, errs, code := tell(t, "question_id,model_a,model_b,winner\nq,nova,Nova,tie\n", "--ignore-case"); code != 1 || !strings.Contains(errs, `"nova" stands against itself if case is ignored; rename one of the two models`) {
		t.Errorf("a model against itself: %d, %q", code, errs)
	}
}
