package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

// A Checked is one thing that was looked at, for whoever sets the bot up.
type Checked struct {
	What string
	OK   bool
	Say  string // what was found, or what to click
}

const newToken = "In the developer portal (discord.com/developers/applications) open your application, “Bot”, click “Reset Token” and copy it."

// Check looks at the token, the servers, and what the bot may do in each
// channel that it sees. It needs no connection to the gateway.
func (c *Chat) Check(ctx context.Context) []Checked {
	app, err := c.App(ctx)
	if errors.Is(err, bot.ErrLost) { // 401
		return []Checked{{"token", false, saidBy(err) + ". " + newToken}}
	}
	if err != nil {
		return []Checked{{"connection", false, saidBy(err) + ". Discord cannot be reached from here, or is away; look at the network, a proxy, and api_url if it is set"}}
	}
	all := []Checked{
		{"token", true, "it is " + app.Name},
		{"intents", true, "none that Discord would have to grant is needed; of what people write it hears only what mentions it, and what is written to it directly"},
		c.checkGateway(ctx),
	}
	var guilds []guild
	if err := c.call(ctx, request{doing: "list the servers", method: "GET", path: "users/@me/guilds"}, &guilds); err != nil {
		return append(all, Checked{"servers", false, saidBy(err)})
	}
	if len(guilds) == 0 {
		return append(all, Checked{"servers", false, "the bot is on none yet; open this as somebody who may manage one: " + InviteURL(app.ID)})
	}
	on := make(map[string]bool)
	for _, g := range guilds {
		on[g.ID] = true
		all = append(all, c.checkGuild(ctx, g, app.ID))
	}
	for _, id := range c.opt.Guilds {
		if !on[id] {
			all = append(all, Checked{"server " + id, false, "it stands under guilds, and the bot is not on it; open " + InviteURL(app.ID)})
		}
	}
	return all
}

// An App is what Discord calls the bot.
type App struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// App asks Discord which application the token belongs to.
func (c *Chat) App(ctx context.Context) (App, error) {
	var app App
	return app, c.call(ctx, request{doing: "ask which application this is", method: "GET", path: "applications/@me"}, &app)
}

func (c *Chat) checkGateway(ctx context.Context) Checked {
	a, err := c.askAdmission(ctx)
	if err != nil {
		return Checked{"gateway", false, saidBy(err)}
	}
	switch {
	case a.Starts.Total > 0 && a.Starts.Remaining < a.Shards+startsLeftAlone: // not enough for all shards
		return Checked{"gateway", false, "the bot connected too often today; Discord lets it in again within a day"}
	case a.Shards > 1:
		return Checked{"gateway", true, fmt.Sprintf("it answers; it asks for %d connections (shards), and the bot makes as many", a.Shards)}
	}
	return Checked{"gateway", true, "it answers"}
}

// mostNamed is how many channels are named in one finding.
const mostNamed = 10

// checkGuild looks at the channels of a server. One that the bot cannot see is
// not its business; in one that it sees it must be able to do everything. It
// asks for rights one by one, because Discord's own answer to a missing one
// does not say which.
func (c *Chat) checkGuild(ctx context.Context, g guild, self string) Checked {
	what := "server " + g.Name
	m, full, err := c.member(ctx, g.ID, self)
	if err != nil {
		return Checked{what, false, saidBy(err)}
	}
	var channels []struct {
		Name       string                `json:"name"`
		Type       discordgo.ChannelType `json:"type"`
		Overwrites []overwrite           `json:"permission_overwrites"`
	}
	if err := c.call(ctx, request{doing: "list the channels", method: "GET", path: "guilds/" + g.ID + "/channels"}, &channels); err != nil {
		return Checked{what, false, saidBy(err)}
	}
	well, hidden := 0, 0
	var ill []string
	for _, ch := range channels {
		if ch.Type != discordgo.ChannelTypeGuildText && ch.Type != discordgo.ChannelTypeGuildNews {
			continue
		}
		have := full.in(ch.Overwrites, m, self)
		switch missing := lacks(have, ch.Type); {
		case have&viewChannel == 0:
			hidden++
		case len(missing) > 0:
			ill = append(ill, fmt.Sprintf("#%s lacks %s", ch.Name, strings.Join(missing, ", ")))
		default:
			well++
		}
	}
	if len(ill) > 0 {
		rest := ""
		if len(ill) > mostNamed {
			rest, ill = fmt.Sprintf(", and %d more", len(ill)-mostNamed), ill[:mostNamed]
		}
		return Checked{what, false, strings.Join(ill, "; ") + rest + ". In Discord: Edit Channel, “Permissions”, the bot's role, and allow them; or invite it again: " + InviteURL(self)}
	}
	if well == 0 {
		return Checked{what, false, "the bot sees no channel. In Discord: Edit Channel, “Permissions”, add the bot's role, and allow “View Channel”"}
	}
	said := fmt.Sprintf("channels that can be used: %d", well)
	if hidden > 0 {
		said += fmt.Sprintf("; hidden from the bot: %d", hidden)
	}
	return Checked{what, true, said}
}

// saidBy is what Discord said, without what it would mean for a tasting.
func saidBy(err error) string {
	if refused, ok := errors.AsType[*apiError](err); ok {
		return refused.Error()
	}
	return err.Error()
}
