package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const (
	askedTwice    = 2    // an unusable answer is asked for once more
	paidTwice     = 2    // an attempt that broke off may have been billed, and is made once more
	defaultTokens = 4096 // what a model without a cap is taken to write at most
	defaultSystem = 600  // bytes of a system text that the model brings itself, at most
)

// worstCase is what asking card everything in texts may cost at most, in
// pico-USD. unknown is what an answer without a price counts as. A token is
// at least a byte, so that bytes bound the tokens of a prompt.
func worstCase(card bot.Card, texts []bot.Texts, unknown int64) int64 {
	if card.Free() {
		return 0
	}
	var sum int64
	for _, x := range texts {
		if card.Price == nil {
			sum += unknown * askedTwice * paidTwice
			continue
		}
		output := card.MaxTokens
		if output == 0 {
			output = defaultTokens
		}
		output = max(output, x.Prompt.MaxTokens)
		input := len(x.Prompt.Text) + len(x.Prompt.System) + len(card.System) + defaultSystem
		sum += askedTwice * paidTwice * (card.Price.Input*int64(input) + card.Price.Output*int64(output))
	}
	return sum
}

// reserve holds cost against the day's limits of the process and of the
// starter. The error is a UserError when a limit would be passed.
func (b *Bot) reserve(ctx context.Context, day string, starter bot.Voter, cost int64) error {
	err := b.store.Reserve(ctx, "usd/"+day, cost, b.opt.Limits.Day)
	if errors.Is(err, bot.ErrLimit) {
		return overLimit(cost, b.opt.Limits.Day, "today's limit for everybody together")
	}
	if err != nil {
		return fmt.Errorf("reserve money: %w", err)
	}
	err = b.store.Reserve(ctx, personKey(day, starter), cost, b.opt.Limits.Person)
	if err == nil {
		return nil
	}
	if undo := b.store.Reserve(ctx, "usd/"+day, -cost, -1); undo != nil {
		return fmt.Errorf("give reserved money back: %w", undo)
	}
	if errors.Is(err, bot.ErrLimit) {
		return overLimit(cost, b.opt.Limits.Person, "your limit for today")
	}
	return fmt.Errorf("reserve money: %w", err)
}

// overLimit never says what is left of a limit: after a tasting that ended that
// would be what it cost.
func overLimit(cost, limit int64, whose string) error {
	return bot.UserError(bot.Say("This tasting may cost up to {cost}, and {whose} is {limit}. What was started before counts too: until it is revealed, at the most that it may cost. Take fewer rounds, or wait until midnight UTC.", bot.Money(cost), bot.Verbatim(whose), bot.Money(limit)))
}

// giveBack gives back what was reserved for a tasting and not spent, to the day
// it was reserved on, once it is over: earlier it would tell who wrote what.
// t is the record as it was before the write that ended it set Reserved to 0.
// If the bot stops in between, too much stays reserved for that day, never too
// little, and nothing is given back twice.
func (b *Bot) giveBack(ctx context.Context, t bot.Tasting) {
	if t.State != bot.Closed {
		b.giveBackJudges(ctx, t)
	}
	if t.Reserved == 0 {
		return
	}
	spent, err := b.spent(ctx, t)
	for _, key := range []string{"usd/" + t.Day, personKey(t.Day, t.Starter)} {
		if err == nil {
			err = b.store.Reserve(ctx, key, spent-t.Reserved, -1)
		}
	}
	if err != nil {
		b.log.Warn("give reserved money back", "tasting", t, "err", err)
	}
}

// spent is what asking for t's answers cost, in pico-USD. An answer of which
// that is not known counts as the configured cost, if its model has no price,
// or else as the most that it may have cost.
func (b *Bot) spent(ctx context.Context, t bot.Tasting) (int64, error) {
	texts, err := b.allTexts(ctx, t)
	if err != nil {
		return 0, err
	}
	var sum int64
	for i, card := range t.Models {
		for _, x := range t.AskedTexts(texts) {
			switch cost := x.Answers[i].Cost; {
			case card.Free(), x.Answers[i].Attempts == 0: // not asked for, when it was cancelled
			case cost.Known:
				sum += cost.Pico
			case card.Price == nil:
				sum += b.opt.Limits.Unknown
			default:
				sum += worstCase(card, []bot.Texts{x}, b.opt.Limits.Unknown)
			}
		}
	}
	return sum, nil
}

func personKey(day string, v bot.Voter) string {
	return fmt.Sprintf("usd/%s/%s/%s/%s", day, v.Platform, v.ID, v.User)
}

// today is the UTC day for spending limits.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
