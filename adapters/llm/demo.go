package llm

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/tastetest/tastetest/bot"
)

//go:embed demo.yaml
var demoYAML []byte

// Demo returns two invented writers, who need no network and cost nothing,
// and the only prompts they can answer, as a pack named "demo". Their answers
// were written by hand for the demo; their prices and times are invented too.
func Demo() (writers [2]bot.Model, pack bot.Pack, err error) {
	var f demoFile
	if err := yaml.UnmarshalWithOptions(demoYAML, &f, yaml.Strict()); err != nil {
		return writers, pack, fmt.Errorf("read the demo's answers: %w", err)
	}
	if len(f.Writers) != len(writers) {
		return writers, pack, fmt.Errorf("read the demo's answers: there are %d writers, not two", len(f.Writers))
	}
	pack = bot.Pack{Version: 1, Name: "demo", Title: "Demo", Language: "en", Description: f.Description}
	for _, p := range f.Prompts {
		pack.Prompts = append(pack.Prompts, bot.Prompt{
			ID: p.ID, Category: p.Category, Text: p.Text, Language: "en",
			MaxWords: p.MaxWords, Answer: p.Answer, ShowAnswer: p.ShowAnswer, Why: p.Why,
		})
	}
	for i, w := range f.Writers {
		d := &demoWriter{
			card: bot.Card{
				Name:      w.Name,
				Source:    "demo",
				Settings:  map[string]string{"writer": "invented for the demo"},
				Price:     &bot.Price{Input: w.Price.Input, Output: w.Price.Output, AsOf: "invented"},
				MaxTokens: 400,
				Returned:  w.Name,
				Names:     []string{w.Name},
			},
			answers: make(map[string]string),
			pace:    time.Duration(w.TokensPerSecond),
		}
		for _, p := range f.Prompts {
			if len(p.Answers) != len(writers) {
				return writers, pack, fmt.Errorf("read the demo's answers: %q has %d, not two", p.ID, len(p.Answers))
			}
			d.answers[p.ID] = p.Answers[i]
		}
		writers[i] = d
	}
	return writers, pack, nil
}

type demoFile struct {
	Description string `yaml:"description"`
	Writers     []struct {
		Name  string `yaml:"name"`
		Price struct {
			Input  int64 `yaml:"input"` // micro-USD per million tokens
			Output int64 `yaml:"output"`
		} `yaml:"price"`
		TokensPerSecond int `yaml:"tokens_per_second"`
	} `yaml:"writers"`
	Prompts []struct {
		ID         string   `yaml:"id"`
		Category   string   `yaml:"category"`
		Text       string   `yaml:"text"`
		MaxWords   int      `yaml:"max_words"`
		Answer     string   `yaml:"answer"`
		ShowAnswer bool     `yaml:"reveal_answer"`
		Why        string   `yaml:"why"`
		Answers    []string `yaml:"answers"` // in the order of writers
	} `yaml:"prompts"`
}

// A demoWriter answers what it knows, by the prompt's ID.
type demoWriter struct {
	card    bot.Card
	answers map[string]string
	pace    time.Duration // tokens a second
}

func (d *demoWriter) Card() bot.Card { return d.card }

// Write returns at once; the latency it reports is invented, like the writer.
func (d *demoWriter) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	if err := ctx.Err(); err != nil {
		return bot.Answer{}, err
	}
	text, ok := d.answers[p.ID]
	if !ok {
		return bot.Answer{}, &bot.Refusal{
			Public: "has no answer to this prompt: the demo's writers know the demo's pack only",
			Cost:   bot.Cost{Known: true},
			Err:    errors.New("no such prompt in the demo"),
		}
	}
	in, out := tokens(p.System)+tokens(p.Text), tokens(text)
	return bot.Answer{
		Raw:      text,
		Text:     text,
		Finish:   "stop",
		Model:    d.card.Name,
		Input:    in,
		Output:   out,
		Cost:     bot.Cost{Pico: int64(in)*d.card.Price.Input + int64(out)*d.card.Price.Output, Known: true},
		Latency:  400*time.Millisecond + time.Duration(out)*time.Second/d.pace,
		Attempts: 1,
	}, nil
}

// tokens estimates the tokens of an English text: four characters each.
func tokens(text string) int { return (utf8.RuneCountInString(text) + 3) / 4 }
