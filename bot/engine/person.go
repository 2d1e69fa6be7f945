package engine

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// fewTastings are those whose votes by one person are read at once: of thousands, some are
// read beside others.
const fewTastings = 500

// me tells one person, and nobody else, how they voted in revealed rounds.
func (b *Bot) me(ctx context.Context, v bot.Voter) (bot.Reply, error) {
	ts, err := b.store.Tastings(ctx, v.Workspace, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for revealed tastings: %w", err)
	}
	parts := slices.Collect(slices.Chunk(ts, fewTastings))
	picks := make([][][]bot.Pick, len(parts)) // of each part's tastings
	var side errgroup.Group
	side.SetLimit(runtime.GOMAXPROCS(0))
	for i, part := range parts {
		side.Go(func() (err error) {
			defer recovered(&err)
			picks[i], err = b.picks(ctx, part, v)
			return err
		})
	}
	if err := side.Wait(); err != nil {
		return bot.Reply{}, err
	}
	p := compose.NewPalate()
	for i, part := range parts {
		for j := range part {
			p.Add(part[j], v.User, picks[i][j])
		}
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
