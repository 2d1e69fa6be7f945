package engine

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/stats"
)

// behind answers, to one person alone, a button under a reveal: what the votes
// show and what not, how that person voted, or what can be sent on. Before the
// reveal there is nothing behind them.
func (b *Bot) behind(ctx context.Context, t bot.Tasting, user, what string) (bot.Reply, error) {
	if err := mustBeOver(t); err != nil {
		return bot.Reply{}, err
	}
	if what == "mine" {
		picks, err := b.picks(ctx, []bot.Tasting{t}, bot.Voter{Workspace: t.ID.Workspace, User: user})
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Post: compose.MineNotice(t, picks[0])}, nil
	}
	a, err := b.announcement(ctx, t, compose.MostShown)
	if err != nil {
		return bot.Reply{}, err
	}
	if what == "boss" {
		return bot.Reply{Post: compose.Boss(a)}, nil
	}
	return bot.Reply{Post: compose.Shows(a)}, nil
}

// picks are how one person voted in tastings, one a round.
func (b *Bot) picks(ctx context.Context, ts []bot.Tasting, v bot.Voter) ([][]bot.Pick, error) {
	ids := make([]bot.TastingID, len(ts))
	for i := range ts {
		ids[i] = ts[i].ID
	}
	rows, err := b.store.VotesBy(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("read somebody's votes: %w", err)
	}
	picks := make([][]bot.Pick, len(ts))
	for i := range ts {
		picks[i] = make([]bot.Pick, len(ts[i].Rounds))
		for len(rows) > 0 && rows[0].Round.TastingID == ts[i].ID {
			if n := rows[0].Round.Round; ts[i].Rounds[n-1].Live() {
				picks[i][n-1] = rows[0].Pick()
			}
			rows = rows[1:]
		}
	}
	return picks, nil
}

// again proposes the tasting that the reveal of t speaks of next: the same
// models on fresh prompts, for the same people, judged by its own votes.
func (b *Bot) again(ctx context.Context, p bot.Press, t bot.Tasting) (bot.Reply, error) {
	if err := mustBeOver(t); err != nil {
		return bot.Reply{}, err
	}
	if err := b.may(ctx, command.Starters, p.At, p.User, nil); err != nil {
		return bot.Reply{}, err
	}
	o, err := b.outcome(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	again := o.Again()
	if again.Prompts == 0 {
		return bot.Reply{}, bot.UserError(bot.Say("These two cannot be asked again from here. Bring new texts or prompts: {start}", bot.Usage{Command: "start"}))
	}
	names := t.Names()
	w := wish{
		models: names[:], pack: t.Pack, rounds: strconv.Itoa(again.Prompts), ballot: string(t.Ballot), question: t.Question, like: &t,
		judges: b.judgesAs(t),
	}
	if t.Worth > 0 {
		w.worth, w.dearer = strconv.Itoa(t.Worth), names[t.Dearer]
	}
	if w.system, err = b.systemOf(ctx, t); err != nil {
		return bot.Reply{}, err
	}
	if again.Controls {
		w.ballot, w.controls = string(bot.Private), "on"
	}
	if again.OneKind {
		w.category = mostOf(t)
	}
	return b.propose(ctx, p.At, p.User, w)
}

// systemOf is the system prompt that a tasting's starter gave for all rounds.
func (b *Bot) systemOf(ctx context.Context, t bot.Tasting) (string, error) {
	texts, err := b.texts(ctx, t)
	if err != nil {
		return "", err
	}
	system := ""
	for i, x := range t.PlainTexts(texts) {
		if i > 0 && x.Prompt.System != system {
			return "", nil // of the prompts, and not the starter's
		}
		system = x.Prompt.System
	}
	return system, nil
}

// mostOf is the kind of prompt that most rounds of a tasting are of.
func mostOf(t bot.Tasting) (kind string) {
	rounds := make(map[string]int)
	for _, n := range t.Tasted() {
		rounds[t.Rounds[n-1].Category]++
	}
	for _, n := range t.Tasted() {
		if c := t.Rounds[n-1].Category; rounds[c] > rounds[kind] {
			kind = c
		}
	}
	return kind
}

// likeBefore says what a tasting takes over from one before it, and what of that
// is not as it was. b.store has no draft of it yet.
func (b *Bot) likeBefore(ctx context.Context, t bot.Tasting, w wish) (notes []bot.Sentence, _ error) {
	for i, card := range t.Models {
		if before := w.like.Models[i]; card.Fingerprint() != before.Fingerprint() {
			notes = append(notes, bot.Say("{model} has other settings than in taste test {id}.", t.Called(i), w.like.ID))
		}
	}
	if n := len(t.Invited); n > 0 {
		notes = append(notes, bot.Say("Invited {n?is|are} the same {n|person|people} as to taste test {id}.", bot.Count(n), w.like.ID))
	}
	if w.category != "" {
		notes = append(notes, bot.Say("All prompts are of the kind {kind}.", bot.Verbatim(w.category)))
	}
	ts, err := b.store.Tastings(ctx, t.Place.Workspace, bot.Query{Channel: t.Place.Channel})
	if err != nil {
		return nil, fmt.Errorf("look for used prompts: %w", err)
	}
	used := make(map[bot.PromptID]bool)
	for _, before := range ts {
		for _, r := range before.Rounds {
			used[r.PromptID()] = used[r.PromptID()] || !before.Opened.IsZero()
		}
	}
	fresh := 0
	for _, n := range t.Tasted() {
		fresh += stats.Bit(!used[t.Rounds[n-1].PromptID()])
	}
	if all := len(t.Tasted()); fresh < all {
		notes = append(notes, bot.Say("Of these {all} prompts {fresh} {fresh?is|are} fresh: there are no more.", bot.Count(all), bot.Count(fresh)))
	}
	return notes, nil
}
