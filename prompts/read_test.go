package prompts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

func read(name, text string) (bot.Sheet, error) {
	return new(prompts.Library).Read(name, []byte(text))
}

// asked is a sheet of prompts alone.
func asked(texts ...string) bot.Sheet {
	var s bot.Sheet
	for _, t := range texts {
		s.Rows = append(s.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: t}})
	}
	return s
}

// answered is a sheet of two models, of rows prompt, first answer, second answer.
func answered(first, second string, rows ...[3]string) bot.Sheet {
	s := bot.Sheet{Models: []string{first, second}}
	for _, r := range rows {
		s.Rows = append(s.Rows, bot.SheetRow{Prompt: bot.Prompt{Text: r[0]}, Answers: []string{r[1], r[2]}})
	}
	return s
}

func TestRead(t *testing.T) {
	kestrelNova := answered("kestrel", "nova", [3]string{"Hi, you", "a", "b"}, [3]string{"Bye", "c", "d"})
	withSystem := asked("Hi")
	withSystem.Rows[0].Prompt.System = "Be brief"
	withSystem.Rows[0].Prompt.Category = "humour"
	chat := answered("a", "b", [3]string{"Hi", "1", "2"})
	chat.Rows[0].Prompt.System = "Be brief"
	fromPack := asked("One", "Three")
	for i := range fromPack.Rows {
		p := &fromPack.Rows[i].Prompt
		p.Category, p.Language, p.MaxWords = "style", "en", 40
	}

	tests := []struct {
		what, name, text string
		want             bot.Sheet
	}{
		{"a line each", "", "One\nTwo\n", asked("One", "Two")},
		{"blank lines", "", "\n\nOne\nand more\n \n\n\nTwo\n", asked("One\nand more", "Two")},
		{"dashes", "", "One\n\nand more\n---\nTwo\n-----\n", asked("One\n\nand more", "Two")},
		{"one prompt", "", "  Write: a poem, please.  ", asked("Write: a poem, please.")},
		{"windows", "notes.txt", "\ufeffOne\r\n\r\nTwo\r\n", asked("One", "Two")},
		{"old mac", "", "One\r\rTwo", asked("One", "Two")},
		{"prose that begins like a header", "", "Prompt, then wait.\nThen go.", asked("Prompt, then wait.", "Then go.")},
		{"prose with commas", "", "Prompts, models, votes\nSun, sea, sand\nOnce, twice.", asked("Prompts, models, votes", "Sun, sea, sand", "Once, twice.")},
		{"prose with as many commas", "", "Write a text, please\nNow a poem, please", asked("Write a text, please", "Now a poem, please")},
		{"lists", "", "Red, green, blue\nNext, then, last", asked("Red, green, blue", "Next, then, last")},
		{"a sentence that begins with a slip", "", "Promt, then wait.\nThen, go.", asked("Promt, then wait.", "Then, go.")},
		{"prose in brackets", "", "[Evening. A harbour.]", asked("[Evening. A harbour.]")},

		{"csv, prompts alone", "p.csv", "prompt\nOne\nTwo\n", asked("One", "Two")},
		{"csv, other columns", "p.csv", "id,Category,prompt,system\n7,Humour,Hi,Be brief\n", withSystem},
		{"csv, a column for each model", "", "prompt,kestrel,nova\n\"Hi, you\",a,b\nBye,c,d\n", kestrelNova},
		{"csv, a row for each model", "", "prompt,model,answer\n\"Hi, you\",kestrel,a\nBye,kestrel,c\nBye,nova,d\n\"Hi, you\",nova,b\n", kestrelNova},
		{"csv, semicolons", "", "prompt;kestrel;nova\nHi, you;a;b\nBye;c;d\n", kestrelNova},
		{"csv, tabs", "p.tsv", "prompt\tkestrel\tnova\nHi, you\ta\tb\nBye\tc\td\n", kestrelNova},
		{"csv, full width", "", "ｐｒｏｍｐｔ，kestrel，nova\n\"Hi, you\",a,b\nBye,c,d\n", kestrelNova},
		{"csv, empty columns and rows", "", "\nprompt,kestrel,nova,,\n\"Hi, you\",a,b,,\n,,,,\nBye,c,d\n", kestrelNova},
		{"csv, a text over lines", "", "prompt\n\"One\n\nand more\"\n", asked("One\n\nand more")},

		{"jsonl", "p.jsonl", "{\"prompt\": \"One\"}\n\n{\"text\": \"Two\", \"id\": 2}\n", asked("One", "Two")},
		{"jsonl, other keys", "", `{"text": "Hi", "system": "Be brief", "category": "humour"}`, withSystem},
		{"jsonl, a key for each model", "", "{\"prompt\":\"Hi, you\",\"kestrel\":\"a\",\"nova\":\"b\"}\n{\"nova\":\"d\",\"kestrel\":\"c\",\"prompt\":\"Bye\"}", kestrelNova},
		{"jsonl, an object for each model", "", "{\"prompt\":\"Hi, you\",\"model\":\"kestrel\",\"answer\":\"a\"}\n{\"prompt\":\"Hi, you\",\"model\":\"nova\",\"answer\":\"b\"}\n{\"prompt\":\"Bye\",\"model\":\"kestrel\",\"answer\":\"c\"}\n{\"prompt\":\"Bye\",\"model\":\"nova\",\"answer\":\"d\"}\n", kestrelNova},
		{"json, a list", "p.json", "[\n  {\"prompt\": \"One\"},\n  {\"prompt\": \"Two\"}\n]", asked("One", "Two")},
		{"json, over lines", "", "{\n  \"prompt\": \"One\"\n}", asked("One")},

		{"a pack", "ours.yaml", "version: 1\npack: ours\ndefaults: {category: style, max_words: 40}\nprompts:\n  - id: one\n    text: One\n  - {id: two, text: Two, disabled: true}\n  - {id: three, text: Three}\n", fromPack},
		{"prompts of a pack", "", "# ours\nprompts:\n  - text: One\n    category: style\n    max_words: 40\n  - {text: Three, category: style, max_words: 40}\n", fromPack},

		{"promptfoo", "results.json", promptfoo(`"kestrel"`, `{"id": "openai:x", "label": "nova"}`), kestrelNova},
		{"promptfoo, ids", "", promptfoo(`{"id": "kestrel"}`, `"nova"`), kestrelNova},
		{"promptfoo, chat and variables", "", `{"results": {"results": [
			{"prompt": {"raw": "[{\"role\":\"system\",\"content\":\"Be {{how}}\"},{\"role\":\"user\",\"content\":\"{{ word }}\"}]"}, "vars": {"how": "brief", "word": "Hi"}, "provider": "a", "response": {"output": "1"}},
			{"prompt": {"raw": "[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"user\",\"content\":\"Hi\"}]"}, "provider": "b", "response": {"output": 2}}]}}`, chat},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			got, err := read(test.name, test.text)
			if err != nil {
				t.Fatalf("%q was refused: %v", test.text, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%q was misread (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func promptfoo(first, second string) string {
	result := func(prompt, provider, output string) string {
		return fmt.Sprintf(`{"prompt": {"raw": %q, "label": "x"}, "provider": %s, "response": {"output": %q}, "success": true}`, prompt, provider, output)
	}
	return `{"evalId": "e", "results": {"version": 3, "results": [` + strings.Join([]string{
		result("Hi, you", first, "a"), result("Hi, you", second, "b"), result("Bye", first, "c"), result("Bye", second, "d"),
	}, ",") + `], "stats": {}}, "config": {}}`
}

func TestReadRefuses(t *testing.T) {
	long := strings.Repeat("é", 4001)
	tests := []struct{ what, name, text, want string }{
		{"nothing", "", " \n\n", "There is no prompt in that. Write at least one."},
		{"a header alone", "p.csv", "prompt,a,b\n", "There is no prompt in that. Write at least one."},
		{"too large", "", strings.Repeat("a", 1<<20+1), "That is more than 1 MB. Send at most 200 prompts, in a file of up to 1 MB."},
		{"too many", "", strings.Repeat("a\n", 201), "That is 201 prompts; at most 200 fit. Delete some."},
		{"a workbook", "p.csv", "PK\x03\x04…", "This is a workbook or an archive, not text; save the sheet as “CSV UTF-8”."},
		{"utf-16", "p.csv", "\xff\xfep\x00", "This is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."},
		{"latin-1", "p.csv", "prompt\nCaf\xe9\n", "Line 2 is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."},
		{"a picture", "x.png", "\x00\x01", "This is not a text file: line 1 has a byte in it that no text has; save it as CSV, JSONL, YAML or plain text."},
		{"a long prompt", "", "Hi\n\n" + long, "Line 3: the prompt is longer than 4,000 characters; shorten it."},
		{"a long system text", "", "prompt,system\nHi," + long, "Line 2: the system text is longer than 4,000 characters; shorten it."},
		{"a long answer", "", "prompt,a,b\nHi,1," + strings.Repeat("x", 100_001), "Line 2: the answer of \"b\" is longer than 100,000 bytes; shorten it."},
		{"a long name", "", "{\"prompt\":\"Hi\",\"model\":\"" + long + "\",\"answer\":\"1\"}", "Object 1: the model's name is longer than 60 characters or has a line break in it; shorten it."},

		{"a typo in the header", "", "promt,kestrel,nova\nHi,1,2\nBye,3,4\n", "Line 1: there is \"promt\", but no column “prompt”; write \"prompt\" instead of \"promt\"."},
		{"a typo in a file", "p.csv", "kestrel,nova,Propmt\n1,2,\"Hi, you\"\n", "Line 1: there is \"Propmt\", but no column “prompt”; write \"prompt\" instead of \"Propmt\"."},
		{"a typo between semicolons", "", "prompts;kestrel;nova\nHi;1;2\n", "Line 1: there is \"prompts\", but no column “prompt”; write \"prompt\" instead of \"prompts\"."},
		{"a typo in text", "", "txt\tkestrel\tnova\nHi\t1\t2\n", "Line 1: there is \"txt\", but no column “prompt”; write \"text\" instead of \"txt\"."},
		{"no prompt column", "p.csv", "question,a,b\nHi,1,2\n", "Line 1: there is \"question\", but no column “prompt”; write “prompt” instead of \"question\"."},
		{"one model", "", "prompt,a\nHi,1\n", "Line 1: beside the prompt there is \"a\"; keep exactly two columns, each named after the model whose answers stand in it, and of others only system, category, language and id."},
		{"three columns", "", "prompt,a,b,c\nHi,1,2,3\n", "Line 1: beside the prompt there is \"a\", \"b\" and \"c\"; keep exactly two columns, each named after the model whose answers stand in it, and of others only system, category, language and id."},
		{"both forms", "", "prompt,model,answer,b\nHi,a,1,2\n", "Line 1: beside “model” and “answer” there is also \"b\"; keep either these two, or a column for each model."},
		{"half a form", "", "prompt,answer\nHi,1\n", "Line 1: “model” and “answer” belong together; write for example: prompt,model,answer."},
		{"a column twice", "", "prompt,a,A\nHi,1,2\n", "Line 1: \"A\" stands there twice; rename or delete one."},
		{"a nameless column", "", "prompt,,b\nHi,1,2\n", "Line 1: a column has no name; name it, or delete it."},
		{"a comma too many", "", "prompt,a,b\nHi, you,1,2\n", "Line 2: there are 4 columns where the header has 3; a text with a comma or a line break in it must stand in quotes: \"like, this\"."},
		{"an open quote", "", "prompt,a,b\nHi,1,2\n\"Bye,1,2\n", "Line 3: a quotation mark is out of place; put the whole text in quotes and double those inside it: \"She said \"\"no\"\".\"."},
		{"an empty answer", "", "prompt,a,b\nHi,1,2\nBye,1,\n", "Line 3: the answer of \"b\" is empty; fill it in, or delete the prompt."},
		{"an empty prompt", "", "prompt,a,b\n,1,2\n", "Line 2: there is no prompt; write its text."},
		{"a missing answer", "", "prompt,model,answer\nHi,a,1\nHi,b,2\nBye,a,1\n", "Line 4: the prompt has no answer of \"b\"; add it, or delete the prompt."},
		{"an answer too many", "", "prompt,model,answer\nHi,a,1\nHi,b,2\nHi,a,3\n", "Line 2: the prompt has two answers of one model; delete one of them."},
		{"a model too many", "", "prompt,model,answer\nHi,a,1\nHi,b,2\nHi,c,3\n", "There are answers of \"a\", \"b\" and \"c\"; a taste test compares exactly two models. Keep the two that you want to compare."},
		{"a model too few", "", "prompt,model,answer\nHi,a,1\n", "There are answers of \"a\"; a taste test compares exactly two models. Add the other model's answers."},
		{"a nameless model", "", "prompt,model,answer\nHi,,1\n", "Line 2: the answer has no model's name; add it."},
		{"a strange category", "", "prompt,category\nHi,humor\n", "Line 2: there is no category \"humor\"; write one of creative, humour, roast, satire, emotional, style, brain-teaser, factual, other."},

		{"broken json", "", "{\"prompt\": \"Hi\"}\n{\"prompt\": \"Bye\n", "Line 2: the JSON is broken; write one object a line: {\"prompt\": \"…\"}."},
		{"prose named json", "p.jsonl", "Hi\n", "Line 1: that is not a JSON object; write one object a line: {\"prompt\": \"…\"}."},
		{"two objects on a line", "", "{\"prompt\": \"Hi\"} {\"prompt\": \"Bye\"}\n", "Line 1: something stands behind the object; write one object a line: {\"prompt\": \"…\"}."},
		{"a number", "", "{\"prompt\": \"Hi\", \"a\": 1, \"b\": \"2\"}\n", "Object 1: \"a\" is not text; put it in quotes, or leave it out."},
		{"promptfoo without an answer", "", `{"results": {"results": [{"prompt": {"raw": "Hi"}, "provider": "a", "response": {"output": null}}]}}`, "Result 1: \"a\" answered nothing there; ask it again."},
		{"promptfoo of another shape", "", `{"results": {"results": 3}}`, "That looks like promptfoo's output, but its results cannot be read; make it with: promptfoo eval --output results.json"},
		{"a typo in a pack", "", "prompts:\n  - txt: Hi\n", "Line 2, column 5: there is no field \"txt\" here; did you mean \"text\"?"},
		{"a pack without a text", "", "prompts:\n  - text: Hi\n  - why: not\n", "Line 3: there is no prompt; write its text."},
		{"a lone dash", "", "prompts:\n  - text: Hi\n  -\n", "The pack cannot be read: prompt 2: nothing stands behind the dash."},
		{"what the parser panics at", "", "prompts: !0 ", "The pack cannot be read: it is not well-formed YAML."},
		{"a pack with references", "", "prompts:\n  - &a {text: Hi}\n  - *a\n", "Line 3, column 5: references (& and *) are not understood here; write the text out."},
		{"a pack that nests", "", "prompts: " + strings.Repeat("[", 200_000), "Line 1, column 1: the brackets or dashes are nested too deeply for a pack."},
		{"a pack that nests by dashes", "", "prompts:\n" + strings.Repeat("- ", 200_000), "Line 2, column 1: the brackets or dashes are nested too deeply for a pack."},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			got, err := read(test.name, test.text)
			if err == nil {
				t.Fatalf("it was read as %+v", got)
			}
			if _, ok := errors.AsType[bot.UserError](err); !ok {
				t.Errorf("a %T cannot be shown to people", err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("the sentence (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"One\n\nTwo", "prompt,a,b\nHi,1,2", "prompt,model,answer\nHi,a,1\nHi,b,2", `{"prompt": "Hi"}`,
		"version: 1\npack: x\nprompts:\n  - {id: a, text: b}\n", promptfoo(`"a"`, `{"id": "b"}`), "prompts:\n- text: |\n    a\n  why: >-\n    b\n",
	} {
		f.Add("", []byte(s))
	}
	f.Add("x.yaml", []byte("a: [&x 1, *x]\n? b\n: !!int c"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		s, err := new(prompts.Library).Read(name, data)
		if err != nil {
			if _, ok := errors.AsType[bot.UserError](err); !ok {
				t.Fatalf("%q gave a %T: %v", data, err, err)
			}
			return
		}
		if n := len(s.Models); n != 0 && n != 2 || len(s.Rows) == 0 {
			t.Fatalf("%q was read as %d models and %d rows", data, n, len(s.Rows))
		}
		for _, r := range s.Rows {
			if r.Prompt.Text == "" || r.Prompt.ID != "" || len(r.Answers) != len(s.Models) {
				t.Fatalf("%q has the row %+v", data, r)
			}
		}
	})
}
