package discord

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/bwmarrin/discordgo"
	"github.com/cenkalti/backoff/v5"

	"github.com/tastetest/tastetest/bot"
)

// event hands over what the gateway of a shard says. It must not wait for anything.
func (r *running) event(of shard, kind string, raw json.RawMessage) {
	defer r.recover("hand over " + kind)
	var err error
	switch kind {
	case "READY":
		err = hear(raw, func(e readyEvent) { r.connected(of, e) })
	case "RESUMED":
		r.resumed(of)
	case "GUILD_CREATE":
		err = hear(raw, r.guildCreate)
	case "GUILD_DELETE":
		err = hear(raw, r.guildDelete)
	case "CHANNEL_CREATE", "THREAD_CREATE":
		err = hear(raw, r.channelCreate)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		err = hear(raw, r.channelDelete)
	case "MESSAGE_REACTION_ADD":
		err = hear(raw, func(e reaction) { r.react(e, true) })
	case "MESSAGE_REACTION_REMOVE":
		err = hear(raw, func(e reaction) { r.react(e, false) })
	case "MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI":
		err = hear(raw, func(e reaction) { r.readAgain(e.Guild) })
	case "MESSAGE_CREATE":
		err = hear(raw, r.talked)
	case "INTERACTION_CREATE":
		err = hear(raw, r.interaction)
	}
	if err != nil {
		r.chat.log.Warn("read an event", "kind", kind, "err", err)
	}
}

func hear[T any](raw json.RawMessage, f func(T)) error {
	var e T
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	f(e)
	return nil
}

type readyEvent struct {
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
	Guilds []struct {
		ID string `json:"id"`
	} `json:"guilds"`
}

func (r *running) connected(of shard, e readyEvent) {
	r.chat.mu.Lock()
	r.chat.self = e.User.ID
	r.chat.mu.Unlock()
	r.mu.Lock()
	maps.DeleteFunc(r.guilds, func(g string, _ bool) bool { return of.has(g) })
	for _, g := range e.Guilds {
		r.guilds[g.ID] = true
	}
	r.app = e.Application.ID
	r.mu.Unlock()
	r.resumed(of)
}

// resumed reads everything of a shard again: what was said in between may be lost.
func (r *running) resumed(of shard) {
	r.chat.setReady(of, true)
	r.mu.Lock()
	app, guilds := r.app, r.guildsOf(of)
	first, anew := len(r.registered) == 0, !r.registered[of]
	r.registered[of] = true
	r.mu.Unlock()
	if anew {
		r.spawn("register the commands", func() { r.register(app, guilds, first) })
	}
	r.readAgain(guilds...)
}

// guildsOf are a shard's servers, in order. The caller holds the lock.
func (r *running) guildsOf(of shard) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.guilds)), func(g string) bool { return !of.has(g) })
}

type guildEvent struct {
	ID            string         `json:"id"`
	SystemChannel string         `json:"system_channel_id"`
	Unavailable   bool           `json:"unavailable"`
	Channels      []channelEvent `json:"channels"`
	Threads       []channelEvent `json:"threads"`
}

// guildCreate says hello on a server that is new since READY, and reads the
// ballots of one that was away.
func (r *running) guildCreate(e guildEvent) {
	if e.Unavailable {
		return
	}
	for _, ch := range slices.Concat(e.Channels, e.Threads) {
		r.channelCreate(ch)
	}
	r.mu.Lock()
	known, away := r.guilds[e.ID], r.away[e.ID]
	r.guilds[e.ID] = true
	delete(r.away, e.ID)
	r.mu.Unlock()
	if away {
		r.readAgain(e.ID)
	}
	only := r.chat.opt.Guilds
	if known || e.SystemChannel == "" || len(only) > 0 && !slices.Contains(only, e.ID) {
		return
	}
	r.spawn("say hello", func() {
		if err := r.h.Joined(r.ctx, bot.Place{Workspace: r.workspace(e.ID), Channel: e.SystemChannel}); err != nil && r.ctx.Err() == nil {
			r.chat.log.Warn("say hello on a new server", "guild", e.ID, "err", err)
		}
	})
}

func (r *running) guildDelete(e guildEvent) {
	r.mu.Lock()
	r.away[e.ID] = e.Unavailable
	if e.Unavailable {
		r.mu.Unlock()
		return // an outage: it comes back
	}
	delete(r.away, e.ID)
	delete(r.guilds, e.ID)
	r.mu.Unlock()
	r.spawn("forget a server", func() { r.forget(e.ID) })
}

// forget tries until everything of a server is deleted, or the bot is on it
// again: Discord says only once that it was removed.
func (r *running) forget(guild string) {
	_, _ = backoff.Retry(r.ctx, func() (struct{}, error) {
		r.mu.Lock()
		back := r.guilds[guild]
		r.mu.Unlock()
		if back {
			return struct{}{}, nil
		}
		err := r.h.Left(r.ctx, r.workspace(guild))
		if err != nil && r.ctx.Err() == nil {
			r.chat.log.Error("forget a server that the bot was removed from", "guild", guild, "err", err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(reconnecting()), backoff.WithMaxElapsedTime(0))
}

type channelEvent struct {
	ID     string                `json:"id"`
	Type   discordgo.ChannelType `json:"type"`
	Guild  string                `json:"guild_id"`
	Parent string                `json:"parent_id"`
}

func (r *running) channelCreate(e channelEvent) { r.chat.places.put(e.ID, e.Parent, e.Type) }

// channelDelete gives a channel up, or a thread in which a tasting was started.
func (r *running) channelDelete(e channelEvent) {
	if e.Guild == "" {
		return
	}
	at := bot.Place{Workspace: r.workspace(e.Guild), Channel: placeName(e.ID, e.Parent, e.Type)}
	r.spawn("give a channel up", func() {
		if err := r.h.Gone(r.ctx, at, fmt.Errorf("the channel was deleted: %w, %w", bot.ErrLost, bot.ErrGone)); err != nil && r.ctx.Err() == nil {
			r.chat.log.Error("give a channel up", "guild", e.Guild, "err", err)
		}
	})
}

type reaction struct {
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Message string `json:"message_id"`
	User    string `json:"user_id"`
	Emoji   emoji  `json:"emoji"`
	Member  struct {
		User struct {
			Bot bool `json:"bot"`
		} `json:"user"`
	} `json:"member"`
}

func (r *running) react(e reaction, on bool) {
	choice := e.Emoji.choice()
	r.chat.mu.Lock()
	self := r.chat.self
	r.chat.mu.Unlock()
	if choice == "" || e.Guild == "" || e.Member.User.Bot {
		return
	}
	if e.User == self {
		if !on {
			r.readAgain(e.Guild) // somebody took an emoji of the ballot's own away
		}
		return
	}
	r.tap(heardTap{e.Guild, e.Channel, e.Message, e.User, choice, on})
}
