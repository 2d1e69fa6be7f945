package compose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
)

// Proposal asks the starter whether a draft is meant so. Asking costs most
// pico-USD at most, where an answer without a price counts as unknown. The thread
// of the ballots sleeps after so long without a message; 0: not too early.
// leftOut says what of a file is not among the rounds. It is
// long because it says all that a yes will do, in the order in which people
// ask: which models, how many posts, until when, for how much.
func Proposal(t bot.Tasting, texts []bot.Texts, leftOut []string, most, unknown int64, sleeps time.Duration) bot.Notice {
	from := "your own prompts"
	switch {
	case t.Pack != "":
		from = "the pack " + t.Pack
	case t.Models[0].Source == bot.FromFile, t.Models[1].Source == bot.FromFile:
		from = "those that both have answers to"
	}
	n := len(t.PlainTexts(texts))
	said := fmt.Sprintf("%s against %s: %s from %s, %s ballot.\n", t.Models[0].Name, t.Models[1].Name, say.Plural(n, "prompt", "prompts"), from, t.Ballot)
	if t.Models[0].Source == bot.Pasted {
		said = fmt.Sprintf("%s against %s: %s with finished answers, %s ballot.\n", t.Models[0].Name, t.Models[1].Name, say.Plural(n, "prompt", "prompts"), t.Ballot)
	}
	for _, line := range leftOut {
		said += line + "\n"
	}
	if same := equalAnswers(t); len(same) > 0 {
		said += fmt.Sprintf("Both answers to prompt %s are the same text: votes on it would tell nothing, and it is left out.\n", strings.Join(same, ", "))
	}
	said += sample(t, texts)
	said += postsLine(t) + "\n"
	said += fmt.Sprintf("Voting closes %s.", say.Clock(t.Closes, time.Now(), t.TimeZone))
	if sleeps > 0 {
		said += fmt.Sprintf("\nThe thread goes to sleep after %s without a message, before voting closes; it is kept awake until then, so that people can vote.", lasting(sleeps))
	}
	if cost := costLine(t, texts, most, unknown); cost != "" {
		said += "\n" + cost
	}
	if line := judgesLine(t); !line.IsZero() {
		said += "\n" + line.String()
	}
	if extra := len(t.Rounds) - n; extra > 0 {
		tests := "test whether people guess"
		if slices.ContainsFunc(t.Rounds, func(r bot.Round) bool { return r.Kind == bot.Retest }) {
			tests += ", and how steady they are"
		}
		said += fmt.Sprintf("\n%s more %s; voters are not told which.", say.Plural(extra, "round", "rounds"), tests)
		if t.Pack == "" {
			said += " Beside prompts of your own, control pairs may stand out."
		}
	}
	if d := t.Deal; d.Plain > 0 {
		said += fmt.Sprintf("\nEach person votes on %d of the %d prompts%s.", d.Plain, n, map[bool]string{true: " and on those rounds", false: ""}[len(t.Rounds) > n])
	}
	if t.Deal.Looks > 1 {
		said += "\nThe bot, and nobody else, looks at the votes three times while they come in, and ends voting once something is shown. waves=off leaves that out."
	}
	if named := namesAuthor(texts); len(named) > 0 {
		said += fmt.Sprintf("\nThe answers to prompt %s name a model: people will know whose they are. Change them, or those rounds stay out of the standings.", strings.Join(named, ", "))
	}
	if len(t.Invited) > 0 {
		said += "\nInvited by name: " + text.Clip(strings.Join(t.Invited, ", ")) + "."
	}
	if t.Worth > 0 {
		said += fmt.Sprintf("\nAsked beforehand: is %s preferred in %d%% or more?", t.Models[t.Dearer].Name, t.Worth)
	}
	if t.Voters != (bot.Electorate{}) {
		said += fmt.Sprintf("\nCounted are %s; others may taste and are counted apart.", say.Electorate(t.Voters))
	}
	if len(t.Barred) > 0 {
		said += "\n" + KnowsSides
	}
	id := t.ID.String()
	return bot.Notice{
		Title: bot.Say("Taste test {id}: start it?", t.ID),
		Text:  bot.Literal(said),
		Buttons: []bot.Button{
			{ID: id + "/go", Label: bot.Say("Start it"), Primary: true},
			{ID: id + "/drop", Label: bot.Say("Not now")},
		},
	}
}

// judgesLine says which judges will read the tasting, what their providers receive,
// and what that may cost at most. It says nothing if there are none.
func judgesLine(t bot.Tasting) bot.Sentence {
	if len(t.Judges) == 0 {
		return bot.Sentence{}
	}
	var names []string
	var most int64
	for _, a := range t.Judges {
		names = append(names, a.Card.Name)
		most += a.Most
	}
	reads := bot.Say("Once voting has ended {judges} {n?reads|read} the prompts and both answers, blind; {n?its provider receives|their providers receive} them. A judge counts nowhere.", bot.Names(names...), bot.Count(len(names)))
	var costs bot.Sentence
	if most > 0 {
		costs = bot.Say("That costs at most {most}, of the judges’ own limit.", bot.Money(most))
	}
	return bot.Prose(reads, costs, bot.Say("judges=off leaves them out."))
}

// sampleLength is how much of a text is shown before the start, in characters.
const sampleLength = 120

// sample shows what will be posted: the first prompt, and the beginning of both
// answers if whoever is asked gave them, and so does not vote.
func sample(t bot.Tasting, texts []bot.Texts) string {
	show := func(s string) string {
		return "“" + text.Cut(strings.Join(strings.Fields(text.CleanTyped(s)), " "), sampleLength) + "”"
	}
	for i, r := range t.Rounds {
		if r.Kind != bot.Plain || !r.Live() {
			continue
		}
		said := "First prompt: " + show(texts[i].Prompt.Text) + "\n"
		if t.Models[0].Source == bot.Pasted {
			for j, a := range texts[i].Answers {
				said += t.Models[j].Name + ": " + show(a.Text) + "\n"
			}
		}
		return said
	}
	return ""
}

// equalAnswers returns the numbers of the prompts to which both given answers
// are the same.
func equalAnswers(t bot.Tasting) []string {
	var same []string
	for i, r := range t.Rounds {
		if r.Void == bot.SameText {
			same = append(same, fmt.Sprint(i+1))
		}
	}
	return same
}

// KnowsSides is said to whoever pasted or uploaded the answers.
const KnowsSides = "You know who wrote what, so your own vote does not count."

// namesAuthor returns the numbers of the prompts to which a given answer gives
// its author away.
func namesAuthor(texts []bot.Texts) []string {
	var named []string
	for i, x := range texts {
		if max(text.Worst(x.Answers[0].Leaks), text.Worst(x.Answers[1].Leaks)) >= text.Strong {
			named = append(named, fmt.Sprint(i+1))
		}
	}
	return named
}

// postsLine says how many posts there will be, and who sees them.
func postsLine(t bot.Tasting) string {
	switch n := len(t.Live()); {
	case t.Ballot == bot.Private:
		return "One post here; everyone in this channel can taste, on a page of their own. Votes stay secret."
	case n == 1:
		return "One post here; everyone in this channel sees it, and who taps what."
	default:
		return fmt.Sprintf("One post here and %d in its thread; everyone in this channel sees them, and who taps what.", n)
	}
}

// costLine says what asking may cost at most, and which prices are unknown.
func costLine(t bot.Tasting, texts []bot.Texts, most, unknown int64) string {
	if t.Models[0].Free() && t.Models[1].Free() {
		return ""
	}
	guesses := ""
	for _, card := range t.Models {
		if card.Price == nil && card.Source == "api" {
			guesses += fmt.Sprintf(" The price of %s is unknown and counts as %s an answer.", card.Name, say.USD(unknown))
		}
	}
	return fmt.Sprintf("Asking for %d answers costs at most %s.%s", 2*len(t.PlainTexts(texts)), say.USD(most), guesses)
}
