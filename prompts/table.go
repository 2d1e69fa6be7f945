package prompts

import (
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A record is a line of CSV or an object of JSONL: its fields in the order written.
type record struct {
	where  bot.Sentence
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

// example says what a table may look like.
func example() bot.Sentence {
	return bot.Say("write for example: {header}", bot.Verbatim("prompt,model,answer"))
}

// checkKeys refuses keys that cannot be understood together. All keys but the
// known ones are names of models.
func checkKeys(where bot.Sentence, keys []string) error {
	var models, doubtful []string
	seen := make(map[string]string) // what a key means → the key
	same := make(map[string]bool)
	for _, k := range keys {
		low := strings.ToLower(k)
		if same[low] {
			return fault(where, bot.Say("{name} stands there twice; rename or delete one", called(k)))
		}
		same[low] = true
		switch means := text.Column(k); means {
		case "":
			if low == "" {
				return fault(where, bot.Say("a column has no name; name it, or delete it"))
			}
			models = append(models, k)
		case "note":
			doubtful = append(doubtful, k)
		default:
			if other, twice := seen[means]; twice {
				return fault(where, bot.Say("there are both “{one}” and “{other}”; keep one", bot.Verbatim(other), bot.Verbatim(k)))
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
		return fault(where, bot.Say("there is no “prompt”; {write}", example()))
	case model != "" && answer != "" && len(models) > 0:
		return fault(where, bot.Say("beside “{model}” and “{answer}” there is also {names}; keep either these two, or a column for each model", bot.Verbatim(model), bot.Verbatim(answer), quoted(models)))
	case model != "" && answer != "":
		return nil
	case model != "", strings.EqualFold(answer, "answer") && len(doubtful) == 1:
		return fault(where, bot.Say("“model” and “answer” belong together; {example}", example()))
	case len(models) == 2 && answer == "":
		return nil
	case len(doubtful) > 0 && len(models) == 0:
		return fault(where, bot.Say("{names} {n?does not look like a model|do not look like models}; delete what is no answer, and name each of two columns after the model whose answers stand in it, or {example}", quoted(doubtful), bot.Count(len(doubtful)), example()))
	case len(models) > 0:
		return fault(where, bot.Say("beside the prompt there is {names}; keep exactly two columns, each named after the model whose answers stand in it, and of others only system, category, language and id", quoted(append(models, doubtful...))))
	}
	return nil
}
