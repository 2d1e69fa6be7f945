package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/text"
)

// Command answers what somebody typed after /tastetest.
func (b *Bot) Command(ctx context.Context, c bot.Command) bot.Reply {
	r, err := b.command(ctx, c)
	if err != nil {
		r = b.answer("answer a command", err)
		if slip, ok := errors.AsType[command.Slip](err); ok {
			n := r.Post.(bot.Notice)
			n.Buttons = offer(slip.Meant(c.Text))
			r.Post = n
		}
	}
	return b.spoken(ctx, c.At, r)
}

// command is the table of who answers which command. The commands that speak of
// a tasting come after the others, because it is found, and the right to it
// checked, once for all of them.
func (b *Bot) command(ctx context.Context, c bot.Command) (bot.Reply, error) {
	text := strings.TrimSpace(c.Text)
	text = strings.TrimSpace(strings.TrimPrefix(text, "/tastetest"))
	if c.Talk {
		return meantBy(c.Text), nil
	}
	with := b.examples(b.Voice(ctx, c.At).Lang)
	p, err := command.Parse(text, with)
	if err != nil {
		return bot.Reply{}, err
	}
	if p.Spec.Who == command.Starters || p.Spec.Who == command.Schedulers {
		if err := b.may(ctx, p.Spec.Who, c.At, c.User, nil); err != nil {
			return bot.Reply{}, err
		}
	}
	switch p.Spec.Name {
	case "start":
		return b.start(ctx, c, p)
	case "compare":
		return b.compare(ctx, c.At, c.User, p.Opts["until"])
	case "plan":
		return plan(p.Opts)
	case "models":
		return b.models(ctx, c.At.Workspace)
	case "packs":
		return b.packs(ctx, c.At, p.Opts["pack"])
	case "standings":
		return b.standings(ctx, c.At, p.Opts)
	case "judges":
		return b.judgesReply(ctx, c.At.Workspace)
	case "me":
		return b.me(ctx, bot.Voter{Workspace: c.At.Workspace, User: c.User})
	case "digest":
		return b.digestCommand(ctx, c.At, c.User, p.Opts["when"])
	case "settings":
		return b.settings(ctx, c.At, c.User, p.Opts)
	case "schedule":
		return b.schedule(ctx, c.At, c.User, p)
	case "invite-links":
		return b.inviteLinks(ctx, c.At, c.User, p.Opts["for"])
	case "forget-me":
		return forgetQuestion(), nil
	case "help":
		return b.help(c.At, p, with)
	}
	t, err := b.meant(ctx, c.At, c.User, p)
	if err != nil {
		return bot.Reply{}, err
	}
	if p.Spec.Who == command.Owner {
		if err := b.may(ctx, command.Owner, c.At, c.User, &t); err != nil {
			return bot.Reply{}, err
		}
	}
	switch p.Spec.Name {
	case "status":
		return b.status(ctx, c.At, c.User, t)
	case "close":
		return b.closeQuestion(ctx, t)
	case "remove":
		return b.removeTyped(ctx, t, p.Args)
	case "cancel":
		return cancelQuestion(t), nil
	case "extend":
		return b.extend(ctx, t, p.Opts["until"])
	case "results":
		return b.results(ctx, t, c.User)
	}
	return bot.Reply{}, fmt.Errorf("command %q is in the table and nowhere else", p.Spec.Name)
}

// meant finds the tasting that a command speaks of: the one whose ID was
// typed, else the only one of its kind in the thread, else in the channel.
func (b *Bot) meant(ctx context.Context, at bot.Place, user string, p command.Parsed) (bot.Tasting, error) {
	if len(p.Args) == 1 {
		return b.byNumber(ctx, at, user, p)
	}
	states := []bot.State{bot.Asking, bot.Posting, bot.Open, bot.Closing, bot.Closed}
	none := bot.Say("No tasting is under way in this channel. To begin one: {start}", bot.Usage{Command: "start"})
	if p.Spec.Name == "results" {
		states = []bot.State{bot.Revealed}
		none = bot.Say("No tasting is revealed in this channel. To begin one: {start}", bot.Usage{Command: "start"})
	}
	limit := 0
	if p.Spec.Name == "results" {
		limit = 1
	}
	var ts []bot.Tasting
	for _, at := range []bot.Place{at, channelOf(at)} { // those of the thread rather than those of the whole channel
		var err error
		if ts, err = b.store.Tastings(ctx, at.Workspace, bot.Query{Exactly: []string{at.Channel}, States: states, Limit: limit}); err != nil {
			return bot.Tasting{}, fmt.Errorf("look for tastings: %w", err)
		}
		if len(ts) > 0 {
			break
		}
	}
	switch len(ts) {
	case 0:
		return bot.Tasting{}, bot.UserError(none)
	case 1:
		return ts[0], nil
	}
	var ids bot.Series
	for _, t := range ts {
		ids = append(ids, bot.Say("{id} (“{question}”)", t.ID, compose.Asked(t)))
	}
	return bot.Tasting{}, bot.UserError(bot.Say("Several tastings are under way here: {ids}. Say which, for example: {command}", ids, usage(p.Spec.Name, ts[0])))
}

func (b *Bot) byNumber(ctx context.Context, at bot.Place, user string, p command.Parsed) (bot.Tasting, error) {
	var n uint64
	typed := strings.TrimLeft(p.Args[0], "#")
	if _, err := fmt.Sscanf(typed, "%d", &n); err != nil || fmt.Sprint(n) != strings.SplitN(typed, ".", 2)[0] {
		return bot.Tasting{}, bot.UserError(bot.Say("“{typed}” is not a tasting’s number. For example: {example}", bot.Verbatim(text.Clip(p.Args[0])), p.Spec.Example))
	}
	t, err := b.tasting(ctx, bot.TastingID{Workspace: at.Workspace, N: n})
	if err == nil && !b.spokenTo(ctx, t, at, user) {
		return bot.Tasting{}, elsewhere(t)
	}
	return t, err
}

// spokenTo reports whether somebody at a place may be told of t: it is spoken of
// there, or they started it, or are an admin.
func (b *Bot) spokenTo(ctx context.Context, t bot.Tasting, at bot.Place, user string) bool {
	return t.SpokenOf(at) || t.Starter.User == user || b.admin(ctx, at, user)
}

func elsewhere(t bot.Tasting) error {
	return bot.UserError(bot.Say("Taste test {id} belongs to another channel; ask there.", t.ID))
}

// spokenOf returns the tastings in these states that are spoken of at a place,
// the newest first; at most so many, or all if limit is 0.
func (b *Bot) spokenOf(ctx context.Context, at bot.Place, states []bot.State, limit int) ([]bot.Tasting, error) {
	return b.store.Tastings(ctx, at.Workspace, bot.Query{Exactly: spokenAt(at), States: states, Limit: limit})
}

// spokenAt are the channel and the thread whose tastings are spoken of at a place.
func spokenAt(at bot.Place) []string { return []string{at.Channel, bot.Root(at)} }

// tasting returns a tasting that people may speak of. Drafts do not exist yet.
func (b *Bot) tasting(ctx context.Context, id bot.TastingID) (bot.Tasting, error) {
	t, err := b.store.Tasting(ctx, id)
	if isNotFound(err) || err == nil && t.State == bot.Draft {
		return bot.Tasting{}, bot.UserError(bot.Say("There is no taste test {id} here. {results} shows the newest.", id, bot.Usage{Command: "results"}))
	}
	if err != nil {
		return bot.Tasting{}, fmt.Errorf("read tasting %v: %w", id, err)
	}
	return t, nil
}

// usage is a command on a tasting.
func usage(name string, t bot.Tasting) bot.Usage {
	return bot.Usage{Command: name, Words: []string{t.ID.String()}}
}

func isNotFound(err error) bool { return errors.Is(err, bot.ErrNotFound) }
