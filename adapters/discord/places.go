package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

// apiChannel is what Discord calls a place's channel: of a thread, the thread.
func apiChannel(channel string) string {
	return channel[strings.LastIndexByte(channel, '/')+1:]
}

// placeName is what a channel of Discord's is called here.
func placeName(id, parent string, t discordgo.ChannelType) string {
	if isThreadType(t) {
		return parent + "/" + id
	}
	return id
}

func isThread(channel string) bool { return strings.Contains(channel, "/") }

// mostPlaces bounds what places remembers.
const mostPlaces = 10_000

// places remembers which channels are threads, and of what.
type places struct {
	mu    sync.Mutex
	known map[string]string // "THREAD" → "CHANNEL/THREAD", "CHANNEL" → "CHANNEL"
}

func (p *places) get(id string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name, ok := p.known[id]
	return name, ok
}

func (p *places) put(id, parent string, t discordgo.ChannelType) string {
	name := placeName(id, parent, t)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= mostPlaces {
		p.known = make(map[string]string)
	}
	p.known[id] = name
	return name
}

// place is the place that Discord calls a channel of a guild.
func (c *Chat) place(ctx context.Context, guild, channel string) (bot.Place, error) {
	at := bot.Place{Workspace: bot.Workspace{Platform: c.Platform(), ID: guild}}
	if name, ok := c.places.get(channel); ok {
		at.Channel = name
		return at, nil
	}
	var ch discordgo.Channel
	if err := c.call(ctx, request{doing: "look up a channel", method: "GET", path: "channels/" + channel, bucket: "channels/"}, &ch); err != nil {
		return at, err
	}
	at.Channel = c.places.put(channel, ch.ParentID, ch.Type)
	return at, nil
}

const (
	mostThreadName  = 100
	threadSleeps    = 7 * 24 * 60 // minutes without a message until a thread is archived
	usualThreadName = "Taste test"
)

// Thread opens the thread of a message, once: its ID is the message's. In a
// thread there is none, nor in a voice channel; what belongs to a message there
// follows it. Where the thread was deleted, answers go into the channel.
// Surprising: Discord opens a thread at a message once, so an error may mean
// that it is there.
func (c *Chat) Thread(ctx context.Context, ref bot.Ref) (bot.Place, error) {
	if isThread(ref.Channel) {
		return ref.Place, nil
	}
	at := ref.Place
	at.Channel = ref.Channel + "/" + ref.Message
	if stands, err := c.threadOf(ctx, ref); stands || errors.Is(err, bot.ErrLost) && !hasCode(err, discordgo.ErrCodeMissingPermissions) || err != nil && bot.Stopped(ctx) != nil {
		return at, err
	} else if err != nil {
		c.log.Warn("cannot see whether a message has a thread, and open it", "err", err)
	}
	var m standing // for the thread's name
	if err := c.call(ctx, request{doing: "read a message", method: "GET", path: "channels/" + ref.Channel + "/messages/" + ref.Message,
		bucket: "channels/" + ref.Channel + "/messages/"}, &m); err != nil {
		if errors.Is(err, bot.ErrGone) {
			return ref.Place, nil
		}
		if bot.Stopped(ctx) != nil {
			return bot.Place{}, err
		}
		c.log.Warn("cannot read a message, and open its thread by another name", "err", err)
	}
	name := usualThreadName
	if len(m.Embeds) > 0 && m.Embeds[0].Title != "" {
		name = shorten(strings.ReplaceAll(m.Embeds[0].Title, `\`, ""), mostThreadName)
	}
	err := c.call(ctx, request{doing: "open a thread", method: "POST", path: fmt.Sprintf("channels/%s/messages/%s/threads", ref.Channel, ref.Message),
		bucket: "channels/" + ref.Channel + "/threads", body: struct {
			Name   string `json:"name"`
			Sleeps int    `json:"auto_archive_duration"`
		}{name, threadSleeps}}, nil)
	switch {
	case hasCode(err, discordgo.ErrCodeThreadAlreadyCreatedForThisMessage):
		// Opened by an attempt whose answer was lost, or deleted since.
		if stands, err := c.threadOf(ctx, ref); stands || err != nil {
			return at, nil
		}
		return ref.Place, nil
	case hasCode(err, discordgo.ErrCodeCannotExecuteActionOnThisChannelType):
		return ref.Place, nil
	case err != nil:
		return bot.Place{}, err
	}
	c.places.put(ref.Message, ref.Channel, discordgo.ChannelTypeGuildPublicThread)
	return at, nil
}

// threadOf reports whether the thread of a message stands.
func (c *Chat) threadOf(ctx context.Context, ref bot.Ref) (bool, error) {
	var ch discordgo.Channel
	err := c.call(ctx, request{doing: "look for a thread", method: "GET", path: "channels/" + ref.Message, bucket: "channels/"}, &ch)
	if refused, ok := errors.AsType[*apiError](err); ok && refused.status == http.StatusNotFound {
		return false, nil
	}
	if err != nil || !ch.IsThread() {
		return false, err
	}
	c.places.put(ref.Message, ref.Channel, discordgo.ChannelTypeGuildPublicThread)
	return true, nil
}
