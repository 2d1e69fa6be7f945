package discord

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// A permission is a bit of Discord's permissions.
// https://docs.discord.com/developers/topics/permissions
type permission uint64

const (
	administrator permission = 1 << 3
	manageServer  permission = 1 << 5
	viewChannel   permission = 1 << 10
	sendMessages  permission = 1 << 11
	connect       permission = 1 << 20
	createThreads permission = 1 << 35
	sendInThreads permission = 1 << 38
)

type need struct {
	bit  permission
	name string
}

// needed is what the bot needs in a channel, by the names in Discord's settings.
var needed = [...]need{
	{viewChannel, "View Channel"},
	{sendMessages, "Send Messages"},
	{sendInThreads, "Send Messages in Threads"},
	{createThreads, "Create Public Threads"},
	{1 << 14, "Embed Links"},
	{1 << 15, "Attach Files"},
	{1 << 6, "Add Reactions"},
	{1 << 16, "Read Message History"},
}

// InviteURL is where somebody who may manage a server adds the bot to it,
// with exactly the permissions that it needs.
func InviteURL(app string) string {
	var all permission
	for _, n := range needed {
		all |= n.bit
	}
	return "https://discord.com/oauth2/authorize?client_id=" + app +
		"&scope=bot+applications.commands&permissions=" + strconv.FormatUint(uint64(all), 10)
}

func (p *permission) UnmarshalJSON(raw []byte) error {
	s, err := strconv.Unquote(string(raw))
	if err != nil {
		s = string(raw)
	}
	n, err := strconv.ParseUint(s, 10, 64)
	*p = permission(n)
	return err
}

type member struct {
	Roles  []string  `json:"roles"`
	Joined time.Time `json:"joined_at"`
	Nick   string    `json:"nick"`
	User   struct {
		Name   string `json:"username"`
		Global string `json:"global_name"`
	} `json:"user"`
}

type guild struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Owner string `json:"owner_id"`
	Roles []struct {
		ID          string     `json:"id"`
		Name        string     `json:"name"`
		Permissions permission `json:"permissions"`
	} `json:"roles"`
}

// memberAlone looks up a member of a server.
func (c *Chat) memberAlone(ctx context.Context, guildID, user string) (m member, err error) {
	err = c.call(ctx, request{doing: "look up a member", method: "GET", path: "guilds/" + guildID + "/members/" + user,
		bucket: "guilds/" + guildID + "/members/"}, &m)
	return m, err
}

// member looks up a member of a server, and the server.
func (c *Chat) member(ctx context.Context, guildID, user string) (m member, g guild, err error) {
	if m, err = c.memberAlone(ctx, guildID, user); err != nil {
		return m, g, err
	}
	return m, g, c.call(ctx, request{doing: "look up roles", method: "GET", path: "guilds/" + guildID}, &g)
}

// Group finds a role by its ID or its name.
func (c *Chat) Group(ctx context.Context, at bot.Place, called string) (id, name string, err error) {
	var g guild
	if err := c.call(ctx, request{doing: "look up roles", method: "GET", path: "guilds/" + at.ID}, &g); err != nil {
		return "", "", err
	}
	names := make([]string, len(g.Roles))
	for i, r := range g.Roles {
		if names[i] = strings.TrimPrefix(r.Name, "@"); r.ID == called || strings.EqualFold(names[i], called) {
			return r.ID, names[i], nil
		}
	}
	if near := text.Nearest(called, names); near != "" {
		return "", "", bot.UserError(bot.Say("There is no role “{called}” on this server. Did you mean @{near}?", bot.Verbatim(shorten(called, mostOption)), bot.Verbatim(near)))
	}
	return "", "", bot.UserError(bot.Say("There is no role “{called}” on this server. Type @ and choose one from the list.", bot.Verbatim(shorten(called, mostOption))))
}

// permissions are those of a member's roles, and of everybody's: that role has
// the server's ID.
func (g guild) permissions(m member) (all permission) {
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(m.Roles, r.ID) {
			all |= r.Permissions
		}
	}
	return all
}

// An overwrite is what a channel allows and denies a role or a member.
type overwrite struct {
	ID    string     `json:"id"`
	Allow permission `json:"allow"`
	Deny  permission `json:"deny"`
}

// in are a member's permissions in a channel.
func (g guild) in(os []overwrite, m member, user string) permission {
	all := g.permissions(m)
	if all&administrator != 0 || g.Owner == user {
		return ^permission(0)
	}
	apply := func(is func(id string) bool) {
		var allow, deny permission
		for _, o := range os {
			if is(o.ID) {
				allow |= o.Allow
				deny |= o.Deny
			}
		}
		all = all&^deny | allow
	}
	apply(func(id string) bool { return id == g.ID })
	apply(func(id string) bool { return id != g.ID && slices.Contains(m.Roles, id) })
	apply(func(id string) bool { return id == user })
	return all
}

// lacks are the permissions that are needed in a channel and not there, by name.
func lacks(have permission, in discordgo.ChannelType) []string {
	if have&administrator != 0 {
		return nil
	}
	var names []string
	for _, n := range needed {
		if have&n.bit == 0 && n.forType(in) {
			names = append(names, n.name)
		}
	}
	if isVoice(in) && have&connect == 0 {
		names = append(names, "Connect")
	}
	return names
}

// forType reports whether a permission matters in a channel of a type: what
// belongs together stands in a thread, but not in a thread's own or in the chat
// of a voice channel, which has none.
func (n need) forType(in discordgo.ChannelType) bool {
	switch n.bit {
	case sendMessages:
		return !isThreadType(in)
	case sendInThreads:
		return !isVoice(in)
	case createThreads:
		return !isVoice(in) && !isThreadType(in)
	}
	return true
}

func isThreadType(t discordgo.ChannelType) bool {
	return t == discordgo.ChannelTypeGuildPublicThread || t == discordgo.ChannelTypeGuildPrivateThread || t == discordgo.ChannelTypeGuildNewsThread
}

func isVoice(t discordgo.ChannelType) bool {
	return t == discordgo.ChannelTypeGuildVoice || t == discordgo.ChannelTypeGuildStageVoice
}
