package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/text"
)

// proposal asks the starter whether a draft is meant so. Asking costs most
// pico-USD at most, where an answer without a price counts as unknown.
func proposal(t bot.Tasting, texts []bot.Texts, most, unknown int64) bot.Notice {
	from := "your own prompts"
	switch {
	case t.Pack != "":
		from = "the pack " + t.Pack
	case t.Models[0].Source == bot.FromFile, t.Models[1].Source == bot.FromFile:
		from = "those that both have answers to"
	}
	n := len(t.PlainTexts(texts))
	said := fmt.Sprintf("%s against %s: %s from %s, %s ballot.\n", t.Models[0].Name, t.Models[1].Name, say.Plural(n, "prompt", "prompts"), from, t.Ballot)
	if t.Models[0].Source == bot.Pasted {
		said = fmt.Sprintf("%s against %s: %s with finished answers, %s ballot.\n", t.Models[0].Name, t.Models[1].Name, say.Plural(n, "prompt", "prompts"), t.Ballot)
	}
	said += postsLine(t) + "\n"
	said += fmt.Sprintf("Voting closes %s.", say.Clock(t.Closes, time.Now(), t.TimeZone))
	if cost := costLine(t, texts, most, unknown); cost != "" {
		said += "\n" + cost
	}
	if extra := len(t.Rounds) - n; extra > 0 {
		said += fmt.Sprintf("\n%s more test whether people guess, and how steady they are; voters are not told which.", say.Plural(extra, "round", "rounds"))
		if t.Pack == "" {
			said += " Beside prompts of your own, control pairs may stand out."
		}
	} else if t.Ballot == bot.Private && len(t.Invited) >= suggestExtras {
		said += "\nWith so many people, controls=on retests=on would tell whether they guess, and whether good tasters disagree."
	}
	if named := namesAuthor(texts); len(named) > 0 {
		said += fmt.Sprintf("\nThe answers to prompt %s name a model: people will know whose they are. Change them, or those rounds stay out of the standings.", strings.Join(named, ", "))
	}
	if len(t.Invited) > 0 {
		said += "\nInvited by name: " + text.Clip(strings.Join(t.Invited, ", ")) + "."
	}
	if t.Worth > 0 {
		said += fmt.Sprintf("\nAsked beforehand: is %s preferred in %d%% or more?", t.Models[t.Dearer].Name, t.Worth)
	}
	if t.Voters != (bot.Electorate{}) {
		said += fmt.Sprintf("\nCounted are %s; others may taste and are counted apart.", say.Electorate(t.Voters))
	}
	if len(t.Barred) > 0 {
		said += "\n" + knowsSides
	}
	id := t.ID.String()
	return bot.Notice{
		Title: fmt.Sprintf("Taste test %v: start it?", t.ID),
		Text:  said,
		Buttons: []bot.Button{
			{ID: id + "/go", Label: "Start it", Primary: true},
			{ID: id + "/drop", Label: "Not now"},
		},
	}
}

// knowsSides is said to whoever pasted or uploaded the answers.
const knowsSides = "You know who wrote what, so your own vote does not count."

// namesAuthor returns the numbers of the prompts to which a given answer gives
// its author away.
func namesAuthor(texts []bot.Texts) []string {
	var named []string
	for i, x := range texts {
		if max(text.Worst(x.Answers[0].Leaks), text.Worst(x.Answers[1].Leaks)) >= text.Strong {
			named = append(named, fmt.Sprint(i+1))
		}
	}
	return named
}

// postsLine says how many posts there will be, and who sees them.
func postsLine(t bot.Tasting) string {
	switch n := len(t.Rounds); {
	case t.Ballot == bot.Private:
		return "One post here; everyone in this channel can taste, on a page of their own. Votes stay secret."
	case n == 1:
		return "One post here; everyone in this channel sees it, and who taps what."
	default:
		return fmt.Sprintf("One post here and %d in its thread; everyone in this channel sees them, and who taps what.", n)
	}
}

// costLine says what asking may cost at most, and which prices are unknown.
func costLine(t bot.Tasting, texts []bot.Texts, most, unknown int64) string {
	if t.Models[0].Free() && t.Models[1].Free() {
		return ""
	}
	guesses := ""
	for _, card := range t.Models {
		if card.Price == nil && card.Source == "api" {
			guesses += fmt.Sprintf(" The price of %s is unknown and counts as %s an answer.", card.Name, say.USD(unknown))
		}
	}
	return fmt.Sprintf("Asking for %d answers costs at most %s.%s", 2*len(t.PlainTexts(texts)), say.USD(most), guesses)
}

// mostCost is what asking both models of t may cost at most, in pico-USD.
func (b *Bot) mostCost(t bot.Tasting, texts []bot.Texts) int64 {
	var most int64
	for _, card := range t.Models {
		most += worstCase(card, t.PlainTexts(texts), b.opt.Limits.Unknown)
	}
	return most
}

// confirm takes the starter's yes or no to a draft.
func (b *Bot) confirm(ctx context.Context, p bot.Press, t bot.Tasting, yes bool) (bot.Reply, error) {
	if t.Starter.User != p.User {
		return bot.Reply{}, bot.UserError("Only whoever described this tasting can start it.")
	}
	if t.State != bot.Draft {
		return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v is no longer a draft: %s", t.ID, stateLine(t)))
	}
	if !yes {
		if err := b.dropDraft(ctx, t); err != nil && !errors.Is(err, bot.ErrMoved) {
			return bot.Reply{}, fmt.Errorf("drop draft %v: %w", t.ID, err)
		}
		return bot.Reply{Post: bot.Notice{Text: "Dropped. Nothing was asked, and nothing was posted."}}, nil
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
	if err := b.reserve(ctx, day, t.Starter, most); err != nil {
		return bot.Reply{}, err
	}
	err = b.store.Update(ctx, t.ID, bot.Draft, func(t *bot.Tasting) error {
		t.State, t.Wake, t.Asked, t.Reserved, t.Day = bot.Asking, now, now, most, day
		return nil
	})
	if err != nil {
		for _, key := range []string{"usd/" + day, personKey(day, t.Starter)} {
			err = errors.Join(err, b.store.Reserve(ctx, key, -most, -1))
		}
		if errors.Is(err, bot.ErrMoved) {
			return bot.Reply{}, bot.UserError(fmt.Sprintf("Taste test %v has been started or dropped already.", t.ID))
		}
		return bot.Reply{}, fmt.Errorf("start tasting %v: %w", t.ID, err)
	}
	b.opt.Step("asked for")
	b.nudgeRun()
	t.State, t.Asked = bot.Asking, now
	return bot.Reply{
		Post:  bot.Notice{Title: fmt.Sprintf("Taste test %v", t.ID), Text: askingLine(t)},
		Later: func(ctx context.Context, say func(bot.Post) error) error { return b.followAsking(ctx, t.ID, say) },
	}, nil
}

// followAsking reports how asking goes until it is over: nothing but the time.
func (b *Bot) followAsking(ctx context.Context, id bot.TastingID, say func(bot.Post) error) error {
	last := ""
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		t, err := b.store.Tasting(ctx, id)
		if err != nil {
			return fmt.Errorf("follow tasting %v: %w", id, err)
		}
		line := askingLine(t)
		if line != last {
			if err := say(bot.Notice{Title: fmt.Sprintf("Taste test %v", id), Text: line}); err != nil {
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
