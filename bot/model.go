package bot

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot/text"
)

// A Model writes answers: an LLM behind an API, a file, a person's pasted text.
type Model interface {
	// Card describes the model as it is now. It holds no secret.
	Card() Card

	// Write answers p. Passing faults were retried by the time it returns.
	// The error's text may hold ids and parts of keys: log it redacted,
	// never post it; a *Refusal says in public words what went wrong.
	Write(ctx context.Context, p Prompt) (Answer, error)
}

// A Bounded model answers some prompts only: its answers stand somewhere.
// Tastings ask it no others.
type Bounded interface {
	Knows(p Prompt) bool
	Known() []string // the prompts that it knows, by text or ID
}

// A Refusal is why a model gave no answer, in words that may be shown:
// "answered 401", "took longer than 2m0s".
type Refusal struct {
	Public Sentence
	Cost   Cost  // of the attempts
	Err    error // for the log, redacted
}

func (e *Refusal) Error() string { return e.Public.String() + ": " + e.Err.Error() }
func (e *Refusal) Unwrap() error { return e.Err }

// Sources of a model that cost nothing to ask.
const (
	Pasted   = "pasted" // its answers were given from the start
	FromFile = "file"   // they stand in a file
)

// A Card is a model's settings. A tasting keeps a copy, so that what was
// compared is known later, whatever the configuration says by then.
type Card struct {
	Name      string
	Source    string            // "api", "file", "pasted", "demo"
	Settings  map[string]string // all that may change an answer; no secrets
	System    string            // its own system text
	Price     *Price            // nil: unknown
	MaxTokens int               // the cap on one answer, thinking included; 0: unknown
	Returned  string            // the model id that the provider answered with
	Names     []string          // ids and aliases by which a text would give it away
}

// Fingerprint is six hexadecimal digits that are the same for the same name,
// source, system text, cap and settings, and otherwise differ: answers under
// different settings are never pooled under one name. Prices do not enter.
func (c Card) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %d\n", c.Name, c.Source, c.System, c.MaxTokens)
	for _, k := range slices.Sorted(maps.Keys(c.Settings)) {
		fmt.Fprintf(h, "%q %q\n", k, c.Settings[k])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:3])
}

// Alike reports whether c and d have the same fingerprint.
func (c Card) Alike(d Card) bool {
	return c.Name == d.Name && c.Source == d.Source && c.System == d.System && c.MaxTokens == d.MaxTokens &&
		maps.Equal(c.Settings, d.Settings)
}

// A Price is in micro-USD per million tokens: 3_000_000 is $3.00.
type Price struct {
	Input, Output, CachedInput int64
	AsOf                       string // a date
}

// A Prompt is what both models are asked.
type Prompt struct {
	ID         string
	Pack       string // the name of the pack it was chosen from
	Category   string
	Text       string
	System     string
	Language   string // "en", "zh"; empty: English
	Tags       []string
	MaxWords   int
	MaxTokens  int
	Weight     float64 // 0 counts as 1
	Answer     string  // a brain-teaser's, checked
	ShowAnswer bool    // the reveal shows Answer
	AllowNames bool    // the prompt is about names that would otherwise be a leak
	Disabled   bool
	Why        string // what makes it tell models apart
}

// An Answer is a model's text for a round.
type Answer struct {
	Raw      string        // as it came
	Text     string        // as shown: cleaned, not cut
	Finish   string        // "stop", "length", "content_filter", …
	Model    string        // the model id that the provider returned
	Input    int           // tokens of the prompt; 0 with Output 0: not reported
	Output   int           // tokens billed as output, thinking included
	Cost     Cost          // of all attempts
	Latency  time.Duration // of the attempt that gave the answer
	Attempts int
	Lost     int64       `json:",omitzero"` // pico-USD that it may have cost at most to ask before, when the bot was stopped and the answer lost
	Leaks    []text.Leak // what in it gives its author away
}

// A Cost is a sum of money, or unknown. The zero value is unknown.
type Cost struct {
	Pico  int64 // USD · 10⁻¹²
	Known bool  // a known cost of 0 is a local model
}

// Add sums costs; the sum of anything unknown is unknown.
func (c Cost) Add(d Cost) Cost { return Cost{c.Pico + d.Pico, c.Known && d.Known} }

// A Pack is a set of prompts.
type Pack struct {
	Version     int
	Name        string // what people type: humour
	Title       string
	Language    string
	Description string
	Prompts     []Prompt
	Own         bool // the team's own, from a folder
}

// A Library has the packs, and reads what people paste or upload.
type Library interface {
	Packs() []Pack

	// Controls are pairs of answers of which one is better beyond taste.
	Controls() []ControlPair

	// Read understands prompts or finished answers: tables (CSV, Markdown),
	// JSON, YAML, promptfoo's output, or plain text with a blank line between
	// prompts. What is none of that is refused. name is the file's, "" for pasted text.
	// Errors are UserErrors that name the line.
	Read(name string, data []byte) (Sheet, error)
}

// A ControlPair is a prompt with two answers with a known gap in quality:
// clear, but not absurd.
type ControlPair struct {
	Prompt Prompt // its ID is the pair's, Language as in packs
	Better string
	Worse  string
	Why    string // what makes the one better; shown at the reveal
}

// A Sheet is what somebody pasted or uploaded. Every row has a prompt;
// either none has answers, or each has one of each of the same two models.
type Sheet struct {
	Models []string // none, or two
	Rows   []SheetRow

	// LeftOut says, a sentence each, what of it was left out, and why: prompts of
	// which a model's call had failed.
	LeftOut []Sentence
}

// A SheetRow is one prompt of a Sheet.
type SheetRow struct {
	Prompt  Prompt
	Answers []string // parallel to Sheet.Models
}

// A PromptID tells prompts apart. The starter's own have no pack.
type PromptID struct{ Pack, ID string }

// PromptID tells p from all other prompts.
func (p Prompt) PromptID() PromptID { return PromptID{p.Pack, p.ID} }

// PromptID is that of the round's prompt.
func (r Round) PromptID() PromptID { return PromptID{r.Pack, r.Prompt} }

// Free reports whether asking costs nothing, because the answers stand ready
// and nobody said what they cost.
func (c Card) Free() bool {
	return c.Source == Pasted || c.Source == FromFile && c.Price == nil
}
