package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/settings"
)

// A Seeding chat has emoji of its own on its ballots, for people to tap, which
// others can take away.
type Seeding interface {
	// Seed puts those back that do not stand any more. ErrGone, ErrLost.
	Seed(ctx context.Context, ref bot.Ref) error
}

// Resync reads every open reaction ballot of a workspace once, and completes
// its emoji: events may have been lost. One that is gone, whose place is lost or
// that closes meanwhile is passed over: its tasting finds that out by itself.
func (b *Bot) Resync(ctx context.Context, w bot.Workspace) error {
	chat, err := b.chat(w)
	if err != nil {
		return err
	}
	ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Posting, bot.Open}})
	if err != nil {
		return fmt.Errorf("look for open tastings: %w", err)
	}
	var errs []error
	for _, t := range ts {
		if t.Ballot != bot.Reaction {
			continue
		}
		posts, err := b.store.Posts(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("posts of tasting %v: %w", t.ID, err)
		}
		for _, p := range posts {
			if p.Key.What == bot.BallotPost {
				err := b.readRound(ctx, chat, t, p.Key.Round, p.Ref)
				if s, ok := chat.(Seeding); ok && err == nil {
					err = s.Seed(ctx, p.Ref)
				}
				if !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrLost) && !errors.Is(err, bot.ErrClosed) {
					errs = append(errs, err)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// Joined says one line on how to begin, once a place.
func (b *Bot) Joined(ctx context.Context, at bot.Place) error {
	return b.sayOnce(ctx, at, "joined", bot.Notice{
		Text: bot.Say("Hello. I post two models’ answers blind, you vote, and at the end I say which was which. To begin: {start}", bot.Usage{Command: "start"}),
	})
}

// sayOnce says what belongs to no tasting at a place, once under a name.
func (b *Bot) sayOnce(ctx context.Context, at bot.Place, what string, n bot.Notice) error {
	err := b.postOnce(ctx, at, bot.PostKey{Tasting: bot.TastingID{Workspace: at.Workspace}, What: what}, n)
	if err != nil {
		return fmt.Errorf("say %q: %w", what, err)
	}
	return nil
}

// Gone fails the tastings of a lost place and tells their starters, once. Where
// people have voted and the place may come back, what stands is waited for.
func (b *Bot) Gone(ctx context.Context, at bot.Place, why error) error {
	states := []bot.State{bot.Draft, bot.Asking, bot.Posting, bot.Open}
	if errors.Is(why, bot.ErrGone) {
		states = append(states, bot.Closing, bot.Closed)
	}
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{Channel: at.Channel, States: states})
	if err != nil {
		return fmt.Errorf("look for tastings of a lost place: %w", err)
	}
	b.log.Warn("a place is lost", "platform", at.Platform, "tastings", len(ts), "err", why)
	var errs []error
	for _, t := range ts {
		if err := b.fail(ctx, t, lostPlace()); !errors.Is(err, bot.ErrMoved) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, b.pauseAll(ctx, at, lostPlace()))...)
}

// Moved follows a channel whose name has changed, with all tastings in it, also
// those that are over: people look at results.
func (b *Bot) Moved(ctx context.Context, from, to bot.Place) error {
	ts, err := b.store.Tastings(ctx, from.Workspace, bot.Query{Channel: from.Channel})
	if err != nil {
		return fmt.Errorf("look for tastings of a place that moved: %w", err)
	}
	ids := []bot.TastingID{{Workspace: from.Workspace}} // posts of no tasting
	for _, t := range ts {
		ids = append(ids, t.ID)
	}
	var errs []error
	for _, id := range ids {
		unlock := b.edit.Lock(id)
		errs = append(errs, b.store.Relocate(ctx, id, from, to))
		unlock()
	}
	errs = append(errs, b.callSchedules(ctx, channelOf(to)))
	errs = append(errs, b.scheduleDigest(ctx, to)) // the job of the old name finds nothing set there
	b.log.Info("a place has another name", "platform", from.Platform, "tastings", len(ts))
	return errors.Join(errs...)
}

// settings tells everybody what is set for a channel. Admins change it.
func (b *Bot) settings(ctx context.Context, at bot.Place, user string, opts map[string]string) (bot.Reply, error) {
	channel := channelOf(at)
	if len(opts) > 0 {
		if err := b.may(ctx, command.Admins, at, user, nil); err != nil {
			return bot.Reply{}, err
		}
		if err := b.changeSettings(ctx, channel, user, opts); err != nil {
			return bot.Reply{}, err
		}
		if err := b.callSchedules(ctx, channel); err != nil { // in another zone they come at other times
			return bot.Reply{}, err
		}
	}
	set, err := b.store.Settings(ctx, channel)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read settings: %w", err)
	}
	by := set.Last.By
	if by != "" {
		by = cmp.Or(b.person(ctx, bot.Voter{Workspace: at.Workspace, User: by}).Name, by)
	}
	return bot.Reply{Post: settings.Post(set, settings.Configured{
		Voice: bot.Voice{Lang: b.opt.Language, Zone: b.opt.TimeZone.String()}, Digest: b.opt.Digest, Zoned: b.zoned, Pictures: !b.opt.NoPictures,
	}, by)}, nil
}

// changeSettings keeps what an admin set for a channel. Where that is when the digest
// comes, people there are told of it once, and it is due from then on.
func (b *Bot) changeSettings(ctx context.Context, at bot.Place, user string, opts map[string]string) error {
	_, asks := opts["digest"]
	zone := ""
	if asks {
		zone = b.person(ctx, bot.Voter{Workspace: at.Workspace, User: user}).Zone
	}
	begins := false
	err := b.store.SetSettings(ctx, at, func(s *bot.Settings) error {
		if err := settings.Apply(s, opts, user, time.Now()); err != nil {
			return err
		}
		begins = asks && s.Digest != bot.Off
		if !begins {
			return nil
		}
		if s.Zone == "" && !b.zoned {
			s.Zone = zone
		}
		if s.Zone == "" && !b.zoned {
			return bot.UserError(bot.Say("I do not know in which time zone people are here. First type, for example: {settings}",
				bot.Usage{Command: "settings", Options: []bot.Setting{{Name: settings.ZoneOption, Value: "Europe/Berlin"}}}))
		}
		if opts["digest"] != command.Default {
			s.Weekly.From = time.Now().UTC()
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("change settings: %w", err)
	}
	_, moved := opts[settings.ZoneOption]
	switch {
	case begins && opts["digest"] != command.Default:
		if err := b.tellOfDigest(ctx, at); err != nil {
			return err
		}
		return b.scheduleDigest(ctx, at)
	case asks, moved:
		return b.scheduleDigest(ctx, at)
	}
	return nil
}

// tellOfDigest tells a channel that a digest comes, unless people there know.
func (b *Bot) tellOfDigest(ctx context.Context, at bot.Place) error {
	set, err := b.store.Settings(ctx, at)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	w, ok := b.weekly(set)
	if !ok || !set.Weekly.Told.IsZero() {
		return nil
	}
	key := bot.PostKey{Tasting: bot.TastingID{Workspace: at.Workspace}, What: digestTold}
	if err := b.postOnce(ctx, at, key, bot.Notice{Text: compose.DigestComes(w.At), Buttons: []bot.Button{digestOff()}}); err != nil {
		return fmt.Errorf("tell a channel of its digest: %w", err)
	}
	return b.store.SetSettings(ctx, at, func(s *bot.Settings) error {
		s.Weekly.Told = time.Now().UTC()
		return nil
	})
}

// pictures reports whether pictures are posted in a place.
func (b *Bot) pictures(ctx context.Context, at bot.Place) bool {
	switch b.setFor(ctx, at).Charts {
	case bot.On:
		return true
	case bot.Off:
		return false
	}
	return !b.opt.NoPictures
}

// setFor is what is set for the channel of a place. If it cannot be read, all is as
// configured: nobody goes without an answer for it.
func (b *Bot) setFor(ctx context.Context, at bot.Place) bot.Settings {
	set, err := b.store.Settings(ctx, channelOf(at))
	if err != nil {
		b.log.Warn("read a channel's settings", "platform", at.Platform, "err", err)
		return bot.Settings{}
	}
	return set
}

// zoneFor is the zone in which somebody who starts a tasting types times: what is set
// for the channel, else their own, else the configured one.
func (b *Bot) zoneFor(ctx context.Context, at bot.Place, user string) *time.Location {
	name := b.setFor(ctx, at).Zone
	if name == "" {
		name = b.person(ctx, bot.Voter{Workspace: at.Workspace, User: user}).Zone
	}
	if loc, err := time.LoadLocation(name); err == nil && name != "" {
		return loc
	}
	return b.opt.TimeZone
}

// settleZone keeps the zone of whoever starts a tasting as that of a channel in
// which nobody did before and for which none is set.
func (b *Bot) settleZone(ctx context.Context, t bot.Tasting) {
	own := b.person(ctx, t.Starter).Zone
	said := own == "" && t.TimeZone != b.opt.TimeZone.String() // in the form
	if b.setFor(ctx, t.Place).Zone != "" || own != t.TimeZone && !said {
		return
	}
	err := b.store.SetSettings(ctx, channelOf(t.Place), func(s *bot.Settings) error {
		s.Zone = cmp.Or(s.Zone, t.TimeZone)
		return nil
	})
	if err != nil {
		b.log.Warn("keep a channel's time zone", "platform", t.Place.Platform, "err", err)
	}
}

// person is what a chat says about somebody; nothing if it cannot tell, or not in time.
func (b *Bot) person(ctx context.Context, v bot.Voter) bot.Person {
	chat, ok := b.chats[v.Platform].(bot.Acquainted)
	if !ok {
		return bot.Person{}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	p, err := chat.Person(ctx, v)
	if err != nil {
		b.log.Warn("ask who somebody is", "platform", v.Platform, "err", err)
		return bot.Person{}
	}
	return p
}

// channelOf is the channel of a place, for which things are set: its own, or that of
// the thread that it is.
func channelOf(at bot.Place) bot.Place {
	return bot.Place{Workspace: at.Workspace, Channel: bot.Root(at)}
}

// Left deletes everything of a workspace.
func (b *Bot) Left(ctx context.Context, w bot.Workspace) error {
	if err := b.store.DeleteWorkspace(ctx, w); err != nil {
		return fmt.Errorf("delete everything of a workspace: %w", err)
	}
	b.forgetKnown()
	b.log.Info("the bot was removed from a workspace, and everything of it is deleted", "platform", w.Platform)
	return nil
}

func lostPlace() bot.Sentence {
	return bot.Say("The channel is gone, or the bot may not post in it any more.")
}
