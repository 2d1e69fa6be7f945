package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The crowd of LLMFAO and two models that judged the same pairs: the figures that
// were published for them, as they are printed.
func TestAnalyseJudgesOfTheCrowd(t *testing.T) {
	votes := string(fromShared(t, "data/llmfao/crowd-comparisons.csv"))
	dir := filepath.Join(shared, "data", "llmfao")
	out, errs, code := tell(t, votes,
		"--judge=GPT-4="+filepath.Join(dir, "gpt4-crowd-comparisons.csv"),
		"--judge=GPT-3.5="+filepath.Join(dir, "gpt3-crowd-comparisons.csv"))
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	spaces := regexp.MustCompile(` +`)
	printed := spaces.ReplaceAllString(out, " ")
	for _, line := range []string{
		"GPT-4 2,139 66.2% 0.415 0.15 (0.13 to 0.16) 0.35 45% – – 45%",
		"GPT-3.5 2,139 60.1% 0.376 0.09 (0.07 to 0.11) 0.23 70% – – 39%",
		" voters 70.1% 0.532 53% –",
		"GPT-4 agrees with one voter less often than voters agree with each other: in 66% of decisive votes against 70%.",
		"It read each pair in one order only, and decided for the text on the left in 70% of its decisions (voters in 53%).",
		"beside 5 of the 49 people with 30 rounds or more",
	} {
		if !strings.Contains(printed, line) {
			t.Errorf("it does not say %q:\n%s", line, out[strings.Index(out, "Models that judged"):])
		}
	}
}

const judgedVotes = `question_id,model_a,model_b,winner,judge,answer_a,answer_b
1,kestrel,nova,model_a,ann,short,much longer
1,kestrel,nova,model_b,bob,short,much longer
1,kestrel,nova,model_a,model:owl,short,much longer
1,nova,kestrel,model_b,model:owl,much longer,short
2,kestrel,nova,tie,ann,,
2,kestrel,nova,abstains,MODEL: owl,,
`

// Rows of a judge that is a model are no votes, in whichever way they say so.
func TestAnalyseTellsJudgesFromPeople(t *testing.T) {
	column := strings.NewReplacer("model:owl", "owl", "MODEL: owl", "owl").Replace(judgedVotes)
	lines := strings.Split(strings.TrimSpace(column), "\n")
	for i := range lines {
		switch {
		case i == 0:
			lines[i] += ",judge_type"
		case strings.Contains(lines[i], "owl"):
			lines[i] += ",model"
		default:
			lines[i] += ",person"
		}
	}
	var objects []string
	for _, l := range strings.Split(strings.TrimSpace(judgedVotes), "\n")[1:] {
		c := strings.Split(l, ",")
		objects = append(objects, fmt.Sprintf(`{"question_id":%q,"model_a":%q,"model_b":%q,"winner":%q,"judge":%q,"answer_a":%q,"answer_b":%q}`, c[0], c[1], c[2], c[3], c[4], c[5], c[6]))
	}
	for what, votes := range map[string]string{"by name": judgedVotes, "by column": strings.Join(lines, "\n"), "as JSON": strings.Join(objects, "\n")} {
		a := analyseJSON(t, votes)
		if a.Votes != 3 || a.Voters != 2 || len(a.Judges) != 1 {
			t.Fatalf("%s: %d votes of %d voters and %d judges, want 3 of 2 and 1", what, a.Votes, a.Voters, len(a.Judges))
		}
		j := a.Judges[0]
		got := fmt.Sprint(j.Judge, j.Read, j.Rounds, j.Abstained, j.Both, j.Flips, *j.Agreement, *j.Longer, *j.VotersLonger, j.Alternative.Passed == nil)
		if want := "owl2 1 1 1 0 0.5 0 0.5 true"; got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
}

func TestAnalyseBadJudges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "owl.csv")
	if err := os.WriteFile(file, []byte("question_id,model_a,model_b,winner\n1,kestrel,nova,perhaps\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const header = "question_id,model_a,model_b,winner,judge,judge_type\n"
	for what, test := range map[string]struct {
		votes, flag, want string
		code              int
	}{
		"a type":        {header + "1,k,n,tie,ann,robot\n", "", `line 2: judge_type is "robot"; write person or model`, 1},
		"a nameless":    {header + "1,k,n,tie,,model\n", "", "line 2: judge is empty; of a judge that is a model it holds the model's name", 1},
		"models alone":  {header + "1,k,n,tie,owl,model\n", "", "there are models' answers, but no people's votes to hold them against", 1},
		"a person":      {header + "1,k,n,abstains,ann,\n", "", `line 2: winner is "abstains"`, 1},
		"no file":       {judgedVotes, "--judge=owl=" + file + "x", "read the judge owl: ", 1},
		"a broken file": {judgedVotes, "--judge=owl=" + file, `the judge owl: line 2: winner is "perhaps"`, 1},
		"epsilon":       {judgedVotes, "--epsilon=15", "--epsilon is a number from 0 to 1, and usually 0.15 or 0.10", 2},
	} {
		var flags []string
		if test.flag != "" {
			flags = []string{test.flag}
		}
		if _, errs, code := tell(t, test.votes, flags...); code != test.code || !strings.Contains(errs, test.want) {
			t.Errorf("%s: exit code %d, %s; want %d, %s", what, code, errs, test.code, test.want)
		}
	}
}
