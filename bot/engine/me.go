package engine

import (
	"context"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// me tells one person, and nobody else, how they voted in revealed rounds.
func (b *Bot) me(ctx context.Context, v bot.Voter) (bot.Reply, error) {
	ts, err := b.store.Tastings(ctx, v.Workspace, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for revealed tastings: %w", err)
	}
	p := compose.NewPalate()
	for _, t := range ts {
		picks := make([]bot.Pick, len(t.Rounds))
		for _, n := range t.Live() {
			row, err := b.store.Vote(ctx, t.ID.Round(n), v)
			if err != nil {
				return bot.Reply{}, fmt.Errorf("read a vote in round %v: %w", t.ID.Round(n), err)
			}
			picks[n-1] = row.Pick()
		}
		p.Add(t, v.User, picks)
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Say("Your taste, for you alone"), Text: bot.Lines(p.Sentences()...)}}, nil
}
