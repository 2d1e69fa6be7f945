package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Files as people bring them, to the program as they run it: what can be read is
// read for what it is, and what cannot is refused in one sentence that says where,
// and what to save instead. Nothing garbled is printed.
func TestFilesThatPeopleBring(t *testing.T) {
	const (
		votes = "question_id,model_a,model_b,winner,judge\n1,kestrel,nova,model_a,ana\n1,kestrel,nova,tie,li\n2,kestrel,nova,model_b,ana\n"
		pack  = "version: 1\npack: desk\ntitle: 前台\nlanguage: zh\ndescription: d\nprompts:\n  - id: a\n    category: creative\n    text: 用一句话问候客人。\n    max_words: 60\n    why: x\n"
		conf  = "store: t.db\nmodels:\n  - {name: kestrel, file: answers.jsonl}\n  - {name: nova, file: answers.jsonl}\n"
	)
	gbk := func(s string) string {
		said, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	wide := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	answers := `{"prompt": "Say hello.", "answer": "Hello there."}` + "\n"
	for i, tt := range []struct {
		name  string
		files map[string]string
		args  string
		code  int
		want  string
	}{
		{"a pack", map[string]string{"desk.yaml": pack}, "packs --dir .", 0, "1 prompts   前台 (your own)"},
		{"a pack with a byte order mark", map[string]string{"desk.yaml": "\ufeff" + pack}, "packs --dir .", 0, "1 prompts   前台 (your own)"},
		{"a pack in GBK", map[string]string{"desk.yaml": gbk(pack)}, "packs --dir .", 1, "desk.yaml: line 9 is not UTF-8 text; save it as UTF-8"},
		{"a pack in UTF-16", map[string]string{"desk.yaml": wide(pack)}, "packs --dir .", 1, "desk.yaml: this is UTF-16; save it as UTF-8"},
		{"a configuration with a byte order mark", map[string]string{"tastetest.yaml": "\ufeff" + conf, "answers.jsonl": answers}, "config", 0, "t.db"},
		{"a configuration in UTF-16", map[string]string{"tastetest.yaml": wide(conf), "answers.jsonl": answers}, "config", 1, "UTF-16"},
		{"answers in GBK", map[string]string{"tastetest.yaml": conf, "answers.jsonl": answers + gbk(`{"prompt": "二", "answer": "你好"}`)}, "config", 1, "line 2 is not UTF-8 text"},
		{"votes", map[string]string{"votes.csv": votes}, "analyse votes.csv", 0, "3 votes, 2 voters, 2 prompts, 2 models"},
		{"votes from an old Mac", map[string]string{"votes.csv": strings.ReplaceAll(votes, "\n", "\r")}, "analyse votes.csv", 0, "3 votes, 2 voters, 2 prompts, 2 models"},
		{"votes with semicolons", map[string]string{"votes.csv": "sep=;\n" + strings.ReplaceAll(votes, ",", ";")}, "analyse votes.csv", 0, "3 votes, 2 voters, 2 prompts, 2 models"},
		{"votes in Latin 1", map[string]string{"votes.csv": strings.ReplaceAll(votes, "kestrel", "mod\xe8le")}, "analyse votes.csv", 1, "votes.csv: line 2 is not UTF-8 text"},
		{"votes in UTF-16", map[string]string{"votes.csv": wide(votes)}, "analyse votes.csv", 1, "votes.csv: this is UTF-16"},
		{"a workbook", map[string]string{"votes.xlsx": "PK\x03\x04\x14\x00\x00\x00xl/workbook.xml"}, "analyse votes.xlsx", 1, "this is a workbook or an archive, not text; save the sheet as"},
		{"votes twice", map[string]string{"votes.csv": votes + "1,kestrel,nova,model_b,ana\n"}, "analyse votes.csv", 0, "3 votes, 2 voters, 2 prompts, 2 models"},
		{"votes of an arena, as JSON", map[string]string{"battles.json": `[{"question_id": "1", "model_a": "kestrel", "model_b": "nova", "winner": "tie (bothbad)", "judge": "a", "turn": 1, "anony": true, "tstamp": 1.7e9}]`}, "analyse battles.json", 0, "both bad 1"},
		{"votes of Kaggle's arena", map[string]string{"train.csv": "id,model_a,model_b,prompt,winner_model_a,winner_model_b,winner_tie\n30192,kestrel,nova,\"[\"\"Hi,\nyou\"\"]\",1,0,0\n53567,kestrel,nova,x,0,0,1\n"}, "analyse train.csv", 0, "kestrel 1 · nova 0 · equal 1 · both bad 0"},
		{"feedback of Open WebUI", map[string]string{"feedback.json": `[{"id": "f1", "user_id": "u1", "type": "rating", "data": {"rating": 1, "model_id": "kestrel", "sibling_model_ids": ["nova"]}, "meta": {"chat_id": "c1", "message_id": "m1"}}]`}, "analyse feedback.json", 0, "kestrel 1 · nova 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && i%3 != 0 {
				t.Skip("a process for each file: run without -short")
			}
			dir := t.TempDir()
			for name, content := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0], strings.Fields(tt.args)...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "TASTETEST_BE_THE_PROGRAM=1")
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &said, &said
			_ = cmd.Run() // the exit code tells
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(said.String(), tt.want) {
				t.Errorf("tastetest %s ends with %d, want %d and %q:\n%s", tt.args, code, tt.code, tt.want, &said)
			}
			if !utf8.Valid(said.Bytes()) {
				t.Errorf("tastetest %s prints what is not UTF-8: %q", tt.args, &said)
			}
			if tt.code == 1 && !strings.HasPrefix(tt.name, "answers") && strings.Count(strings.TrimSpace(said.String()), "\n") > 0 {
				t.Errorf("tastetest %s refuses in more than one line:\n%s", tt.args, &said)
			}
		})
	}
}
