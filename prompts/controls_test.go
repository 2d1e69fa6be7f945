package prompts_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

func TestEmbeddedControls(t *testing.T) {
	library, err := prompts.Open("")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir("controls")
	if err != nil {
		t.Fatal(err)
	}
	var fair []bot.ControlPair
	for _, f := range files {
		data, err := os.ReadFile("controls/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		read, err := prompts.ParseControls(f.Name(), data)
		if err != nil {
			t.Errorf("a pair that comes with the program is not fair: %v", err)
		}
		fair = append(fair, read...)
	}
	pairs := library.Controls()
	if diff := cmp.Diff(fair, pairs); diff != "" {
		t.Errorf("opened unread are other pairs than the fair ones (-fair +opened):\n%s", diff)
	}
	count := make(map[string]int)
	for _, c := range pairs {
		count[c.Prompt.Language]++
		for _, word := range []string{"control", "better", "worse", "test"} {
			if strings.Contains(c.Prompt.ID, word) {
				t.Errorf("the id %s says what the pair is for", c.Prompt.ID)
			}
		}
	}
	for language, least := range map[string]int{"en": 60, "zh": 60} {
		if n := count[language]; n < least {
			t.Errorf("%s: %d pairs, want %d or more", language, n, least)
		}
	}
	for _, problem := range prompts.CheckControls(pairs) {
		t.Error(problem)
	}
}

func TestCheckControls(t *testing.T) {
	shout := strings.Repeat("!", 20)
	for _, tt := range []struct {
		what   string
		change func(i int, c *bot.ControlPair)
		want   string
	}{
		{"equally long", func(int, *bot.ControlPair) {}, ""},
		{"the better always longer", func(i int, c *bot.ControlPair) { c.Better += "!" },
			"in en the better answer is the longer one in 100% of the pairs; between 35 and 65% length tells nothing"},
		{"the worse always longer", func(i int, c *bot.ControlPair) { c.Worse += "!" },
			"in en the better answer is the longer one in 0% of the pairs; between 35 and 65% length tells nothing"},
		{"half longer, and much", func(i int, c *bot.ControlPair) {
			if i%2 == 0 {
				c.Better += shout
			} else {
				c.Worse += "!"
			}
		}, "in en better answers are +10 characters longer on average; at most 8 either way do not tell"},
		{"no length", func(i int, c *bot.ControlPair) {
			if i == 3 {
				c.Prompt.MaxWords = 19
			}
		}, "door: better: max_words is 19, but the text does not ask for it, in digits"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			var pairs []bot.ControlPair
			for i, thing := range []string{"sock", "glove", "lamp", "door", "spoon", "kettle"} {
				c := bot.ControlPair{
					Prompt: bot.Prompt{ID: thing, Category: "humour", Language: "en", MaxWords: 20, Text: "The " + thing + " speaks, in 20 words."},
					Better: "I am at home.", Worse: "It is at home", Why: "The worse one speaks as the owner.",
				}
				tt.change(i, &c)
				pairs = append(pairs, c)
			}
			var got []string
			for _, problem := range prompts.CheckControls(pairs) {
				got = append(got, problem.String())
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
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
