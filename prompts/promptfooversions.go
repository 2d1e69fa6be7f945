package prompts

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// promptVersions returns the names of two versions of a prompt that one
// provider answered, by template: they are compared as two models are, and what
// people read is what was filled in. nil if there are several providers, or if
// the prompts are no versions of each other: nothing filled in was the same.
func promptVersions(results []promptfooResult) (map[string]string, error) {
	var templates []string
	answered := make(map[string][]string) // by what was filled in
	for _, r := range results {
		if r.Provider != results[0].Provider {
			return nil, nil
		}
		if !slices.Contains(templates, r.template()) {
			templates = append(templates, r.template())
		}
		answered[r.variables()] = append(answered[r.variables()], r.template())
	}
	provider := strings.TrimSpace(string(results[0].Provider))
	switch {
	case len(templates) < 2:
		return nil, nil // sheet says that a model is missing
	case len(templates) > 2 || answered[""] != nil:
		return nil, bot.UserError(bot.Say("One provider, {provider}, answers {templates} prompts there; a taste test compares two models, or two versions of a prompt with the same variables. Run it with two providers.", called(provider), bot.Count(len(templates))))
	}
	names := map[string]string{}
	for i, t := range templates {
		names[t] = text.Clip(strings.Join(strings.Fields(t), " "))
		if i > 0 && names[t] == names[templates[0]] {
			return map[string]string{templates[0]: "prompt 1", t: "prompt 2"}, nil
		}
	}
	return names, nil
}

// template is the prompt before its variables were filled in.
func (r promptfooResult) template() string {
	return cmp.Or(r.Prompt.Label, r.Prompt.Display, r.Prompt.Raw)
}

// variables are what was filled in; of several, each with its name.
func (r promptfooResult) variables() string {
	names := slices.Sorted(maps.Keys(r.Vars))
	if len(names) == 1 {
		return strings.TrimSpace(written(r.Vars[names[0]]))
	}
	var said []string
	for _, n := range names {
		said = append(said, n+": "+strings.TrimSpace(written(r.Vars[n])))
	}
	return strings.Join(said, "\n")
}
