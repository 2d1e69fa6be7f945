package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/schedule"
)

// React keeps an emoji on a ballot. Emoji on other messages, emoji that are
// none of ours, and emoji on rounds that are over are passed over; but where
// emoji are Only, people are told.
func (b *Bot) React(ctx context.Context, tap bot.Tap) error {
	err := b.react(ctx, tap)
	if tap.Again && errors.Is(err, bot.ErrNotFound) {
		err = b.early(ctx, tap)
	}
	switch closed, gone := errors.Is(err, bot.ErrClosed), errors.Is(err, bot.ErrNotFound); {
	case closed && tap.Only:
		return bot.UserError(bot.Say("Voting has ended."))
	case gone && tap.Only:
		return bot.UserError(bot.Say("That ballot is not here any more. Reload the page."))
	case closed, gone:
		return nil
	}
	return err
}

// early takes an emoji on what is no ballot, and may be one in a moment: people are
// quicker than the note of where their ballot stands. While ballots are being posted in
// that channel it is ErrEarly, unless its message stood before they were begun. If none
// are, the note was made before that, or never is.
func (b *Bot) early(ctx context.Context, tap bot.Tap) error {
	channel, _, _ := strings.Cut(tap.Ref.Channel, "/") // of a thread
	all, err := b.store.Tastings(ctx, tap.Ref.Workspace, bot.Query{Channel: channel, States: []bot.State{bot.Posting, bot.Open}})
	if err != nil {
		return fmt.Errorf("find what is being posted: %w", err)
	}
	for _, t := range all {
		if !tap.Said.IsZero() && tap.Said.Before(postingSince(t).Add(-clocksApart)) {
			continue
		}
		if t.Ballot == bot.Reaction && (t.State == bot.Posting || t.Block() && t.Run.Shown < len(t.OpenedRounds())) {
			return fmt.Errorf("an emoji while tasting %v is being posted: %w", t.ID, bot.ErrEarly)
		}
	}
	return b.react(ctx, tap)
}

// clocksApart is how far a chat's word on when a message was posted may be off our clock.
const clocksApart = 10 * time.Minute

// postingSince is a time before which no ballot was posted of those that are not all
// noted yet: of a block those of its newest run. Zero: who knows.
func postingSince(t bot.Tasting) time.Time {
	if !t.Block() || t.Run.Shown >= len(t.Run.Opened) {
		return t.Asked
	}
	loc, err := time.LoadLocation(t.TimeZone)
	if err != nil {
		return t.Asked
	}
	return schedule.Named(t.Run.Opened[t.Run.Shown], loc).At
}

func (b *Bot) react(ctx context.Context, tap bot.Tap) error {
	id, err := b.store.ByRef(ctx, tap.Ref)
	if err == nil && tap.Choice == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the ballot: %w", err)
	}
	t, err := b.store.Tasting(ctx, id.TastingID)
	if err != nil {
		return fmt.Errorf("read tasting %v: %w", id.TastingID, err)
	}
	if t.Ballot != bot.Reaction {
		return fmt.Errorf("%v has no emoji: %w", t.ID, bot.ErrNotFound)
	}
	switch {
	case tap.Only && tap.On:
		return b.choose(ctx, t, id, tap.User, tap.Choice, tap.At)
	case tap.Only:
		return b.choose(ctx, t, id, tap.User, "", tap.At)
	}
	return b.hear(ctx, t, id, tap.User, tap.Choice, bot.Mark{On: tap.On, At: tap.At})
}

// choose makes a choice all that stands of its voter in a round, in one write;
// "" takes back what stood. nil means that it is so, or that the voter chose
// again since: whatever else keeps a choice from being kept is an error. One
// without a stamp is newer than all that was heard of its voter.
func (b *Bot) choose(ctx context.Context, t bot.Tasting, id bot.RoundID, user string, c bot.Choice, at time.Time) error {
	p := c.Pick(t.FlipFor(id.Round, user))
	switch {
	case !t.State.TakesVotes():
		return fmt.Errorf("round %v: %w", id, bot.ErrClosed)
	case !t.Rounds[id.Round-1].Live():
		return bot.UserError(takenOut())
	case slices.Contains(t.Barred, user):
		return bot.UserError(knowsTexts())
	case p == bot.None && c != "":
		return fmt.Errorf("no such choice: %q", c)
	}
	voter := bot.Voter{Workspace: t.ID.Workspace, User: user}
	row, err := b.store.Vote(ctx, id, voter)
	if err != nil {
		return fmt.Errorf("read a vote in round %v: %w", id, err)
	}
	if at.IsZero() {
		at = b.arrived.after(row.Newest())
	}
	if err := b.store.Choose(ctx, id, voter, p, at); err != nil {
		return fmt.Errorf("keep a vote in round %v: %w", id, err)
	}
	b.counted(t, id.Round)
	if p == bot.None {
		return nil
	}
	// The store passes over whoever asked to be forgotten; that must not look
	// like a vote that was kept.
	row, err = b.store.Vote(ctx, id, voter)
	if err == nil && row.Newest().IsZero() {
		return bot.UserError(bot.Say("You asked to be forgotten, so your votes are not kept in this tasting. In the next one they are."))
	}
	return err
}

// hear keeps a mark, made by the side on which its voter saw the models. One
// without a stamp is newer than all that was heard of its voter, even if the
// clock was set back.
func (b *Bot) hear(ctx context.Context, t bot.Tasting, id bot.RoundID, user string, c bot.Choice, m bot.Mark) error {
	if slices.Contains(t.Barred, user) || !t.Rounds[id.Round-1].Live() {
		return nil
	}
	p := c.Pick(t.FlipFor(id.Round, user))
	if p == bot.None {
		return nil
	}
	voter := bot.Voter{Workspace: t.ID.Workspace, User: user}
	if m.At.IsZero() {
		row, err := b.store.Vote(ctx, id, voter)
		if err != nil {
			return fmt.Errorf("read a vote in round %v: %w", id, err)
		}
		m.At = b.arrived.after(row.Newest())
	}
	if err := b.store.Hear(ctx, id, voter, p, m); err != nil {
		return fmt.Errorf("keep a vote in round %v: %w", id, err)
	}
	b.counted(t, id.Round)
	return nil
}

// counted notes that a round's count has changed.
func (b *Bot) counted(t bot.Tasting, round int) {
	since := t.Opened
	if i := slices.Index(t.OpenedRounds(), round); t.Block() && i >= 0 { // its post is as old as the run that opened it
		if loc, err := time.LoadLocation(t.TimeZone); err == nil {
			since = later(since, schedule.Named(t.Run.Opened[i], loc).At)
		}
	}
	if since.IsZero() { // the other ballots are still being posted
		since = time.Now()
	}
	b.late.add(t.ID, round, since)
}

// unheard is the stamp of an emoji that stands and was never heard: older than
// all that were, so that among standing emoji one that was heard decides, and a
// later tap counts whatever the platform's clock says.
var unheard = time.Unix(0, 1)

// wasHeard reports whether a stamp is somebody's, and not only of what was found
// standing, or standing no more, each a nanosecond later than what it corrects.
func wasHeard(at time.Time) bool { return at.After(unheard.Add(time.Second)) }

// readRound reads what stands on a reaction ballot and merges it with what
// was heard: people are quicker than databases, and events get lost.
// What was heard and does not stand was taken away unheard, unless it came
// while we were reading. So what is found is only a little newer than what it
// corrects: the platform's clock is not ours, its stamps may be cut to the
// second, and whatever people do meanwhile is newer still.
func (b *Bot) readRound(ctx context.Context, chat bot.Chat, t bot.Tasting, n int, ref bot.Ref) error {
	heard, err := b.store.Votes(ctx, t.ID.Round(n)) // before: what comes later is not corrected
	if err != nil {
		return fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
	}
	standing, err := chat.Reactions(ctx, ref)
	if errors.Is(err, bot.ErrHeardOnly) || errors.Is(err, bot.ErrGone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the ballot of round %v: %w", t.ID.Round(n), err)
	}
	rows := make(map[string]bot.Vote, len(heard))
	for _, v := range heard {
		rows[v.Voter.User] = v
	}
	stands := t.PicksStanding(n, standing)
	for user := range stands {
		if _, ok := rows[user]; !ok {
			rows[user] = bot.Vote{}
		}
	}
	for user, row := range rows {
		for i, m := range row.Marks {
			if on := stands[user][i]; on != m.On {
				choice, at := bot.Pick(i+1).Choice(t.FlipFor(n, user)), m.At.Add(1)
				if m.At.IsZero() {
					at = unheard
				}
				if err := b.hear(ctx, t, t.ID.Round(n), user, choice, bot.Mark{On: on, At: at}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// reconcile makes a ballot's final rows from what was heard and what stands
// on it: who votes is the truth of what stands; which of two standing emoji
// came last, of what was heard. Two that stand and were never heard are no
// vote; split counts the people to whom that happened. Rows without a pick go.
func reconcile(t bot.Tasting, n int, heard []bot.Vote, standing []bot.Tap, at time.Time) (final []bot.Vote, split int) {
	id := t.ID.Round(n)
	rows := make(map[string]bot.Vote)
	for _, v := range heard {
		rows[v.Voter.User] = v
	}
	for user, on := range t.PicksStanding(n, standing) {
		v, ok := rows[user]
		if !ok {
			v = bot.Vote{Round: id, Voter: bot.Voter{Workspace: t.ID.Workspace, User: user}}
		}
		for i := range v.Marks {
			m := &v.Marks[i]
			switch {
			case on[i] && !wasHeard(m.At):
				*m = bot.Mark{On: true, At: unheard}
			case on[i]:
				m.On = true
			case m.On:
				m.On = false
			}
		}
		if v.Pick() == bot.None {
			split++
			continue
		}
		final = append(final, stamped(v, at))
	}
	slices.SortFunc(final, bot.ByUser)
	return final, split
}

// stamped gives marks of unknown time the time at.
func stamped(v bot.Vote, at time.Time) bot.Vote {
	for i, m := range v.Marks {
		if !m.At.IsZero() && !wasHeard(m.At) {
			v.Marks[i].At = unheard
		}
	}
	only := v.Pick()
	for i := range v.Marks {
		if v.Marks[i].At.Equal(unheard) {
			v.Marks[i] = bot.Mark{On: bot.Pick(i+1) == only, At: at}
		}
	}
	return v
}
