package prompts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

func open(t *testing.T, dir string) []bot.Pack {
	t.Helper()
	l, err := prompts.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return l.Packs()
}

func TestEmbeddedPacksAreGood(t *testing.T) {
	var names []string
	count := make(map[string]int)
	for _, p := range open(t, "") {
		names = append(names, p.Name)
		count[p.Language] += len(p.Prompts)
		for _, problem := range prompts.Check(p) {
			t.Errorf("%s: %v", p.Name, problem)
		}
		if n := len(p.Prompts); n < 25 || n > 50 {
			t.Errorf("%s has %d prompts", p.Name, n)
		}
		for _, q := range p.Prompts {
			if q.Language != p.Language {
				t.Errorf("%s: the prompt %s is in %q", p.Name, q.ID, q.Language)
			}
		}
	}
	want := []string{"brain-teasers", "creative", "developers", "emotional", "facts", "humour", "office", "style", "support", "zh", "zh-facts", "zh-feelings", "zh-humour", "zh-office", "zh-service", "zh-stories", "zh-style", "zh-teasers"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("the embedded packs (-want +got):\n%s", diff)
	}
	// A pool of 60 that is never asked twice, once a week for a month, and more.
	for language, least := range map[string]int{"en": 300, "zh": 300} {
		if count[language] < least {
			t.Errorf("%s: %d prompts, want %d or more", language, count[language], least)
		}
	}
}

// No two of all prompts of a language ask the same, from whatever packs, nor a
// control pair what a pack asks: a tasting may mix them.
func TestEmbeddedPromptsAreAllDifferent(t *testing.T) {
	library, err := prompts.Open("")
	if err != nil {
		t.Fatal(err)
	}
	together := make(map[string]bot.Pack)
	from := make(map[string]string)
	add := func(source string, q bot.Prompt) {
		if other, twice := from[q.ID]; twice {
			t.Errorf("%s and %s both have a prompt %q", other, source, q.ID)
		}
		from[q.ID] = source
		all := together[q.Language]
		all.Title, all.Description = "All", "All of a language."
		all.Prompts = append(all.Prompts, q)
		together[q.Language] = all
	}
	for _, p := range library.Packs() {
		for _, q := range p.Prompts {
			add(p.Name, q)
		}
	}
	for _, c := range library.Controls() {
		c.Prompt.Why = c.Why
		add("the control pairs", c.Prompt)
	}
	for language, all := range together {
		for _, problem := range prompts.Check(all) {
			t.Errorf("%s: %v", language, problem)
		}
		for _, q := range all.Prompts {
			// A number by chance the same, a price or a date, asks for no length.
			limit := regexp.MustCompile(fmt.Sprintf(`(?i)(at most|exactly) %d words|不超过 %d 字`, q.MaxWords, q.MaxWords))
			if !limit.MatchString(q.Text) {
				t.Errorf("%s: %s does not ask for at most %d words", from[q.ID], q.ID, q.MaxWords)
			}
		}
	}
}

// The demo's prompts are copies, since adapters do not read packs.
func TestDemoCopiesThePacks(t *testing.T) {
	for file, lang := range map[string]string{"demo.yaml": "en", "demo.zh.yaml": "zh"} {
		t.Run(lang, func(t *testing.T) { demoCopies(t, file, lang) })
	}
}

func demoCopies(t *testing.T, file, lang string) {
	data, err := os.ReadFile(filepath.Join("..", "adapters", "llm", file))
	if err != nil {
		t.Fatal(err)
	}
	var demo struct {
		Prompts []struct {
			ID, Category, Text, Answer, Why string
			MaxWords                        int  `yaml:"max_words"`
			ShowAnswer                      bool `yaml:"reveal_answer"`
		}
	}
	if err := yaml.Unmarshal(data, &demo); err != nil {
		t.Fatal(err)
	}
	if len(demo.Prompts) < 12 {
		t.Errorf("the demo has %d prompts", len(demo.Prompts))
	}
	originals := make(map[string]bot.Prompt)
	for _, p := range open(t, "") {
		for _, q := range p.Prompts {
			originals[q.ID] = q
		}
	}
	for _, d := range demo.Prompts {
		got := bot.Prompt{ID: d.ID, Category: d.Category, Text: d.Text, Language: lang, MaxWords: d.MaxWords, Answer: d.Answer, ShowAnswer: d.ShowAnswer, Why: d.Why}
		if diff := cmp.Diff(originals[d.ID], got); diff != "" {
			t.Errorf("the demo's %s is not the packs' (-pack +demo):\n%s", d.ID, diff)
		}
	}
}

const ownHumour = `
version: 1
pack: humour
prompts:
  - {id: knock, category: humour, text: Who is there?}
`

func TestOwnPacks(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b-ours.yml", ownHumour)
	write(t, dir, "a-tone.yaml", strings.Replace(ownHumour, "humour", "our-tone", 1))
	write(t, dir, "notes.txt", "not a pack")

	packs := open(t, dir)
	if n, before := len(packs), len(open(t, "")); n != before+1 {
		t.Errorf("there are %d packs, %d of them embedded; one should be new and one replaced", n, before)
	}
	own := slices.DeleteFunc(packs, func(p bot.Pack) bool { return !p.Own })
	if len(own) != 2 || own[0].Name != "our-tone" || own[1].Name != "humour" || own[1].Prompts[0].ID != "knock" {
		t.Errorf("the team's own are %+v", own)
	}
}

func TestOwnPacksWithFaults(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one.yaml", ownHumour)
	write(t, dir, "two.yaml", ownHumour)
	write(t, dir, "typo.yaml", "version: 1\npakc: x\n")
	_, err := prompts.Open(dir)
	if err == nil {
		t.Fatal("a folder with faults was opened")
	}
	for _, want := range []string{dir, "typo.yaml:2:1", `did you mean "pack"?`, `one.yaml and two.yaml are both called "humour"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %s:\n%v", want, err)
		}
	}
	if _, err := prompts.Open(filepath.Join(dir, "missing")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
