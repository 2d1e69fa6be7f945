package compose

import (
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
// invited are the names of those who are, and leftOut says what of a file is not
// among the rounds. It is long because it says all that a yes will do, in the order
// in which people ask: which models, how many posts, until when, for how much.
func Proposal(t bot.Tasting, invited []string, texts []bot.Texts, leftOut []bot.Sentence, most, unknown int64, sleeps time.Duration) bot.Notice {
	n := len(t.PlainTexts(texts))
	lines := []bot.Sentence{brought(t, n)}
	lines = append(lines, leftOut...)
	if same := equalAnswers(t); len(same) > 0 {
		lines = append(lines, bot.Say("Both answers to prompt {numbers} are the same text: votes on it would tell nothing, and it is left out.", same))
	}
	lines = append(lines, sample(t, texts)...)
	lines = append(lines, postsLine(t), bot.Prose(bot.Say("Voting closes {when}.", t.At(t.Closes)), bot.Say("Times typed here are {zone} time.", bot.Verbatim(t.TimeZone))))
	if sleeps > 0 {
		lines = append(lines, bot.Say("The thread goes to sleep after {long} without a message, before voting closes; it is kept awake until then, so that people can vote.", bot.Lasting(sleeps)))
	}
	lines = append(lines, costLine(t, texts, most, unknown))
	lines = append(lines, judgesLine(t), furtherLine(t))
	if extra := len(t.Rounds) - n; extra > 0 {
		said := bot.Say("{n|round|rounds} more test whether people guess; voters are not told which.", bot.Count(extra))
		if slices.ContainsFunc(t.Rounds, func(r bot.Round) bool { return r.Kind == bot.Retest }) {
			said = bot.Say("{n|round|rounds} more test whether people guess, and how steady they are; voters are not told which.", bot.Count(extra))
		}
		if t.Pack == "" {
			said = bot.Prose(said, bot.Say("Beside prompts of your own, control pairs may stand out."))
		}
		lines = append(lines, said)
	}
	switch d := t.Deal; {
	case d.Plain > 0 && len(t.Rounds) > n:
		lines = append(lines, bot.Say("Each person votes on {n} of the {all} prompts and on those rounds.", bot.Count(d.Plain), bot.Count(n)))
	case d.Plain > 0:
		lines = append(lines, bot.Say("Each person votes on {n} of the {all} prompts.", bot.Count(d.Plain), bot.Count(n)))
	}
	if t.Deal.Looks > 1 {
		lines = append(lines, bot.Say("The bot, and nobody else, looks at the votes three times while they come in, and ends voting once something is shown. {off} leaves that out.",
			bot.Usage{Options: []bot.Setting{{Name: "waves", Value: "off"}}}))
	}
	if named := namesAuthor(texts); len(named) > 0 {
		lines = append(lines, bot.Say("The answers to prompt {numbers} name a model: people will know whose they are. Change them, or those rounds stay out of the standings.", named))
	}
	if len(invited) > 0 {
		lines = append(lines, bot.Say("Invited by name: {names}.", bot.Verbatim(text.Clip(strings.Join(invited, ", ")))))
	}
	if t.Worth > 0 {
		lines = append(lines, bot.Say("Asked beforehand: is {model} preferred in {share} or more?", t.Called(t.Dearer), bot.Percent(t.Worth)))
	}
	if t.Voters != (bot.Electorate{}) {
		lines = append(lines, bot.Say("Counted are {voters}; others may taste and are counted apart.", say.Electorate(t.Voters)))
	}
	if len(t.Barred) > 0 {
		lines = append(lines, KnowsSides())
	}
	return bot.Notice{Title: bot.Say("Start this taste test?"), Text: bot.Lines(lines...), Buttons: Choices(t)}
}

// Choices are what can be done with a draft: start it, or not.
func Choices(t bot.Tasting) []bot.Button {
	id := t.ID.String()
	return []bot.Button{
		{ID: id + "/go", Label: bot.Say("Start it"), Primary: true},
		{ID: id + "/drop", Label: bot.Say("Not now")},
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
	return bot.Prose(reads, costs, bot.Say("{off} leaves them out.", bot.Usage{Options: []bot.Setting{{Name: "judges", Value: "off"}}}))
}

// brought says which models are compared on how many prompts, and whose those are.
func brought(t bot.Tasting, n int) bot.Sentence {
	of := bot.Say("your own prompts")
	switch {
	case t.Models[0].Source == bot.Pasted:
		return bot.Say("{first} against {second}: {n|prompt|prompts} with finished answers, {ballot}.", t.Called(0), t.Called(1), bot.Count(n), Kind(t.Ballot))
	case t.Pack != "":
		of = bot.Say("the pack {pack}", bot.Verbatim(t.Pack))
	case t.Models[0].Source == bot.FromFile, t.Models[1].Source == bot.FromFile:
		of = bot.Say("those that both have answers to")
	}
	return bot.Say("{first} against {second}: {n|prompt|prompts} from {where}, {ballot}.", t.Called(0), t.Called(1), bot.Count(n), of, Kind(t.Ballot))
}

// Kind names a kind of ballot.
func Kind(k bot.BallotKind) bot.Sentence {
	if k == bot.Private {
		return bot.Say("private ballot")
	}
	return bot.Say("reaction ballot")
}

// sampleLength is how much of a text is shown before the start, in characters.
const sampleLength = 120

// sample shows what will be posted: the first prompt, and the beginning of both
// answers if whoever is asked gave them, and so does not vote.
func sample(t bot.Tasting, texts []bot.Texts) []bot.Sentence {
	show := func(s string) bot.Verbatim {
		return bot.Verbatim(text.Cut(strings.Join(strings.Fields(text.CleanTyped(s)), " "), sampleLength))
	}
	for i, r := range t.Rounds {
		if r.Kind != bot.Plain || !r.Live() {
			continue
		}
		said := []bot.Sentence{bot.Say("First prompt: “{prompt}”", show(texts[i].Prompt.Text))}
		if t.Models[0].Source == bot.Pasted {
			for j, a := range texts[i].Answers {
				said = append(said, bot.Say("{model}: “{answer}”", t.Called(j), show(a.Text)))
			}
		}
		return said
	}
	return nil
}

// equalAnswers returns the numbers of the prompts to which both given answers
// are the same.
func equalAnswers(t bot.Tasting) bot.Series {
	var same bot.Series
	for i, r := range t.Rounds {
		if r.HasSameText() {
			same = append(same, bot.Count(i+1))
		}
	}
	return same
}

// KnowsSides is said to whoever pasted or uploaded the answers.
func KnowsSides() bot.Sentence {
	return bot.Say("You know who wrote what, so your own vote does not count.")
}

// namesAuthor returns the numbers of the prompts to which a given answer gives
// its author away.
func namesAuthor(texts []bot.Texts) bot.Series {
	var named bot.Series
	for i, x := range texts {
		if max(text.Worst(x.Answers[0].Leaks), text.Worst(x.Answers[1].Leaks)) >= text.Strong {
			named = append(named, bot.Count(i+1))
		}
	}
	return named
}

// postsLine says how many posts there will be, and who sees them.
func postsLine(t bot.Tasting) bot.Sentence {
	first := t.ID.VotesFirst()
	switch n := len(t.Live()); {
	case t.Ballot == bot.Private:
		return bot.Say("One post here; everyone in this channel can taste, on a page of their own. Votes stay secret.")
	case n == 1 && first:
		return bot.Say("One post here; everyone in this channel sees it, and who tapped what once they have voted themselves.")
	case n == 1:
		return bot.Say("One post here; everyone in this channel sees it, and who taps what.")
	case first:
		return bot.Say("One post here and {n} in its thread; everyone in this channel sees them, and who tapped what once they have voted themselves.", bot.Count(n))
	default:
		return bot.Say("One post here and {n} in its thread; everyone in this channel sees them, and who taps what.", bot.Count(n))
	}
}

// Invented reports whether the prices of a tasting's models are the demo's: nothing is
// spent.
func Invented(t bot.Tasting) bool {
	return t.Models[0].Source == "demo" && t.Models[1].Source == "demo"
}

// costLine says what asking may cost at most, and which prices are unknown.
func costLine(t bot.Tasting, texts []bot.Texts, most, unknown int64) bot.Sentence {
	if t.Models[0].Free() && t.Models[1].Free() {
		return bot.Sentence{}
	}
	if Invented(t) {
		return bot.Say("Nobody is asked and nothing is spent: the answers were written for this demo, and their prices are invented.")
	}
	asked := 0
	for _, card := range t.Models {
		if !card.Free() {
			asked += len(t.AskedTexts(texts))
		}
	}
	said := []bot.Sentence{bot.Say("Asking for {n|answer|answers} costs at most {sum}.", bot.Count(asked), bot.Money(most))}
	for i, card := range t.Models {
		if card.Price == nil && card.Source == "api" {
			said = append(said, bot.Say("The price of {model} is unknown and counts as {sum} an answer.", t.Called(i), bot.Money(unknown)))
		}
	}
	return bot.Prose(said...)
}
