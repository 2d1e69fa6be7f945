package prompts

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A promptfooFile is what `promptfoo eval --output results.json` writes, as
// far as it matters here.
type promptfooFile struct {
	Results struct {
		Results []promptfooResult `json:"results"`
	} `json:"results"`
}

type promptfooResult struct {
	Prompt struct {
		Raw string `json:"raw"`
	} `json:"prompt"`
	Provider promptfooProvider          `json:"provider"`
	Vars     map[string]json.RawMessage `json:"vars"`
	Response struct {
		Output json.RawMessage `json:"output"` // text, or whatever the provider parsed
	} `json:"response"`
}

// A promptfooProvider is a string in some versions, an object in others.
type promptfooProvider string

func (p *promptfooProvider) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*string)(p)) == nil {
		return nil
	}
	var o struct{ ID, Label string }
	if err := json.Unmarshal(data, &o); err != nil {
		return err
	}
	*p = promptfooProvider(o.Label)
	if o.Label == "" {
		*p = promptfooProvider(o.ID)
	}
	return nil
}

func isPromptfoo(text string) bool {
	var f struct {
		Results struct {
			Results json.RawMessage `json:"results"`
		} `json:"results"`
	}
	return json.Unmarshal([]byte(text), &f) == nil && len(f.Results.Results) > 0
}

func readPromptfoo(text string) ([]row, error) {
	var f promptfooFile
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, bot.UserError("That looks like promptfoo's output, but its results cannot be read; make it with: promptfoo eval --output results.json")
	}
	var rows []row
	for i, r := range f.Results.Results {
		rows = append(rows, row{
			where:   fmt.Sprintf("result %d", i+1),
			prompt:  r.prompt(),
			answers: []answer{{strings.TrimSpace(string(r.Provider)), strings.TrimSpace(written(r.Response.Output))}},
		})
	}
	return rows, nil
}

// prompt returns what was asked: raw with its variables filled in, and split
// if it is a chat of a system text and a message.
func (r promptfooResult) prompt() bot.Prompt {
	var fill []string
	for name, value := range r.Vars {
		fill = append(fill, "{{"+name+"}}", written(value), "{{ "+name+" }}", written(value))
	}
	raw := strings.NewReplacer(fill...).Replace(r.Prompt.Raw)
	var chat []struct{ Role, Content string }
	if json.Unmarshal([]byte(raw), &chat) == nil {
		switch {
		case len(chat) == 1 && chat[0].Role == "user":
			return bot.Prompt{Text: strings.TrimSpace(chat[0].Content)}
		case len(chat) == 2 && chat[0].Role == "system" && chat[1].Role == "user":
			return bot.Prompt{System: strings.TrimSpace(chat[0].Content), Text: strings.TrimSpace(chat[1].Content)}
		}
	}
	return bot.Prompt{Text: strings.TrimSpace(raw)}
}

// written returns a JSON string's text, and any other value as it is written.
func written(value json.RawMessage) string {
	text, err := plainValue(value)
	if err != nil {
		return string(value)
	}
	return text
}
