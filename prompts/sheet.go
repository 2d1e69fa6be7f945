package prompts

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
)

// A row is a prompt with the answers that stand beside it: none, one (a model
// a row) or two (a model a column).
type row struct {
	where   string // "line 3"
	prompt  bot.Prompt
	answers []answer
}

type answer struct{ model, text string }

// sheet joins the rows of a prompt, and checks that there are no answers at
// all, or one of each of the same two models to every prompt.
func sheet(rows []row) (bot.Sheet, error) {
	if len(rows) == 0 {
		return bot.Sheet{}, bot.UserError("There is no prompt in it. Write at least one, with a blank line between prompts.")
	}
	answered := slices.ContainsFunc(rows, func(r row) bool { return len(r.answers) > 0 })
	if answered {
		rows = join(rows)
	}
	if len(rows) > maxRows {
		return bot.Sheet{}, userErrorf("That is %d prompts; at most %d fit. Delete some.", len(rows), maxRows)
	}
	var s bot.Sheet
	for _, r := range rows {
		if err := checkPrompt(r.where, r.prompt); err != nil {
			return bot.Sheet{}, err
		}
		for _, a := range r.answers {
			if err := checkAnswer(r.where, a); err != nil {
				return bot.Sheet{}, err
			}
			if !slices.Contains(s.Models, a.model) {
				s.Models = append(s.Models, a.model)
			}
		}
	}
	if answered && len(s.Models) != 2 {
		return bot.Sheet{}, userErrorf("There are answers of %s; a taste test needs exactly two models. %s", quoted(s.Models), advice(len(s.Models)))
	}
	for _, r := range rows {
		sr := bot.SheetRow{Prompt: r.prompt}
		for _, model := range s.Models {
			i := slices.IndexFunc(r.answers, func(a answer) bool { return a.model == model })
			if i < 0 {
				return bot.Sheet{}, userErrorf("The prompt on %s has no answer of %q. Add it, or delete the prompt.", r.where, model)
			}
			sr.Answers = append(sr.Answers, r.answers[i].text)
		}
		if len(r.answers) > len(s.Models) {
			return bot.Sheet{}, userErrorf("The prompt on %s has two answers of one model. Delete one of them.", r.where)
		}
		s.Rows = append(s.Rows, sr)
	}
	return s, nil
}

// join puts the rows with the same prompt together, where the first stands.
func join(rows []row) []row {
	type key struct{ text, system string }
	var joined []row
	at := make(map[key]int)
	for _, r := range rows {
		k := key{r.prompt.Text, r.prompt.System}
		if i, ok := at[k]; ok {
			joined[i].answers = append(joined[i].answers, r.answers...)
			continue
		}
		at[k] = len(joined)
		joined = append(joined, r)
	}
	return joined
}

func checkAnswer(where string, a answer) error {
	switch {
	case a.model == "":
		return userErrorf("An answer on %s has no model's name. Add it.", where)
	case uniseg.GraphemeClusterCount(a.model) > 60 || strings.ContainsFunc(a.model, unicode.IsControl):
		return userErrorf("The model's name on %s is longer than 60 characters or has a line break in it. Shorten it.", where)
	case strings.TrimSpace(a.text) == "":
		return userErrorf("The answer of %q to the prompt on %s is empty. Fill it in, or delete the prompt.", a.model, where)
	case len(a.text) > maxAnswer:
		return userErrorf("The answer of %q to the prompt on %s is longer than 100,000 bytes. Shorten it.", a.model, where)
	}
	return nil
}

func advice(models int) string {
	if models < 2 {
		return "Add the other model's answers."
	}
	return "Keep the two that you want to compare."
}

// quoted lists up to five names for a sentence: "a", "b" and 3 more.
func quoted(names []string) string {
	var q []string
	for _, n := range names[:min(len(names), 5)] {
		q = append(q, fmt.Sprintf("%q", n))
	}
	if more := len(names) - len(q); more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(q, ", "), more)
	}
	if len(q) < 2 {
		return strings.Join(q, "")
	}
	return strings.Join(q[:len(q)-1], ", ") + " and " + q[len(q)-1]
}
