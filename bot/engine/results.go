package engine

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/standings"
)

// Results returns what has been revealed at a place, as far as f wants it. Of
// tastings that are not revealed it reads nothing.
func (b *Bot) Results(ctx context.Context, at bot.Place, f bot.Filter, skip int) (bot.Results, error) {
	ts, cells, err := b.revealed(ctx, at.Workspace, bot.Query{Exactly: spokenAt(at)})
	if err != nil {
		return bot.Results{}, err
	}
	var said errgroup.Group
	wanted := standings.Wanted(ts, f)
	shown := wanted[min(max(skip, 0), len(wanted)):]
	shown = shown[:min(bot.ResultsPage, len(shown))]
	tastings := make([]bot.Result, len(shown))
	for i, t := range shown {
		said.Go(func() error {
			var err error
			tastings[i], err = b.result(ctx, t, 1) // its rounds are left out
			tastings[i].Rounds = nil
			return err
		})
	}
	res := standings.Survey(ts, cells, f)
	if err := said.Wait(); err != nil {
		return bot.Results{}, err
	}
	res.Voice, res.Tastings = b.Voice(ctx, at), tastings
	return res, nil
}

// Result returns a tasting that has been revealed at a place.
func (b *Bot) Result(ctx context.Context, at bot.Place, n uint64) (bot.Result, error) {
	t, err := b.store.Tasting(ctx, bot.TastingID{Workspace: at.Workspace, N: n})
	if err == nil && (t.State != bot.Revealed || !t.SpokenOf(at)) {
		err = bot.ErrNotFound
	}
	if err != nil {
		return bot.Result{}, fmt.Errorf("read revealed tasting %d: %w", n, err)
	}
	return b.result(ctx, t, mostAnswer)
}

// result is a revealed tasting's, with so many characters of each answer.
func (b *Bot) result(ctx context.Context, t bot.Tasting, most int) (bot.Result, error) {
	a, err := b.announcement(ctx, t, most)
	if err != nil {
		return bot.Result{}, err
	}
	return bot.Result{Announcement: bot.Speak(a, b.Voice(ctx, t.Place)).(bot.Announcement), On: standings.RevealedOn(t)}, nil
}

// openResults answers one person with a link to the results of the place where t was
// tasted, and only somebody who is there.
func (b *Bot) openResults(ctx context.Context, t bot.Tasting, at bot.Place) (bot.Reply, error) {
	switch {
	case b.opt.ResultsLink == nil:
		return bot.Reply{}, bot.UserError(bot.Say("This bot has no page any more. Type {results} to read the newest here.", bot.Usage{Command: "results"}))
	case !t.SpokenOf(at):
		return bot.Reply{}, elsewhere(t)
	}
	link, err := b.opt.ResultsLink(ctx, t.Place)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("make a link to the results: %w", err)
	}
	return bot.Reply{Post: bot.Notice{
		Title:   bot.Say("Results"),
		Text:    bot.Say("All that has been revealed here, in your browser. The link is for you alone and holds for ten minutes."),
		Buttons: []bot.Button{{ID: t.ID.String() + "/opened", Label: bot.Say("Open results"), URL: link, Primary: true}},
	}}, nil
}
