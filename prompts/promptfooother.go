package prompts

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// What promptfoo writes and reads beside its results as JSON.
var (
	promptfooConfig = bot.UserError(bot.Say("That is promptfoo's configuration. Send what this writes: {evalagain}; or send only its prompts.", bot.Verbatim(evalAgain)))
	promptfooTable  = bot.UserError(bot.Say("That is promptfoo's table, which mixes answers with marks. Send what this writes: {evalagain}", bot.Verbatim(evalAgain)))
)

var topKey = regexp.MustCompile(`(?m)^([A-Za-z]+):`)

// topKeys are the fields that a YAML text sets.
func topKeys(text string) map[string]bool {
	keys := make(map[string]bool)
	for _, m := range topKey.FindAllStringSubmatch(text, -1) {
		keys[m[1]] = true
	}
	return keys
}

// isPromptfooConfig reports whether text says what promptfoo should ask whom,
// as YAML or JSON.
func isPromptfooConfig(text string) bool {
	keys := topKeys(text)
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &fields) == nil {
		for k := range fields {
			keys[k] = true
		}
	}
	return (keys["providers"] || keys["targets"]) && (keys["prompts"] || keys["tests"]) && !keys["results"]
}

// fromPromptfooLines turns `promptfoo eval --output results.jsonl`, a result a
// line, into what the JSON is. "" if text is none of that.
func fromPromptfooLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		var r struct {
			Prompt   struct{ Raw *string }
			Provider json.RawMessage
		}
		switch {
		case isBlank(line):
			continue
		case json.Unmarshal([]byte(line), &r) != nil || r.Prompt.Raw == nil || len(r.Provider) == 0:
			return ""
		}
		lines = append(lines, line)
	}
	return `{"results": {"results": [` + strings.Join(lines, ",") + `]}}`
}

func isPromptfooYAML(text string) bool {
	keys := topKeys(text)
	return keys["results"] && (keys["evalId"] || keys["version"] || keys["config"] || keys["shareableUrl"])
}

func readPromptfooYAML(text string) ([]row, error) {
	value, err := yamlToJSON(text)
	if err != nil || !isPromptfoo(string(value)) {
		return nil, bot.UserError(bot.Say("That looks like promptfoo's output as YAML, but it cannot be read. Send what this writes: {evalagain}", bot.Verbatim(evalAgain)))
	}
	return readPromptfoo(string(value))
}

var promptfooColumn = regexp.MustCompile(`^\[[^\]]+\] `)

// isPromptfooTable reports whether a header is of promptfoo's CSV or page:
// "[openai:gpt-4o] Write about {{topic}}".
func isPromptfooTable(keys []string) bool {
	return len(keys) > 1 && promptfooColumn.MatchString(keys[len(keys)-1])
}
