package prompts

import (
	"fmt"
	"strings"
)

// A record is a line of CSV or an object of JSONL: its fields in the order written.
type record struct {
	where  string
	fields []field
}

type field struct{ key, value string }

// row understands a record whose keys passed checkKeys: a prompt alone; one
// with `model` and `answer`; or one with a field for each of two models.
func (r record) row() row {
	out := row{where: r.where}
	var long *answer
	for _, f := range r.fields {
		value := strings.TrimSpace(f.value)
		switch key := strings.ToLower(f.key); key {
		case "prompt", "text":
			out.prompt.Text = value
		case "system":
			out.prompt.System = value
		case "category":
			out.prompt.Category = strings.ToLower(value)
		case "language":
			out.prompt.Language = strings.ToLower(value)
		case "id":
		case "model", "answer":
			if long == nil {
				long = new(answer)
			}
			if key == "model" {
				long.model = value
			} else {
				long.text = value
			}
		default:
			out.answers = append(out.answers, answer{f.key, value})
		}
	}
	if long != nil {
		out.answers = append(out.answers, *long)
	}
	return out
}

const example = "write for example: prompt,model,answer"

// checkKeys refuses keys that cannot be understood together. All keys but the
// known ones are names of models.
func checkKeys(where string, keys []string) error {
	var models []string
	seen := make(map[string]bool)
	for _, k := range keys {
		low := strings.ToLower(k)
		if seen[low] {
			return fault(where, "%q stands there twice; rename or delete one", k)
		}
		seen[low] = true
		switch low {
		case "":
			return fault(where, "a column has no name; name it, or delete it")
		case "prompt", "text", "system", "category", "language", "id", "model", "answer":
		default:
			models = append(models, k)
		}
	}
	switch {
	case !seen["prompt"] && !seen["text"]:
		return fault(where, "there is no “prompt”; %s", example)
	case seen["prompt"] && seen["text"]:
		return fault(where, "there are both “prompt” and “text”; keep one")
	case seen["model"] != seen["answer"]:
		return fault(where, "“model” and “answer” belong together; %s", example)
	case seen["model"] && len(models) > 0:
		return fault(where, "beside “model” and “answer” there is also %s; keep either these two, or a column for each model", quoted(models))
	case len(models) != 0 && len(models) != 2:
		return fault(where, "beside the prompt there is %s; keep exactly two columns, each named after the model whose answers stand in it, and of others only system, category, language and id", quoted(models))
	}
	return nil
}

func lineName(n int) string { return fmt.Sprintf("line %d", n) }
