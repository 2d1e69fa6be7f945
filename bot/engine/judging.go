package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/judge"
)

// judgesWait is for how long after the reveal its one edit waits for judges.
const judgesWait = 10 * time.Minute

const usualJudges = "usual" // as configured: the form's default

// appoint gives a draft its judges: those configured, if that was wished for, or is
// usual and nobody brought the texts. Texts that somebody pasted or uploaded go to no
// judge unless they say so.
func (b *Bot) appoint(t *bot.Tasting, w wish, texts []bot.Texts) error {
	judges := b.judges()
	brought := len(w.sheet.Rows) > 0
	switch {
	case w.judges == "off", w.judges != "on" && (brought || !b.opt.JudgeAll):
		return nil
	case len(judges) == 0 && w.judges == "on":
		return bot.UserError(bot.Say("No judge is configured, so judges=on has nobody to ask. Name one under “judges” in the configuration, or leave it out."))
	}
	for _, j := range judges {
		t.Judges = append(t.Judges, bot.AskedJudge{Card: j.Card(), Most: judge.Most(j, t.Models, t.AskedTexts(texts), b.opt.Limits.Unknown)})
	}
	return nil
}

// priceJudges says anew what each of t's judges may cost at most, for texts.
func (b *Bot) priceJudges(t *bot.Tasting, texts []bot.Texts) {
	for _, j := range b.judges() {
		for i := range t.Judges {
			if t.Judges[i].Card.Name == j.Card().Name {
				t.Judges[i].Most = judge.Most(j, t.Models, t.PlainTexts(texts), b.opt.Limits.Unknown)
			}
		}
	}
}

// judges are the configured ones.
func (b *Bot) judges() []bot.Judge {
	if b.opt.Judges == nil {
		return nil
	}
	return b.opt.Judges()
}

// judgesCost is what a tasting's judges may cost at most, in pico-USD.
func judgesCost(t bot.Tasting) (sum int64) {
	for _, a := range t.Judges {
		sum += a.Most
	}
	return sum
}

func judgesKey(day string) string { return "judges/" + day }

// reserveJudges holds what judges may cost against their own limit. It is a
// UserError when that would be passed.
func (b *Bot) reserveJudges(ctx context.Context, day string, cost int64) error {
	err := b.store.Reserve(ctx, judgesKey(day), cost, b.opt.Limits.Judges)
	if errors.Is(err, bot.ErrLimit) {
		return bot.UserError(bot.Say("Its judges may cost up to {most}, and the judges’ limit for a day is {limit}; what was started before counts too. Start it with judges=off, or wait until midnight UTC.",
			bot.Money(cost), bot.Money(b.opt.Limits.Judges)))
	}
	if err != nil {
		return fmt.Errorf("reserve money for judges: %w", err)
	}
	return nil
}

// callJudges lets every judge of a sealed tasting read it, each in a job of its own,
// and the reveal be edited once they have. It may be called again.
func (b *Bot) callJudges(ctx context.Context, t bot.Tasting, now time.Time) error {
	if len(t.Judges) == 0 {
		return nil
	}
	for _, a := range t.Judges {
		key := bot.JobKey{Workspace: t.ID.Workspace, Kind: bot.JudgeJob, Name: t.ID.String() + "/" + a.Card.Name}
		if err := b.store.Schedule(ctx, key, now); err != nil {
			return fmt.Errorf("call a judge: %w", err)
		}
	}
	return b.callJudged(ctx, t.ID, now)
}

func (b *Bot) callJudged(ctx context.Context, id bot.TastingID, at time.Time) error {
	err := b.store.Schedule(ctx, bot.JobKey{Workspace: id.Workspace, Kind: bot.JudgedJob, Name: id.String()}, at)
	if err != nil {
		return fmt.Errorf("have a reveal say what judges made of it: %w", err)
	}
	b.nudgeRun()
	return nil
}

// judgeTasting has one judge read one tasting. What it did not read before the
// reveal was edited it does not read any more.
func (b *Bot) judgeTasting(ctx context.Context, key bot.JobKey) error {
	number, name, _ := strings.Cut(key.Name, "/")
	t, err := b.judgedTasting(ctx, key.Workspace, number)
	if err != nil || t.State != bot.Closed && t.State != bot.Revealed || !t.JudgedAt.IsZero() {
		return err
	}
	i := slices.IndexFunc(t.Judges, func(a bot.AskedJudge) bool { return a.Card.Name == name })
	if i < 0 {
		return nil
	}
	asked := t.Judges[i]
	judges := b.judges()
	j := slices.IndexFunc(judges, func(j bot.Judge) bool { return j.Card().Fingerprint() == asked.Card.Fingerprint() })
	if j >= 0 {
		err = judge.Tasting(ctx, b.log, b.store, judges[j], asked, t, b.opt.Limits.Unknown)
	} else {
		b.log.Warn("a judge is no longer configured as it was, and is not asked", "judge", name, "tasting", t)
		err = judge.Absent(ctx, b.store, asked, t)
	}
	if isNotFound(err) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	b.opt.Step("judged " + key.Name)
	if t, err := b.judgedTasting(ctx, key.Workspace, number); err != nil || !t.JudgedAt.IsZero() {
		return err // the reveal goes without
	}
	return b.callJudged(ctx, t.ID, time.Now())
}

// judgedTasting returns a tasting by its number; a zero one if it is gone.
func (b *Bot) judgedTasting(ctx context.Context, w bot.Workspace, number string) (bot.Tasting, error) {
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return bot.Tasting{}, fmt.Errorf("a job for judges of tasting %q: %w", number, err)
	}
	t, err := b.store.Tasting(ctx, bot.TastingID{Workspace: w, N: n})
	if isNotFound(err) {
		return bot.Tasting{}, nil
	}
	if err != nil {
		return bot.Tasting{}, fmt.Errorf("read tasting %v: %w", n, err)
	}
	return t, nil
}

// addJudges edits the announcement into what judges made of the tasting: when all have
// read it, or ten minutes after the reveal with those that have. It returns when to look
// again; zero: it is done. What they did not cost is given back.
// What they made of it is fixed before any figure is made of it, so that all say the same.
func (b *Bot) addJudges(ctx context.Context, key bot.JobKey) (next time.Time, err error) {
	t, err := b.judgedTasting(ctx, key.Workspace, key.Name)
	now := time.Now()
	switch {
	case err != nil:
		return time.Time{}, err
	case t.State == bot.Closing, t.State == bot.Closed:
		return now.Add(sweepEvery), nil // the reveal comes first
	case t.State != bot.Revealed:
		return time.Time{}, nil
	}
	if t.JudgedAt.IsZero() {
		made, err := b.store.Judgments(ctx, t.ID)
		if err != nil {
			return time.Time{}, fmt.Errorf("read what judges made of tasting %v: %w", t.ID, err)
		}
		if last := t.RevealedAt.Add(judgesWait); now.Before(last) && !judge.Complete(t, made) {
			return last, nil
		}
		t.JudgedAt = heard(made, now)
		err = b.store.Update(ctx, t.ID, bot.Revealed, func(stored *bot.Tasting) error {
			stored.JudgedAt, stored.JudgesReserved = t.JudgedAt, 0
			return nil
		})
		if err != nil {
			return time.Time{}, fmt.Errorf("fix what judges made of tasting %v: %w", t.ID, err)
		}
		b.opt.Step("judges heard")
		b.giveBackJudges(ctx, t)
	}
	unlock := b.edit.Lock(t.ID)
	defer unlock()
	if wait, err := b.editAnnouncement(ctx, t); err != nil || wait > 0 {
		return now.Add(wait), err
	}
	b.opt.Step("judges told")
	return time.Time{}, nil
}

// giveBackJudges gives back what was reserved for a tasting's judges and not spent.
// t is the record as it was before the write that set JudgesReserved to 0.
func (b *Bot) giveBackJudges(ctx context.Context, t bot.Tasting) {
	if t.JudgesReserved == 0 {
		return
	}
	made, err := b.store.Judgments(ctx, t.ID)
	if err == nil {
		spent := int64(0)
		if len(made) > 0 || t.State == bot.Revealed {
			spent = judge.SpentOn(t, made, b.opt.Limits.Unknown)
		}
		err = b.store.Reserve(ctx, judgesKey(t.Day), spent-t.JudgesReserved, -1)
	}
	if err != nil {
		b.log.Warn("give back what judges did not cost", "tasting", t, "err", err)
	}
}

// editAnnouncement edits the announcement into what it should say now. Where that
// cannot be, the result still says it; wait is how long the chat takes no edits.
func (b *Bot) editAnnouncement(ctx context.Context, t bot.Tasting) (wait time.Duration, err error) {
	posts, err := b.store.Posts(ctx, t.ID)
	if err != nil {
		return 0, fmt.Errorf("posts of tasting %v: %w", t.ID, err)
	}
	for _, p := range posts {
		if p.Key.What != bot.AnnouncementPost {
			continue
		}
		err := b.editPost(ctx, t, p)
		waits, old := errors.AsType[bot.WaitError](err)
		switch {
		case err == nil, errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrLost):
		case bot.Stopped(ctx) != nil:
			return 0, err
		case errors.Is(err, bot.ErrRefused), time.Since(t.RevealedAt) >= longestEdits:
			b.log.Error("add to a reveal what judges made of it; it stays as it is", "post", p.Key, "err", err)
		case old:
			return waits.For, nil
		default:
			return 0, err
		}
	}
	return 0, nil
}

// mostJudged is about how many votes judges are held against at most: more take
// seconds, and say no more.
const mostJudged = 20_000

// judgedReports are what was found of a tasting's judges, once they were told of: its
// votes do not change any more.
type judgedReports struct {
	at      time.Time
	reports []judge.Report
}

// judgedBy reads what judges made of tastings, beside people's votes: of the first that
// they read, with mostJudged votes or a few more. ts are ordered newest first; of says of
// how many that is, 0 of all.
func (b *Bot) judgedBy(ctx context.Context, ts []bot.Tasting) (reports []judge.Report, of int, err error) {
	seen, of, err := b.readBy(ctx, ts)
	if err != nil {
		return nil, 0, err
	}
	if len(seen) != 1 {
		reports, err = judge.Of(ctx, seen)
		return reports, of, err
	}
	t := seen[0].Tasting
	if found, ok := b.judged.get(t.ID); ok && found.at.Equal(t.JudgedAt) {
		return found.reports, of, nil
	}
	defer b.thrift.over(t.Votes())()
	if reports, err = judge.Of(ctx, seen); err == nil {
		b.judged.put(t.ID, judgedReports{t.JudgedAt, reports})
	}
	return reports, of, err
}

// readBy reads what judgedBy reports on.
func (b *Bot) readBy(ctx context.Context, ts []bot.Tasting) (seen []judge.Seen, of int, err error) {
	votes := 0
	for _, t := range ts {
		if len(t.Judges) == 0 || t.JudgedAt.IsZero() {
			continue
		}
		if votes >= mostJudged {
			of = len(seen)
			break
		}
		votes += t.Votes()
		made, err := b.madeInTime(ctx, t)
		if err != nil {
			return nil, 0, err
		}
		seen = append(seen, judge.Seen{Tasting: t, Judgments: made, Votes: b.votesIn(ctx, t.ID)})
	}
	return seen, of, nil
}

// heard is when all of these answers were there: now, or later by the clock of whoever
// wrote the newest of them.
func heard(made map[int][]bot.Judgment, now time.Time) time.Time {
	for _, ms := range made {
		for _, m := range ms {
			if m.At.After(now) {
				now = m.At
			}
		}
	}
	return now
}

// madeInTime is what judges made of a tasting before its reveal was edited. What came
// later was paid for, and nobody waited for it.
func (b *Bot) madeInTime(ctx context.Context, t bot.Tasting) (map[int][]bot.Judgment, error) {
	made, err := b.store.Judgments(ctx, t.ID)
	if err != nil {
		return nil, fmt.Errorf("read what judges made of tasting %v: %w", t.ID, err)
	}
	for n := range made {
		made[n] = slices.DeleteFunc(made[n], t.TooLate)
	}
	return made, nil
}

// votesIn are the rows of a tasting, read as they are gone through. An error is the last.
func (b *Bot) votesIn(ctx context.Context, id bot.TastingID) iter.Seq2[bot.Vote, error] {
	return func(yield func(bot.Vote, error) bool) {
		enough := errors.New("that is enough")
		err := b.store.EachVote(ctx, id.Round(0), func(v bot.Vote) error {
			if !yield(v, nil) {
				return enough
			}
			return nil
		})
		if err != nil && !errors.Is(err, enough) {
			yield(bot.Vote{}, fmt.Errorf("votes of tasting %v: %w", id, err))
		}
	}
}

// judgesReply answers /tastetest judges: which judge shares this team's taste, over
// all revealed tastings.
func (b *Bot) judgesReply(ctx context.Context, w bot.Workspace) (bot.Reply, error) {
	ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for revealed tastings: %w", err)
	}
	reports, of, err := b.judgedBy(ctx, ts)
	if err != nil {
		return bot.Reply{}, err
	}
	n := judge.Notice(reports, len(b.judges()) > 0)
	if of > 0 {
		n.Text = bot.Lines(n.Text, bot.Say("These are the newest {n|taste test|taste tests} that judges read, since there are very many votes.", bot.Count(of)))
	}
	return bot.Reply{Post: n}, nil
}
