package engine

import (
	"context"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
)

// status says how a tasting stands, and what it may cost at most: what it cost
// would tell, with the prices and the texts, who wrote what. It never says for
// what people voted. How to end it is said to those who may.
func (b *Bot) status(ctx context.Context, at bot.Place, user string, t bot.Tasting) (bot.Reply, error) {
	if t.State == bot.Revealed {
		return b.results(ctx, t, user)
	}
	n, err := b.seenTurnout(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	prompts, how := t.DeckSize(), bot.Say("{progress}.", compose.Progress(t, n))
	if t.State == bot.Asking {
		prompts, how = len(t.Rounds), compose.AskingLine(t)
		now := time.Now()
		answered := now
		if !t.Answered.IsZero() { // and the bot may have been away since
			answered = t.Answered
		}
		if at := held(t.Asked, answered, b.opt.Hold); t.Timed() && b.opt.Hold > 0 && at.After(now) {
			how = bot.Prose(how, bot.Say("Ballots come at {when} at the earliest.", t.At(at)))
		}
	}
	lines := []bot.Sentence{bot.Say("{n|prompt|prompts}, {ballot}.", bot.Count(prompts), compose.Kind(t.Ballot)), how}
	if most := t.Reserved + t.JudgesReserved; most > 0 {
		costs := bot.Say("It may cost at most {sum}.", bot.Money(most))
		if compose.Invented(t) {
			costs = bot.Say("Nothing is spent: its prices are invented.")
		}
		lines = append(lines, costs)
	}
	if t.State == bot.Open && b.may(ctx, command.Owner, at, user, &t) == nil {
		lines = append(lines, bot.Say("To end it: {close}", usage("close", t)))
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Dotted(bot.Say("Taste test {id}", t.ID), compose.Asked(t)), Text: bot.Lines(lines...)}}, nil
}

// results is the reveal of a tasting again, with every text whole, for one person.
func (b *Bot) results(ctx context.Context, t bot.Tasting, user string) (bot.Reply, error) {
	if err := mustBeOver(t); err != nil {
		return bot.Reply{}, err
	}
	a, err := b.announcement(ctx, t, mostAnswer)
	if err != nil {
		return bot.Reply{}, err
	}
	picks, err := b.picks(ctx, []bot.Tasting{t}, bot.Voter{Workspace: t.ID.Workspace, User: user})
	if err != nil {
		return bot.Reply{}, err
	}
	a.Mine, _ = compose.Mine(t, picks[0])
	return bot.Reply{Post: a}, nil
}

// mustBeOver refuses to tell of a tasting that is not over.
func mustBeOver(t bot.Tasting) error {
	if t.State != bot.Revealed && t.State != bot.Closed { // closed: the reveal is being posted
		return bot.UserError(bot.Say("Taste test {id} has no results yet: {state}", t.ID, compose.StateLine(t)))
	}
	return nil
}
