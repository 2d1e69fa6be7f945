package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/schedule"
	"github.com/tastetest/tastetest/bot/settings"
	"github.com/tastetest/tastetest/bot/standings"
)

// digestGrace is how late a digest may come; then it is left out.
const digestGrace = 12 * time.Hour

// digestPause is after how long it is asked again whether there shall be one, where
// the configuration says that there is none.
const digestPause = 24 * time.Hour

// weekly is when a channel's digest comes; false if none does, or if it is not known
// in which zone people there are.
func (b *Bot) weekly(set bot.Settings) (schedule.Weekly, bool) {
	var at command.WeekTime
	switch {
	case set.Digest == bot.Off, set.Digest == "" && b.opt.Digest == nil, set.Zone == "" && !b.zoned:
		return schedule.Weekly{}, false
	case set.Digest == "":
		at = *b.opt.Digest
	default:
		var err error
		if at, err = command.Weekly(set.Digest); err != nil {
			return schedule.Weekly{}, false
		}
	}
	w, err := schedule.NewWeekly(at, b.channelZone(set))
	return w, err == nil
}

// channelZone is the zone of a channel, as set or as configured.
func (b *Bot) channelZone(set bot.Settings) *time.Location {
	if loc, err := time.LoadLocation(set.Zone); err == nil && set.Zone != "" {
		return loc
	}
	return b.opt.TimeZone
}

// sumUp posts a channel's digest if one is due, and returns when the next is. What it
// is about to post is written down first, so that it can be cut short anywhere and run
// again: the one that was begun is completed, by its key, and no other is due for a
// week. One that is later than digestGrace is left out.
func (b *Bot) sumUp(ctx context.Context, at bot.Place) (next time.Time, err error) {
	set, err := b.store.Settings(ctx, at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read settings: %w", err)
	}
	now := time.Now()
	w, ok := b.weekly(set)
	switch {
	case set.Digest == bot.Off, set.Weekly.Told.IsZero():
		return time.Time{}, nil
	case !ok:
		return now.Add(digestPause), nil
	}
	if begun := set.Weekly.Until; !begun.IsZero() && now.Sub(begun) <= digestGrace {
		if err := b.postDigest(ctx, at, begun); err != nil {
			return time.Time{}, err
		}
	}
	o, due := w.Due(now, set.Weekly)
	if !due {
		return w.Next(now, set.Weekly), nil
	}
	since := o.At.AddDate(0, 0, -7)
	if before := set.Weekly.Until; !before.IsZero() && before.Before(since) && o.At.Sub(before) < 28*24*time.Hour { // it was moved to a later day
		since = before
	}
	err = b.store.SetSettings(ctx, at, func(s *bot.Settings) error {
		s.Weekly.Name, s.Weekly.Since, s.Weekly.Until = o.Name, since.UTC(), o.At.UTC()
		set = *s
		return nil
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("note which digest is due: %w", err)
	}
	b.opt.Step("due digest " + o.Name)
	if late := now.Sub(o.At); late > digestGrace {
		b.log.Warn("a digest is left out: it should have come long ago", "platform", at.Platform, "due", o.Name, "late", late.Round(time.Minute))
	} else if err := b.postDigest(ctx, at, o.At); err != nil {
		return time.Time{}, err
	}
	return w.Next(now, set.Weekly), nil
}

// postDigest posts the digest of the week that ends at a time, once, unless there is
// too little to tell. Where nothing can be said any more it is left out.
func (b *Bot) postDigest(ctx context.Context, at bot.Place, until time.Time) error {
	d, week, err := b.digest(ctx, at, until)
	if err != nil {
		return err
	}
	if week.Silent() || week.Lone() {
		b.log.Info("there is too little to tell for a digest", "platform", at.Platform, "revealed", len(week.Revealed))
		return nil
	}
	err = b.postOnce(ctx, at, bot.DigestKey(at.Workspace, until), d)
	if errors.Is(err, bot.ErrLost) || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) {
		b.log.Warn("a digest cannot be posted, and is left out", "platform", at.Platform, "err", err)
		return nil
	}
	return err
}

// postOnce posts what belongs to no tasting, once, whatever happens in between.
func (b *Bot) postOnce(ctx context.Context, at bot.Place, key bot.PostKey, p bot.Post) error {
	chat, err := b.chat(at.Workspace)
	if err != nil {
		return err
	}
	since, ref, err := b.store.Intend(ctx, at, key)
	if err != nil {
		return fmt.Errorf("intend post %v: %w", key, err)
	}
	if ref != (bot.Ref{}) {
		return nil
	}
	if until, ok := key.Digest(); ok && since.IsZero() && !b.opt.Restored.IsZero() && until.Before(b.began) {
		since = b.opt.Restored // it may have been said after the copy was made
	}
	b.opt.Step("intended " + key.String())
	if ref, err = chat.Post(ctx, at, key, since, bot.Speak(p, b.Voice(ctx, at))); err != nil {
		return fmt.Errorf("post %v: %w", key, err)
	}
	b.opt.Step("said " + key.String())
	if err := b.store.Posted(ctx, at, key, ref); err != nil {
		return fmt.Errorf("record post %v: %w", key, err)
	}
	b.opt.Step("posted " + key.String())
	if d, ok := p.(bot.Digest); ok {
		b.opt.Stands(at, bot.Speak(d, b.Voice(ctx, at)))
	}
	return nil
}

// digest makes the digest of the week of a channel that ends at a time, with all that
// stands behind it.
func (b *Bot) digest(ctx context.Context, at bot.Place, until time.Time) (bot.Digest, compose.Week, error) {
	d, week, ts, err := b.digestAlone(ctx, at, until)
	if err != nil {
		return d, week, err
	}
	d.Week, err = b.behindWeek(ctx, week, ts)
	return d, week, err
}

// digestAlone is the digest without what stands behind it, and the revealed tastings of
// the channel.
func (b *Bot) digestAlone(ctx context.Context, at bot.Place, until time.Time) (bot.Digest, compose.Week, []bot.Tasting, error) {
	week, ts, err := b.week(ctx, at, until)
	if err != nil {
		return bot.Digest{}, week, nil, err
	}
	d := week.Digest(b.Voice(ctx, at))
	if len(week.Revealed) > 0 {
		d.More = &bot.Button{ID: "digest/more/" + bot.WeekName(until), Label: bot.Say("Each test, and standings")}
	}
	d.Menu = []bot.Button{digestOff()}
	if set := b.setFor(ctx, at); !set.Weekly.Told.IsZero() {
		if w, ok := b.weekly(set); ok {
			d.Foot = compose.DigestFoot(w.At)
		}
	}
	return d, week, ts, nil
}

// digestOff ends the digests of a place.
func digestOff() bot.Button {
	return bot.Button{ID: "digest/off", Label: bot.Say("No more weekly summaries here"), Confirm: bot.Say("Post no more weekly summaries here? Admins can.")}
}

// week gathers what happened in a channel in the week that ends at a time. What was
// started in one of its threads is not for the channel.
func (b *Bot) week(ctx context.Context, at bot.Place, until time.Time) (compose.Week, []bot.Tasting, error) {
	set := b.setFor(ctx, at)
	zone := b.channelZone(set)
	to := until.In(zone)
	w := compose.Week{From: to.AddDate(0, 0, -7), To: to, Again: func(t bot.Tasting) bool { return b.askable(t) }}
	if set.Weekly.Until.Equal(until) {
		w.From = set.Weekly.Since.In(zone)
	} else if usual, ok := b.weekly(set); !ok || !usual.At.Is(to) {
		w.Early = true
	}
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{Exactly: []string{at.Channel}, States: []bot.State{bot.Open, bot.Revealed}})
	if err != nil {
		return w, nil, fmt.Errorf("look for the tastings of a week: %w", err)
	}
	slices.SortFunc(ts, func(s, t bot.Tasting) int { return cmp.Or(s.Closes.Compare(t.Closes), cmp.Compare(s.ID.N, t.ID.N)) })
	b.foreseeOutcomes(ctx, slices.DeleteFunc(slices.Clone(ts), func(t bot.Tasting) bool {
		return !t.RevealedAt.Before(w.To) || t.RevealedAt.Before(w.From) || t.Imported != ""
	}))
	var revealed []bot.Tasting
	for _, t := range ts {
		if t.State == bot.Open {
			n, err := b.knownTurnout(ctx, t)
			if err != nil {
				return w, nil, err
			}
			w.Open = append(w.Open, compose.Progressing{Tasting: t, Turnout: n})
			continue
		}
		if !t.RevealedAt.Before(w.To) {
			continue
		}
		revealed = append(revealed, t)
		if t.RevealedAt.Before(w.From) || t.Imported != "" {
			continue
		}
		o, err := b.outcome(ctx, t)
		if err != nil {
			return w, nil, err
		}
		w.Revealed = append(w.Revealed, o)
	}
	return w, revealed, nil
}

// askable reports whether the two models of t could be asked once more.
func (b *Bot) askable(t bot.Tasting) bool {
	_, changed := b.sameModels(t)
	return changed.IsZero() && t.Askable()
}

// behindWeek is what stands behind a week: ts are all that was revealed in the channel.
func (b *Bot) behindWeek(ctx context.Context, w compose.Week, ts []bot.Tasting) (bot.Week, error) {
	if len(ts) == 0 || len(w.Revealed) == 0 {
		return bot.Week{}, nil
	}
	cells, err := b.store.Cells(ctx, ts[0].ID.Workspace)
	if err != nil {
		return bot.Week{}, fmt.Errorf("look for who leaned which way: %w", err)
	}
	earlier := slices.DeleteFunc(slices.Clone(ts), func(t bot.Tasting) bool { return !t.RevealedAt.Before(w.From) })
	s := standings.Post(ts, cells, standings.Scope{})
	s.Picture = b.pictures(ctx, ts[0].Place)
	return w.Behind(s, standings.Moved(earlier, ts, cells)), nil
}

// announceDigest notes, before the announcement of a tasting is posted, that it says a
// digest comes: the first announcement in a channel whose zone is known and where
// nobody said otherwise. The first digest comes a week later at the earliest.
func (b *Bot) announceDigest(ctx context.Context, t bot.Tasting) error {
	if t.Place != channelOf(t.Place) {
		return nil
	}
	set, err := b.store.Settings(ctx, t.Place)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	if _, ok := b.weekly(set); !ok || !set.Weekly.Told.IsZero() {
		return nil
	}
	err = b.store.SetSettings(ctx, t.Place, func(s *bot.Settings) error {
		if s.Weekly.Told.IsZero() {
			now := time.Now().UTC()
			s.Weekly.Told, s.Weekly.In, s.Weekly.From = now, t.ID.N, now.AddDate(0, 0, 7)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that a digest is announced: %w", err)
	}
	b.opt.Step("told of digests")
	return nil
}

// takeBackDigest notes that the announcement of t, which was to say that a digest
// comes, was never said: the next one says it.
func (b *Bot) takeBackDigest(ctx context.Context, t bot.Tasting) error {
	if t.Place != channelOf(t.Place) {
		return nil
	}
	err := b.store.SetSettings(ctx, t.Place, func(s *bot.Settings) error {
		if s.Weekly.In == t.ID.N {
			s.Weekly.Told, s.Weekly.In, s.Weekly.From = time.Time{}, 0, time.Time{}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that a digest is not announced: %w", err)
	}
	return nil
}

// scheduleDigest lets a channel's next digest fall due, if there shall be one.
func (b *Bot) scheduleDigest(ctx context.Context, at bot.Place) error {
	set, err := b.store.Settings(ctx, at)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	w, ok := b.weekly(set)
	if !ok || set.Weekly.Told.IsZero() {
		return nil
	}
	if err := b.store.Schedule(ctx, at.DigestJob(), w.Next(time.Now(), set.Weekly)); err != nil {
		return fmt.Errorf("let the next digest fall due: %w", err)
	}
	return nil
}

// digestTold is the post that tells a channel of its digest, where no announcement did.
const digestTold = "digest-told"

// digestCommand answers /tastetest digest: the week up to now, for the asker alone, and
// when it comes; with a time or “off” admins change that.
func (b *Bot) digestCommand(ctx context.Context, at bot.Place, user, when string) (bot.Reply, error) {
	at = channelOf(at)
	word := strings.ToLower(strings.TrimSpace(when))
	switch word {
	case "", "now", "现在":
		return b.digestNow(ctx, at, word != "")
	case "关", "关闭", "停":
		word = bot.Off
	case "on", "开", "打开":
		word = cmp.Or(b.opt.Digest, &command.UsualWeekTime).String()
	}
	word = strings.TrimSpace(strings.TrimPrefix(word, "on "))
	if err := settings.ZoneBeside(when); err != nil {
		return bot.Reply{}, err
	}
	return b.setDigest(ctx, at, user, map[string]string{"digest": word})
}

// setDigest changes when a channel's digest comes, and says what will happen.
func (b *Bot) setDigest(ctx context.Context, at bot.Place, user string, opts map[string]string) (bot.Reply, error) {
	if err := b.may(ctx, command.Admins, at, user, nil); err != nil {
		return bot.Reply{}, err
	}
	if err := b.changeSettings(ctx, at, user, opts); err != nil {
		return bot.Reply{}, err
	}
	set, err := b.store.Settings(ctx, at)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read settings: %w", err)
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Say("The weekly summary"), Text: b.comes(set)}}, nil
}

// comes says when a channel's digest comes, and what a change of clocks will do to it.
func (b *Bot) comes(set bot.Settings) bot.Sentence {
	on := bot.Usage{Command: "digest", Words: []string{cmp.Or(b.opt.Digest, &command.UsualWeekTime).String()}}
	w, ok := b.weekly(set)
	switch {
	case set.Digest == bot.Off, set.Digest == "" && b.opt.Digest == nil:
		return bot.Say("No weekly summary comes here. Admins change that: {digest}", on)
	case !ok:
		return bot.Say("No weekly summary comes here, because I do not know in which time zone people are. Admins set it, for example: {settings}",
			bot.Usage{Command: "settings", Options: []bot.Setting{{Name: settings.ZoneOption, Value: "Europe/Berlin"}}})
	case set.Weekly.Told.IsZero():
		return bot.Say("A weekly summary comes here {when}, once the first result has announced it. Admins change that: {digest} or {off}", w.At.Said(), on, digestUsage(bot.Off))
	}
	next := w.Next(time.Now(), set.Weekly)
	said := bot.Say("A weekly summary comes here {when}, if there is something to tell. The next: {next}. Admins change that: {digest} or {off}", w.At.Said(), bot.Moment(next.In(w.Zone)), on, digestUsage(bot.Off))
	return bot.Lines(said, odd(w))
}

func digestUsage(word string) bot.Usage { return bot.Usage{Command: "digest", Words: []string{word}} }

// odd says what the next change of clocks does to the digest's time, if it does.
func odd(w schedule.Weekly) bot.Sentence {
	o, ok := w.Odd(time.Now())
	if !ok {
		return bot.Sentence{}
	}
	day := bot.Say("{n} {month} {year}", bot.Count(o.At.Day()), compose.Month(o.At), bot.Verbatim(o.At.Format("2006")))
	if o.Clock == schedule.Twice {
		return bot.Say("On {day} the clocks show {time} twice: it comes the first time, and once.", day, bot.Verbatim(w.At.Clock()))
	}
	return bot.Say("On {day} the clocks skip {time}: it comes at {at} that day.", day, bot.Verbatim(w.At.Clock()), bot.Verbatim(o.At.Format("15:04")))
}

// digestNow is the digest of the week up to now, for the asker alone: with a button
// that posts it, or with when it comes.
func (b *Bot) digestNow(ctx context.Context, at bot.Place, toPost bool) (bot.Reply, error) {
	set, err := b.store.Settings(ctx, at)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read settings: %w", err)
	}
	until := time.Now().Truncate(time.Minute).Add(time.Minute) // what was revealed this minute is in
	d, week, _, err := b.digestAlone(ctx, at, until)
	if err != nil {
		return bot.Reply{}, err
	}
	if week.Silent() {
		text := bot.Lines(bot.Say("Nothing was revealed here in the last seven days, and nothing is under way."), b.comes(set))
		return bot.Reply{Post: bot.Notice{Title: bot.Say("The week in taste"), Text: text}}, nil
	}
	d.Menu, d.Comes, d.Foot = nil, b.comes(set), bot.Sentence{}
	if toPost {
		d.Post = &bot.Button{ID: "digest/post/" + bot.WeekName(until), Label: bot.Say("Post it here"), Primary: true}
	}
	return bot.Reply{Post: d}, nil
}

// pressDigest answers a digest's own buttons: "digest/off", "digest/post/…",
// "digest/more/…".
func (b *Bot) pressDigest(ctx context.Context, p bot.Press) (bot.Reply, error) {
	at := channelOf(p.At)
	_, action, _ := strings.Cut(p.Button, "/")
	action, when, _ := strings.Cut(action, "/")
	if action == bot.Off {
		return b.setDigest(ctx, at, p.User, map[string]string{"digest": bot.Off})
	}
	until, ok := bot.WeekNamed(when)
	if !ok {
		return bot.Reply{}, unknownButton()
	}
	switch action {
	case "more":
		week, ts, err := b.week(ctx, at, until)
		if err != nil {
			return bot.Reply{}, err
		}
		behind, err := b.behindWeek(ctx, week, ts)
		if err == nil && len(behind.Tests) == 0 {
			err = bot.UserError(bot.Say("What that week revealed has been deleted since."))
		}
		return bot.Reply{Post: behind}, err
	case "post":
		if err := b.may(ctx, command.Starters, p.At, p.User, nil); err != nil {
			return bot.Reply{}, err
		}
		if since := time.Since(until); since > digestGrace || since < -2*time.Minute { // of a week to come: it would stand in the way of that one's own
			return bot.Reply{}, bot.UserError(bot.Say("That summary is no longer new. Type: {digest}", digestUsage("now")))
		}
		d, _, err := b.digest(ctx, at, until)
		if err != nil {
			return bot.Reply{}, err
		}
		if err := b.postOnce(ctx, at, bot.DigestKey(at.Workspace, until), d); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Post: bot.Notice{Text: bot.Say("It stands in the channel.")}}, nil
	}
	return bot.Reply{}, unknownButton()
}
