package votefile

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// PreferencesCodebook says in Markdown what each field of a [Preference] holds.
//
//go:embed preferences.md
var PreferencesCodebook string

// A Preference is what people preferred in one round, without who they are.
// preferences.md says what its fields hold.
type Preference struct {
	ID       string  `json:"id"`
	Prompt   string  `json:"prompt"`
	System   string  `json:"system,omitempty"`
	Chosen   string  `json:"chosen"`
	Rejected string  `json:"rejected"`
	Votes    [2]int  `json:"votes"` // for the chosen answer and for the rejected one
	N        int     `json:"n"`     // all votes, equal and both bad too
	Margin   float64 `json:"margin"`
	Models   Authors `json:"models"`
	Pack     string  `json:"pack,omitempty"`
	PromptID string  `json:"prompt_id,omitempty"`
	Category string  `json:"category,omitempty"`

	bad bool // most found both answers bad: nothing was chosen
}

// Authors are who wrote the two answers of a Preference.
type Authors struct {
	Chosen   string `json:"chosen"`
	Rejected string `json:"rejected"`
}

// A LabelledAnswer is one answer with whether people wanted it.
type LabelledAnswer struct {
	ID         string `json:"id"`
	Prompt     string `json:"prompt"`
	System     string `json:"system,omitempty"`
	Completion string `json:"completion"`
	Label      bool   `json:"label"`
	Votes      int    `json:"votes"` // for this answer
	N          int    `json:"n"`
	Model      string `json:"model"`
	Pack       string `json:"pack,omitempty"`
	PromptID   string `json:"prompt_id,omitempty"`
	Category   string `json:"category,omitempty"`
}

// Dropped counts the rounds that give no preference, by why.
type Dropped struct {
	Level    int // as many for the one as for the other, or most said equal
	Bad      int // most said both bad
	Flagged  int // an answer names its author
	People   int // people's own texts
	Crowd    int // simulated people voted
	Withheld int // under three votes on a private ballot, or none at all
}

// Preferences returns what people preferred in all revealed tastings, in the order
// of [Collect]. Rounds with people's own prompts or pasted answers are among them if
// own is set. Of what is not revealed it reads the state record alone.
func Preferences(ctx context.Context, s bot.Store, own bool) ([]Preference, Dropped, error) {
	var prefs []Preference
	var d Dropped
	all, err := revealed(ctx, s)
	if err != nil {
		return nil, d, err
	}
	names := distinctNames(all)
	for _, t := range all {
		if t.Crowd {
			d.Crowd += len(t.Tasted())
			continue
		}
		for _, n := range t.Tasted() {
			r := t.Rounds[n-1]
			tally := r.Counts.Tally()
			switch {
			case tally.N() == 0 || t.Withheld(&r):
				d.Withheld++
				continue
			case r.Flagged:
				d.Flagged++
				continue
			case !own && (r.PromptID().Pack == "" && t.Pack == "" || t.Models[0].Source == bot.Pasted):
				d.People++
				continue
			}
			x, err := s.Texts(ctx, t.ID.Round(n))
			if err != nil {
				return nil, d, fmt.Errorf("read round %v: %w", t.ID.Round(n), err)
			}
			p := preference(t, n, x, tally, names)
			switch most := max(tally.First, tally.Second); {
			case tally.Bad > max(most, tally.Tie):
				d.Bad++
				p.bad = true
			case tally.First == tally.Second || tally.Tie >= most || tally.Bad >= most:
				d.Level++
				continue
			}
			prefs = append(prefs, p)
		}
	}
	return prefs, d, nil
}

func preference(t bot.Tasting, n int, x bot.Texts, tally bot.Tally, names map[string]string) Preference {
	r := t.Rounds[n-1]
	chosen, rejected := 0, 1
	votes := [2]int{tally.First, tally.Second}
	if tally.Second > tally.First {
		chosen, rejected = 1, 0
		votes = [2]int{tally.Second, tally.First}
	}
	return Preference{
		ID:     fmt.Sprintf("%s/%s/%v", t.ID.Platform, t.ID.Workspace.ID, t.ID.Round(n)),
		Prompt: x.Prompt.Text, System: x.Prompt.System,
		Chosen: x.Answers[chosen].Text, Rejected: x.Answers[rejected].Text,
		Votes: votes, N: tally.N(), Margin: float64(votes[0]-votes[1]) / float64(tally.N()),
		Models: Authors{names[distinct(t.Models[chosen])], names[distinct(t.Models[rejected])]},
		Pack:   cmp.Or(r.Pack, t.Pack), PromptID: r.Prompt, Category: r.Category,
	}
}

// WriteDPO writes an object a line for each preference, as TRL reads it for DPO:
// prompt, chosen, rejected. It returns how many.
func WriteDPO(out io.Writer, prefs []Preference) (n int, err error) {
	w := json.NewEncoder(out)
	w.SetEscapeHTML(false)
	for _, p := range prefs {
		if p.bad {
			continue
		}
		if err := w.Encode(p); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// WriteKTO writes an object a line for each answer, as TRL reads it for KTO: prompt,
// completion, label. Where most found both bad, neither was wanted. It returns how
// many.
func WriteKTO(out io.Writer, prefs []Preference) (n int, err error) {
	w := json.NewEncoder(out)
	w.SetEscapeHTML(false)
	for _, p := range prefs {
		for i, text := range []string{p.Chosen, p.Rejected} {
			a := LabelledAnswer{
				ID: p.ID, Prompt: p.Prompt, System: p.System, Completion: text, Label: i == 0 && !p.bad, Votes: p.Votes[i], N: p.N,
				Model: []string{p.Models.Chosen, p.Models.Rejected}[i], Pack: p.Pack, PromptID: p.PromptID, Category: p.Category,
			}
			if err := w.Encode(a); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// Writers are the models whose answers stand in preferences, each once.
func Writers(prefs []Preference) []string {
	var all []string
	for _, p := range prefs {
		all = append(all, p.Models.Chosen, p.Models.Rejected)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
