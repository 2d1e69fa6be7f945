package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/schedule"
	"github.com/tastetest/tastetest/bot/settings"
)

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
	if zone := zoneIn(when); zone != "" {
		return bot.Reply{}, anotherZone(zone)
	}
	return b.setDigest(ctx, at, user, map[string]string{"digest": word})
}

// zoneIn is the word of a time that looks like a time zone's name.
func zoneIn(when string) string {
	for _, w := range strings.Fields(when) {
		if a, _, is := strings.Cut(w, "/"); is && len(a) > len("Mon") && strings.Trim(a, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
			return w
		}
	}
	return ""
}

// anotherZone says where a zone is set; of one that does not exist what is nearest.
func anotherZone(typed string) error {
	zone, err := settings.Zone(typed)
	if err != nil {
		return err
	}
	return bot.UserError(bot.Say("A channel has one time zone, and it is set for all that is said there. Type: {settings}",
		bot.Usage{Command: "settings", Options: []bot.Setting{{Name: settings.ZoneOption, Value: zone}}}))
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
	if err := b.postOnce(ctx, at, key, bot.Notice{Text: compose.DigestComes(w.at), Buttons: []bot.Button{digestOff()}}); err != nil {
		return fmt.Errorf("tell a channel of its digest: %w", err)
	}
	return b.store.SetSettings(ctx, at, func(s *bot.Settings) error {
		s.Weekly.Told = time.Now().UTC()
		return nil
	})
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
		return bot.Say("A weekly summary comes here {when}, once the first result has announced it. Admins change that: {digest} or {off}", w.at.Said(), on, digestUsage(bot.Off))
	}
	next := w.next(time.Now(), set.Weekly)
	said := bot.Say("A weekly summary comes here {when}, if there is something to tell. The next: {next}. Admins change that: {digest} or {off}", w.at.Said(), bot.Moment(next.In(w.zone)), on, digestUsage(bot.Off))
	return bot.Lines(said, w.odd(time.Now()))
}

func digestUsage(word string) bot.Usage { return bot.Usage{Command: "digest", Words: []string{word}} }

// odd says what the next change of clocks does to the digest's time, if it does.
func (w weekly) odd(now time.Time) bot.Sentence {
	for _, o := range w.plan.Coming(53, now, "", w.zone) {
		day := bot.Say("{n} {month} {year}", bot.Count(o.At.Day()), compose.Month(o.At), bot.Verbatim(o.At.Format("2006")))
		switch o.Clock {
		case schedule.Skipped:
			return bot.Say("On {day} the clocks skip {time}: it comes at {at} that day.", day, bot.Verbatim(w.at.Clock()), bot.Verbatim(o.At.Format("15:04")))
		case schedule.Twice:
			return bot.Say("On {day} the clocks show {time} twice: it comes the first time, and once.", day, bot.Verbatim(w.at.Clock()))
		}
	}
	return bot.Sentence{}
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
	d.Menu, d.Comes = nil, b.comes(set)
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
		if since := time.Since(until); since > digestGrace {
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

// setUp opens the form of a tasting like t on fresh prompts, or on prompts of another
// kind; of no tasting, as it is.
func (b *Bot) setUp(ctx context.Context, p bot.Press, t *bot.Tasting, elsewhere bool) (bot.Reply, error) {
	if err := b.may(ctx, command.Starters, p.At, p.User, nil); err != nil {
		return bot.Reply{}, err
	}
	form := b.startForm(b.setFor(ctx, p.At), time.Now().In(b.zoneFor(ctx, p.At, p.User)))
	if t == nil {
		return bot.Reply{Form: form}, nil
	}
	filled := map[string]string{"first": t.Models[0].Name, "second": t.Models[1].Name, "pack": t.Pack, "ballot": string(t.Ballot), "question": t.Question}
	if elsewhere {
		filled["pack"] = b.anotherPack(t.Pack)
	}
	for i, f := range form.Fields {
		value, known := filled[f.Name]
		if known && (f.Kind != bot.Select || slices.ContainsFunc(f.Options, func(o bot.Option) bool { return o.Value == value })) {
			form.Fields[i].Value = value
		}
	}
	return bot.Reply{Form: form}, nil
}

// anotherPack is the first that is offered in the same language and is not this one.
func (b *Bot) anotherPack(than string) string {
	packs := b.offeredPacks()
	lang := ""
	for _, p := range packs {
		if p.Name == than {
			lang = p.Language
		}
	}
	for _, p := range packs {
		if p.Name != than && (lang == "" || p.Language == lang) {
			return p.Name
		}
	}
	return mixed
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

// viewDigests are the digests that stand in a channel, as a chat without a memory of
// its own shows them: without their menu for those who may not use it.
func (b *Bot) viewDigests(ctx context.Context, at bot.Place, viewer bot.Voter) ([]bot.Shown, error) {
	posts, err := b.store.Posts(ctx, bot.TastingID{Workspace: at.Workspace})
	if err != nil {
		return nil, fmt.Errorf("posts of no tasting: %w", err)
	}
	posts = slices.DeleteFunc(posts, func(p bot.Posted) bool { _, ok := p.Key.Digest(); return !ok || p.At != at })
	var all []bot.Shown
	for _, p := range posts[max(0, len(posts)-mostDigests):] {
		until, _ := p.Key.Digest()
		d, week, _, err := b.digestAlone(ctx, at, until)
		if err != nil {
			return nil, err
		}
		if !b.admin(ctx, at, viewer.User) {
			d.Menu = nil
		}
		if len(week.Revealed) > 0 {
			all = append(all, bot.Shown{Posted: p, Post: bot.Speak(d, b.Voice(ctx, at))})
		}
	}
	return all, nil
}

// mostDigests is how many of a place's newest digests View shows.
const mostDigests = 4
