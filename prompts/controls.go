package prompts

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

//go:embed controls/*.yaml
var controlFiles embed.FS

// A controlFile is control pairs of one language as they are written.
type controlFile struct {
	Version  int        `yaml:"version"`
	Language string     `yaml:"language"`
	Controls []pairFile `yaml:"controls"`
}

type pairFile struct {
	ID       string `yaml:"id"` // people may see it before the reveal: it must not say what the pair is
	Category string `yaml:"category"`
	Text     string `yaml:"text"`
	MaxWords int    `yaml:"max_words"`
	Answer   string `yaml:"answer"`
	Better   string `yaml:"better"`
	Worse    string `yaml:"worse"`
	Why      string `yaml:"why"`
}

// Controls returns the embedded control pairs, by language. The prompts are
// shared: do not change them.
func (l *Library) Controls() []bot.ControlPair { return slices.Clone(l.controls) }

// openControls does not ask whether each pair is fair, which takes a tenth of
// a second: these files change only with the program, and a test asks it.
func openControls() ([]bot.ControlPair, error) {
	entries, err := controlFiles.ReadDir("controls")
	if err != nil {
		return nil, fmt.Errorf("open the control pairs: %w", err)
	}
	var all []bot.ControlPair
	for _, e := range entries {
		data, err := controlFiles.ReadFile("controls/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("open the control pairs: %w", err)
		}
		pairs, err := decodeControls(e.Name(), data)
		if err != nil {
			return nil, fmt.Errorf("open the control pairs: %w", err)
		}
		all = append(all, pairs...)
	}
	return all, nil
}

// ParseControls reads a file of control pairs. name is its file's, for errors.
// Nothing but quality may tell the two answers of a pair apart: it refuses
// pairs of uneven length or form, and answers that are too long, not clean, or
// name a model.
func ParseControls(name string, data []byte) ([]bot.ControlPair, error) {
	pairs, err := decodeControls(name, data)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	for i, pair := range pairs {
		id := pair.Prompt.ID
		says := controlFault(pair)
		switch {
		case !nameForm.MatchString(id):
			says = fmt.Sprintf("pair %d has the id %q; write one of small letters, digits and hyphens", i+1, id)
		case seen[id]:
			says = "the id is taken by an earlier pair"
		}
		if says != "" {
			return nil, fmt.Errorf("%s: %s: %s", name, id, says)
		}
		seen[id] = true
	}
	return pairs, nil
}

// decodeControls reads a file of control pairs as they stand.
func decodeControls(name string, data []byte) ([]bot.ControlPair, error) {
	var f controlFile
	err := unmarshal(data, &f)
	if at, ok := errors.AsType[*yamlError](err); ok {
		return nil, fmt.Errorf("%s:%w", name, at)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case f.Version != 1:
		return nil, fmt.Errorf("%s: version is %d; write “version: 1”", name, f.Version)
	case f.Language == "":
		return nil, fmt.Errorf("%s: it has no language; write “language: en”", name)
	}
	pairs := make([]bot.ControlPair, len(f.Controls))
	for i, p := range f.Controls {
		pairs[i] = p.pair(f.Language)
	}
	return pairs, nil
}

func (p pairFile) pair(language string) bot.ControlPair {
	return bot.ControlPair{
		Prompt: bot.Prompt{
			ID:       p.ID,
			Category: p.Category,
			Text:     strings.TrimSpace(p.Text),
			Language: language,
			MaxWords: p.MaxWords,
			Answer:   strings.TrimSpace(p.Answer),
		},
		Better: strings.TrimSpace(p.Better),
		Worse:  strings.TrimSpace(p.Worse),
		Why:    strings.TrimSpace(p.Why),
	}
}

// controlFault returns what keeps a pair from being a fair control; "" if
// nothing does.
func controlFault(p bot.ControlPair) string {
	if says := promptFault(p.Prompt); !says.IsZero() {
		return says.String()
	}
	switch {
	case p.Prompt.Category == "" || p.Prompt.MaxWords == 0:
		return "the prompt needs a category and max_words"
	case p.Better == "" || p.Worse == "" || p.Why == "":
		return "a pair needs the fields better, worse and why"
	case p.Better == p.Worse:
		return "the two answers are the same"
	case strings.Count(p.Better, "\n") != strings.Count(p.Worse, "\n"):
		return "the two answers have different numbers of lines, which tells them apart at a glance"
	case uneven(text.Words(p.Better), text.Words(p.Worse)):
		return fmt.Sprintf("better has %d words and worse %d; at most a fifth more is even", text.Words(p.Better), text.Words(p.Worse))
	case uneven(uniseg.GraphemeClusterCount(p.Better), uniseg.GraphemeClusterCount(p.Worse)):
		return "one answer has over a fifth more characters than the other"
	}
	if says := controlTextFault(p.Better, p.Prompt); says != "" {
		return "better " + says
	}
	if says := controlTextFault(p.Worse, p.Prompt); says != "" {
		return "worse " + says
	}
	return ""
}

func controlTextFault(said string, q bot.Prompt) string {
	switch leaks := text.Leaks(said, q.Text, nil); {
	case text.Words(said) > q.MaxWords:
		return fmt.Sprintf("has %d words; max_words is %d", text.Words(said), q.MaxWords)
	case text.Clean(said) != said:
		return "has characters that would not be shown"
	case strings.ContainsAny(said, "*#`_"):
		return "has marks of Markdown"
	case len(leaks) > 0:
		return fmt.Sprintf("names %q", leaks[0].Match)
	}
	return ""
}

// uneven is whether the larger is over a fifth more than the smaller.
func uneven(a, b int) bool { return 5*max(a, b) > 6*min(a, b) }
