package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// addExtras adds to the plain rounds of a private tasting what was wished for:
// control pairs that were not used in the place before, and retests, about a
// third of the rounds each. Then it shuffles all rounds, so that no number
// tells a kind.
func (b *Bot) addExtras(ctx context.Context, t *bot.Tasting, texts []bot.Texts, w wish) ([]bot.Texts, error) {
	controls, retests := w.controls == "on", w.retests == "on"
	if !controls && !retests {
		return texts, nil
	}
	if t.Ballot != bot.Private {
		return nil, bot.UserError("Control pairs and retests would be noticed in the channel; they belong on private ballots. Add ballot=private")
	}
	plain := len(t.Rounds)
	n := min(max(plain/3, 2), 6)
	if retests {
		for i := range min(n, plain) {
			t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Retest, Original: i + 1, Category: t.Rounds[i].Category})
			texts = append(texts, bot.Texts{Prompt: texts[i].Prompt})
		}
	}
	if controls {
		pairs, err := b.freshControls(ctx, t.Place, texts[0].Prompt.Language)
		if err != nil {
			return nil, err
		}
		for _, c := range pairs[:min(max(n, 4), len(pairs))] {
			t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Control, Prompt: c.Prompt.ID, Category: c.Prompt.Category})
			texts = append(texts, bot.Texts{Prompt: c.Prompt, Answers: [2]bot.Answer{
				{Raw: c.Better, Text: text.Clean(c.Better), Finish: "stop"}, {Raw: c.Worse, Text: text.Clean(c.Worse), Finish: "stop"},
			}})
		}
	}
	return b.shuffleRounds(t, texts)
}

// freshControls returns the control pairs in a language that were never shown
// in a place, in random order. A UserError if there are none.
func (b *Bot) freshControls(ctx context.Context, at bot.Place, language string) ([]bot.ControlPair, error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{Channel: at.Channel})
	if err != nil {
		return nil, fmt.Errorf("look for used control pairs: %w", err)
	}
	used := make(map[string]bool)
	for _, t := range ts {
		for _, r := range t.Rounds {
			used[r.Prompt] = used[r.Prompt] || r.Kind == bot.Control && !t.Opened.IsZero()
		}
	}
	type drawn struct {
		pair bot.ControlPair
		key  float64
	}
	var fresh []drawn
	for _, c := range b.opt.Library.Controls() {
		if used[c.Prompt.ID] || cmp.Or(c.Prompt.Language, "en") != cmp.Or(language, "en") {
			continue
		}
		key, err := lot(b.opt.Rand, 1)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, drawn{c, key})
	}
	if len(fresh) == 0 {
		return nil, bot.UserError("All control pairs have been shown in this channel, and each is good for once. Leave controls=on out, or taste in another channel.")
	}
	slices.SortFunc(fresh, func(x, y drawn) int { return cmp.Compare(x.key, y.key) })
	pairs := make([]bot.ControlPair, len(fresh))
	for i, d := range fresh {
		pairs[i] = d.pair
	}
	return pairs, nil
}

// shuffleRounds puts rounds and their texts into a random order.
func (b *Bot) shuffleRounds(t *bot.Tasting, texts []bot.Texts) ([]bot.Texts, error) {
	to := make([]int, len(t.Rounds)) // where round i+1 goes
	for i := range to {
		to[i] = i
	}
	for i := len(to) - 1; i > 0; i-- {
		j, err := below(b.opt.Rand, i+1)
		if err != nil {
			return nil, err
		}
		to[i], to[j] = to[j], to[i]
	}
	rounds, shuffled := make([]bot.Round, len(to)), make([]bot.Texts, len(to))
	for i, j := range to {
		r := t.Rounds[i]
		if r.Kind == bot.Retest {
			r.Original = to[r.Original-1] + 1
		}
		rounds[j], shuffled[j] = r, texts[i]
	}
	t.Rounds = rounds
	return shuffled, nil
}

// repeat gives retests the texts, the readiness and the faults of their
// originals, once those are known.
func (b *Bot) repeat(ctx context.Context, t bot.Tasting, texts []bot.Texts) error {
	for i, r := range t.Rounds {
		if r.Kind != bot.Retest {
			continue
		}
		texts[i] = texts[r.Original-1]
		if err := b.store.SetTexts(ctx, t.ID.Round(i+1), texts[i]); err != nil {
			return fmt.Errorf("keep the texts of round %v: %w", t.ID.Round(i+1), err)
		}
	}
	return b.store.Update(ctx, t.ID, bot.Asking, func(t *bot.Tasting) error {
		for i, r := range t.Rounds {
			if r.Kind == bot.Retest {
				o := t.Rounds[r.Original-1]
				t.Rounds[i].Ready, t.Rounds[i].Void, t.Rounds[i].VoidBy = o.Ready, o.Void, o.VoidBy
			}
		}
		return nil
	})
}
