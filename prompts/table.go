package prompts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A record is a line of CSV or JSONL: its fields in the order written.
type record struct {
	where  string
	fields []field
}

type field struct{ key, value string }

// tableRow understands a record: a prompt alone; with `model` and `answer`;
// or with a field for each of two models, named after them.
func tableRow(r record) (row, error) {
	out := row{where: r.where}
	var model, text string
	var long bool
	for _, f := range r.fields {
		switch key := strings.ToLower(f.key); key {
		case "prompt", "text":
			out.prompt.Text = strings.TrimSpace(f.value)
		case "system":
			out.prompt.System = strings.TrimSpace(f.value)
		case "category":
			c := strings.ToLower(strings.TrimSpace(f.value))
			if c != "" && !slices.Contains(categories[:], c) {
				return row{}, userErrorf("%s: there is no category %q. Write one of %s.", upper(r.where), f.value, strings.Join(categories[:], ", "))
			}
			out.prompt.Category = c
		case "language":
			out.prompt.Language = strings.ToLower(strings.TrimSpace(f.value))
		case "id":
		case "model":
			model, long = strings.TrimSpace(f.value), true
		case "answer":
			text, long = strings.TrimSpace(f.value), true
		default:
			out.answers = append(out.answers, answer{strings.TrimSpace(f.key), strings.TrimSpace(f.value)})
		}
	}
	if long && len(out.answers) > 0 {
		return row{}, userErrorf("%s has both a field “model” or “answer” and %q. Keep prompt, model and answer only.", upper(r.where), out.answers[0].model)
	}
	if long {
		out.answers = []answer{{model, text}}
	}
	return out, nil
}

// checkHeader refuses keys that cannot be understood together.
func checkHeader(where string, keys []string) error {
	var models []string
	seen := make(map[string]bool)
	for _, k := range keys {
		low := strings.ToLower(strings.TrimSpace(k))
		if seen[low] {
			return userErrorf("%s has %q twice. Rename or delete one.", upper(where), k)
		}
		seen[low] = true
		switch low {
		case "":
			return userErrorf("%s has a column without a name. Name it, or delete it.", upper(where))
		case "prompt", "text", "system", "category", "language", "id", "model", "answer":
		default:
			models = append(models, strings.TrimSpace(k))
		}
	}
	switch {
	case !seen["prompt"] && !seen["text"]:
		return userErrorf("%s names no column “prompt”. Write for example: prompt,model,answer", upper(where))
	case seen["prompt"] && seen["text"]:
		return userErrorf("%s has both “prompt” and “text”. Keep one.", upper(where))
	case seen["model"] != seen["answer"]:
		return userErrorf("%s needs both “model” and “answer”, or neither. Write for example: prompt,model,answer", upper(where))
	case seen["model"] && len(models) > 0:
		return userErrorf("%s has “model” and “answer” and also %s. Delete %s, or “model” and “answer”.", upper(where), quoted(models), it(models))
	case len(models) != 0 && len(models) != 2:
		return userErrorf("%s names %s besides the prompt. Keep exactly two columns, each named after the model whose answers stand in it; others may be system, category, language and id.", upper(where), quoted(models))
	}
	return nil
}

func it(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}

func lineName(n int) string { return fmt.Sprintf("line %d", n) }

// narrow makes full-width forms, which Chinese and Japanese keyboards type,
// the plain ones: ｐｒｏｍｐｔ， → prompt, and typographic quotes straight.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == '\u3000':
			return ' '
		case r == '“' || r == '”' || r == '„':
			return '"'
		}
		return r
	}, s)
}

var _ bot.Library = (*Library)(nil)
