package prompts

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
)

// A row is a prompt with the answers that stand beside it: none, one (a model
// a row) or two (a model a column).
type row struct {
	where   string // "line 3"
	prompt  bot.Prompt
	answers []answer
}

// An answer says where it stands itself: rows are joined.
type answer struct {
	where, model, text string
	failed             string // why there is none: "failed there: …"
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
		return bot.Sheet{}, userErrorf("That is %d prompts; at most %d fit. Delete some.", len(rows), maxRows)
	}
	s := bot.Sheet{LeftOut: bot.Literals(failed)}
	for _, r := range rows {
		if says := promptFault(r.prompt); says != "" {
			return bot.Sheet{}, fault(r.where, "%s", says)
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
		return bot.Sheet{}, userErrorf("There are answers of %s; a taste test compares exactly two models. %s", quoted(s.Models), remedy(len(s.Models)))
	}
	for _, r := range rows {
		sr := bot.SheetRow{Prompt: r.prompt}
		for _, model := range s.Models {
			i := slices.IndexFunc(r.answers, func(a answer) bool { return a.model == model })
			if i < 0 {
				return bot.Sheet{}, fault(r.where, "the prompt has no answer of %q; add it, or delete the prompt", model)
			}
			sr.Answers = append(sr.Answers, r.answers[i].text)
		}
		if len(r.answers) > len(s.Models) {
			return bot.Sheet{}, fault(r.where, "the prompt has two answers of one model; delete one of them")
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
func dropFailed(rows []row) (whole []row, said []string) {
	why := ""
	for _, r := range rows {
		i := slices.IndexFunc(r.answers, func(a answer) bool { return a.failed != "" })
		if i < 0 {
			whole = append(whole, r)
		} else if why == "" {
			why = r.answers[i].model + " " + r.answers[i].failed
		}
	}
	if n := len(rows) - len(whole); n > 0 && len(whole) > 0 {
		return whole, []string{fmt.Sprintf("%d of %s left out: %s.", n, say.Plural(len(rows), "prompt", "prompts"), strings.TrimSuffix(why, "."))}
	}
	return rows, nil
}

func checkAnswer(a answer) error {
	where := a.where
	switch {
	case a.model == "":
		return fault(where, "the answer has no model's name; add it")
	case uniseg.GraphemeClusterCount(a.model) > 60 || strings.ContainsFunc(a.model, unicode.IsControl):
		return fault(where, "the model's name is longer than 60 characters or has a line break in it; shorten it")
	case a.failed != "":
		return fault(where, "%q %s; ask it again", a.model, a.failed)
	case strings.TrimSpace(a.text) == "":
		return fault(where, "the answer of %q is empty; fill it in, or delete the prompt", a.model)
	case len(a.text) > maxAnswer:
		return fault(where, "the answer of %q is longer than 100,000 bytes; shorten it", a.model)
	}
	return nil
}

func remedy(models int) string {
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
