package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/deal"
	"github.com/tastetest/tastetest/bot/schedule"
)

const (
	lateStarts = 4 * time.Hour   // an occurrence is caught up for so long, then left out
	busyAgain  = 2 * time.Minute // a block's round waits for the one before to be posted
)

// runSchedule does what is due of a schedule, and returns when there is next something
// to do; zero: nothing, until somebody resumes it. An occurrence is claimed in the
// store before anything else happens; whoever takes over after that goes on with it.
func (b *Bot) runSchedule(ctx context.Context, channel bot.Place, n uint64) (time.Time, error) {
	ctx = bot.Whole(ctx) // a step that has begun is finished
	now := time.Now()
	set, err := b.store.Settings(ctx, channel)
	if err != nil {
		return time.Time{}, fmt.Errorf("read schedule %d: %w", n, err)
	}
	s := set.Schedule(n)
	switch {
	case s == nil:
		return time.Time{}, nil
	case s.State == bot.ScheduleProposed && now.Before(s.Made.Add(draftLives)):
		return s.Made.Add(draftLives), nil
	case s.State == bot.ScheduleProposed:
		return time.Time{}, b.setSchedule(ctx, channel, n, func(set *bot.Settings, s *bot.Schedule) {
			set.Schedules = slices.DeleteFunc(set.Schedules, func(x bot.Schedule) bool { return x.N == n })
		})
	}
	plan, err := schedule.Parse(s.Plan)
	if err != nil {
		return time.Time{}, fmt.Errorf("read schedule %d: %w", n, err)
	}
	zone := b.zoneOf(set, *s)
	if s.State == bot.ScheduleActive && s.Begun == "" {
		if s.Maker == "" {
			return b.pause(ctx, channel, *s, bot.Say("Whoever set it up was forgotten."))
		}
		if err := b.claim(ctx, channel, s, plan.Due(later(s.Since, now.AddDate(0, 0, -7)), now, s.Last, zone), now); err != nil {
			return time.Time{}, err
		}
	}
	if s.Begun != "" {
		if again, err := b.occur(ctx, channel, *s, plan, zone, now); err != nil || !again.IsZero() {
			return again, err
		}
	}
	if s.State != bot.ScheduleActive {
		return time.Time{}, nil
	}
	return plan.After(now, s.Last, zone).At, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// setSchedule changes a stored schedule; one that was removed meanwhile is let be.
func (b *Bot) setSchedule(ctx context.Context, channel bot.Place, n uint64, change func(*bot.Settings, *bot.Schedule)) error {
	err := b.store.SetSettings(ctx, channel, func(set *bot.Settings) error {
		if s := set.Schedule(n); s != nil {
			change(set, s)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note how schedule %d goes: %w", n, err)
	}
	return nil
}

// claim begins the latest of what is due, unless that is too late, and leaves out the
// others, which the log says. s is as stored after that: if it was paused, or the time
// left out, just before, nothing begins.
func (b *Bot) claim(ctx context.Context, channel bot.Place, s *bot.Schedule, due []schedule.Occurrence, now time.Time) error {
	if len(due) == 0 {
		return nil
	}
	latest := due[len(due)-1]
	begins := now.Sub(latest.At) <= lateStarts
	err := b.setSchedule(ctx, channel, s.N, func(_ *bot.Settings, stored *bot.Schedule) {
		if stored.State == bot.ScheduleActive && stored.Last < latest.Name {
			stored.Last = latest.Name
			if begins {
				stored.Begun, stored.BegunAt = latest.Name, now
			}
		}
		*s = *stored
	})
	if err != nil {
		return err
	}
	if !begins || len(due) > 1 {
		left := due
		if begins {
			left = due[:len(due)-1]
		}
		b.log.Warn("times of a schedule are left out, because the bot was not running", "platform", channel.Platform, "schedule", s.N, "first", left[0].Name, "times", len(left))
	}
	b.opt.Step("begun " + latest.Name)
	return nil
}

// occur starts what the occurrence that has begun starts, once, however often it is
// called: a tasting says by which occurrences it was opened. again is when to go on; zero: it is done.
func (b *Bot) occur(ctx context.Context, channel bot.Place, s bot.Schedule, plan schedule.Plan, zone *time.Location, now time.Time) (again time.Time, err error) {
	done := func(why bot.Sentence) error {
		return b.setSchedule(ctx, channel, s.N, func(_ *bot.Settings, stored *bot.Schedule) {
			if stored.Begun == s.Begun {
				stored.Begun, stored.BegunAt, stored.Trouble = "", time.Time{}, bot.Stored(why)
			}
		})
	}
	in := s.In(channel)
	ts, err := b.store.Tastings(ctx, in.Workspace, bot.Query{})
	if err != nil {
		return again, fmt.Errorf("look for what schedule %d has started: %w", s.N, err)
	}
	mine := slices.DeleteFunc(slices.Clone(ts), func(t bot.Tasting) bool {
		return t.Run == nil || t.Run.Schedule != s.N || t.Place != in
	})
	if slices.ContainsFunc(mine, func(t bot.Tasting) bool { return slices.Contains(t.Run.Opened, s.Begun) }) {
		return again, done(bot.Sentence{})
	}
	if now.Sub(s.BegunAt) > lateStarts {
		b.log.Warn("a time of a schedule could not be done for hours, and is left out", "platform", channel.Platform, "schedule", s.N, "time", s.Begun)
		return again, done(bot.Sentence(s.Trouble))
	}
	if s.Maker == "" {
		return b.pause(ctx, channel, s, bot.Say("Whoever set it up was forgotten."))
	}
	if may, err := b.stillSchedules(ctx, in, s.Maker); err != nil {
		return again, err
	} else if !may {
		return b.pause(ctx, channel, s, bot.Say("Whoever set it up is no longer an admin."))
	}
	for _, t := range mine {
		if t.Block() && s.Block > 0 && (t.State == bot.Asking || t.State == bot.Posting) {
			return now.Add(busyAgain), nil
		}
		opened, err := b.openRound(ctx, t, s, now)
		if err != nil {
			return again, err
		}
		if opened {
			b.opt.Step("opened by " + s.Begun)
			return again, done(bot.Sentence{})
		}
	}
	o := schedule.Named(s.Begun, zone)
	if b.mayHaveRun(s, mine, o) {
		b.log.Warn("a time of a schedule is left out, because it may have come between the copy of the store and its coming back", "platform", channel.Platform, "schedule", s.N, "time", s.Begun)
		return again, done(bot.Sentence{})
	}
	err = b.startRun(ctx, channel, s, plan, o, ts, now)
	refused, is := errors.AsType[bot.UserError](err)
	if err != nil && !is {
		return again, err
	}
	why := bot.Sentence(refused)
	if is && !sameTrouble(why, bot.Sentence(s.Trouble)) {
		b.tellMaker(ctx, channel, s, compose.NotStarted(s, why, plan.After(now, s.Begun, zone)))
	}
	return again, done(why)
}

// mayHaveRun reports whether an occurrence may have started a tasting of which the
// store, brought back from a copy, knows nothing: mine are those of the schedule. With
// the first that it starts since then that is over.
func (b *Bot) mayHaveRun(s bot.Schedule, mine []bot.Tasting, o schedule.Occurrence) bool {
	since := slices.ContainsFunc(mine, func(t bot.Tasting) bool { return !b.fromCopy(t) })
	return !b.opt.Restored.IsZero() && !s.Since.After(b.opt.Restored) && o.At.Before(b.began) && !since
}

// sameTrouble reports whether a starter was told of something already: sums may differ,
// since other prompts cost something else.
func sameTrouble(why, told bot.Sentence) bool {
	return why.Equal(told) || why.Key() != "" && why.Key() == told.Key()
}

// openRound opens the next round of a block of s, if t is one and has one.
func (b *Bot) openRound(ctx context.Context, t bot.Tasting, s bot.Schedule, now time.Time) (bool, error) {
	if !t.Block() || s.Block == 0 || t.State != bot.Open {
		return false, nil
	}
	opened := false
	err := b.store.Update(ctx, t.ID, bot.Open, func(t *bot.Tasting) error {
		if opened = now.Before(t.Closes) && len(t.Run.Opened) < len(t.Drawn()); opened {
			t.Run.Opened = append(t.Run.Opened, s.Begun)
			t.Wake = now
		}
		return nil
	})
	if errors.Is(err, bot.ErrMoved) { // it was ended meanwhile
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open a round of tasting %v: %w", t.ID, err)
	}
	if opened {
		b.nudgeRun()
	}
	return opened, nil
}

// startRun starts a tasting for an occurrence, as its maker would by hand, within the
// spending limits and what its maker confirmed. A UserError says why it cannot be. Surprising: money is held before
// there is a tasting; a crash in between leaves too much held for the day, never too
// little.
func (b *Bot) startRun(ctx context.Context, channel bot.Place, s bot.Schedule, plan schedule.Plan, o schedule.Occurrence, ts []bot.Tasting, now time.Time) error {
	t, texts, _, err := b.runDraft(ctx, channel, s, plan, o, now)
	if err != nil {
		return err
	}
	day, most, judges := today(), b.mostCost(t, texts), judgesCost(t)
	if most > s.Most || judges > s.Judges {
		return bot.UserError(bot.Say("Its test could cost {sum}, and at most {most} was agreed to when it was set up. To agree to more, remove it and set it up anew: {remove}",
			bot.Money(most+judges), bot.Money(s.Most+s.Judges), bot.Usage{Command: "schedule", Options: []bot.Setting{{Name: "remove", Value: strconv.FormatUint(s.N, 10)}}}))
	}
	if err := b.reserveJudges(ctx, day, judges); err != nil {
		return err
	}
	if err := b.reserve(ctx, day, t.Starter, most); err != nil {
		return errors.Join(err, b.store.Reserve(ctx, judgesKey(day), -judges, -1))
	}
	b.opt.Step("paid for " + o.Name)
	t.State, t.Asked, t.Wake = bot.Asking, now, now
	t.Reserved, t.Day, t.JudgesReserved = most, day, judges
	if t, err = b.store.CreateTasting(ctx, t, texts); err != nil {
		return fmt.Errorf("store what schedule %d starts: %w", s.N, err)
	}
	b.opt.Step("started by " + o.Name)
	b.nudgeRun()
	return b.noteUsedUp(ctx, channel, s, t, ts)
}

// noteUsedUp tells the maker of a schedule, once, that the prompts of its pack have
// all been seen, and forgets having told when there are new ones.
func (b *Bot) noteUsedUp(ctx context.Context, channel bot.Place, s bot.Schedule, t bot.Tasting, ts []bot.Tasting) error {
	seen := deal.Seen(ts, t.Place)
	again := slices.ContainsFunc(t.Rounds, func(r bot.Round) bool { return r.Kind == bot.Plain && seen[r.PromptID()].Times > 0 })
	if again == s.UsedUp {
		return nil
	}
	if again {
		b.tellMaker(ctx, channel, s, compose.UsedUp(s, t.Pack))
	}
	return b.setSchedule(ctx, channel, s.N, func(_ *bot.Settings, s *bot.Schedule) { s.UsedUp = again })
}

func (b *Bot) tellMaker(ctx context.Context, channel bot.Place, s bot.Schedule, n bot.Notice) {
	b.tell(ctx, bot.Tasting{Place: s.In(channel), Starter: bot.Voter{Workspace: channel.Workspace, User: s.Maker}}, n)
}

// pause pauses a schedule that cannot go on, and tells admins: those that the
// configuration names, or else everybody in its place. Whoever took it over since it was
// read, or paused it, is not overruled: then again says when to look anew.
func (b *Bot) pause(ctx context.Context, channel bot.Place, s bot.Schedule, why bot.Sentence) (again time.Time, err error) {
	b.opt.Step(fmt.Sprintf("will pause %d", s.N))
	paused := false
	err = b.setSchedule(ctx, channel, s.N, func(_ *bot.Settings, stored *bot.Schedule) {
		paused = stored.State == bot.ScheduleActive && stored.Maker == s.Maker && stored.Since.Equal(s.Since)
		if paused {
			stored.State, stored.Why = bot.SchedulePaused, bot.Stored(why)
			stored.Begun, stored.BegunAt, stored.Trouble = "", time.Time{}, bot.Stored{}
		}
	})
	if err != nil {
		return again, err
	}
	if !paused {
		return time.Now(), nil
	}
	s.Why = bot.Stored(why)
	b.opt.Step(fmt.Sprintf("paused %d", s.N))
	told := false
	for _, name := range b.opt.Policy.Admins {
		if user, ok := strings.CutPrefix(name, channel.Platform+":"); ok && !strings.HasPrefix(user, "@") {
			b.tell(ctx, bot.Tasting{Place: channel, Starter: bot.Voter{Workspace: channel.Workspace, User: user}}, compose.SchedulePaused(s))
			told = true
		}
	}
	if told {
		return again, nil
	}
	if err := b.sayOnce(ctx, s.In(channel), fmt.Sprintf("schedule %d paused %s", s.N, s.Since.UTC().Format(time.RFC3339)), compose.SchedulePaused(s)); err != nil {
		b.log.Warn("tell of a schedule that pauses", "platform", channel.Platform, "schedule", s.N, "err", err)
	}
	return again, nil
}

// pauseAll pauses the schedules of a place that is lost.
func (b *Bot) pauseAll(ctx context.Context, at bot.Place, why bot.Sentence) error {
	channel := channelOf(at)
	if len(b.setFor(ctx, at).Schedules) == 0 {
		return nil
	}
	err := b.store.SetSettings(ctx, channel, func(set *bot.Settings) error {
		for i, s := range set.Schedules {
			if s.State == bot.ScheduleActive && (at == channel || s.In(channel) == at) {
				set.Schedules[i].State, set.Schedules[i].Why = bot.SchedulePaused, bot.Stored(why)
				set.Schedules[i].Begun, set.Schedules[i].BegunAt = "", time.Time{}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("pause the schedules of a lost place: %w", err)
	}
	return nil
}
