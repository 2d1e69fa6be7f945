package llm

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
)

func TestReadAnswers(t *testing.T) {
	want := Answers{
		"kestrel": {"Why?": "Because,\nhe said \"so\".", "cake": "Sorry."},
		"nova":    {"Why?": "原因"},
	}
	for name, data := range map[string]string{
		"a.csv":   "prompt,model,answer\nWhy?,kestrel,\"Because,\nhe said \"\"so\"\".\"\ncake,kestrel,Sorry.\nWhy?, nova ,原因\n",
		"b.csv":   "\uFEFFModel;Answer;Prompt;note\r\nkestrel;\"Because,\nhe said \"\"so\"\".\";Why?;\r\nkestrel;Sorry.;cake;x\r\nnova;原因;Why?;\r\n",
		"c.tsv":   "prompt\tmodel\tanswer\nWhy?\tkestrel\t\"Because,\nhe said \"\"so\"\".\"\ncake\tkestrel\tSorry.\nWhy?\tnova\t原因\n",
		"e.csv":   "sep=;\r\nprompt;model;response\r\nWhy?;kestrel;\"Because,\nhe said \"\"so\"\".\"\r\ncake;kestrel;Sorry.\r\nWhy?;nova;原因\r\n",
		"f.csv":   "prompt，model，answer\rWhy?，kestrel，\"Because,\rhe said \"\"so\"\".\"\rcake，kestrel，Sorry.\rWhy?，nova，原因",
		"g.json":  `[{"dataset": "x", "instruction": "Why?", "output": "Because,\nhe said \"so\".", "generator": "kestrel", "text": 1}, {"instruction": "cake", "output": "Sorry.", "generator": "kestrel"}, {"prompt": "Why?", "model": "nova", "answer": "原因", "output": 3}]`,
		"d.jsonl": `{"prompt":"Why?","model":"kestrel","answer":"Because,\nhe said \"so\"."}` + "\n\n" + `{"prompt":" cake ","model":"kestrel","answer":"Sorry.","x":1}` + "\r\n" + `{"prompt":"Why?","model":"nova","answer":"原因"}`,
	} {
		got, err := ReadAnswers("some/where/"+name, []byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadAnswersThatAreWrong(t *testing.T) {
	for data, want := range map[string]string{
		"":              "a.csv, line 1 must name the columns: prompt,model,answer.",
		"hello\n":       "a.csv, line 1 must name the columns: prompt,model,answer.",
		"PK\x03\x04…":   "a.csv: this is a workbook or an archive, not text; save the sheet as “CSV UTF-8”.",
		"\xff\xfep\x00": "a.csv: this is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).",
		"{\"prompt\": \"Why?\"}\n{\"answer\": \"\xd3\xea\"}": "a.csv: line 2 is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).",
		`[{"prompt": "x", "answer": "y"}, {"prompt": "z"}]`:  "a.csv, object 2 has no answer.",
		`[{"prompt": "x"`:                        `a.csv is broken JSON; write a list like [{"prompt": "…", "model": "…", "answer": "…"}], or one such object a line.`,
		"prompt,model\n":                         "a.csv, line 1 must name the columns: prompt,model,answer.",
		"prompt,answer\n":                        "a.csv has no answers.",
		"prompt,answer\nx,\n":                    "a.csv, line 2 has no answer.",
		"prompt,answer\n ,y\n":                   "a.csv, line 2 has no prompt.",
		"prompt,answer\n\"a\nb\",y\nx\n":         "a.csv, line 4 is no CSV: wrong number of fields.",
		"prompt,answer\nx,y\n\"x \",z\n":         "a.csv, line 3 answers a prompt that was answered above.",
		"prompt,answer\nx,\"y":                   `a.csv, line 2 is no CSV: extraneous or missing " in quoted-field.`,
		`{"prompt":"x","answer":"y"}` + "\nnope": `a.csv, line 2 is not like {"prompt": "…", "model": "…", "answer": "…"}.`,
		`{"prompt":"x","answer":"y"}` + "\n" + `{"prompt":"x","answer":["y"]}`:   `a.csv, line 2 is not like {"prompt": "…", "model": "…", "answer": "…"}.`,
		`{"prompt":"x","answer":"y"}` + "\n\n" + `{"question":"x","answer":"y"}`: "a.csv, line 3 has no prompt.",
	} {
		_, err := ReadAnswers("a.csv", []byte(data))
		var said bot.UserError
		if !errors.As(err, &said) || err.Error() != want {
			t.Errorf("%q: got %v, want %s", data, err, want)
		}
	}
}

func TestAnswersOf(t *testing.T) {
	several, _ := ReadAnswers("a.csv", []byte("prompt,model,answer\nx,nova,y\nx,kestrel,z\n"))
	if rows, err := several.Of("kestrel"); err != nil || rows["x"] != "z" {
		t.Errorf("got %v, %v", rows, err)
	}
	if _, err := several.Of("kite"); err == nil || err.Error() != "The file has no answers of kite. It has answers of: kestrel, nova." {
		t.Errorf("got %v", err)
	}
	one, _ := ReadAnswers("a.csv", []byte("prompt,answer\nx,y\n"))
	if rows, err := one.Of("kite"); err != nil || rows["x"] != "y" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestFile(t *testing.T) {
	f := FromFile("kestrel", map[string]string{"Why is\nthe sky blue?": "Rayleigh.", "late-cake": "<think>hm</think>Sorry."})
	for _, tt := range []struct {
		prompt bot.Prompt
		raw    string
	}{
		{bot.Prompt{Text: " Why is\r\nthe sky blue?\n"}, "Rayleigh."},
		{bot.Prompt{ID: "late-cake", Text: "A cake came late."}, "<think>hm</think>Sorry."},
	} {
		a, err := f.Write(t.Context(), tt.prompt)
		if err != nil || a.Raw != tt.raw || a.Cost.Known || a.Attempts != 1 {
			t.Errorf("%v: got %+v, %v", tt.prompt, a, err)
		}
	}
	_, err := f.Write(t.Context(), bot.Prompt{Text: "Why?"})
	var refusal *bot.Refusal
	if !errors.As(err, &refusal) || refusal.Public.String() != "has no answer to this prompt in its file" {
		t.Errorf("got %v", err)
	}
	other := FromFile("kestrel", map[string]string{"Why is\nthe sky blue?": "Magic."})
	if f.Card().Fingerprint() == other.Card().Fingerprint() {
		t.Error("other answers have the same fingerprint")
	}
	if c := f.Card(); c.Source != "file" || c.Price != nil || !strings.Contains(strings.Join(c.Names, " "), "kestrel") {
		t.Errorf("card: %+v", c)
	}
}
