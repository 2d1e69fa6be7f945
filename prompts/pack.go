package prompts

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// categories returns all that a prompt's category may be.
func categories() []string {
	return []string{"creative", "humour", "roast", "satire", "emotional", "style", "brain-teaser", "factual", "other"}
}

// A packFile is a pack as it is written. The README explains the fields.
type packFile struct {
	Version     int          `yaml:"version"`
	Pack        string       `yaml:"pack"`
	Title       string       `yaml:"title"`
	Language    string       `yaml:"language"`
	Description string       `yaml:"description"`
	Defaults    sharedFields `yaml:"defaults"`
	Prompts     []ast.Node   `yaml:"prompts"` // each is read over a copy of Defaults
}

// sharedFields are those of a prompt that a pack may set for all.
type sharedFields struct {
	Category   string   `yaml:"category"`
	System     string   `yaml:"system"`
	Language   string   `yaml:"language"`
	Tags       []string `yaml:"tags"`
	MaxWords   int      `yaml:"max_words"`
	MaxTokens  int      `yaml:"max_tokens"`
	Weight     float64  `yaml:"weight"`
	ShowAnswer bool     `yaml:"reveal_answer"`
	AllowNames bool     `yaml:"allow_names"`
	Disabled   bool     `yaml:"disabled"`
}

type promptFile struct {
	Common sharedFields `yaml:",inline"`
	ID     string       `yaml:"id"`
	Text   string       `yaml:"text"`
	Answer string       `yaml:"answer"`
	Why    string       `yaml:"why"`
}

// Parse reads a pack. name is its file's, for errors, which give the line, the
// column and a caret. It refuses what could not be used; [Check] asks for more.
func Parse(name string, data []byte) (bot.Pack, error) {
	said, err := text.Plain(data)
	if err != nil {
		return bot.Pack{}, fmt.Errorf("%s: %w", name, err)
	}
	if isPromptfooConfig(said) {
		return bot.Pack{}, fmt.Errorf("%s: that is promptfoo's configuration; a pack sets version: 1, pack and prompts", name)
	}
	data = []byte(said)
	p, lines, err := decode(data)
	if err == nil {
		err = usable(data, p, lines)
	}
	if at, ok := errors.AsType[*yamlError](err); ok {
		return bot.Pack{}, fmt.Errorf("%s:%w", name, at)
	}
	if err != nil {
		return bot.Pack{}, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// decode reads a pack without asking that it be complete. lines are where its
// prompts start.
func decode(data []byte) (p bot.Pack, lines []int, err error) {
	defer func() { // the parser panics on some malformed texts, "prompts: !0 " for one
		if recover() != nil {
			p, lines, err = bot.Pack{}, nil, errors.New("it is not well-formed YAML")
		}
	}()
	var f packFile
	if err := unmarshal(data, &f); err != nil {
		return bot.Pack{}, nil, err
	}
	f.Defaults.Language = cmp.Or(f.Defaults.Language, f.Language)
	p = bot.Pack{Version: f.Version, Name: f.Pack, Title: f.Title, Language: cmp.Or(f.Language, "en"), Description: strings.TrimSpace(f.Description)}
	for i, node := range f.Prompts {
		if node == nil {
			return bot.Pack{}, nil, fmt.Errorf("prompt %d: nothing stands behind the dash", i+1)
		}
		q := promptFile{Common: f.Defaults}
		q.Common.Tags = slices.Clone(q.Common.Tags)
		if said, alone := aloneText(node); alone {
			q.Text = said
		} else if err := yaml.NodeToValue(node, &q, yaml.Strict()); err != nil {
			return bot.Pack{}, nil, locate(data, err)
		}
		p.Prompts = append(p.Prompts, q.prompt())
		lines = append(lines, node.GetToken().Position.Line)
	}
	return p, lines, nil
}

// aloneText is that of a prompt without fields, as people write them first:
// "- Write a haiku."
func aloneText(node ast.Node) (said string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func (q promptFile) prompt() bot.Prompt {
	c := q.Common
	return bot.Prompt{
		ID:         q.ID,
		Category:   c.Category,
		Text:       strings.TrimSpace(q.Text),
		System:     strings.TrimSpace(c.System),
		Language:   cmp.Or(c.Language, "en"),
		Tags:       c.Tags,
		MaxWords:   c.MaxWords,
		MaxTokens:  c.MaxTokens,
		Weight:     c.Weight,
		Answer:     strings.TrimSpace(q.Answer),
		ShowAnswer: c.ShowAnswer,
		AllowNames: c.AllowNames,
		Disabled:   c.Disabled,
		Why:        strings.TrimSpace(q.Why),
	}
}

// People type a pack's name, and a file holds a prompt's ID.
var nameForm = regexp.MustCompile(`^[\p{Ll}\p{Lo}\d]+(-[\p{Ll}\p{Lo}\d]+)*$`)

// usable returns what keeps a pack from being used at all.
func usable(data []byte, p bot.Pack, lines []int) error {
	switch {
	case p.Version != 1:
		return fmt.Errorf("version is %d; write “version: 1”", p.Version)
	case !nameForm.MatchString(p.Name) || len(p.Name) > 40:
		return fmt.Errorf("pack is %q; write a name of small letters, digits and hyphens, such as “pack: our-tone”", p.Name)
	case len(p.Prompts) == 0:
		return errors.New("it has no prompts; write at least one below “prompts:”")
	}
	seen := make(map[string]bool)
	for i, q := range p.Prompts {
		says := promptFault(q)
		switch {
		case !nameForm.MatchString(q.ID) || len(q.ID) > 60:
			says = bot.Literal(fmt.Sprintf("the prompt's id is %q; write one of small letters, digits and hyphens, such as “id: late-cake”", q.ID))
		case seen[q.ID]:
			says = bot.Literal(fmt.Sprintf("the id %q is taken by an earlier prompt", q.ID))
		case q.Category == "":
			says = bot.Literal("the prompt has no category; write one of " + strings.Join(categories(), ", "))
		}
		if !says.IsZero() {
			return at(data, lines[i], 0, says)
		}
		seen[q.ID] = true
	}
	return nil
}

// promptFault returns what keeps a prompt, of a pack or of a sheet, from being
// used; the zero Sentence if nothing does.
func promptFault(q bot.Prompt) bot.Sentence {
	switch {
	case q.Text == "":
		return bot.Say("there is no prompt; write its text")
	case uniseg.GraphemeClusterCount(q.Text) > maxPrompt:
		return bot.Say("the prompt is longer than 4,000 characters; shorten it")
	case uniseg.GraphemeClusterCount(q.System) > maxPrompt:
		return bot.Say("the system text is longer than 4,000 characters; shorten it")
	case text.Unfilled(q.Text+"\n"+q.System) != "":
		return bot.Say("the prompt has a variable {name} that is not filled in; write out what stands there, or put it in `backticks` if it is meant so", bot.Verbatim(text.Unfilled(q.Text+"\n"+q.System)))
	case q.Category != "" && !slices.Contains(categories(), q.Category):
		return bot.Say("there is no category {typed}; write one of {names}", called(q.Category), bot.Verbatim(strings.Join(categories(), ", ")))
	case q.MaxWords < 0 || q.MaxTokens < 0 || !(q.Weight >= 0 && q.Weight <= 1000):
		return bot.Say("max_words and max_tokens are whole numbers from 0, and weight is a number from 0 to 1000")
	}
	return bot.Sentence{}
}
