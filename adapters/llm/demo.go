package llm

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/bot"
)

var (
	//go:embed demo.yaml
	demoEnglish []byte
	//go:embed demo.zh.yaml
	demoChinese []byte
)

// Demo returns two invented writers, who need no network and cost nothing,
// and the only prompts they can answer, as a pack named "demo". Their answers
// were written by hand for the demo; their prices and times are invented too.
// In each language these are other writers, with prompts of its own.
func Demo(lang bot.Lang) (writers [2]bot.Model, pack bot.Pack, err error) {
	f := demoFile{lang: bot.En}
	data := demoEnglish
	if lang == bot.Zh {
		f.lang, data = bot.Zh, demoChinese
	}
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return writers, pack, fmt.Errorf("read the demo's answers: %w", err)
	}
	for i := range writers {
		writers[i] = f.writer(i)
	}
	return writers, f.pack(), nil
}

type demoFile struct {
	lang        bot.Lang
	Description string `yaml:"description"`
	Writers     [2]struct {
		Name            string `yaml:"name"`
		Price           *Price `yaml:"price"`
		TokensPerSecond int    `yaml:"tokens_per_second"`
	} `yaml:"writers"`
	Prompts []struct {
		ID         string    `yaml:"id"`
		Category   string    `yaml:"category"`
		Text       string    `yaml:"text"`
		MaxWords   int       `yaml:"max_words"`
		Answer     string    `yaml:"answer"`
		ShowAnswer bool      `yaml:"reveal_answer"`
		Why        string    `yaml:"why"`
		Answers    [2]string `yaml:"answers"` // in the order of Writers
	} `yaml:"prompts"`
}

func (f demoFile) pack() bot.Pack {
	p := bot.Pack{Version: 1, Name: "demo", Title: "Demo", Language: string(f.lang), Description: f.Description}
	for _, q := range f.Prompts {
		p.Prompts = append(p.Prompts, bot.Prompt{
			ID: q.ID, Category: q.Category, Text: q.Text, Language: string(f.lang),
			MaxWords: q.MaxWords, Answer: q.Answer, ShowAnswer: q.ShowAnswer, Why: q.Why,
		})
	}
	return p
}

func (f demoFile) writer(i int) *demoWriter {
	w := f.Writers[i]
	d := &demoWriter{
		card: bot.Card{
			Name:      w.Name,
			Source:    "demo",
			Settings:  map[string]string{"writer": "invented for the demo"},
			Price:     w.Price.card(),
			MaxTokens: 400,
			Returned:  w.Name,
			Names:     []string{w.Name},
		},
		answers: make(map[string]string),
		pace:    time.Duration(w.TokensPerSecond),
	}
	for _, q := range f.Prompts {
		d.answers[q.ID] = q.Answers[i]
	}
	return d
}

// A demoWriter answers what it knows, by the prompt's ID.
type demoWriter struct {
	card    bot.Card
	answers map[string]string
	pace    time.Duration // tokens a second
}

func (d *demoWriter) Card() bot.Card { return d.card }

// Knows implements [bot.Bounded].
func (d *demoWriter) Knows(p bot.Prompt) bool {
	_, ok := d.answers[p.ID]
	return ok
}

// Known implements [bot.Bounded].
func (d *demoWriter) Known() []string { return slices.Sorted(maps.Keys(d.answers)) }

// Write returns at once; the latency it reports is invented, like the writer.
func (d *demoWriter) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	if err := ctx.Err(); err != nil {
		return bot.Answer{}, err
	}
	text, ok := d.answers[p.ID]
	if !ok {
		return bot.Answer{}, &bot.Refusal{
			Public: bot.Say("has no answer to this prompt: the demo's writers know the demo's pack only"),
			Cost:   bot.Cost{Known: true},
			Err:    errors.New("no such prompt in the demo"),
		}
	}
	u := usage{Prompt: count(tokens(p.System) + tokens(p.Text)), Completion: count(tokens(text))}
	return bot.Answer{
		Raw:      text,
		Finish:   "stop",
		Model:    d.card.Name,
		Input:    int(u.Prompt),
		Output:   int(u.Completion),
		Cost:     cost(u, d.card.Price),
		Latency:  400*time.Millisecond + time.Duration(u.Completion)*time.Second/d.pace,
		Attempts: 1,
	}, nil
}

// tokens estimates the tokens of a text: four characters of English each, and one
// of Chinese.
func tokens(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > unicode.MaxLatin1 {
			n += 3
		}
	}
	return (n + 3) / 4
}
