package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// profileKey is where a request's context has what is kept of whoever sends it.
type profileKey struct{}

// recognise adds to r what is kept of whoever sends it. If that cannot be read, r is
// answered as a stranger's: in the language of the browser.
func (c *Chat) recognise(r *http.Request) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), baseKey{}, c.base(r)))
	user, _ := c.user(r)
	if user == "" || c.opt.People == nil || strings.HasPrefix(r.URL.Path, "/static/") {
		return r
	}
	p, err := c.opt.People.Profile(r.Context(), bot.Voter{Workspace: c.place.Workspace, User: user})
	if err != nil {
		c.log.Warn("read what is kept of a person", "err", err)
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), profileKey{}, p))
}

// profileOf is what is kept of whoever sends r.
func profileOf(r *http.Request) bot.Profile {
	p, _ := r.Context().Value(profileKey{}).(bot.Profile)
	return p
}

// keep changes what is kept of a person. ErrTaken if the name is somebody else's.
func (c *Chat) keep(ctx context.Context, user string, change func(*bot.Profile)) error {
	if c.opt.People == nil {
		return nil
	}
	err := c.opt.People.SetProfile(ctx, bot.Voter{Workspace: c.place.Workspace, User: user}, func(p *bot.Profile) error {
		change(p)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep what a person said of themself: %w", err)
	}
	return nil
}

// rename takes another name for somebody, whose votes stay theirs.
func (c *Chat) rename(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, smallBody)
	if user == "" {
		return
	}
	name, err := cleanName(r.FormValue("name"))
	if err != nil {
		c.refuse(w, r, http.StatusUnprocessableEntity, c.public(r.Context(), err))
		return
	}
	if c.opt.People == nil {
		c.refuse(w, r, http.StatusConflict, bot.Say("This page keeps no names, so yours stays as it is."))
		return
	}
	err = c.keep(r.Context(), user, func(p *bot.Profile) { p.Name = name })
	if errors.Is(err, bot.ErrTaken) {
		c.refuse(w, r, http.StatusConflict, bot.Say("Somebody here is called {name} already. Type another name.", bot.Name(name)))
		return
	}
	if err != nil {
		c.sorry(w, r, err)
		return
	}
	c.live.pokeSoon() // it stands on everybody's page
	c.tell(w, r, http.StatusOK, outcome{Close: true})
}

// zone takes the time zone that somebody's browser is in.
func (c *Chat) zone(w http.ResponseWriter, r *http.Request) {
	user := c.acting(w, r, smallBody)
	if user == "" {
		return
	}
	if zone := browsersZone(r); zone != "" && zone != profileOf(r).Zone {
		if err := c.keep(r.Context(), user, func(p *bot.Profile) { p.Zone = zone }); err != nil {
			c.sorry(w, r, err)
			return
		}
	}
	c.tell(w, r, http.StatusOK, outcome{})
}

// browsersZone is the time zone that a form names; "" if it is none.
func browsersZone(r *http.Request) string {
	zone := r.FormValue("zone")
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" || len(zone) > 64 {
		return ""
	}
	return zone
}

// Person is what is kept of somebody; the name alone of those of whom nothing is.
func (c *Chat) Person(ctx context.Context, v bot.Voter) (bot.Person, error) {
	name, _, _ := cutUser(v.User)
	if c.opt.People == nil {
		return bot.Person{Name: name}, nil
	}
	p, err := c.opt.People.Profile(ctx, v)
	if err != nil {
		return bot.Person{}, fmt.Errorf("read what is kept of a person: %w", err)
	}
	return bot.Person{Name: cmp.Or(p.Name, name), Zone: p.Zone}, nil
}
