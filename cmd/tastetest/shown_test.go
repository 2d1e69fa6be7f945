package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/tastetest/tastetest/bot"
)

// obeyed returns the first character that a terminal would obey, or turn round.
func obeyed(s string) (rune, bool) {
	i := strings.IndexFunc(s, func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	})
	if i < 0 {
		return 0, false
	}
	return []rune(s[i:])[0], true
}

const steering = "\x1b]0;owned\a\x1b[2J\u202emoon\u2066\u009b31m"

// Names that would clear a terminal's screen, or turn its lines round, are
// spelled out, in whatever a command says.
func TestNamesDoNotSteerATerminal(t *testing.T) {
	dir := t.TempDir()
	var votes strings.Builder
	votes.WriteString(header)
	for v := range 6 {
		for k := range 6 {
			fmt.Fprintf(&votes, "q%d,\"kes%strel\nlarge\",nova,model_%s,\"judge %d%s\",,\n", k, steering, []string{"a", "b"}[(v+k)%2], v, steering)
			fmt.Fprintf(&votes, "r%d,\"KES%strel\nlarge\",nova,model_a,\"JUDGE %d%s\",,\n", k, steering, v, steering)
		}
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("votes.csv", votes.String())
	wrong := file("wrong.csv", header+"q1,kestrel,nova,"+steering+",ann,,\n")
	column := file("column.csv", "question_id,model_a,model_b,win"+steering+"ner\n1,2,3,4\n")
	path := filepath.Join(dir, "tastetest.db")
	s := openStore(t, path)
	taste(t, s, bot.Reaction, [2]bot.Card{card("kes"+steering+"trel", "0.2"), card("nova", "1")}, bot.Revealed, steering)
	s.Close()
	for _, args := range [][]string{
		{"analyse", good},
		{"analyse", "--json", good},
		{"analyse", "--ignore-case", good},
		{"analyse", wrong},
		{"analyse", column},
		{"analyse", filepath.Join(dir, steering)},
		{"packs", filepath.Join(dir, steering)},
		{"config", "--config", file("tastetest.yaml", "models:\n  - name: \"kes\\u202e\\u001btrel\"\n    base_url: https://api.example.com/v1\n    model: m\n    token_env: T\n")},
		{"config", steering},
		{steering},
		{"import", "--store", path, wrong},
		{"export", "--store", path, "--out", filepath.Join(dir, steering+".csv")},
	} {
		out, errs, _ := tastetest(t.Context(), args...)
		if out+errs == "" {
			t.Errorf("%q says nothing: this shows nothing", args)
		}
		if r, found := obeyed(out + errs); found {
			t.Errorf("%q prints %U:\n%q", args, r, out+errs)
		}
	}
	out, _, _ := tastetest(t.Context(), "analyse", good)
	if !strings.Contains(out, `kes\u001b]0;owned\u0007\u001b[2J\u202emoon\u2066\u009b31mtrel\u000alarge`) {
		t.Errorf("the name is not spelled out:\n%s", out)
	}
	// What another program reads is as it was.
	if out := export(t, path, "--names"); !strings.Contains(out, steering) {
		t.Errorf("an export to standard output is not the data:\n%q", out)
	}
}
