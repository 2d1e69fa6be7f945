package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/schedule"
)

// schedule answers /tastetest schedule to an admin: alone it lists what starts by
// itself in the channel; with a time it proposes one more; else it changes one.
func (b *Bot) schedule(ctx context.Context, at bot.Place, user string, p command.Parsed) (bot.Reply, error) {
	for _, action := range command.ScheduleActions() {
		typed, ok := p.Opts[action]
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(typed, 10, 64)
		if err != nil {
			return bot.Reply{}, schedule.None(typed)
		}
		return b.changeSchedule(ctx, at, user, n, action, "")
	}
	if len(p.Args)+len(p.Opts) == 0 {
		return b.listSchedules(ctx, at)
	}
	return b.proposeSchedule(ctx, at, user, p)
}

// zoneOf is the zone of what comes again and again in a channel: what is set for it,
// else that in which it was shown when it was accepted, else the configured one.
func (b *Bot) zoneOf(set bot.Settings, s bot.Schedule) *time.Location {
	loc, err := time.LoadLocation(cmp.Or(set.Zone, s.Zone))
	if err != nil || set.Zone == "" && s.Zone == "" {
		return b.opt.TimeZone
	}
	return loc
}

func (b *Bot) listSchedules(ctx context.Context, at bot.Place) (bot.Reply, error) {
	set, err := b.store.Settings(ctx, channelOf(at))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read a channel's schedules: %w", err)
	}
	var all []compose.Scheduled
	for _, s := range set.Schedules {
		if s.State == bot.ScheduleProposed {
			continue
		}
		plan, err := schedule.Parse(s.Plan)
		if err != nil {
			return bot.Reply{}, fmt.Errorf("read schedule %d: %w", s.N, err)
		}
		one := compose.Scheduled{Schedule: s}
		if s.State == bot.ScheduleActive {
			one.Next = plan.After(time.Now(), s.Last, b.zoneOf(set, s))
		}
		all = append(all, one)
	}
	return bot.Reply{Post: compose.Schedules(all)}, nil
}

// proposeSchedule keeps what was described and asks whether it is meant so: what its
// first run would start, when it comes, what it costs.
func (b *Bot) proposeSchedule(ctx context.Context, at bot.Place, user string, p command.Parsed) (bot.Reply, error) {
	when, ok := p.Opts["when"]
	if !ok {
		return bot.Reply{}, bot.UserError(bot.Say("Say when it is to start. For example: {example}", p.Spec.Example))
	}
	plan, err := schedule.Parse(when)
	if err != nil {
		return bot.Reply{}, err
	}
	channel := channelOf(at)
	zone, now := b.zoneFor(ctx, at, user), time.Now()
	s := bot.Schedule{Maker: user, When: strings.Join(strings.Fields(when), " "), Plan: plan.String(), Zone: zone.String(), Models: p.Args, State: bot.ScheduleProposed, Made: now}
	_, s.Thread, _ = strings.Cut(at.Channel, "/")
	for _, o := range p.Spec.Options {
		if value, ok := p.Opts[o.Name]; ok && o.Name != "when" && o.Name != "block" {
			s.Options = append(s.Options, bot.Setting{Name: o.Name, Value: value})
		}
	}
	if s.Block, err = schedule.Block(s, p.Opts["block"]); err != nil {
		return bot.Reply{}, err
	}
	if s.Block > 0 && s.Option("rounds") == "" {
		s.Options = append(s.Options, bot.Setting{Name: "rounds", Value: "1"})
	}
	coming := plan.Coming(3, now, "", zone)
	if len(coming) == 0 {
		return bot.Reply{}, fmt.Errorf("the plan %q never comes", plan)
	}
	t, texts, notes, err := b.runDraft(ctx, channel, s, plan, coming[0], coming[0].At)
	if err != nil {
		return bot.Reply{}, err
	}
	dearest, err := b.dearest(ctx, t, texts)
	if err != nil {
		return bot.Reply{}, err
	}
	b.priceJudges(&t, dearest)
	s.Most, s.Judges = b.mostCost(t, dearest), judgesCost(t)
	for _, o := range coming[1:] { // what is typed for its end may do once and never again
		if _, err := plan.Closes(s, o, o.At, len(t.Rounds)); err != nil {
			return bot.Reply{}, err
		}
	}
	err = b.store.SetSettings(ctx, channel, func(set *bot.Settings) error {
		if len(set.Schedules) >= bot.MostSchedules {
			return bot.UserError(bot.Say("A channel has at most {n} of them. Remove one first: {list}", bot.Count(bot.MostSchedules), bot.Usage{Command: "schedule"}))
		}
		set.Scheduled++
		s.N = set.Scheduled
		set.Schedules = append(set.Schedules, s)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if err := b.callSchedule(ctx, channel, s.N, now.Add(draftLives)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Post: compose.ScheduleProposal(s, t, texts, notes, coming, plan.Changes(now, zone), s.Most, b.opt.Limits.Unknown)}, nil
}

// runDraft makes the tasting that a schedule starts with an occurrence, at a time.
func (b *Bot) runDraft(ctx context.Context, channel bot.Place, s bot.Schedule, plan schedule.Plan, o schedule.Occurrence, at time.Time) (bot.Tasting, []bot.Texts, []bot.Sentence, error) {
	w := wish{models: s.Models, pack: s.Option("pack"), rounds: s.Option("rounds"), ballot: s.Option("ballot"), system: s.Option("system"), question: s.Option("question"), judges: s.Option("judges"), voters: s.Option("voters")}
	if s.Block > 0 {
		w.rounds, w.ballot = strconv.Itoa(s.Block), string(bot.Reaction)
	}
	t, texts, notes, err := b.draft(ctx, s.In(channel), s.Maker, w)
	if err != nil {
		return t, nil, nil, err
	}
	t.TimeZone = o.At.Location().String()
	t.Closes, err = plan.Closes(s, o, at, len(t.Rounds))
	t.Run = &bot.Run{Schedule: s.N, Opened: []string{o.Name}, Block: s.Block > 0}
	return t, texts, notes, err
}

// dearest are texts with the longest of all prompts that t could have been given: what
// they cost at most, no run costs more.
func (b *Bot) dearest(ctx context.Context, t bot.Tasting, texts []bot.Texts) ([]bot.Texts, error) {
	var longest bot.Prompt
	take := func(p bot.Prompt) {
		if len(p.Text) > len(longest.Text) {
			longest.Text = p.Text
		}
		if len(p.System) > len(longest.System) {
			longest.System = p.System
		}
		longest.MaxTokens = max(longest.MaxTokens, p.MaxTokens)
	}
	if t.Pack != "" {
		pack, err := b.packCalled(ctx, t.Place, t.Pack)
		if err != nil {
			return nil, err
		}
		for _, p := range enabled(pack.Prompts) {
			take(p)
		}
	}
	for _, x := range texts {
		take(x.Prompt)
	}
	all := slices.Clone(texts)
	for i := range all {
		all[i].Prompt = longest
	}
	return all, nil
}

// pressSchedule answers a button of a schedule: "2/pause", "2/skip/2026-12-01 10:00".
func (b *Bot) pressSchedule(ctx context.Context, p bot.Press, said string) (bot.Reply, error) {
	if err := b.may(ctx, command.Schedulers, p.At, p.User, nil); err != nil {
		return bot.Reply{}, err
	}
	parts := strings.SplitN(said, "/", 3)
	n, err := strconv.ParseUint(parts[0], 10, 64)
	if err != nil || len(parts) < 2 {
		return bot.Reply{}, bot.UserError(bot.Say("I do not know that button. Reload, or type {help}.", bot.Usage{Command: "help"}))
	}
	skipped := ""
	if len(parts) == 3 {
		skipped = parts[2]
	}
	return b.changeSchedule(ctx, p.At, p.User, n, parts[1], skipped)
}

// changeSchedule accepts, pauses, resumes or removes a schedule, or leaves out one of
// its times: the one that was named, else the next.
func (b *Bot) changeSchedule(ctx context.Context, at bot.Place, user string, n uint64, action, skipped string) (bot.Reply, error) {
	channel, now := channelOf(at), time.Now()
	var said bot.Notice
	var next schedule.Occurrence
	change := func(set *bot.Settings) error {
		s := set.Schedule(n)
		if s == nil {
			return schedule.None(strconv.FormatUint(n, 10))
		}
		plan, err := schedule.Parse(s.Plan)
		if err != nil {
			return fmt.Errorf("read schedule %d: %w", n, err)
		}
		zone := b.zoneOf(*set, *s)
		said, err = plan.Change(set, s, schedule.Wish{User: user, Action: action, Skipped: skipped}, now, zone)
		if s = set.Schedule(n); s != nil && s.State == bot.ScheduleActive && err == nil {
			next = plan.After(now, s.Last, zone)
			said.Text = bot.Prose(said.Text, bot.Say("It comes next {when}.", bot.Moment(next.At)))
		}
		return err
	}
	if action == "resume" { // before it is stored: a schedule that goes on without a job would never come
		if err := b.callSchedule(ctx, channel, n, now.Add(time.Minute)); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := b.store.SetSettings(ctx, channel, change); err != nil {
		return bot.Reply{}, err
	}
	if !next.At.IsZero() {
		if err := b.callSchedule(ctx, channel, n, next.At); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Post: said}, nil
}

// callSchedule lets a schedule's job fall due at a time.
func (b *Bot) callSchedule(ctx context.Context, channel bot.Place, n uint64, at time.Time) error {
	if err := b.store.Schedule(ctx, bot.ScheduleJobKey(channel, n), at); err != nil {
		return fmt.Errorf("have a schedule come: %w", err)
	}
	b.nudgeRun()
	return nil
}

// callSchedules lets the jobs of all of a channel's schedules look at once when they
// are due: something has changed.
func (b *Bot) callSchedules(ctx context.Context, channel bot.Place) error {
	set, err := b.store.Settings(ctx, channel)
	if err != nil {
		return fmt.Errorf("read a channel's schedules: %w", err)
	}
	for _, s := range set.Schedules {
		if err := b.callSchedule(ctx, channel, s.N, time.Now()); err != nil {
			return err
		}
	}
	return nil
}
