package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	askedTwice    = 2    // an unusable answer is asked for once more
	paidTwice     = 2    // an attempt that broke off may have been billed, and is made once more
	defaultTokens = 4096 // what a model without a cap is taken to write at most
	defaultSystem = 600  // bytes of a system text that the model brings itself, at most
)

// free reports whether asking costs nothing, because the answers stand ready
// and nobody said what they cost.
func (c Card) free() bool {
	return c.Source == Pasted || c.Source == FromFile && c.Price == nil
}

// worstCase is what asking card everything in texts may cost at most, in
// pico-USD. unknown is what an answer without a price counts as. A token is
// at least a byte, so that bytes bound the tokens of a prompt.
func worstCase(card Card, texts []Texts, unknown int64) int64 {
	if card.free() {
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
func (b *Bot) reserve(ctx context.Context, day string, starter Voter, cost int64) error {
	err := b.store.Reserve(ctx, "usd/"+day, cost, b.opt.Limits.Day)
	if errors.Is(err, ErrLimit) {
		return b.overLimit(ctx, "usd/"+day, b.opt.Limits.Day, cost, "today's limit for everybody together")
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
	if errors.Is(err, ErrLimit) {
		return b.overLimit(ctx, personKey(day, starter), b.opt.Limits.Person, cost, "your limit for today")
	}
	return fmt.Errorf("reserve money: %w", err)
}

func (b *Bot) overLimit(ctx context.Context, key string, limit, cost int64, whose string) error {
	spent, err := b.store.Reserved(ctx, key)
	if err != nil {
		return fmt.Errorf("read what is reserved: %w", err)
	}
	return UserError(fmt.Sprintf("This tasting may cost up to %s, and %s is %s, of which %s is left. Take fewer rounds, or wait until midnight UTC.",
		usd(cost), whose, usd(limit), usd(max(0, limit-spent))))
}

// settle gives back what was reserved and not spent. If the bot stops in
// between, too much stays reserved for the day, never too little.
func (b *Bot) settle(ctx context.Context, t Tasting, texts []Texts) {
	if t.Reserved == 0 {
		return
	}
	var spent int64
	for i, card := range t.Models {
		for _, x := range t.plainTexts(texts) {
			switch cost := x.Answers[i].Cost; {
			case card.free():
			case cost.Known:
				spent += cost.Pico
			default:
				spent += b.opt.Limits.Unknown
			}
		}
	}
	err := b.store.Update(ctx, t.ID, b.stateNow(ctx, t), func(t *Tasting) error { t.Reserved = 0; return nil })
	for _, key := range []string{"usd/" + t.Day, personKey(t.Day, t.Starter)} {
		if err == nil {
			err = b.store.Reserve(ctx, key, spent-t.Reserved, -1)
		}
	}
	if err != nil {
		b.log.Warn("give reserved money back", "tasting", t, "err", err)
	}
}

// stateNow returns the state that t has by now; the one it had if it cannot be read.
func (b *Bot) stateNow(ctx context.Context, t Tasting) State {
	now, err := b.store.Tasting(ctx, t.ID)
	if err != nil {
		return t.State
	}
	return now.State
}

func personKey(day string, v Voter) string {
	return fmt.Sprintf("usd/%s/%s/%s/%s", day, v.Platform, v.ID, v.User)
}

// today is the UTC day for spending limits.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
