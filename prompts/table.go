package prompts

import (
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot/text"
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
		switch means := text.Column(f.key); means {
		case "prompt":
			out.prompt.Text = value
		case "system":
			out.prompt.System = value
		case "category":
			out.prompt.Category = strings.ToLower(value)
		case "language":
			out.prompt.Language = strings.ToLower(value)
		case "id", "note":
		case "model", "answer":
			if long == nil {
				long = &answer{where: r.where}
			}
			if means == "model" {
				long.model = value
			} else {
				long.text = value
			}
		default:
			out.answers = append(out.answers, answer{where: r.where, model: f.key, text: value})
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
	var models, doubtful []string
	seen := make(map[string]string) // what a key means → the key
	same := make(map[string]bool)
	for _, k := range keys {
		low := strings.ToLower(k)
		if same[low] {
			return fault(where, "%q stands there twice; rename or delete one", k)
		}
		same[low] = true
		switch means := text.Column(k); means {
		case "":
			if low == "" {
				return fault(where, "a column has no name; name it, or delete it")
			}
			models = append(models, k)
		case "note":
			doubtful = append(doubtful, k)
		default:
			if other, twice := seen[means]; twice {
				return fault(where, "there are both “%s” and “%s”; keep one", other, k)
			}
			seen[means] = k
			if means == "answer" {
				doubtful = append(doubtful, k)
			}
		}
	}
	prompt, model, answer := seen["prompt"], seen["model"], seen["answer"]
	switch {
	case prompt == "":
		return fault(where, "there is no “prompt”; %s", example)
	case model != "" && answer != "" && len(models) > 0:
		return fault(where, "beside “%s” and “%s” there is also %s; keep either these two, or a column for each model", model, answer, quoted(models))
	case model != "" && answer != "":
		return nil
	case model != "", strings.EqualFold(answer, "answer") && len(doubtful) == 1:
		return fault(where, "“model” and “answer” belong together; %s", example)
	case len(models) == 2 && answer == "":
		return nil
	case len(doubtful) > 0 && len(models) == 0:
		return fault(where, "%s; delete what is no answer, and name each of two columns after the model whose answers stand in it, or %s", unlike(doubtful), example)
	case len(models) > 0:
		return fault(where, "beside the prompt there is %s; keep exactly two columns, each named after the model whose answers stand in it, and of others only system, category, language and id", quoted(append(models, doubtful...)))
	}
	return nil
}

// unlike says that columns do not look like models.
func unlike(columns []string) string {
	if len(columns) == 1 {
		return quoted(columns) + " does not look like a model"
	}
	return quoted(columns) + " do not look like models"
}

func lineName(n int) string { return fmt.Sprintf("line %d", n) }
