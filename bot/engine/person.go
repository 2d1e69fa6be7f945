package engine

import (
	"context"
	"fmt"
	"strings"

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
	ids := make([]bot.TastingID, len(ts))
	for i, t := range ts {
		ids[i] = t.ID
	}
	rows, err := b.store.VotesBy(ctx, v, ids)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read somebody's votes: %w", err)
	}
	for _, t := range ts {
		picks := make([]bot.Pick, len(t.Rounds))
		for len(rows) > 0 && rows[0].Round.TastingID == t.ID {
			if n := rows[0].Round.Round; t.Rounds[n-1].Live() {
				picks[n-1] = rows[0].Pick()
			}
			rows = rows[1:]
		}
		p.Add(t, v.User, picks)
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Say("Your taste, for you alone"), Text: bot.Lines(p.Sentences()...)}}, nil
}

func forgetQuestion() bot.Reply {
	return bot.Reply{Post: bot.Notice{
		Title:   bot.Say("Forget you?"),
		Text:    bot.Say("In open tastings your votes are dropped and you cannot vote in them again; please take your emoji away too.\nIn revealed ones a random name takes your place, and the counts stay as they are.\nMessages in the chat and old backups are beyond my reach."),
		Buttons: []bot.Button{{ID: "forget-me", Label: bot.Say("Forget me"), Danger: true}},
	}}
}

// forget forgets somebody. Schedules that they made pause when they come next; those of
// the place where they say so, at once.
func (b *Bot) forget(ctx context.Context, at bot.Place, v bot.Voter) (bot.Reply, error) {
	open, err := b.store.Forget(ctx, v)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("forget somebody: %w", err)
	}
	b.forgetKnown()
	if err := b.callSchedules(ctx, channelOf(at)); err != nil {
		b.log.Warn("see to the schedules of somebody who was forgotten", "platform", at.Platform, "err", err)
	}
	text := "Done. Your votes and your name are out of my memory."
	var react []string
	for _, id := range open {
		if t, err := b.store.Tasting(ctx, id.TastingID); err == nil && t.Ballot == bot.Reaction {
			react = append(react, id.String())
		}
	}
	if len(react) > 0 {
		text += " Please take your emoji away from the open ballots: round " + strings.Join(react, ", ") + "."
	}
	return bot.Reply{Post: bot.Notice{Text: bot.Say("{text} Messages in the chat and old backups are beyond my reach.", bot.Verbatim(text))}}, nil
}
