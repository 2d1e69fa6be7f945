package discord

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// A permission is a bit of Discord's permissions.
// https://docs.discord.com/developers/topics/permissions
type permission uint64

const (
	administrator permission = 1 << 3
	manageServer  permission = 1 << 5
	viewChannel   permission = 1 << 10
)

// needed is what the bot needs in a channel, by the names in Discord's settings.
var needed = []struct {
	bit  permission
	name string
}{
	{viewChannel, "View Channel"},
	{1 << 11, "Send Messages"},
	{1 << 38, "Send Messages in Threads"},
	{1 << 35, "Create Public Threads"},
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

// member looks up a member of a server, and the server.
func (c *Chat) member(ctx context.Context, guildID, user string) (m member, g guild, err error) {
	err = c.call(ctx, request{doing: "look up a member", method: "GET", path: "guilds/" + guildID + "/members/" + user,
		bucket: "guilds/" + guildID + "/members/"}, &m)
	if err != nil {
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
	if near := bot.Nearest(called, names); near != "" {
		return "", "", bot.UserError(fmt.Sprintf("There is no role “%s” on this server. Did you mean @%s?", shorten(called, mostOption), near))
	}
	return "", "", bot.UserError(fmt.Sprintf("There is no role “%s” on this server. Type @ and choose one from the list.", shorten(called, mostOption)))
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

// lacks are the needed permissions that are not there, by name.
func lacks(have permission) []string {
	var names []string
	for _, n := range needed {
		if have&n.bit == 0 {
			names = append(names, n.name)
		}
	}
	return names
}
