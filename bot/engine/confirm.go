package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/settings"
)

// mostCost is what asking both models of t may cost at most, in pico-USD.
func (b *Bot) mostCost(t bot.Tasting, texts []bot.Texts) int64 {
	var most int64
	for _, card := range t.Models {
		most += worstCase(card, t.AskedTexts(texts), b.opt.Limits.Unknown)
	}
	return most
}

// confirm takes the starter's yes or no to a draft.
func (b *Bot) confirm(ctx context.Context, p bot.Press, t bot.Tasting, yes bool) (bot.Reply, error) {
	if t.Starter.User != p.User {
		return bot.Reply{}, bot.UserError(bot.Say("Only whoever described this tasting can start it."))
	}
	if t.State != bot.Draft {
		return bot.Reply{}, draftGone()
	}
	if !yes {
		if err := b.dropDraft(ctx, t); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Post: bot.Notice{Text: bot.Say("Dropped. Nothing was asked, and nothing was posted.")}}, nil
	}
	t, err := b.begin(ctx, p.At, p.User, t)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Post:  bot.Notice{Title: bot.Say("Taste test {id}", t.ID), Text: compose.AskingLine(t)},
		Later: func(ctx context.Context, say func(bot.Post) error) error { return b.followAsking(ctx, t.ID, say) },
	}, nil
}

// begin makes a tasting of a draft. Surprising: money is held before the state
// moves, and given back if it does not; the other way round a crash would leave a
// tasting asked for that nobody pays.
func (b *Bot) begin(ctx context.Context, at bot.Place, user string, draft bot.Tasting) (t bot.Tasting, err error) {
	if b.fromCopy(draft) {
		return t, bot.UserError(undrawn())
	}
	if err := b.may(ctx, command.Starters, at, user, nil); err != nil {
		return t, err
	}
	texts, err := b.allTexts(ctx, draft)
	if isNotFound(err) {
		return t, draftGone()
	}
	if err != nil {
		return t, err
	}
	most := b.mostCost(draft, texts)
	day, now := today(), time.Now()
	judges := judgesCost(draft)
	if err := b.reserveJudges(ctx, day, judges); err != nil {
		return t, err
	}
	if err := b.reserve(ctx, day, draft.Starter, most); err != nil {
		return t, errors.Join(err, b.store.Reserve(ctx, judgesKey(day), -judges, -1))
	}
	t, err = b.store.Start(ctx, draft.ID, func(t *bot.Tasting) error {
		t.State, t.Wake, t.Asked, t.Reserved, t.Day = bot.Asking, now, now, most, day
		t.JudgesReserved = judges
		return nil
	})
	if err != nil {
		for _, key := range []string{"usd/" + day, personKey(day, draft.Starter)} {
			err = errors.Join(err, b.store.Reserve(ctx, key, -most, -1))
		}
		err = errors.Join(err, b.store.Reserve(ctx, judgesKey(day), -judges, -1))
		if errors.Is(err, bot.ErrMoved) || isNotFound(err) {
			return bot.Tasting{}, draftGone()
		}
		return bot.Tasting{}, fmt.Errorf("start %v: %w", draft.ID, err)
	}
	b.opt.Step("asked for")
	b.settleZone(ctx, t)
	b.nudgeRun()
	return t, nil
}

// draftGone answers whoever is late.
func draftGone() error {
	return bot.UserError(bot.Say("That draft has been started or dropped already. {status} shows what is under way.", bot.Usage{Command: "status"}))
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

// zoneUnknown reports whether nobody can tell in which zone the times of a draft are
// meant: none is set for the channel, and the chat does not know its starter's.
func (b *Bot) zoneUnknown(ctx context.Context, t bot.Tasting) bool {
	return b.setFor(ctx, t.Place).Zone == "" && b.person(ctx, t.Starter).Zone == ""
}

// zoneButton asks in which zone the channel is. A closing time that was typed as a
// duration is the same moment in any.
func zoneButton(t bot.Tasting, until string) bot.Button {
	id := t.ID.String() + "/zone"
	if command.Lasts(until) {
		id += "/same"
	}
	return bot.Button{ID: id, Label: bot.Say("Another time zone")}
}

// zoneForm is what the button opens.
func zoneForm(t bot.Tasting, same bool) bot.Reply {
	id := zoneFormID + "/" + t.ID.String()
	if same {
		id += "/same"
	}
	return bot.Reply{Form: &bot.Form{
		ID: id, Title: bot.Say("Time zone of this channel"), Submit: bot.Say("Set it"),
		Intro: bot.Say("Times that are typed here are read in it, for everybody; once the tasting is started, until an admin changes it."),
		Fields: []bot.Field{{Name: "zone", Label: bot.Say("A city, or a time zone"), Kind: bot.Line, Required: true, Max: 60,
			Hint: bot.Say("For example {berlin}, {shanghai}, {york} or {utc}", bot.Verbatim("Berlin"), bot.Verbatim("Shanghai"), bot.Verbatim("New York"), bot.Verbatim("UTC"))}},
	}}
}

// setZone takes the zone in which a draft's times are meant: it closes when the clock
// there shows what was typed. It becomes the channel's when the tasting is started.
func (b *Bot) setZone(ctx context.Context, s bot.Submission, rest string) (bot.Reply, error) {
	number, how, _ := strings.Cut(rest, "/")
	id, _, err := parseButton(s.At.Workspace, number+"/zone")
	if err != nil {
		return bot.Reply{}, err
	}
	name, err := settings.Zone(s.Values["zone"])
	if err != nil {
		return bot.Reply{}, about("zone", err)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("load the time zone %s: %w", name, err)
	}
	var t bot.Tasting
	err = b.store.Update(ctx, id.TastingID, bot.Draft, func(draft *bot.Tasting) error {
		if draft.Starter.User != s.User {
			return onlyTheirs()
		}
		old, err := time.LoadLocation(draft.TimeZone)
		if err != nil {
			return fmt.Errorf("load the time zone %s: %w", draft.TimeZone, err)
		}
		closes := draft.Closes.In(old)
		if how != "same" {
			closes = time.Date(closes.Year(), closes.Month(), closes.Day(), closes.Hour(), closes.Minute(), 0, 0, loc)
		}
		if closes.Before(time.Now().Add(time.Minute)) {
			return about("zone", bot.UserError(bot.Say("There it is later than that already: {when}. Describe the tasting again, with another time.", bot.Moment(time.Now().In(loc)))))
		}
		draft.Closes, draft.TimeZone = closes.In(loc), name
		t = *draft
		return nil
	})
	if errors.Is(err, bot.ErrMoved) || isNotFound(err) {
		return bot.Reply{}, draftGone()
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Post: bot.Notice{
		Title:   bot.Say("Start this taste test?"),
		Text:    bot.Prose(bot.Say("Voting closes {when}.", t.At(t.Closes)), bot.Say("Times typed here are {zone} time.", bot.Verbatim(t.TimeZone))),
		Buttons: compose.Choices(t),
	}}, nil
}
