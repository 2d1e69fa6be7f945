package prompts_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/prompts"
)

// good returns a pack in which Check finds nothing.
func good() bot.Pack {
	return bot.Pack{Version: 1, Name: "ours", Title: "Ours", Description: "Our tone.", Language: "en", Prompts: []bot.Prompt{
		{ID: "a", Category: "style", Text: "Say no to a friend, in 60 words.", MaxWords: 60, Why: "Tone."},
		{ID: "b", Category: "brain-teaser", Text: "What comes after one? At most 60 words.", MaxWords: 60, Answer: "Two.", Why: "Counting."},
	}}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		what   string
		change func(p *bot.Pack)
		want   string // "" for none
	}{
		{"nothing", func(p *bot.Pack) {}, ""},
		{"a monk", func(p *bot.Pack) { p.Prompts[0].Text = "Monet, Claude Monet, was said to paint in 60 words." }, ""},
		{"too long", func(p *bot.Pack) { p.Prompts[0].Text = strings.Repeat("word ", 150) + "60" }, "a: the text has 151 words; at most 150 are read"},
		{"too long in Chinese", func(p *bot.Pack) { p.Prompts[0].Text = strings.Repeat("字", 150) + "60" }, "a: the text has 151 words; at most 150 are read"},
		{"no why", func(p *bot.Pack) { p.Prompts[0].Why = "" }, "a: say in one sentence why it tells models apart (the field “why”)"},
		{"no answer", func(p *bot.Pack) { p.Prompts[1].Answer = "" }, "b: a brain-teaser needs its checked answer (the field “answer”)"},
		{"twice", func(p *bot.Pack) { p.Prompts[1].Text = p.Prompts[0].Text }, `b: the text is that of "a" again`},
		{"nearly twice", func(p *bot.Pack) {
			p.Prompts[0].Text = "Mara's birthday cake came a day late. Write the bakery's apology, without a discount, in 60 words."
			p.Prompts[1].Text = "Olga's wedding cake came an hour late. Write the bakery's apology, without any discount, in 60 words."
		}, `b: better: it asks nearly what "a" asks; keep one, or send one somewhere else`},
		{"nearly twice in Chinese", func(p *bot.Pack) {
			p.Prompts[0].Text = "生日蛋糕晚到了一天。替店家写一段道歉，不给折扣。不超过60字。"
			p.Prompts[1].Text = "结婚蛋糕晚到了半天。替店家写一段道歉，不给优惠。不超过60字。"
		}, `b: better: it asks nearly what "a" asks; keep one, or send one somewhere else`},
		{"the same form for other things", func(p *bot.Pack) {
			p.Prompts[0].Text = "Write a letter to your landlord about the leaking roof. The last sentence must be kind. At most 60 words."
			p.Prompts[1].Text = "Write a letter to your sister about the lost recipe. The last sentence must be short. At most 60 words."
		}, ""},
		{"the same form in Chinese", func(p *bot.Pack) {
			p.Prompts[0].Text = "给房东写一条消息，说屋顶漏雨。最后一句要客气。不超过60字。"
			p.Prompts[1].Text = "给表妹写一封短信，问外婆的菜谱。最后一句要俏皮。不超过60字。"
		}, ""},
		{"AI", func(p *bot.Pack) { p.Prompts[0].Text += " You are an AI." }, `a: it speaks of "AI", which invites models to speak of themselves`},
		{"AI in Chinese", func(p *bot.Pack) { p.Prompts[0].Text += "假如你是人工智能" }, `a: it speaks of "人工智能", which invites models to speak of themselves`},
		{"a vendor", func(p *bot.Pack) { p.Prompts[0].Text += " Mention OpenAI." }, `a: it names "OpenAI", also a model or a vendor; set “allow_names: true” if it must`},
		{"a vendor, allowed", func(p *bot.Pack) { p.Prompts[0].Text += " Mention OpenAI."; p.Prompts[0].AllowNames = true }, ""},
		{"a list", func(p *bot.Pack) { p.Prompts[0].Text = "Give me 10 reasons, 60 words." }, `a: better: "10 reasons" invites a list, and lists are hard to tell apart`},
		{"no length", func(p *bot.Pack) { p.Prompts[0].MaxWords = 0 }, "a: better: set “max_words”, 60 to 120 for most, so that a round takes 40 seconds"},
		{"an unsaid length", func(p *bot.Pack) { p.Prompts[0].MaxWords = 70 }, "a: better: max_words is 70, but the text does not ask for it, in digits"},
		{"a length within another number", func(p *bot.Pack) { p.Prompts[0].MaxWords = 6 }, "a: better: max_words is 6, but the text does not ask for it, in digits"},
		{"long answers", func(p *bot.Pack) { p.Prompts[0].MaxWords = 600 }, "a: better: answers of 600 words take minutes to compare"},
		{"no title", func(p *bot.Pack) { p.Title = "" }, "better: give the pack a title and a description; people choose by them"},
		{"wordy", func(p *bot.Pack) {
			for i := range p.Prompts {
				p.Prompts[i].Text += strings.Repeat(" word", 60+i)
			}
		}, "better: 2 of 2 prompts have more than 60 words; people skip them"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			p := good()
			test.change(&p)
			var got []string
			for _, problem := range prompts.Check(p) {
				got = append(got, problem.String())
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
