package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
)

// mostCost is what asking both models of t may cost at most, in pico-USD.
func (b *Bot) mostCost(t bot.Tasting, texts []bot.Texts) int64 {
	var most int64
	for _, card := range t.Models {
		most += worstCase(card, t.PlainTexts(texts), b.opt.Limits.Unknown)
	}
	return most
}

// confirm takes the starter's yes or no to a draft. Surprising: money is held
// before the state moves, and given back if it does not; the other way round a
// crash would leave a tasting asked for that nobody pays.
func (b *Bot) confirm(ctx context.Context, p bot.Press, t bot.Tasting, yes bool) (bot.Reply, error) {
	if t.Starter.User != p.User {
		return bot.Reply{}, bot.UserError(bot.Say("Only whoever described this tasting can start it."))
	}
	if t.State != bot.Draft {
		return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} is no longer a draft: {state}", t.ID, compose.StateLine(t)))
	}
	if yes && b.fromCopy(t) {
		return bot.Reply{}, bot.UserError(undrawn())
	}
	if !yes {
		if err := b.dropDraft(ctx, t); err != nil && !errors.Is(err, bot.ErrMoved) {
			return bot.Reply{}, fmt.Errorf("drop draft %v: %w", t.ID, err)
		}
		return bot.Reply{Post: bot.Notice{Text: bot.Say("Dropped. Nothing was asked, and nothing was posted.")}}, nil
	}
	if err := b.may(ctx, command.Starters, p.At, p.User, nil); err != nil {
		return bot.Reply{}, err
	}
	texts, err := b.texts(ctx, t)
	if err != nil {
		return bot.Reply{}, err
	}
	most := b.mostCost(t, texts)
	day, now := today(), time.Now()
	judges := judgesCost(t)
	if err := b.reserveJudges(ctx, day, judges); err != nil {
		return bot.Reply{}, err
	}
	if err := b.reserve(ctx, day, t.Starter, most); err != nil {
		return bot.Reply{}, errors.Join(err, b.store.Reserve(ctx, judgesKey(day), -judges, -1))
	}
	err = b.store.Update(ctx, t.ID, bot.Draft, func(t *bot.Tasting) error {
		t.State, t.Wake, t.Asked, t.Reserved, t.Day = bot.Asking, now, now, most, day
		t.JudgesReserved = judges
		return nil
	})
	if err != nil {
		for _, key := range []string{"usd/" + day, personKey(day, t.Starter)} {
			err = errors.Join(err, b.store.Reserve(ctx, key, -most, -1))
		}
		err = errors.Join(err, b.store.Reserve(ctx, judgesKey(day), -judges, -1))
		if errors.Is(err, bot.ErrMoved) {
			return bot.Reply{}, bot.UserError(bot.Say("Taste test {id} has been started or dropped already.", t.ID))
		}
		return bot.Reply{}, fmt.Errorf("start tasting %v: %w", t.ID, err)
	}
	b.opt.Step("asked for")
	b.settleZone(ctx, t)
	b.nudgeRun()
	t.State, t.Asked = bot.Asking, now
	return bot.Reply{
		Post:  bot.Notice{Title: bot.Say("Taste test {id}", t.ID), Text: compose.AskingLine(t)},
		Later: func(ctx context.Context, say func(bot.Post) error) error { return b.followAsking(ctx, t.ID, say) },
	}, nil
}

// followAsking reports how asking goes until it is over: nothing but the time.
func (b *Bot) followAsking(ctx context.Context, id bot.TastingID, say func(bot.Post) error) error {
	var last bot.Sentence
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		t, err := b.store.Tasting(ctx, id)
		if err != nil {
			return fmt.Errorf("follow tasting %v: %w", id, err)
		}
		line := compose.AskingLine(t)
		if !line.Equal(last) {
			if err := say(bot.Notice{Title: bot.Say("Taste test {id}", id), Text: line}); err != nil {
				return err
			}
		}
		if last = line; t.State != bot.Asking {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
