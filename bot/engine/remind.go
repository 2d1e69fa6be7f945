package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
)

// What the buttons of a reminder do.
const (
	remindAction   = "remind" // ask when
	remindTomorrow = "remind/tomorrow"
	remindLate     = "remind/late"
	remindOff      = "remind/off"   // none of this tasting
	remindNever    = "remind/never" // none at all
)

// remindTakes is how long one reminder may take at most: the end of voting waits for it.
const remindTakes = time.Minute

// pressRemind answers "Remind me" and what stands in the answer. Somebody has one
// reminder of a tasting at a time.
func (b *Bot) pressRemind(ctx context.Context, t bot.Tasting, user, action string) (bot.Reply, error) {
	v, voice := bot.Voter{Workspace: t.ID.Workspace, User: user}, b.Voice(ctx, t.Place)
	say := func(n bot.Notice) (bot.Reply, error) { return bot.Reply{Post: bot.Speak(n, voice)}, nil }
	switch action {
	case remindNever:
		if err := b.unremindAll(ctx, v); err != nil {
			return bot.Reply{}, err
		}
		return say(bot.Notice{Text: bot.Say("No reminders come to you, of any test, unless you ask for one again.")})
	case remindOff:
		if err := b.setReminder(ctx, t.ID, func(t *bot.Tasting) { t.Unremind(user) }); err != nil && !errors.Is(err, bot.ErrMoved) {
			return bot.Reply{}, err
		}
		return say(bot.Notice{Text: bot.Say("No reminder of taste test {id} comes to you.", t.ID)})
	}
	left, err := b.roundsLeft(ctx, t, user)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case !t.State.TakesVotes():
		return bot.Reply{}, bot.UserError(bot.Say("Voting in taste test {id} is over: {state}", t.ID, compose.StateLine(t)))
	case slices.Contains(t.Barred, user):
		return bot.Reply{}, bot.UserError(knowsTexts())
	case !left:
		return say(bot.Notice{Text: bot.Say("No round of taste test {id} is left for you, so there is nothing to remind you of.", t.ID)})
	}
	zone, now := b.personsZone(ctx, t, v), time.Now()
	if action == remindAction {
		return say(compose.Reminder(t, user, now, zone))
	}
	r := bot.Reminder{User: user}
	if action == remindTomorrow {
		r.At = compose.Tomorrow(now, zone)
	}
	err = b.setReminder(ctx, t.ID, func(stored *bot.Tasting) {
		stored.Unremind(user)
		if due := stored.Due(r); due.After(now) && due.Before(stored.Closes) {
			stored.Reminders = append(stored.Reminders, r)
		}
		t = *stored
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return say(compose.Reminder(t, user, now, zone))
}

// personsZone is the zone in which somebody is; if that is not known, a tasting's.
func (b *Bot) personsZone(ctx context.Context, t bot.Tasting, v bot.Voter) *time.Location {
	if name := b.person(ctx, v).Zone; name != "" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	return b.zone(ctx, t)
}

// setReminder changes the reminders of a tasting that takes votes. ErrMoved if it takes
// none any more.
func (b *Bot) setReminder(ctx context.Context, id bot.TastingID, change func(*bot.Tasting)) (err error) {
	for _, s := range []bot.State{bot.Posting, bot.Open} { // in this order: it may open at this moment
		err = b.store.Update(ctx, id, s, func(t *bot.Tasting) error {
			change(t)
			if t.State == bot.Open {
				t.Wake = nextWake(*t)
			}
			return nil
		})
		if !errors.Is(err, bot.ErrMoved) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("change the reminders of tasting %v: %w", id, err)
	}
	return nil
}

// unremindAll takes back all reminders of somebody.
func (b *Bot) unremindAll(ctx context.Context, v bot.Voter) error {
	ts, err := b.store.Tastings(ctx, v.Workspace, bot.Query{States: []bot.State{bot.Posting, bot.Open}})
	if err != nil {
		return fmt.Errorf("look for somebody's reminders: %w", err)
	}
	for _, t := range ts {
		if !t.Unremind(v.User) {
			continue
		}
		err := b.setReminder(ctx, t.ID, func(t *bot.Tasting) { t.Unremind(v.User) })
		if err != nil && !errors.Is(err, bot.ErrMoved) && !errors.Is(err, bot.ErrNotFound) {
			return err
		}
	}
	return nil
}

// anyDue reports whether a reminder of t is due.
func anyDue(t bot.Tasting, now time.Time) bool {
	return slices.ContainsFunc(t.Reminders, func(r bot.Reminder) bool { return !now.Before(t.Due(r)) })
}

// otherDue reports whether anything of t is due but reminders.
func otherDue(t bot.Tasting, now time.Time) bool {
	t.Reminders = nil
	return !now.Before(nextWake(t))
}

// remind sends the reminders of t that are due, to those who have rounds left. Told to
// stop, it ends between two; so it does when anything else is due, as the end of voting:
// with thousands of them, which a chat takes one a second, that would wait for an hour.
// Surprising: each is taken off the record before it is sent, since nobody can look
// whether a direct message arrived. What is cut short in between is left out: rather
// none than two.
func (b *Bot) remind(ctx context.Context, t bot.Tasting) error {
	link := b.address(ctx, t)
	for now := time.Now(); anyDue(t, now) && !otherDue(t, now); now = time.Now() {
		if err := bot.Stopped(ctx); err != nil {
			return err
		}
		var due bot.Reminder
		err := b.store.Update(ctx, t.ID, bot.Open, func(stored *bot.Tasting) error {
			due = bot.Reminder{}
			for _, r := range stored.Reminders {
				if !now.Before(stored.Due(r)) && (due.User == "" || r.User < due.User) {
					due = r
				}
			}
			stored.Unremind(due.User)
			stored.Wake = nextWake(*stored)
			t = *stored
			return nil
		})
		if err != nil {
			return err
		}
		b.opt.Step("took a reminder")
		if due.User == "" { // it was cancelled meanwhile
			return nil
		}
		if !b.opt.Restored.IsZero() && t.Due(due).Before(b.began) {
			b.log.Warn("a reminder is left out: it may have been sent after the copy was made", "tasting", t.ID)
			continue
		}
		left, err := b.roundsLeft(ctx, t, due.User)
		if err != nil {
			b.log.Error("see whether rounds are left for somebody; their reminder is left out", "tasting", t.ID, "err", err)
		}
		if !left {
			continue
		}
		v := bot.Voter{Workspace: t.ID.Workspace, User: due.User}
		telling, cancel := context.WithTimeout(ctx, remindTakes)
		b.tell(telling, bot.Tasting{Place: t.Place, Starter: v}, compose.Reminded(t, b.personsZone(ctx, t, v), link))
		cancel()
		b.opt.Step("reminded")
	}
	return nil
}

// address is that of what opened t, where its chat has such; "" if it cannot be told.
func (b *Bot) address(ctx context.Context, t bot.Tasting) string {
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return ""
	}
	addressed, ok := chat.(bot.Addressed)
	if !ok {
		return ""
	}
	ref, err := b.opening(ctx, t)
	if err != nil || ref == (bot.Ref{}) {
		return ""
	}
	link, err := addressed.Address(ctx, ref)
	if err != nil {
		b.log.Warn("look up the address of a message; a reminder goes without", "tasting", t.ID, "err", err)
	}
	return link
}

// roundsLeft reports whether a user can vote in a round in which they have not.
func (b *Bot) roundsLeft(ctx context.Context, t bot.Tasting, user string) (bool, error) {
	var open []int
	for _, n := range t.OpenedRounds() {
		if t.Rounds[n-1].Live() {
			open = append(open, n)
		}
	}
	voted := make(map[int]bool)
	for _, n := range open {
		v, err := b.store.Vote(ctx, t.ID.Round(n), bot.Voter{Workspace: t.ID.Workspace, User: user})
		if err != nil {
			return false, fmt.Errorf("read a vote in round %v: %w", t.ID.Round(n), err)
		}
		if v.Pick() != bot.None {
			voted[n] = true
		}
	}
	if t.Deal.Plain > 0 && len(voted) > 0 { // their seat says which rounds are theirs; without a vote they need not have one
		var err error
		if open, err = b.orderFor(ctx, t, user); err != nil {
			return false, err
		}
	}
	return slices.ContainsFunc(open, func(n int) bool { return !voted[n] }), nil
}
