package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// The five polls as votes are those that the reference reckons with.
func TestKarpathyVotes(t *testing.T) {
	said, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "reference", "karpathy.json"))
	if err != nil {
		if os.Getenv("TASTETEST_SHARED") == "required" {
			t.Fatal(err)
		}
		t.Skip("needs the papers beside the project, with reference/karpathy.json")
	}
	var file map[string]struct {
		PerPoll []struct{ K, N int } `json:"per_poll"`
	}
	if err := json.Unmarshal(said, &file); err != nil {
		t.Fatal(err)
	}
	for _, voters := range karpathyVoters {
		polls := make(map[string]struct{ k, n int })
		for r := range karpathyRows(voters) {
			p := polls[r.Question]
			if p.n++; r.Winner == bot.Left {
				p.k++
			}
			polls[r.Question] = p
		}
		want := file[strconv.Itoa(voters)].PerPoll
		if len(want) != 5 || len(polls) != 5 {
			t.Fatalf("with %d voters there are %d polls, in the reference %d", voters, len(polls), len(want))
		}
		for i, w := range want {
			if got := polls["poll "+strconv.Itoa(i+1)]; got.k != w.K || got.n != w.N {
				t.Errorf("with %d voters GPT-4.5 has %d of %d in poll %d, not %d of %d", voters, got.k, got.n, i+1, w.K, w.N)
			}
		}
	}
}

// What the five polls can say, whoever had looked: at no number of voters which
// model is better, and with 5,000 as much is open as with 200.
func TestAnalyseKarpathy(t *testing.T) {
	t.Parallel()
	analyse := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := run(context.Background(), append([]string{"analyse", "--example", "karpathy"}, args...), streams{strings.NewReader(""), &out, &errs}); code != 0 {
			t.Fatalf("%q: exit code %d\n%s", args, code, &errs)
		}
		return out.String()
	}
	all := analyse()
	parts := strings.Split(all, "\n== With ")
	if len(parts) != 4 || !strings.Contains(parts[0], "56%, 43%, 35%, 35% and 36%") || !strings.Contains(parts[0], "reconstructed") {
		t.Fatalf("it does not say that the votes are reconstructed, or not for three numbers of voters:\n%s", all)
	}
	for i, want := range [][]string{
		{"20 voters a poll", "no winner shown. GPT-4 is ahead.", "anything from 45 to 73%."},
		{"200 voters a poll", "no winner shown. GPT-4 is ahead.", "leaned to GPT-4; but the answer changes with the prompt", "anything from 47 to 71%.", "cannot tell whether good tasters disagree"},
		{"5,000 voters a poll", "no winner shown. GPT-4 is ahead.", "leaned to GPT-4; but the answer changes with the prompt", "anything from 47 to 71%.", "cannot tell whether good tasters disagree"},
	} {
		for _, w := range want {
			if !strings.Contains(parts[i+1], w) {
				t.Errorf("without %q:\n%s", w, parts[i+1])
			}
		}
	}
	if !strings.Contains(all, "/tastetest start ballot=private rounds=10 controls=on retests=on") {
		t.Error("it does not say what can tell")
	}
	if one := analyse("--voters", "50"); !strings.Contains(one, "250 votes") || strings.Count(one, "== With") != 1 {
		t.Errorf("with 50 voters a poll:\n%s", one)
	}
	var j struct{ Votes, Prompts int }
	if err := json.Unmarshal([]byte(analyse("--voters", "200", "--json")), &j); err != nil || j.Votes != 1000 || j.Prompts != 5 {
		t.Errorf("as JSON: %+v, %v", j, err)
	}
}

func TestAnalyseExampleTypedWrong(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "say which votes: tastetest analyse votes.csv"},
		{[]string{"--example", "lmarena"}, "write --example karpathy"},
		{[]string{"--example", "karpathy", "votes.csv"}, "leave the file out"},
		{[]string{"--example", "karpathy", "--voters=-1"}, "1 to 100,000"},
		{[]string{"--example", "karpathy", "--json"}, "--voters 200"},
		{[]string{"votes.csv", "--voters", "20"}, "--example karpathy alone"},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), append([]string{"analyse"}, tt.args...), streams{strings.NewReader(""), &out, &errs})
		if code != 2 || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("%q: exit code %d, want 2 and %q:\n%s", tt.args, code, tt.want, &errs)
		}
	}
}
