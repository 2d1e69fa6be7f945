package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

const guestHolds = 30 * 24 * time.Hour

// baseKey is where a request's context has the page's address, as its sender has it.
type baseKey struct{}

// InviteLinks implements [bot.Inviting]. Whoever was invited by name and has not come
// is given a new link; the old one works no more.
func (c *Chat) InviteLinks(ctx context.Context, at bot.Place, names []string) (links []string, err error) {
	base, _ := ctx.Value(baseKey{}).(string)
	if c.opt.People == nil || base == "" || at.Workspace != c.place.Workspace {
		return nil, fmt.Errorf("make links for people in workspace %q: not from this page", at.ID)
	}
	var made []bot.Voter
	defer func() {
		if err != nil {
			err = errors.Join(err, c.uninvite(ctx, made))
		}
	}()
	for _, name := range names {
		v, path, err := c.invite(ctx, name)
		if errors.Is(err, bot.ErrTaken) {
			err = bot.UserError(bot.Say("Somebody here is called {name} already, so no links were made. A link without a name is for people who are here too: {command}",
				bot.Name(name), bot.Usage{Command: "invite-links", Words: []string{"1"}}))
		}
		if err != nil {
			return nil, err
		}
		made, links = append(made, v), append(links, base+path)
	}
	return links, nil
}

// invite makes room for one guest, and their link.
func (c *Chat) invite(ctx context.Context, name string) (v bot.Voter, path string, err error) {
	v.Workspace = c.place.Workspace
	if name == "" {
		v.User, err = newUser("guest")
	} else if name, err = cleanName(name); err == nil { // the same each time, so that they are invited again and not twice
		v.User = "guest" + dot + strings.ToLower(c.signer.sign("guest", text.NameKey(name))[:12])
	}
	if err != nil {
		return v, "", err
	}
	path, link := c.personal(v.User)
	return v, path, c.opt.People.SetProfile(ctx, v, func(p *bot.Profile) error {
		if *p != (bot.Profile{}) && !p.Guest {
			return bot.ErrTaken
		}
		*p = bot.Profile{Name: name, Guest: true, Link: link, Until: time.Now().Add(guestHolds).UTC()}
		return nil
	})
}

// uninvite takes back what was made for guests.
func (c *Chat) uninvite(ctx context.Context, guests []bot.Voter) (err error) {
	for _, v := range slices.Backward(guests) {
		err = errors.Join(err, c.opt.People.SetProfile(ctx, v, func(p *bot.Profile) error { *p = bot.Profile{}; return nil }))
	}
	return err
}

// counts reports whether the votes of somebody of whom p is kept count here.
func (c *Chat) counts(p bot.Profile) bool { return !c.opt.LinkedOnly || p.Linked }

// looksOn is said to those whose votes do not count.
func looksOn() bot.Sentence {
	return bot.Say("Here the votes of those count who came by a personal link, and you may look on. An admin makes links: {command}", bot.Usage{Command: "invite-links", Words: []string{"10"}})
}

func laterShown() bot.Sentence {
	return bot.Say("Those who vote here see how others voted; you see it once voting is over.")
}

// lookedAt says of open tastings that their viewer looks on.
func lookedAt(shown []bot.Shown) []bot.Shown {
	shown = slices.Clone(shown)
	for i, s := range shown {
		switch p := s.Post.(type) {
		case bot.Head:
			if p.State.TakesVotes() && p.Main == nil { // people vote with an emoji
				p.Privacy = laterShown()
				shown[i].Post = p
			}
		case bot.Ballot:
			if s.Barred.IsZero() && p.Removed.IsZero() {
				p.Privacy = laterShown()
				shown[i].Post, shown[i].Barred = p, looksOn()
			}
		}
		shown[i].Thread = lookedAt(s.Thread)
	}
	return shown
}

// votes reports whether a button begins to taste or votes.
func votes(button string) bool {
	_, action, _ := strings.Cut(button, "/")
	return action == "taste" || action == "clear" || known(bot.Choice(action))
}
