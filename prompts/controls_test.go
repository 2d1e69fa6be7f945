package prompts_test

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

func TestEmbeddedControls(t *testing.T) {
	library, err := prompts.Open("")
	if err != nil {
		t.Fatal(err)
	}
	ids := make(map[string]bool)
	for _, p := range library.Packs() {
		for _, q := range p.Prompts {
			ids[q.ID] = true
		}
	}
	pairs := library.Controls()
	count, size := make(map[string]int), make(map[string]int)
	longer := make(map[string]int) // in halves: of equal length counts one
	asked := make(map[string]bot.Pack)
	for _, c := range pairs {
		q, lang := c.Prompt, c.Prompt.Language
		if ids[q.ID] {
			t.Errorf("the id %s is taken, by a pack or by another pair", q.ID)
		}
		ids[q.ID] = true
		count[lang]++
		gap := utf8.RuneCountInString(c.Better) - utf8.RuneCountInString(c.Worse)
		size[lang] += gap
		longer[lang] += 1 + cmp.Compare(gap, 0)
		for _, word := range []string{"control", "better", "worse", "test"} {
			if strings.Contains(q.ID, word) {
				t.Errorf("the id %s says what the pair is for", q.ID)
			}
		}
		q.Why = c.Why
		pack := asked[lang]
		pack.Title, pack.Description = "Controls", "As Check wants it."
		pack.Prompts = append(pack.Prompts, q)
		asked[lang] = pack
	}
	for lang, least := range map[string]int{"en": 12, "zh": 6} {
		n := count[lang]
		if n < least {
			t.Errorf("%s: %d pairs, want %d or more", lang, n, least)
		}
		// Whoever taps the longer answer every time must not pass.
		if share := float64(longer[lang]) / float64(2*n); share < 0.35 || share > 0.65 {
			t.Errorf("%s: the better answer is the longer one in %.0f%% of the pairs", lang, 100*share)
		}
		if mean := size[lang] / n; mean < -8 || mean > 8 {
			t.Errorf("%s: better answers are %d characters longer on average", lang, mean)
		}
		for _, problem := range prompts.Check(asked[lang]) {
			t.Errorf("%s: %v", lang, problem)
		}
	}
}

const fairPair = `version: 1
language: en
controls:
  - id: two-socks
    category: humour
    text: A sock looks for the other one, in 20 words.
    max_words: 20
    better: I have searched the drum, the drawer and the dog. Come home, left one. I am cold.
    worse: I have searched the drum and also the drawer. It is gone. I will buy another pair.
    why: The worse one speaks as the owner.
`

func TestParseControls(t *testing.T) {
	for _, tt := range []struct {
		what, old, new string
		want           string // "" for a fair pair
	}{
		{"as it is", "", "", ""},
		{"version", "version: 1", "version: 2", "version is 2"},
		{"no language", "language: en", "", "no language"},
		{"a field too many", "max_words", "max_wrods", `own.yaml:7:5: there is no field "max_wrods" here`},
		{"id", "two-socks", "Two Socks", "small letters"},
		{"no why", "    why: The worse one speaks as the owner.\n", "", "better, worse and why"},
		{"no limit", "    max_words: 20\n", "", "max_words"},
		{"category", "humour", "humor", `there is no category "humor"`},
		{"uneven", " Come home, left one.", "", "better has 13 words and worse 17"},
		{"too long", "max_words: 20", "max_words: 16", "17 words; max_words is 16"},
		{"lines", "worse: I have searched the drum and", "worse: |\n      I have searched the drum\n      and", "different numbers of lines"},
		{"markdown", "another pair", "*another* pair", "worse has marks of Markdown"},
		{"unseen characters", "the drawer. It", "the draw\u200ber. It", "worse has characters that would not be shown"},
		{"a name", "left one", "ChatGPT", `better names "ChatGPT"`},
		{"not YAML", "version: 1", "{", "own.yaml"},
	} {
		_, err := prompts.ParseControls("own.yaml", []byte(strings.Replace(fairPair, tt.old, tt.new, 1)))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.what, err, tt.want)
		}
	}
	same := strings.Replace(fairPair, "searched the drum and also the drawer. It is gone. I will buy another pair.", "searched the drum, the drawer and the dog. Come home, left one. I am cold.", 1)
	if _, err := prompts.ParseControls("own.yaml", []byte(same)); err == nil || !strings.Contains(err.Error(), "the same") {
		t.Errorf("the same answer twice: %v", err)
	}
	twice := fairPair + strings.SplitAfter(fairPair, "controls:\n")[1]
	if _, err := prompts.ParseControls("own.yaml", []byte(twice)); err == nil || !strings.Contains(err.Error(), "taken by an earlier pair") {
		t.Errorf("the same id twice: %v", err)
	}
}
