package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// elect fills in whose votes count.
func (b *Bot) elect(ctx context.Context, t *bot.Tasting, w wish) (err error) {
	if w.like != nil {
		t.Voters = w.like.Voters
		return nil
	}
	if w.voters == "" {
		return nil
	}
	if t.Voters, err = command.Electorate(w.voters); err != nil {
		return err
	}
	chat, ok := b.chats[t.Place.Platform].(bot.Electing)
	if !ok {
		return bot.UserError(bot.Say("This chat does not tell who its members are, so voters= cannot limit whose votes count."))
	}
	if t.Voters.Group != "" {
		if t.Voters.Group, t.Voters.Called, err = chat.Group(ctx, t.Place, t.Voters.Group); err != nil {
			return fmt.Errorf("look up whose votes count: %w", err)
		}
	}
	return nil
}

// An outside is who votes and does not count.
type outside struct {
	users  []string
	unsure int // of these, people of whom it could not be found out
}

// outsiders finds out, when voting has closed, whose emoji are counted apart, of those who voted. An
// unreadError says that it is to be tried again; once it has been tried for long
// enough, whoever is not known to count is counted apart. On a private ballot it
// was found out when people began to taste.
func (b *Bot) outsiders(ctx context.Context, t bot.Tasting, voted map[string]bool) (o outside, err error) {
	if t.Voters == (bot.Electorate{}) || t.Ballot == bot.Private {
		return outside{users: t.Outside}, nil
	}
	chat, err := b.chat(t.ID.Workspace)
	if err != nil {
		return o, err
	}
	knows, ok := chat.(bot.Electing)
	if !ok {
		return o, fmt.Errorf("chat %q does not know its members", t.ID.Workspace.Platform)
	}
	away := false
	for _, user := range slices.Sorted(maps.Keys(voted)) {
		if err := bot.Stopped(ctx); err != nil {
			return o, err
		}
		counts := false
		if !away {
			counts, err = knows.Elects(ctx, t.Place, user, t.Voters, t.Created)
		}
		if err != nil && bot.Stopped(ctx) != nil { // nothing is wrong with them: whoever is there next asks
			return o, err
		}
		if err != nil && !errors.Is(err, bot.ErrRefused) {
			if b.patient(t) {
				return o, unreadError{"find out whose votes count in tasting " + t.ID.String(), err}
			}
			if !away {
				b.log.Warn("find out whose votes count; the rest is counted apart", "tasting", t.ID, "err", err)
			}
			away = true
		}
		if err != nil {
			counts = false
			o.unsure++
		}
		if !counts {
			o.users = append(o.users, user)
		}
	}
	return o, nil
}

// admit finds out, when somebody begins to taste, whether their votes count.
// They may taste all the same; what they vote is counted apart.
func (b *Bot) admit(ctx context.Context, t bot.Tasting, at bot.Place, user string) (bot.Tasting, error) {
	if t.Voters == (bot.Electorate{}) || !t.State.TakesVotes() || slices.Contains(t.Outside, user) {
		return t, nil
	}
	chat, ok := b.chats[at.Platform].(bot.Electing)
	if !ok {
		return t, fmt.Errorf("chat %q does not know its members", at.Platform)
	}
	counts, err := chat.Elects(ctx, at, user, t.Voters, t.Created)
	if err != nil {
		return t, fmt.Errorf("find out whether a vote counts: %w", err)
	}
	if counts {
		return t, nil
	}
	for _, state := range []bot.State{bot.Posting, bot.Open} { // in this order: it may open at this moment
		err = b.store.Update(ctx, t.ID, state, func(t *bot.Tasting) error {
			if !slices.Contains(t.Outside, user) {
				t.Outside = append(t.Outside, user)
			}
			return nil
		})
		if !errors.Is(err, bot.ErrMoved) {
			break
		}
	}
	if err != nil && !errors.Is(err, bot.ErrMoved) {
		return t, fmt.Errorf("note whose votes count apart: %w", err)
	}
	return b.store.Tasting(ctx, t.ID)
}

// invited returns who is invited, by ID, each once, and what they are called. A
// chat that knows nobody by name takes people for who they are said to be.
func (b *Bot) invited(ctx context.Context, at bot.Place, w wish) (users, names []string, err error) {
	if w.like != nil {
		return w.like.Invited, nil, nil
	}
	named, err := command.People(w.invite, w.meant)
	if err != nil || len(named) == 0 {
		return nil, nil, about("invite", err)
	}
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return nil, nil, err
	}
	d, ok := chat.(bot.Directory)
	if !ok {
		for _, n := range named {
			users = append(users, command.User(n))
		}
		return users, users, nil
	}
	all, err := d.Invitees(ctx, at, named)
	if _, said := errors.AsType[bot.UserError](err); said {
		return nil, nil, about("invite", err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look up who is invited: %w", err)
	}
	for _, i := range all {
		names = append(names, i.Name)
		for _, u := range i.Users {
			if !slices.Contains(users, u) {
				users = append(users, u)
			}
		}
	}
	if len(users) > bot.MostInvited {
		return nil, nil, about("invite", command.TooMany())
	}
	return users, names, nil
}
