package prompts

import (
	"encoding/json"
	"html"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A promptfooFile is what `promptfoo eval --output results.json` writes, as
// far as it matters here.
type promptfooFile struct {
	Version int // 1 wrote the results without a group around them
	Results []promptfooResult
}

func (f *promptfooFile) UnmarshalJSON(data []byte) error {
	var old struct {
		Version int               `json:"version"`
		Results []promptfooResult `json:"results"`
	}
	if json.Unmarshal(data, &old) == nil {
		f.Version, f.Results = max(old.Version, 1), old.Results
		return nil
	}
	var now struct {
		Results struct {
			Version int               `json:"version"`
			Results []promptfooResult `json:"results"`
		} `json:"results"`
	}
	err := json.Unmarshal(data, &now)
	f.Version, f.Results = now.Results.Version, now.Results.Results
	return err
}

type promptfooResult struct {
	Prompt struct {
		Raw     string `json:"raw"`
		Label   string `json:"label"`
		Display string `json:"display"` // the label of versions 1 and 2
	} `json:"prompt"`
	Provider promptfooProvider          `json:"provider"`
	Vars     map[string]json.RawMessage `json:"vars"`
	Error    json.RawMessage            `json:"error"`
	Response struct {
		Output json.RawMessage `json:"output"` // text, or whatever the provider parsed
		Error  json.RawMessage `json:"error"`
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

const evalAgain = "promptfoo eval --output results.json"

// isPromptfoo reports whether said is JSON with promptfoo's results in it.
func isPromptfoo(said string) bool {
	var f struct {
		Results json.RawMessage `json:"results"`
	}
	if json.Unmarshal([]byte(said), &f) != nil || len(f.Results) == 0 {
		return false
	}
	var now struct {
		Results json.RawMessage `json:"results"`
	}
	if json.Unmarshal(f.Results, &now) == nil {
		return len(now.Results) > 0
	}
	var old []struct {
		Prompt struct{ Raw *string }
	}
	return json.Unmarshal(f.Results, &old) == nil && len(old) > 0 && old[0].Prompt.Raw != nil
}

func readPromptfoo(said string) ([]row, error) {
	var f promptfooFile
	if err := json.Unmarshal([]byte(said), &f); err != nil || len(f.Results) == 0 {
		return nil, bot.UserError(bot.Say("That looks like promptfoo's output, but its results cannot be read; make it with: {evalagain}", bot.Verbatim(evalAgain)))
	}
	if f.Version == 1 {
		for i := range f.Results {
			if f.Results[i].Provider == "" {
				return nil, bot.UserError(bot.Say("That is the output of an old version of promptfoo, which does not say which model answered; make it again with: {evalagain}", bot.Verbatim(evalAgain)))
			}
			f.Results[i].Prompt.Raw = html.UnescapeString(f.Results[i].Prompt.Raw) // it was written for a page
		}
	}
	versions, err := promptVersions(f.Results)
	if err != nil {
		return nil, err
	}
	var rows []row
	for i, r := range f.Results {
		where := bot.Say("Result {n}", number(i+1))
		a := answer{where: where, model: strings.TrimSpace(string(r.Provider)), text: strings.TrimSpace(written(r.Response.Output))}
		row := row{where: where, prompt: r.prompt()}
		if versions != nil {
			a.model, row.prompt = versions[r.template()], bot.Prompt{Text: r.variables()}
		}
		if a.text == "" {
			a.failed = r.failure(a.model)
		}
		row.answers = []answer{a}
		rows = append(rows, row)
	}
	return rows, nil
}

// failure says why there is no answer, with the first line of the provider's words.
func (r promptfooResult) failure(model string) bot.Sentence {
	for _, e := range []json.RawMessage{r.Error, r.Response.Error} {
		if said := strings.TrimSpace(written(e)); said != "" {
			return bot.Say("{model} failed there: {why}", called(model), bot.Verbatim(strings.TrimSuffix(text.Clip(firstLine(said)), ".")))
		}
	}
	return bot.Say("{model} answered nothing there", called(model))
}

// prompt returns what was asked: raw with its variables filled in, and split
// if it is a chat.
func (r promptfooResult) prompt() bot.Prompt {
	var fill []string
	for name, value := range r.Vars {
		fill = append(fill, "{{"+name+"}}", written(value), "{{ "+name+" }}", written(value))
	}
	raw := strings.NewReplacer(fill...).Replace(r.Prompt.Raw)
	if c, ok := chatIn(raw); ok {
		return c.prompt()
	}
	return bot.Prompt{Text: strings.TrimSpace(raw)}
}

// written returns a JSON string's text, and any other value as it is written.
func written(value json.RawMessage) string {
	said, err := plainValue(value)
	if err != nil {
		return string(value)
	}
	return said
}
