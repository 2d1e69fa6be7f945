package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// invited returns who is invited, by ID, each once, and what they are called. A
// chat that knows nobody by name takes people for who they are said to be.
func (b *Bot) invited(ctx context.Context, at bot.Place, w wish) (users, names []string, err error) {
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
