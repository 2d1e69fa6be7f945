package prompts

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
)

// A row is a prompt with the answers that stand beside it: none, one (a model
// a row) or two (a model a column).
type row struct {
	where   bot.Sentence // "Line 3"
	prompt  bot.Prompt
	answers []answer
}

// An answer says where it stands itself: rows are joined.
type answer struct {
	where       bot.Sentence
	model, text string
	failed      bot.Sentence // why there is none: "“nova” failed there: …"
}

// sheet joins the rows of a prompt, and checks that there are no answers at
// all, or one of each of the same two models to every prompt. It is long
// because each way in which rows may not fit each other has a sentence of its
// own.
func sheet(rows []row) (bot.Sheet, error) {
	answered := slices.ContainsFunc(rows, func(r row) bool { return len(r.answers) > 0 })
	sent := len(rows)
	if answered && sent <= 2*maxRows {
		rows = join(rows)
	}
	rows, failed := dropFailed(rows)
	switch {
	case sent == 0:
		return bot.Sheet{}, bot.UserError(bot.Say("There is no prompt in that. Write at least one."))
	case len(rows) > maxRows:
		return bot.Sheet{}, bot.UserError(bot.Say("That is {n} prompts; at most {most} fit. Delete some.", bot.Count(len(rows)), bot.Count(maxRows)))
	}
	s := bot.Sheet{LeftOut: failed}
	for _, r := range rows {
		if says := promptFault(r.prompt); !says.IsZero() {
			return bot.Sheet{}, fault(r.where, says)
		}
		for _, a := range r.answers {
			if err := checkAnswer(a); err != nil {
				return bot.Sheet{}, err
			}
			if !slices.Contains(s.Models, a.model) {
				s.Models = append(s.Models, a.model)
			}
		}
	}
	if answered && len(s.Models) != 2 {
		return bot.Sheet{}, bot.UserError(bot.Prose(bot.Say("There are answers of {names}; a taste test compares exactly two models.", quoted(s.Models)), remedy(len(s.Models))))
	}
	for _, r := range rows {
		sr := bot.SheetRow{Prompt: r.prompt}
		for _, model := range s.Models {
			i := slices.IndexFunc(r.answers, func(a answer) bool { return a.model == model })
			if i < 0 {
				return bot.Sheet{}, fault(r.where, bot.Say("the prompt has no answer of {model}; add it, or delete the prompt", called(model)))
			}
			sr.Answers = append(sr.Answers, r.answers[i].text)
		}
		if len(r.answers) > len(s.Models) {
			return bot.Sheet{}, fault(r.where, bot.Say("the prompt has two answers of one model; delete one of them"))
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

// dropFailed leaves out the prompts of which an answer failed, unless that is
// all of them, and says which.
func dropFailed(rows []row) (whole []row, said []bot.Sentence) {
	var why bot.Sentence
	for _, r := range rows {
		i := slices.IndexFunc(r.answers, func(a answer) bool { return !a.failed.IsZero() })
		if i < 0 {
			whole = append(whole, r)
		} else if why.IsZero() {
			why = r.answers[i].failed
		}
	}
	if n := len(rows) - len(whole); n > 0 && len(whole) > 0 {
		return whole, []bot.Sentence{bot.Say("{n} of {all|prompt|prompts} left out: {why}.", bot.Count(n), bot.Count(len(rows)), why)}
	}
	return rows, nil
}

func checkAnswer(a answer) error {
	where := a.where
	switch {
	case a.model == "":
		return fault(where, bot.Say("the answer has no model's name; add it"))
	case uniseg.GraphemeClusterCount(a.model) > 60 || strings.ContainsFunc(a.model, unicode.IsControl):
		return fault(where, bot.Say("the model's name is longer than 60 characters or has a line break in it; shorten it"))
	case !a.failed.IsZero():
		return fault(where, bot.Say("{failed}; ask it again", a.failed))
	case strings.TrimSpace(a.text) == "":
		return fault(where, bot.Say("the answer of {model} is empty; fill it in, or delete the prompt", called(a.model)))
	case len(a.text) > maxAnswer:
		return fault(where, bot.Say("the answer of {model} is longer than 100,000 bytes; shorten it", called(a.model)))
	}
	return nil
}

func remedy(models int) bot.Sentence {
	if models < 2 {
		return bot.Say("Add the other model's answers.")
	}
	return bot.Say("Keep the two that you want to compare.")
}
