package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

var _ bot.Directory = (*Chat)(nil)

// Invitees returns who is meant by each of named. Everybody must be able to vote
// here, or a tasting would wait for them in vain; of a group only those are
// invited who can.
func (c *Chat) Invitees(ctx context.Context, at bot.Place, named []string) ([]bot.Invitee, error) {
	t, err := c.team(ctx, at.Workspace)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if len(named) >= worthRoster { // all at once; who is not found is asked about
		if _, err := t.members(ctx, first); err != nil {
			c.log.Debug("invited people are asked about one by one", "workspace", t.Name, "err", err)
		}
	}
	var all []bot.Invitee
	for _, n := range named {
		i, err := t.invitee(ctx, n)
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, bot.UserError(bot.Say("Slack did not say in time who {name} is. Please try again in a moment.", bot.Verbatim(n)))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}

func (t *team) invitee(ctx context.Context, named string) (bot.Invitee, error) {
	id, mention := strings.CutPrefix(named, "<@")
	id = strings.TrimSuffix(id, ">")
	switch {
	case mention && strings.HasPrefix(id, "S"):
		return t.group(ctx, api.UserGroup{ID: id})
	case mention:
		return t.one(ctx, id)
	}
	return t.called(ctx, strings.TrimPrefix(named, "@"))
}

// one is a person who was chosen or mentioned.
func (t *team) one(ctx context.Context, id string) (bot.Invitee, error) {
	p, err := t.person(ctx, first, id, voterLasts)
	if err != nil {
		return bot.Invitee{}, fmt.Errorf("look up who is invited: %w", err)
	}
	name := bot.Verbatim(p.called(id))
	switch {
	case p.left:
		return bot.Invitee{}, bot.UserError(bot.Say("{name} is not in this workspace any more. Invite somebody else.", name))
	case p.bot:
		return bot.Invitee{}, bot.UserError(bot.Say("{name} is a bot, and bots do not vote. Invite people.", name))
	case !t.counts(p):
		return bot.Invitee{}, bot.UserError(bot.Say("{name} is a guest or of another organisation, and could not vote here. Invite others, or have whoever runs Tastetest allow it: allow_guests, allow_shared_channels.", name))
	}
	return bot.Invitee{Name: p.called(id), Users: []string{id}}, nil
}

// called is a person, or else a group, whose name somebody typed.
func (t *team) called(ctx context.Context, name string) (bot.Invitee, error) {
	shown := bot.Verbatim("@" + name)
	if slices.Contains([]string{"here", "channel", "everyone"}, name) {
		return bot.Invitee{}, bot.UserError(bot.Say("Everyone in the channel may taste when nobody is invited by name. Leave {name} out.", shown))
	}
	members, err := t.members(ctx, first)
	if errors.Is(err, errLarge) {
		return bot.Invitee{}, bot.UserError(bot.Say("There are too many people here to find {name} by name. Choose people in the form: {form}", shown, bot.Usage{Command: "start"}))
	}
	if err != nil {
		return bot.Invitee{}, fmt.Errorf("look up who is invited: %w", err)
	}
	found := t.matches(members, name)
	switch len(found) {
	case 1:
		return t.one(ctx, found[0].ID)
	case 0:
		return t.groupCalled(ctx, name)
	}
	var who []string
	for _, u := range found {
		who = append(who, fmt.Sprintf("@%s (%s)", u.Name, nameOf(u)))
	}
	return bot.Invitee{}, bot.UserError(bot.Say("{name} could be one of several: {people}. Say which.", shown, bot.Names(who...).Upto(mostMatches)))
}

// mostMatches is how many people are named who could be meant.
const mostMatches = 5

// matches are the members who could vote and whom a name fits best: as their
// handle, else as the name that is shown, else as a part of their name.
func (t *team) matches(members []api.User, name string) []api.User {
	for _, fits := range []func(u api.User) bool{
		func(u api.User) bool { return strings.EqualFold(u.Name, name) },
		func(u api.User) bool {
			return strings.EqualFold(u.Profile.DisplayName, name) || strings.EqualFold(u.RealName, name)
		},
		func(u api.User) bool {
			return slices.ContainsFunc(strings.Fields(u.Profile.DisplayName+" "+u.RealName), func(w string) bool { return strings.EqualFold(w, name) })
		},
	} {
		var found []api.User
		for _, u := range members {
			if p := t.personOf(u); fits(u) && !p.left && t.counts(p) {
				found = append(found, u)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// groupCalled is the user group with a handle.
func (t *team) groupCalled(ctx context.Context, name string) (bot.Invitee, error) {
	var groups []api.UserGroup
	err := t.budget.list.call(ctx, first, func() (err error) {
		groups, err = t.api.GetUserGroupsContext(ctx)
		return err
	})
	if refused(err, "missing_scope") {
		return bot.Invitee{}, bot.UserError(bot.Say("I know nobody called {name} here. If that is a user group: the Slack app lacks the scope {scope}, with which I could see who is in it.", bot.Verbatim("@"+name), bot.Verbatim(groupScope)))
	}
	if err != nil {
		return bot.Invitee{}, explain("list user groups", err)
	}
	for _, g := range groups {
		if strings.EqualFold(g.Handle, name) {
			return t.group(ctx, g)
		}
	}
	return bot.Invitee{}, bot.UserError(bot.Say("I know nobody called {name} here. Type @ and choose from what Slack offers, or choose people in the form: {form}", bot.Verbatim("@"+name), bot.Usage{Command: "start"}))
}

const groupScope = "usergroups:read"

// group is those members of a user group who could vote.
func (t *team) group(ctx context.Context, g api.UserGroup) (bot.Invitee, error) {
	var ids []string
	err := t.budget.list.call(ctx, first, func() (err error) {
		ids, err = t.api.GetUserGroupMembersContext(ctx, g.ID)
		return err
	})
	if refused(err, "missing_scope") {
		return bot.Invitee{}, bot.UserError(bot.Say("The Slack app lacks the scope {scope}, with which I could see who is in a user group. Invite its people by name, or have whoever looks after the app add the scope.", bot.Verbatim(groupScope)))
	}
	if err != nil {
		return bot.Invitee{}, explain("read a user group", err)
	}
	if len(ids) >= worthRoster {
		if _, err := t.members(ctx, first); err != nil && !errors.Is(err, errLarge) {
			return bot.Invitee{}, fmt.Errorf("look up who is invited: %w", err)
		}
	}
	i := bot.Invitee{}
	for _, id := range ids {
		p, err := t.person(ctx, first, id, voterLasts)
		if err != nil {
			return i, fmt.Errorf("look up who is invited: %w", err)
		}
		if t.counts(p) && !p.left {
			i.Users, i.Name = append(i.Users, id), i.Name+", "+p.called(id)
		}
	}
	if i.Name = strings.TrimPrefix(i.Name, ", "); g.Handle != "" {
		i.Name = fmt.Sprintf("@%s (%s)", g.Handle, i.Name)
	}
	if len(i.Users) == 0 {
		return i, bot.UserError(bot.Say("Nobody in that user group can vote here. Invite people by name."))
	}
	return i, nil
}
