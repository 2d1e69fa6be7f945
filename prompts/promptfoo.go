package prompts

import (
	"encoding/json"
	"strconv"
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
		Output json.RawMessage `json:"output"` // a string, or whatever the provider parsed
	} `json:"response"`
}

// A promptfooProvider is a string in some versions, an object in others.
type promptfooProvider struct{ name string }

func (p *promptfooProvider) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &p.name) == nil {
		return nil
	}
	var o struct{ ID, Label string }
	if err := json.Unmarshal(data, &o); err != nil {
		return err
	}
	if p.name = o.Label; p.name == "" {
		p.name = o.ID
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
		return nil, bot.UserError("This looks like promptfoo's output, but its results cannot be read. Make it with: promptfoo eval --output results.json")
	}
	var rows []row
	for i, r := range f.Results.Results {
		out := row{where: "result " + itoa(i+1), prompt: r.prompt()}
		out.answers = []answer{{strings.TrimSpace(r.Provider.name), strings.TrimSpace(plainValue(r.Response.Output))}}
		rows = append(rows, out)
	}
	return rows, nil
}

// prompt returns what was asked: raw with its variables filled in, and split
// if it is a chat of a system text and a message.
func (r promptfooResult) prompt() bot.Prompt {
	raw := r.Prompt.Raw
	for name, value := range r.Vars {
		v := plainValue(value)
		raw = strings.NewReplacer("{{"+name+"}}", v, "{{ "+name+" }}", v).Replace(raw)
	}
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

// plainValue returns a JSON string's text, and anything else as it is written.
func plainValue(value json.RawMessage) string {
	var s *string
	if json.Unmarshal(value, &s) != nil {
		return string(value)
	}
	if s == nil {
		return ""
	}
	return *s
}

func itoa(n int) string { return strconv.Itoa(n) }
