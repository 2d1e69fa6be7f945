package prompts_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

func TestParse(t *testing.T) {
	got, err := prompts.Parse("ours.yaml", []byte(`
version: 1
pack: ours
title: Our tone
language: de
description: Antworten wie von uns
defaults: {category: emotional, max_words: 80, tags: [support], system: Be brief., reveal_answer: true}
prompts:
  - id: one
    text: >-
      Eins
      und
    why: Because.
  - {id: two, category: style, text: Zwei, max_words: 20, max_tokens: 900, weight: 2.5, language: en, system: "", tags: [b],
     answer: 'Yes', reveal_answer: false, allow_names: true, disabled: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Pack{Version: 1, Name: "ours", Title: "Our tone", Language: "de", Description: "Antworten wie von uns", Prompts: []bot.Prompt{
		{ID: "one", Category: "emotional", Text: "Eins und", System: "Be brief.", Language: "de", Tags: []string{"support"}, MaxWords: 80, ShowAnswer: true, Why: "Because."},
		{ID: "two", Category: "style", Text: "Zwei", Language: "en", Tags: []string{"b"}, MaxWords: 20, MaxTokens: 900, Weight: 2.5, Answer: "Yes", AllowNames: true, Disabled: true},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseReadsWhatWindowsSaves(t *testing.T) {
	p, err := prompts.Parse("desk.yaml", []byte("\ufeffversion: 1\r\npack: desk\r\nprompts:\r\n  - {id: a, category: creative, text: Write a haiku about rain.}\r\n"))
	if err != nil || p.Name != "desk" || len(p.Prompts) != 1 {
		t.Errorf("a pack with a byte order mark is read as %+v, %v", p, err)
	}
}

func TestParseRefuses(t *testing.T) {
	const head = "version: 1\npack: ours\nprompts:\n"
	tests := []struct{ what, text, want string }{
		{"a typo", head + "  - id: one\n    txet: Hi\n", `ours.yaml:5:5: there is no field "txet" here; did you mean "text"?
      txet: Hi
      ^`},
		{"a typo in a flow", head + "  - {id: one, text: Hi, catgory: style}\n", `ours.yaml:4:25: there is no field "catgory" here; did you mean "category"?
    - {id: one, text: Hi, catgory: style}
                          ^`},
		{"a typo behind wide characters", head + "  - {id: 一, text: 写, wyh: 好}\n", `ours.yaml:4:22: there is no field "wyh" here; did you mean "why"?
    - {id: 一, text: 写, wyh: 好}
                         ^`},
		{"a field of the pack in a prompt", head + "  - id: one\n    titel: Hi\n", `ours.yaml:5:5: there is no field "titel" here; did you mean "title"?
      titel: Hi
      ^`},
		{"a word for a number", "version: one\n", `ours.yaml:1:10: "one" is not a whole number
  version: one
           ^`},
		{"a word for a truth", head + "  - {id: one, disabled: maybe}\n", `ours.yaml:4:25: "maybe" is not true or false
    - {id: one, disabled: maybe}
                          ^`},
		{"a list for a text", head + "  - id: one\n    text: [a, b]\n", `ours.yaml:5:11: "[" is not text
      text: [a, b]
            ^`},
		{"a text for a list", "prompts: Hi\n", `ours.yaml:1:10: a text stands here where a list belongs
  prompts: Hi
           ^`},
		{"a prompt without fields", head + "  - Hi\n", `ours.yaml:4:3: the prompt's id is ""; write one of small letters, digits and hyphens, such as “id: late-cake”
    - Hi
    ^`},
		{"a field twice", head + "  - id: one\n    id: two\n", `ours.yaml:5:5: "id" is set twice
      id: two
      ^`},
		{"an open bracket", "version: 1\ndefaults: {category: style\n", `ours.yaml:2:11: this bracket is never closed
  defaults: {category: style
            ^`},
		{"a tab", "version: 1\n\tpack: ours\n", `ours.yaml:2:1: there is a tab at the start of the line; use spaces
   pack: ours
  ^`},
		{"two packs", "version: 1\n---\nversion: 1\n", "ours.yaml: it holds 2 packs; write one a file, without a line “---”"},
		{"nothing", "# soon\n", "ours.yaml: it holds no pack"},
		{"prose", "Write a poem.\n", `ours.yaml:1:1: a text stands here where a group of fields belongs
  Write a poem.
  ^`},

		{"GBK", "version: 1\npack: desk\ntitle: \xd3\xea\n", "ours.yaml: line 3 is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"},
		{"UTF-16", "\xff\xfev\x00e\x00r\x00", "ours.yaml: this is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"},
		{"promptfoo's configuration", "prompts:\n  - Hi {{name}}\nproviders:\n  - openai:gpt-4o\n", "ours.yaml: that is promptfoo's configuration; a pack sets version: 1, pack and prompts"},
		{"a variable", head + "  - {id: a, text: 'Hi {{name}}', category: style}\n", `ours.yaml:4:3: the prompt has a variable {{name}} that is not filled in; write out what stands there, or put it in ` + "`backticks`" + ` if it is meant so
    - {id: a, text: 'Hi {{name}}', category: style}
    ^`},

		{"no version", "pack: ours\nprompts: [{id: a}]\n", "ours.yaml: version is 0; write “version: 1”"},
		{"no name", "version: 1\n", `ours.yaml: pack is ""; write a name of small letters, digits and hyphens, such as “pack: our-tone”`},
		{"a name with a space", "version: 1\npack: our tone\n", `ours.yaml: pack is "our tone"; write a name of small letters, digits and hyphens, such as “pack: our-tone”`},
		{"no prompts", "version: 1\npack: ours\n", "ours.yaml: it has no prompts; write at least one below “prompts:”"},
		{"no id", head + "  - text: Hi\n", `ours.yaml:4:3: the prompt's id is ""; write one of small letters, digits and hyphens, such as “id: late-cake”
    - text: Hi
    ^`},
		{"an id twice", head + "  - {id: a, category: style, text: Hi}\n  - id: a\n    category: style\n    text: Bye\n", `ours.yaml:5:3: the id "a" is taken by an earlier prompt
    - id: a
    ^`},
		{"no text", head + "  - {id: a, category: style}\n", `ours.yaml:4:3: there is no prompt; write its text
    - {id: a, category: style}
    ^`},
		{"no category", head + "  - {id: a, text: Hi}\n", `ours.yaml:4:3: the prompt has no category; write one of creative, humour, roast, satire, emotional, style, brain-teaser, factual, other
    - {id: a, text: Hi}
    ^`},
		{"a strange category", head + "  - {id: a, text: Hi, category: humor}\n", `ours.yaml:4:3: there is no category "humor"; write one of creative, humour, roast, satire, emotional, style, brain-teaser, factual, other
    - {id: a, text: Hi, category: humor}
    ^`},
		{"a weight below nothing", head + "  - {id: a, text: Hi, category: style, weight: -1}\n", `ours.yaml:4:3: max_words and max_tokens are whole numbers from 0, and weight is a number from 0 to 1000
    - {id: a, text: Hi, category: style, weight: -1}
    ^`},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			p, err := prompts.Parse("ours.yaml", []byte(test.text))
			if err == nil {
				t.Fatalf("it was read as %+v", p)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestREADMEShowsWhatWorks(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(readme), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	p, err := prompts.Parse("README.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Prompts) < 2 {
		t.Errorf("the example has %d prompts", len(p.Prompts))
	}
	for _, problem := range prompts.Check(p) {
		t.Errorf("the example: %v", problem)
	}
	for i, part := range strings.Split(string(readme), "```csv\n")[1:] {
		table, _, _ := strings.Cut(part, "```")
		if s, err := read("", table); err != nil || len(s.Models) != 2 || len(s.Rows) != 1 {
			t.Errorf("the example of CSV no. %d is read as %+v, %v", i+1, s, err)
		}
	}
}
