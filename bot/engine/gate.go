package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A GateWish is what a pipeline wants a team to be asked: the same prompts, answered
// by the old model and by the new one.
type GateWish struct {
	bot.Gate
	Sheet    bot.Sheet // with two models, the old one first
	Question string
	Until    string
	Ballot   string
	Invite   string
}

// A GateStatus is how a gate stands.
type GateStatus struct {
	Tasting  bot.Tasting
	Passage  verdict.Passage
	Sentence string
	Tally    bot.Tally // once it is decided: the first model is the old one
}

// OpenGate starts a gate's tasting at a place for somebody, by the way that they
// would take by hand, and with no other rights. The same name with the same content
// gives the same tasting; with another content it is a UserError.
func (b *Bot) OpenGate(ctx context.Context, at bot.Place, user string, g GateWish) (bot.Tasting, error) {
	if err := b.may(ctx, command.Starters, at, user, nil); err != nil {
		return bot.Tasting{}, err
	}
	defer b.gates.Lock(at.Workspace)()
	t, found, err := b.gateCalled(ctx, at, user, g.Gate)
	if err != nil {
		return bot.Tasting{}, err
	}
	if !found {
		w := wish{sheet: g.Sheet, question: g.Question, until: g.Until, ballot: g.Ballot, invite: g.Invite, texts: "prompts"}
		if w.users, w.names, err = b.invited(ctx, at, w); err != nil {
			return bot.Tasting{}, err
		}
		t, texts, _, err := b.draft(ctx, at, user, w)
		if err != nil {
			return bot.Tasting{}, err
		}
		t.Gate = &g.Gate
		if t, err = b.store.CreateTasting(ctx, t, texts); err != nil {
			return bot.Tasting{}, fmt.Errorf("store a gate's draft: %w", err)
		}
		return b.sayYes(ctx, at, user, t)
	}
	if t.State == bot.Draft { // it was cut short there
		return b.sayYes(ctx, at, user, t)
	}
	return t, nil
}

// sayYes starts a gate's draft.
func (b *Bot) sayYes(ctx context.Context, at bot.Place, user string, t bot.Tasting) (bot.Tasting, error) {
	started, err := b.begin(ctx, at, user, t)
	if err != nil {
		return t, errors.Join(err, b.dropDraft(ctx, t))
	}
	return started, nil
}

// gateCalled finds the tasting of a gate that the same person opened before at the
// same place: what others ask elsewhere is not told, not even that it is there.
func (b *Bot) gateCalled(ctx context.Context, at bot.Place, user string, g bot.Gate) (t bot.Tasting, found bool, err error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{})
	if err != nil {
		return t, false, fmt.Errorf("look for a gate: %w", err)
	}
	i := slices.IndexFunc(ts, func(t bot.Tasting) bool {
		dropped := t.State == bot.Cancelled && t.Asked.IsZero()
		return t.Gate != nil && t.Gate.Name == g.Name && t.Place == at && t.Starter.User == user && !dropped
	})
	if i < 0 {
		return t, false, nil
	}
	if t = ts[i]; t.Gate.Content != g.Content || t.Gate.Ask != g.Ask {
		return t, true, bot.UserError(bot.Say("Gate “{name}” was opened with other content before (taste test {id}). What is asked is fixed beforehand: give this one another name, for example with the commit in it.", bot.Verbatim(g.Name), t.ID))
	}
	return t, true, nil
}

// Gate returns how a gate stands, to somebody at a place where it is spoken of, to its
// starter and to admins. Until its reveal that is pending, whatever the votes are.
func (b *Bot) Gate(ctx context.Context, at bot.Place, user string, id bot.TastingID) (GateStatus, error) {
	t, err := b.tasting(ctx, id)
	if err != nil {
		return GateStatus{}, err
	}
	if !b.spokenTo(ctx, t, at, user) {
		return GateStatus{}, elsewhere(t)
	}
	s := GateStatus{Tasting: t, Passage: verdict.Pending}
	switch {
	case t.Gate == nil:
		return s, bot.UserError(bot.Say("Taste test {id} is no gate.", id))
	case t.State == bot.Cancelled, t.State == bot.Failed:
		s.Passage, s.Sentence = verdict.Undecided, "Undecided: it ended without a result. "+compose.StateLine(t).String()
	case t.State != bot.Revealed:
		s.Sentence = "Pending: people are being asked. " + compose.StateLine(t).String()
		if t.State == bot.Open {
			n, err := b.knownTurnout(ctx, t)
			if err != nil {
				return s, err
			}
			s.Sentence = fmt.Sprintf("Pending: %d have tasted; it closes at %s.", n.All, t.Closes.In(b.zone(ctx, t)).Format(time.RFC1123))
		}
	default:
		o, err := b.outcome(ctx, t)
		if err != nil {
			return s, err
		}
		s.Passage, s.Sentence = verdict.Gate(t.Gate.Ask, t.Names(), o.Mean(), o.Level())
		s.Tally = o.Total()
	}
	return s, nil
}
