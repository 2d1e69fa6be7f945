package engine

import (
	"context"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/deal"
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
		return nil, bot.UserError(bot.Say("Control pairs and retests would be noticed in the channel; they belong on private ballots. Add ballot=private"))
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
		ts, err := b.store.Tastings(ctx, t.Place.Workspace, bot.Query{Channel: t.Place.Channel})
		if err != nil {
			return nil, fmt.Errorf("look for used control pairs: %w", err)
		}
		pairs, err := deal.Controls(ts, b.opt.Library.Controls(), texts[0].Prompt.Language, b.opt.Rand)
		if err != nil {
			return nil, err
		}
		if len(pairs) == 0 {
			return nil, bot.UserError(bot.Say("All control pairs have been shown in this channel, and each is good for once. Leave controls=on out, or taste in another channel."))
		}
		for _, c := range pairs[:min(max(n, 4), len(pairs))] {
			t.Rounds = append(t.Rounds, bot.Round{Kind: bot.Control, Prompt: c.Prompt.ID, Category: c.Prompt.Category})
			texts = append(texts, bot.Texts{Prompt: c.Prompt, Answers: [2]bot.Answer{
				{Raw: c.Better, Text: text.Clean(c.Better), Finish: "stop"}, {Raw: c.Worse, Text: text.Clean(c.Worse), Finish: "stop"},
			}})
		}
	}
	return deal.Shuffle(t, texts, b.opt.Rand)
}
