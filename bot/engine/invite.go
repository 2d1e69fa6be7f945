package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// inviteLinks answers an admin alone with links that are each for one person.
func (b *Bot) inviteLinks(ctx context.Context, at bot.Place, user, typed string) (bot.Reply, error) {
	chat, ok := b.chats[at.Platform].(bot.Inviting)
	if !ok {
		return bot.Reply{}, bot.UserError(bot.Say("Personal links are for the page: in this chat people are who they are."))
	}
	if err := b.may(ctx, command.Hosts, at, user, nil); err != nil {
		return bot.Reply{}, err
	}
	names, err := command.Guests(typed)
	if err != nil {
		return bot.Reply{}, err
	}
	links, err := chat.InviteLinks(ctx, at, names)
	if _, said := err.(bot.UserError); said {
		return bot.Reply{}, err
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("make personal links: %w", err)
	}
	var lines []bot.Sentence
	for i, l := range links {
		lines = append(lines, bot.Literal(l))
		if names[i] != "" {
			lines[i] = bot.Say("{name}: {link}", bot.Name(names[i]), bot.Verbatim(l))
		}
	}
	return bot.Reply{Post: bot.Notice{
		Title: bot.Say("{n|personal link|personal links}", bot.Count(len(links))),
		Text:  bot.Say("Each is for one person and works once, within 30 days. You alone see them, and only here: copy them now."),
		Code:  bot.Lines(slices.Clip(lines)...),
	}}, nil
}
