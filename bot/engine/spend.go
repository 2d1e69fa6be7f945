package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
		return overLimit(cost, b.opt.Limits.Day, bot.Say("today’s limit for everybody together"))
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
		return overLimit(cost, b.opt.Limits.Person, bot.Say("your limit for today"))
	}
	return fmt.Errorf("reserve money: %w", err)
}

// overLimit never says what is left of a limit: after a tasting that ended that
// would be what it cost.
func overLimit(cost, limit int64, whose bot.Sentence) error {
	return bot.UserError(bot.Say("This tasting may cost up to {cost}, and {whose} is {limit}. What was started before counts too: until it is revealed, at the most that it may cost. Take fewer rounds, or wait until midnight UTC.", bot.Money(cost), whose, bot.Money(limit)))
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
	if err == nil {
		err = b.release(ctx, t, t.Reserved-spent)
	}
	if err != nil {
		b.log.Warn("give reserved money back", "tasting", t, "err", err)
	}
}

// release gives back some of what is held for t, to the day on which it is held.
func (b *Bot) release(ctx context.Context, t bot.Tasting, sum int64) error {
	for _, key := range []string{"usd/" + t.Day, personKey(t.Day, t.Starter)} {
		if err := b.store.Reserve(ctx, key, -sum, -1); err != nil {
			return err
		}
	}
	return nil
}

// holdMore holds money for asking t once more: the first time all that it may cost at
// most is held already. Later, when the bot was stopped, what was under way then may
// have been paid for and is asked, and paid for, again. Surprising: as much is held
// whatever was under way, also if nothing was; else what a limit refuses and what status
// says would tell which answers had taken long. over says why t is not asked any more,
// where a limit would be passed. If the bot stops in between, too much stays reserved for
// that day, never too little.
func (b *Bot) holdMore(ctx context.Context, t bot.Tasting) (over bot.Sentence, err error) {
	texts, err := b.allTexts(ctx, t)
	if err != nil {
		return over, err
	}
	more := b.mostLost(t, texts)
	if more == 0 {
		return over, nil
	}
	if over, err := b.outspent(ctx, t, more); err != nil || !over.IsZero() {
		return over, err
	}
	if t.Asks > 0 {
		err := b.reserve(ctx, t.Day, t.Starter, more)
		if _, passes := errors.AsType[bot.UserError](err); passes {
			return bot.Say("The bot was stopped while it asked the models, and asking them again could pass a spending limit."), nil
		}
		if err != nil {
			return over, err
		}
	}
	err = b.store.Update(ctx, t.ID, bot.Asking, func(t *bot.Tasting) error {
		if t.Asks++; t.Asks > 1 {
			t.Reserved += more
		}
		return nil
	})
	if t.Asks > 0 && (errors.Is(err, bot.ErrMoved) || isNotFound(err)) { // it was cancelled meanwhile
		err = errors.Join(err, b.release(ctx, t, more))
	}
	return over, err
}

// outspent says why a gate's model is not asked again, with more held for that than before,
// where it could then cost more than its pipeline said; nothing where it could not.
func (b *Bot) outspent(ctx context.Context, t bot.Tasting, more int64) (over bot.Sentence, err error) {
	if t.Asks == 0 || t.Gate == nil || t.Gate.MostCost == 0 {
		return over, nil
	}
	_, before, err := b.brokeBefore(ctx, t)
	if err != nil || t.Reserved+more+before <= t.Gate.MostCost {
		return over, err
	}
	return bot.Say("The bot was stopped while it asked {model}, and asking it again could cost more than --max-cost {limit}.", bot.Verbatim(t.Gate.Model), bot.Money(t.Gate.MostCost)), nil
}

// mostLost is what asking may cost at most, in pico-USD, for what is asked at once and
// may be under way when the bot is stopped: for the dearest of all.
func (b *Bot) mostLost(t bot.Tasting, texts []bot.Texts) int64 {
	atOnce := func(n int, texts []bot.Texts) (sum int64) {
		var each []int64
		for _, x := range texts {
			each = append(each, worstCase(t.Models[0], []bot.Texts{x}, b.opt.Limits.Unknown)+worstCase(t.Models[1], []bot.Texts{x}, b.opt.Limits.Unknown))
		}
		slices.Sort(each)
		for _, most := range each[max(0, len(each)-n):] {
			sum += most
		}
		return sum
	}
	return max(atOnce(askAtOnce, t.PlainTexts(texts)), atOnce(furtherAtOnce, texts[len(t.Rounds):]))
}

// noteAsking notes with the texts, of both models alike, that they are asked now for what
// is not answered. Whoever finds that note knows that they were, and that nothing of it
// was kept: it then counts as the most that it may have cost. So does an answer that was
// cut off; what is known of it is added to what was lost before it is asked for again.
func (b *Bot) noteAsking(ctx context.Context, id bot.RoundID, x *bot.Texts, cards [2]bot.Card, models [2]bot.Model) error {
	var most int64
	for i, m := range models {
		if m != nil && x.Answers[i].Text == "" {
			x.Answers[i] = bot.Answer{Lost: b.outlay(cards[i], *x, i)}
			most += worstCase(cards[i], []bot.Texts{*x}, b.opt.Limits.Unknown)
		}
	}
	if x.Asking = most > 0; !x.Asking {
		return nil
	}
	if err := b.store.SetTexts(ctx, id, *x); err != nil {
		return fmt.Errorf("note that round %v is asked: %w", id, err)
	}
	return nil
}

// lost is what answers to t's prompts may have cost at most, in pico-USD, that were lost
// with a bot that was stopped.
func lost(t bot.Tasting, texts []bot.Texts) (sum int64) {
	for _, x := range t.AskedTexts(texts) {
		sum += x.Answers[0].Lost + x.Answers[1].Lost
	}
	return sum
}

// spent is what asking for t's answers cost, in pico-USD, with what was lost.
func (b *Bot) spent(ctx context.Context, t bot.Tasting) (int64, error) {
	texts, err := b.allTexts(ctx, t)
	if err != nil {
		return 0, err
	}
	var sum int64
	for i, card := range t.Models {
		for _, x := range t.AskedTexts(texts) {
			sum += b.outlay(card, x, i)
		}
	}
	return sum, nil
}

// outlay is what asking for the first answer to x (0) or the second (1) cost, in
// pico-USD. An answer of which that is not known counts as the configured cost, if its
// model has no price, or else as the most that it may have cost; one that was being
// asked for when the bot was stopped counts as that in any case.
func (b *Bot) outlay(card bot.Card, x bot.Texts, i int) int64 {
	if card.Free() {
		return 0
	}
	a, most := x.Answers[i], worstCase(card, []bot.Texts{x}, b.opt.Limits.Unknown)
	sum := a.Lost
	switch {
	case a.Attempts == 0: // not asked for, when it was cancelled
	case a.Cost.Known:
		sum += a.Cost.Pico
	case card.Price == nil:
		sum += b.opt.Limits.Unknown
	default:
		sum += most
	}
	if x.Asking && a.Text == "" {
		sum += most
	}
	return sum
}

func personKey(day string, v bot.Voter) string {
	return fmt.Sprintf("usd/%s/%s/%s/%s", day, v.Platform, v.ID, v.User)
}

// today is the UTC day for spending limits.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
