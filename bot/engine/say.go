package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/judge"
	"github.com/tastetest/tastetest/bot/stats"
)

// compose makes what the post called key says about t now, in the voice of its
// place. Before t.RevealedAt is set no post tells which model is where.
func (b *Bot) compose(ctx context.Context, t bot.Tasting, key bot.PostKey) (bot.Post, error) {
	p, err := b.said(ctx, t, key)
	if err != nil {
		return nil, err
	}
	return bot.Speak(p, b.Voice(ctx, t.Place)), nil
}

func (b *Bot) said(ctx context.Context, t bot.Tasting, key bot.PostKey) (bot.Post, error) {
	switch key.What {
	case bot.HeadPost:
		n, err := b.seenTurnout(ctx, t)
		if err != nil {
			return nil, err
		}
		if t.RevealedAt.IsZero() {
			return compose.Head(t, n), nil
		}
		o, err := b.outcome(ctx, t)
		if err != nil {
			return nil, err
		}
		return o.Head(t, n), nil
	case bot.BallotPost, bot.RevealPost:
		if t.RevealedAt.IsZero() || t.Rounds[key.Round-1].Removed() {
			return b.ballot(ctx, t, key.Round)
		}
		o, err := b.outcome(ctx, t)
		if err != nil {
			return nil, err
		}
		return o.Reveal(key.Round, compose.MostShown), nil
	case bot.NudgePost:
		n, err := b.knownTurnout(ctx, t)
		return compose.Nudge(t, n), err
	case bot.ExtendedPost:
		return compose.Extended(t), nil
	case bot.AnnouncementPost:
		return b.announcement(ctx, t, compose.MostShown)
	}
	return nil, fmt.Errorf("no post is called %v", key)
}

// ballot reads what round n's ballot shows, and makes it.
func (b *Bot) ballot(ctx context.Context, t bot.Tasting, n int) (bot.Ballot, error) {
	x, err := b.store.Texts(ctx, t.ID.Round(n))
	if err != nil {
		return bot.Ballot{}, fmt.Errorf("texts of round %v: %w", t.ID.Round(n), err)
	}
	voted, err := b.voted(ctx, t.ID.Round(n))
	if err != nil {
		return bot.Ballot{}, err
	}
	p := compose.Ballot(t, n, x, voted)
	if t.Block() && t.State.TakesVotes() && t.Rounds[n-1].Live() {
		earlier, err := b.earlier(ctx, t, n)
		if err != nil {
			return bot.Ballot{}, err
		}
		p.Note = bot.Prose(p.Note, earlier)
	}
	return p, nil
}

// voted counts those who have a pick in a round.
func (b *Bot) voted(ctx context.Context, id bot.RoundID) (n int, err error) {
	err = b.store.EachVote(ctx, id, func(v bot.Vote) error {
		n += stats.Bit(v.Pick() != bot.None)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("votes of round %v: %w", id, err)
	}
	return n, nil
}

// earlier says how many voted in the rounds of a block that were opened before n.
func (b *Bot) earlier(ctx context.Context, t bot.Tasting, n int) (bot.Sentence, error) {
	var all bot.Series
	for i, m := range t.OpenedRounds() {
		if m == n {
			break
		}
		if !t.Rounds[m-1].Live() { // taken out
			continue
		}
		voted, err := b.voted(ctx, t.ID.Round(m))
		if err != nil {
			return bot.Sentence{}, err
		}
		all = append(all, compose.Earlier(i+1, voted))
	}
	return compose.EarlierOnes(all), nil
}

// announcement reads what the post that ends a tasting tells, and makes it; it
// shows so many characters of each answer.
func (b *Bot) announcement(ctx context.Context, t bot.Tasting, most int) (bot.Announcement, error) {
	o, err := b.outcome(ctx, t)
	if err != nil {
		return bot.Announcement{}, err
	}
	under, err := b.opening(ctx, t)
	if err != nil {
		return bot.Announcement{}, err
	}
	a := o.Announcement(under, most)
	if b.opt.ResultsLink != nil && t.Place.Platform != "web" { // there they are a step away
		a.Buttons = append(a.Buttons, bot.Button{ID: t.ID.String() + "/open", Label: bot.Say("Open results")})
	}
	a.Picture = b.pictures(ctx, t.Place)
	set := b.setFor(ctx, t.Place)
	if w, ok := b.weekly(set); ok && set.Weekly.In == t.ID.N && t.Place == channelOf(t.Place) {
		off := digestOff()
		a.Comes, a.Off = compose.DigestComes(w.At), &off
	}
	if t.JudgedAt.IsZero() {
		return a, nil
	}
	reports, _, err := b.judgedBy(ctx, []bot.Tasting{t})
	if err != nil {
		return bot.Announcement{}, err
	}
	for _, r := range reports {
		a.Notes = append(a.Notes, r.Line())
		a.Details = append(a.Details, r.Sentences()...)
	}
	if t.Further.N > 0 {
		made, err := b.madeInTime(ctx, t)
		if err != nil {
			return bot.Announcement{}, err
		}
		a.Notes = append(a.Notes, o.Further(judge.Scores(t, made)))
		a.Details = append(a.Details, compose.FurtherDetails(t))
	}
	return a, nil
}

// Voice is how a place is spoken to: as was set for its channel, else as the
// configuration says. Where no zone is set, times stand in posts in that of their
// tasting.
func (b *Bot) Voice(ctx context.Context, at bot.Place) bot.Voice {
	set := b.setFor(ctx, at)
	return bot.Voice{Lang: cmp.Or(set.Lang, b.opt.Language), Zone: set.Zone}
}

// spoken is a reply in the voice of its place. One that speaks already, of a tasting
// elsewhere, keeps its voice.
func (b *Bot) spoken(ctx context.Context, at bot.Place, r bot.Reply) bot.Reply {
	v := b.Voice(ctx, at)
	if r.Post != nil && r.Post.Spoken() == (bot.Voice{}) {
		r.Post = bot.Speak(r.Post, v)
	}
	if r.Form != nil {
		form := *r.Form
		form.Voice = v
		r.Form = &form
	}
	if later := r.Later; later != nil {
		r.Later = func(ctx context.Context, say func(bot.Post) error) error {
			return later(ctx, func(p bot.Post) error { return say(bot.Speak(p, v)) })
		}
	}
	return r
}

// tell tells whoever started a tasting something of it, as its place is spoken to;
// that it could not be told is logged, and stops nothing.
func (b *Bot) tell(ctx context.Context, t bot.Tasting, p bot.Post) {
	chat, err := b.chat(t.Starter.Workspace)
	if err == nil {
		err = chat.Tell(ctx, t.Starter, bot.Speak(p, b.Voice(ctx, t.Place)))
	}
	if err != nil {
		b.log.Warn("tell somebody", "platform", t.Place.Platform, "err", err)
	}
}

// answer turns an error into what its causer is told: a UserError's sentence,
// or an apology whose id stands in the log.
func (b *Bot) answer(doing string, err error) bot.Reply {
	if e, ok := errors.AsType[bot.UserError](err); ok {
		at, _ := errors.AsType[fieldError](err)
		if all, _ := errors.AsType[faults](err); len(all) > 1 {
			told := all.told()
			var lines []bot.Sentence
			for _, f := range told {
				lines = append(lines, f.Text)
			}
			return bot.Reply{Post: bot.Notice{Error: true, Text: bot.Lines(lines...), Field: at.field, Faults: told}}
		}
		return bot.Reply{Post: bot.Notice{Error: true, Text: bot.Sentence(e), Field: at.field}}
	}
	id := compose.FaultID()
	b.log.Error(doing, "id", id, "err", err)
	if b.opt.Healthy() != nil {
		return bot.Reply{Post: compose.Down(id)}
	}
	return bot.Reply{Post: compose.Apology(id)}
}
