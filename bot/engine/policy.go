package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// may is the one place that decides who may do what. A failed look-up refuses.
// t is the tasting that it is done to; nil for a new one.
func (b *Bot) may(ctx context.Context, who command.Who, at bot.Place, user string, t *bot.Tasting) error {
	switch who {
	case command.Anyone:
		return nil
	case command.Starters:
		name := at.Platform + ":" + user
		if b.opt.Policy.Everyone || slices.Contains(b.opt.Policy.Starters, name) || b.inStarters(ctx, at, user) || b.admin(ctx, at, user) {
			return nil
		}
		how := bot.Sentence{}
		if chat, ok := b.chats[at.Platform].(bot.Welcoming); ok {
			how = chat.Admission()
		}
		return bot.UserError(bot.Prose(bot.Say("Only admins, and those named under “starters” in the configuration, can start a tasting here. Ask one of them; voting is open to everybody."), how))
	case command.Admins:
		if b.admin(ctx, at, user) {
			return nil
		}
		return bot.UserError(bot.Say("Only admins change the settings of a channel. To see them: {settings}", bot.Usage{Command: "settings"}))
	case command.Hosts:
		if b.admin(ctx, at, user) {
			return nil
		}
		return bot.UserError(bot.Say("Only admins hand out personal links. Ask one of them."))
	case command.Schedulers:
		if b.admin(ctx, at, user) {
			return nil
		}
		return bot.UserError(bot.Say("Only admins set up tests that start by themselves, since nobody confirms what those cost. Ask one of them; voting is open to everybody."))
	case command.Owner:
		if t != nil && t.ID.Workspace == at.Workspace && (t.Starter.User == user || b.admin(ctx, at, user)) {
			return nil
		}
		return bot.UserError(bot.Say("Only whoever started this tasting, or an admin, can do that."))
	}
	return fmt.Errorf("nobody may do what %q may", who)
}

// stillSchedules reports whether somebody is an admin, when they are not there to ask:
// nobody else sets up what starts by itself, since nobody confirms what it costs. Unlike
// may it tells a no from a look-up that failed.
func (b *Bot) stillSchedules(ctx context.Context, at bot.Place, user string) (bool, error) {
	if slices.Contains(b.opt.Policy.Admins, at.Platform+":"+user) {
		return true, nil
	}
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return false, err
	}
	yes, err := chat.Admin(ctx, at, user)
	if err != nil {
		return false, fmt.Errorf("ask whether somebody is still an admin: %w", err)
	}
	return yes, nil
}

// inStarters reports whether one of the user's groups may start tastings; if they
// cannot be read, none does.
func (b *Bot) inStarters(ctx context.Context, at bot.Place, user string) bool {
	in, err := b.groupStarts(ctx, at, user)
	if err != nil {
		b.log.Warn("ask for somebody's groups", "platform", at.Platform, "err", err)
	}
	return in
}

func (b *Bot) groupStarts(ctx context.Context, at bot.Place, user string) (bool, error) {
	prefix := at.Platform + ":@"
	named := slices.ContainsFunc(b.opt.Policy.Starters, func(s string) bool { return strings.HasPrefix(s, prefix) })
	chat, ok := b.chats[at.Platform].(bot.Grouped)
	if !named || !ok {
		return false, nil
	}
	groups, err := chat.Groups(ctx, at, user)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(b.opt.Policy.Starters, prefix+g) }), nil
}

func (b *Bot) admin(ctx context.Context, at bot.Place, user string) bool {
	if slices.Contains(b.opt.Policy.Admins, at.Platform+":"+user) {
		return true
	}
	chat, ok := b.chats[at.Platform]
	if !ok {
		return false
	}
	yes, err := chat.Admin(ctx, at, user)
	if err != nil && ctx.Err() == nil { // else whoever asked did not wait, or has gone
		b.log.Warn("ask whether somebody is an admin", "platform", at.Platform, "err", err)
	}
	return err == nil && yes
}
