package slack

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

const (
	rightsLast = time.Minute    // how long somebody who is no admin any more may stay one here
	kindLasts  = time.Hour      // how long a guest counts as one who asks for something
	voterLasts = 12 * time.Hour // and as a voter: at closing Slack takes some hundred questions a minute
	roomLasts  = time.Minute
	lookTime   = 2 * time.Second // to look somebody up who waits for an answer
)

// A person is what Slack says about a user.
type person struct {
	admin   bool // of this workspace
	bot     bool
	guest   bool
	foreign bool // of another organisation
	left    bool // not here any more
	name    string
	handle  string // by which people mention them
	zone    string // IANA name
}

// called is what somebody is called; who has no name, by their ID.
func (p person) called(id string) string { return cmp.Or(p.name, id) }

// nameOf is the name that Slack shows.
func nameOf(u api.User) string {
	return cmp.Or(u.Profile.DisplayName, u.RealName, u.Profile.RealName, u.Name)
}

// slackbot is a bot of which Slack says that it is none.
const slackbot = "USLACKBOT"

func (t *team) personOf(u api.User) person {
	return person{
		admin:   (u.IsAdmin || u.IsOwner || u.IsPrimaryOwner) && (u.TeamID == t.where.ID || slices.Contains(u.Enterprise.Teams, t.where.ID)),
		bot:     u.IsBot || u.IsWorkflowBot || u.ID == slackbot,
		left:    u.Deleted,
		name:    nameOf(u),
		handle:  u.Name,
		zone:    u.TZ,
		guest:   u.IsRestricted || u.IsUltraRestricted,
		foreign: u.IsStranger || u.TeamID != "" && u.TeamID != t.where.ID && (t.org == "" || u.Enterprise.EnterpriseID != t.org),
	}
}

// person asks who a user is, unless that was asked less than age ago.
func (t *team) person(ctx context.Context, r rank, user string, age time.Duration) (person, error) {
	if p, ok := t.people.get(user, age); ok {
		return p, nil
	}
	var p person
	err := t.budget.people.call(ctx, r, func() error {
		u, err := t.api.GetUserInfoContext(ctx, user)
		if err == nil {
			p = t.personOf(*u)
		}
		return err
	})
	if refused(err, "user_not_found", "user_not_visible") {
		p, err = person{foreign: true}, nil
	}
	if err != nil {
		return person{}, explain("ask Slack who a user is", err)
	}
	t.people.put(user, p)
	return p, nil
}

// Admin reports whether user is an admin or owner of the workspace, or named
// in the configuration.
func (c *Chat) Admin(ctx context.Context, at bot.Place, user string) (bool, error) {
	t, err := c.team(ctx, at.Workspace)
	if err != nil {
		return false, err
	}
	if slices.Contains(t.Admins, user) {
		return true, nil
	}
	p, err := t.person(ctx, first, user, rightsLast)
	return p.admin && !p.bot && !p.foreign, err
}

// Person implements [bot.Acquainted].
func (c *Chat) Person(ctx context.Context, v bot.Voter) (bot.Person, error) {
	t, err := c.team(ctx, v.Workspace)
	if err != nil {
		return bot.Person{}, err
	}
	p, err := t.person(ctx, first, v.User, voterLasts)
	return bot.Person{Name: p.name, Zone: p.zone}, err
}

// votes reports whether a user's vote counts: not a bot's, and a guest's or a
// stranger's only where the configuration allows.
func (t *team) votes(ctx context.Context, r rank, user string) (bool, error) {
	if user == t.bot {
		return false, nil
	}
	p, err := t.person(ctx, r, user, voterLasts)
	if err != nil {
		return false, err
	}
	return t.counts(p), nil
}

// A room is what Slack says about a channel.
type room struct {
	member bool // the bot is in it
	direct bool // a direct message, of two people or several
	shared bool // with another organisation
}

func (t *team) room(ctx context.Context, channel string) (room, error) {
	if r, ok := t.rooms.get(channel, roomLasts); ok && r.member {
		return r, nil
	}
	var r room
	err := call(ctx, func() error {
		info, err := t.api.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: channel})
		if err == nil {
			r = room{
				member: info.IsMember, direct: info.IsIM || info.IsMpIM,
				shared: info.IsExtShared || info.IsPendingExtShared,
			}
		}
		return err
	})
	if refused(err, "channel_not_found") {
		return room{}, nil // a private channel without us
	}
	if refused(err, "missing_scope") && t.may("channels:read") && t.may("groups:read") {
		// Direct messages need scopes of their own, for which the app does not ask.
		r, err = room{direct: true}, nil
	}
	if err != nil {
		return room{}, explain("ask Slack about a channel", err)
	}
	t.rooms.put(channel, r)
	return r, nil
}

// admit says why a person may not do what they do here; nil if they may.
// posts: it leads to posts in the channel.
func (t *team) admit(ctx context.Context, at bot.Place, user string, posts bool) error {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if !t.AllowGuests || !t.AllowShared {
		p, err := t.person(ctx, first, user, kindLasts)
		switch {
		case err != nil:
			return fmt.Errorf("look up who asks: %w", err)
		case p.guest && !t.AllowGuests:
			return bot.UserError(bot.Say("Guests cannot take part here. Whoever runs Tastetest can allow it: allow_guests."))
		case p.foreign && !t.AllowShared:
			return bot.UserError(bot.Say("People of other organisations cannot take part here. Whoever runs Tastetest can allow it: allow_shared_channels."))
		}
	}
	channel, _ := split(at)
	if !posts || channel == "" {
		return nil
	}
	r, err := t.room(ctx, channel)
	switch {
	case err != nil:
		return fmt.Errorf("look up the channel: %w", err)
	case r.shared && !t.AllowShared:
		return bot.UserError(bot.Say("This channel is shared with another organisation, and tastings are not allowed in such channels here. Whoever runs Tastetest can allow it: allow_shared_channels."))
	case r.direct:
		return bot.UserError(bot.Say("A tasting needs a channel, where several people can vote. Type this in one."))
	case !r.member:
		return bot.UserError(bot.Say("I am not in this channel yet. Type /invite @tastetest here, then try again."))
	}
	return nil
}

// posting reports whether a command leads to posts in the channel.
func posting(text string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	c, ok := command.Called(strings.ToLower(name))
	return ok && c.Who == command.Starters
}

// mayCount is votes by what is known already: a vote waits for no question.
// Whoever is not known yet counts until the ballot is read.
func (t *team) mayCount(user string) bool {
	p, ok := t.people.get(user, voterLasts)
	return !ok || t.counts(p)
}

func (t *team) counts(p person) bool {
	return !p.bot && (t.AllowGuests || !p.guest) && (t.AllowShared || !p.foreign)
}
