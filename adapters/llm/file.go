package llm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A File is a model whose answers were written beforehand.
type File struct {
	card    bot.Card
	answers map[string]string // by prompt
}

// FromFile returns a model that answers from a file read by [ReadAnswers].
// answers are by the prompt's text or ID. What they cost is unknown.
func FromFile(name string, answers map[string]string) *File {
	f := &File{
		card:    bot.Card{Name: name, Source: "file", Names: []string{name}},
		answers: make(map[string]string, len(answers)),
	}
	h := sha256.New()
	for _, prompt := range slices.Sorted(maps.Keys(answers)) {
		f.answers[promptKey(prompt)] = answers[prompt]
		fmt.Fprintf(h, "%q %q\n", prompt, answers[prompt])
	}
	// Other answers are another model's, as other settings would be.
	f.card.Settings = map[string]string{"answers_sha256": fmt.Sprintf("%x", h.Sum(nil))}
	return f
}

// Card describes the model.
func (f *File) Card() bot.Card { return f.card }

// Write returns the file's answer to p. A [bot.Refusal] if it has none.
func (f *File) Write(ctx context.Context, p bot.Prompt) (bot.Answer, error) {
	if err := ctx.Err(); err != nil {
		return bot.Answer{}, err
	}
	raw, ok := f.find(p)
	if !ok {
		return bot.Answer{}, &bot.Refusal{
			Public: bot.Say("has no answer to this prompt in its file"),
			Cost:   bot.Cost{Known: true},
			Err:    errors.New("no such prompt in the file of " + f.card.Name),
		}
	}
	return bot.Answer{Raw: raw, Finish: "stop", Attempts: 1}, nil
}

// Knows implements [bot.Bounded].
func (f *File) Knows(p bot.Prompt) bool {
	_, ok := f.find(p)
	return ok
}

// Known implements [bot.Bounded]: the prompts as they stand in the file.
func (f *File) Known() []string { return slices.Sorted(maps.Keys(f.answers)) }

func (f *File) find(p bot.Prompt) (raw string, ok bool) {
	raw, ok = f.answers[promptKey(p.Text)]
	if !ok && p.ID != "" {
		raw, ok = f.answers[promptKey(p.ID)]
	}
	return raw, ok
}

// promptKey is the same for prompts that differ in line ends and outer space.
func promptKey(prompt string) string {
	return strings.TrimSpace(strings.ReplaceAll(prompt, "\r\n", "\n"))
}
