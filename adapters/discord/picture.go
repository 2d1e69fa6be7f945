package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	pictures "github.com/tastetest/tastetest/bot/chart"
)

// drawnWithin is how long Discord may take over a message with a picture.
const drawnWithin = 20 * time.Second

// sendDrawn sends m, which says p; an announcement with its picture. Where that
// does not go through it goes without: for want of a permission, or because
// Discord has trouble with files. Both have one nonce, so if the first did stand
// after all, Discord knows the second again.
func (c *Chat) sendDrawn(ctx context.Context, at bot.Place, mark string, p bot.Post, m message) (id string, err error) {
	if drawn, ok := c.withPicture(p, mark); ok {
		drawn.Reference = m.Reference
		soon, cancel := context.WithTimeout(ctx, drawnWithin)
		defer cancel()
		if id, err = c.send(soon, at, mark, drawn); err == nil || bot.Stopped(ctx) != nil {
			return id, err
		}
		c.log.Warn("send an announcement with its picture; it goes without", "post", mark, "err", err)
	}
	return c.send(ctx, at, mark, m)
}

// editDrawn edits a message into m, which says p; an announcement with its
// picture, which is sent anew. Where that does not go through it loses it.
func (c *Chat) editDrawn(ctx context.Context, channel, id, mark string, p bot.Post, m message) error {
	if drawn, ok := c.withPicture(p, mark); ok {
		soon, cancel := context.WithTimeout(ctx, drawnWithin)
		defer cancel()
		err := c.edit(soon, channel, id, drawn)
		_, waits := errors.AsType[bot.WaitError](err)
		if err == nil || waits || errors.Is(err, bot.ErrGone) || bot.Stopped(ctx) != nil {
			return err
		}
		c.log.Warn("edit an announcement with its picture; it goes without", "post", mark, "err", err)
		m.Attachments = &[]attachment{}
	}
	return c.edit(ctx, channel, id, m)
}

// withPicture is an announcement with a picture in place of its bars in text.
func (c *Chat) withPicture(p bot.Post, mark string) (m message, ok bool) {
	a, _ := p.(bot.Announcement)
	w := c.opt.tongue(a)
	picture, ok := pictures.Votes(a, w.Text)
	if !a.Picture || !ok {
		return m, false
	}
	data, err := picture.PNG(pictures.Dark) // most people have Discord dark
	if err != nil {
		c.log.Warn("draw an announcement; it goes without its picture", "post", mark, "err", err)
		return m, false
	}
	m = w.announcement(a, w.small(a.Summary))
	name := fmt.Sprintf("taste-test-%v.png", a.Tasting)
	m.Files = []file{{Name: name, Data: data, Kind: "image/png", Alt: picture.Alt}}
	m.Embeds[0].Image = &image{"attachment://" + name}
	fit(m.Embeds)
	sign(&m, mark)
	return m, true
}

// illustrated is m, which says p; standings, also those of a week, with their picture
// below the list.
func (c *Chat) illustrated(p bot.Post, m message) message {
	s, _ := p.(bot.Standings)
	if week, ok := p.(bot.Week); ok {
		s = bot.Speak(week.Standings, week.Voice).(bot.Standings)
	}
	picture, ok := pictures.Ranks(s, c.opt.tongue(s).Text)
	if !s.Picture || !ok {
		return m
	}
	data, err := picture.PNG(pictures.Dark)
	if err != nil {
		c.log.Warn("draw standings; they go without their picture", "err", err)
		return m
	}
	const name = "standings.png"
	m.Files = []file{{Name: name, Data: data, Kind: "image/png", Alt: picture.Alt}}
	m.Embeds[len(m.Embeds)-1].Image = &image{"attachment://" + name}
	return m
}

// drawn reports whether a message shows a picture.
func (m message) drawn() bool {
	return slices.ContainsFunc(m.Embeds, func(e embed) bool { return e.Image != nil })
}

// undrawn is a message without its picture.
func (m message) undrawn() message {
	m.Embeds = slices.Clone(m.Embeds)
	for i := range m.Embeds {
		m.Embeds[i].Image = nil
	}
	m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(f file) bool { return f.Kind == "image/png" })
	return m
}
