package engine

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/deal"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// sizeOf is how much a tasting asks, of models and of people: as usual for so
// many invited people, or as was wished for. On reaction ballots everybody votes
// on the same posts.
func sizeOf(t bot.Tasting, w wish) (deal.Size, error) {
	invited := len(t.Invited)
	if t.Ballot != bot.Private {
		invited = 0
	}
	s := deal.Usual(invited)
	if w.rounds != "" {
		n, err := strconv.Atoi(strings.TrimSpace(w.rounds))
		if bad := err != nil || n < 1 || n > bot.MostRounds; bad && w.form {
			return s, about("rounds", bot.UserError(bot.Say("A taste test has 1 to {mostrounds} prompts. Type how many.", bot.Count(bot.MostRounds))))
		} else if bad {
			return s, about("rounds", bot.UserError(bot.Say("A tasting has 1 to {mostrounds} rounds. For example: rounds=10", bot.Count(bot.MostRounds))))
		}
		s = s.Of(n, invited)
	}
	if w.pool != "" {
		n, err := strconv.Atoi(strings.TrimSpace(w.pool))
		switch {
		case t.Ballot != bot.Private:
			return s, bot.UserError(bot.Say("In a channel everybody votes on the same posts, so {pool} goes with private ballots only. Add {private}, or leave it out.", option("pool", ""), option("ballot", "private")))
		case w.retests == "on":
			return s, bot.UserError(bot.Say("A prompt is repeated for those who saw it the first time, so everybody must see the same ones. Leave {pool} or {retests} out.", option("pool", ""), option("retests", "on")))
		case err != nil || n < s.Plain || n > bot.MostPool:
			return s, bot.UserError(bot.Say("{pool} is how many prompts are asked, {least} to {most}, of which one person votes on {plain}. For example: {example}",
				option("pool", ""), bot.Count(s.Plain), bot.Count(bot.MostPool), bot.Count(s.Plain), option("pool", fmt.Sprint(min(5*s.Plain/2, bot.MostPool)))))
		}
		s.Pool = n
	}
	switch {
	case w.controls == "off":
		s.Controls = 0
	case w.controls == "on" && s.Controls == 0:
		s.Controls = max(extras(s.Plain), 4)
	}
	if w.retests == "on" {
		s.Pool = s.Plain
	}
	if w.waves == "off" || invited == 0 || s.Controls < bot.LeastControls {
		s.Looks = 1
	}
	return s, nil
}

// fit makes a tasting fit the prompts that there are, and says what is less than
// was wished for.
func fit(texts []bot.Texts, wanted deal.Size, w wish) (_ []bot.Texts, s deal.Size, notes []bot.Sentence) {
	own := len(w.sheet.Rows) > 0 && w.rounds == ""
	switch { // all of the starter's own
	case wanted.Dealt() && len(texts) > wanted.Pool:
		wanted.Pool = len(texts)
	case own && !wanted.Dealt():
		wanted.Pool, wanted.Plain = len(texts), len(texts)
	}
	s = wanted.Fit(len(texts))
	if w.controls == "on" {
		s.Controls = max(s.Controls, extras(s.Plain), 4)
	}
	switch {
	case !wanted.Dealt() || s.Pool == wanted.Pool:
	case s.Dealt():
		notes = append(notes, bot.Say("There are {n} prompts to choose from, so as many are asked instead of {wanted}.", bot.Count(s.Pool), bot.Count(wanted.Pool)))
	default:
		notes = append(notes, bot.Say("There {n?is|are} {n|prompt|prompts} to choose from: too few for different people to vote on different ones, so everybody votes on the same {plain}.",
			bot.Count(len(texts)), bot.Count(s.Plain)))
	}
	return texts[:min(s.Pool, len(texts))], s, notes
}

// fewer says where a pack has fewer prompts than were to be asked, and everybody votes on
// the same: of decks that are dealt fit says it.
func fewer(t bot.Tasting, w wish, wanted deal.Size, there int) []bot.Sentence {
	if w.rounds == "" || wanted.Dealt() || t.Pack == "" || there >= wanted.Pool {
		return nil
	}
	return []bot.Sentence{bot.Say("{wanted|prompt was|prompts were} to be asked, and {n} of the pack {pack} can be taken. For more, name a larger pack, which {packs} shows, or bring prompts of your own.",
		bot.Count(wanted.Pool), bot.Count(there), bot.Verbatim(t.Pack), bot.Usage{Command: "packs"})}
}

// extras is how many control pairs, or repeats, go with so many plain rounds
// that everybody votes on.
func extras(plain int) int { return min(max(plain/3, 2), 6) }

// addExtras adds to the plain rounds of a private tasting control pairs that were
// not used in the place before, and retests, of about a third of the rounds.
// Then it shuffles all rounds, so that no number tells a kind, and fixes how they
// are dealt. Where control pairs run out it goes on with those that are left, and
// says so.
func (b *Bot) addExtras(ctx context.Context, t *bot.Tasting, texts []bot.Texts, w wish, size deal.Size) (_ []bot.Texts, notes []bot.Sentence, _ error) {
	if t.Ballot != bot.Private {
		if w.controls == "on" || w.retests == "on" {
			return nil, nil, bot.UserError(bot.Say("Control pairs and retests would be noticed in the channel; they belong on private ballots. Add ballot=private"))
		}
		return texts, nil, nil
	}
	if w.retests == "on" {
		for i := range min(extras(len(texts)), len(texts)) {
			t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Retest, Original: i + 1, Category: t.Rounds[i].Category})
			texts = append(texts, bot.Texts{Prompt: texts[i].Prompt})
		}
	}
	if size.Controls > 0 {
		ts, err := b.store.Tastings(ctx, t.Place.Workspace, bot.Query{Channel: t.Place.Channel})
		if err != nil {
			return nil, nil, fmt.Errorf("look for used control pairs: %w", err)
		}
		pairs, err := deal.Controls(ts, b.opt.Library.Controls(), languageOf(texts[0].Prompt), b.opt.Rand)
		if err != nil {
			return nil, nil, err
		}
		switch n := len(pairs); {
		case n == 0:
			notes = append(notes, bot.Say("No control pairs in this language are left that were not shown here before, and each is good for once: it goes on without. Guessing is not tested."))
		case n < size.Controls:
			notes = append(notes, bot.Say("Of the control pairs in this language that were not shown here before {n} are left, instead of {wanted}.", bot.Count(n), bot.Count(size.Controls)))
		}
		if len(pairs) < bot.LeastControls {
			size.Looks = 1
		}
		for _, c := range pairs[:min(size.Controls, len(pairs))] {
			t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Control, Prompt: c.Prompt.ID, Category: c.Prompt.Category})
			texts = append(texts, bot.Texts{Prompt: c.Prompt, Answers: [2]bot.Answer{
				{Raw: c.Better, Text: text.Clean(c.Better), Finish: "stop"}, {Raw: c.Worse, Text: text.Clean(c.Worse), Finish: "stop"},
			}})
		}
	}
	if size.Dealt() {
		t.Deal = bot.Deal{Plain: size.Plain, Looks: size.Looks}
	}
	if !size.Dealt() && len(t.Tasted()) == len(t.Live()) {
		return texts, notes, nil
	}
	texts, err := deal.Shuffle(t, texts, b.opt.Rand)
	return texts, notes, err
}

// languageOf is the language of a prompt: what it says, or, of the starter's own,
// what its letters say.
func languageOf(p bot.Prompt) string {
	han, all := 0, 0
	for _, r := range p.Text {
		if unicode.IsLetter(r) {
			all++
			if unicode.Is(unicode.Han, r) {
				han++
			}
		}
	}
	if 2*han > all {
		return cmp.Or(p.Language, "zh")
	}
	return p.Language
}

// option is an option of a command, as each chat spells it.
func option(name, value string) bot.Usage {
	return bot.Usage{Options: []bot.Setting{{Name: name, Value: value}}}
}

// usualVoters is for how many people a plan is made if nobody says.
const usualVoters = 9

// plan answers /tastetest plan: what so many voters and rounds would find, and
// what it would take. Every figure is simulated, always from the same seed.
func plan(opts map[string]string) (bot.Reply, error) {
	voters, err := number(opts, "voters", usualVoters, 2, verdict.MostPlanned)
	if err != nil {
		return bot.Reply{}, err
	}
	rounds, err := number(opts, "rounds", bot.UsualRounds, 2, bot.MostRounds)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, typed := opts["rounds"]; !typed {
		rounds = 0
	}
	return bot.Reply{Post: planned(voters, rounds)}, nil
}

// planned plans a tasting for so many people, by name: on a private ballot, if
// those are enough for decks, else with the same prompts for everybody. rounds 0
// is as many as usual.
func planned(voters, rounds int) bot.Notice {
	size := deal.Usual(voters)
	if rounds > 0 {
		size = size.Of(rounds, voters)
	}
	if size = size.Fit(size.Pool); !size.Dealt() || size.Pool < bot.EnoughPrompts {
		return verdict.Planned(voters, cmp.Or(rounds, bot.UsualRounds))
	}
	plan := func(voters int, s deal.Size) stats.DealtPlan {
		return stats.DealtPlan{Plan: stats.Plan{Voters: voters, Prompts: s.Pool}, Each: s.Plain, Controls: s.Controls, Looks: s.Looks}
	}
	plans := []stats.DealtPlan{plan(voters, size)}
	for _, beside := range []int{12, 20, 30} {
		if beside != voters {
			plans = append(plans, plan(beside, deal.Usual(beside)))
		}
	}
	return verdict.PlannedDeal(plans, cmp.Or(rounds, bot.UsualRounds))
}

// number reads an option between least and most.
func number(opts map[string]string, name string, usual, least, most int) (int, error) {
	typed, ok := opts[name]
	if !ok {
		return usual, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < least || n > most {
		return 0, bot.UserError(bot.Say("{name} can be {least} to {most}. For example: {example}", bot.Usage{Options: []bot.Setting{{Name: name}}}, bot.Count(least), bot.Count(most), bot.Usage{Options: []bot.Setting{{Name: name, Value: strconv.Itoa(usual)}}}))
	}
	return n, nil
}
