package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/deal"
	"github.com/tastetest/tastetest/bot/proof"
	"github.com/tastetest/tastetest/bot/text"
)

// askAtOnce is how many rounds are asked side by side; each asks two models.
const askAtOnce = 4

// ask asks both models everything that has not been answered yet, and draws
// the sides once nothing is left to ask. Nothing of how it went leaves before
// that: neither when a round was answered nor at which attempt.
func (b *Bot) ask(ctx context.Context, t bot.Tasting) error {
	models, changed := b.sameModels(t)
	if !changed.IsZero() {
		return b.fail(ctx, t, changed)
	}
	if over, err := b.holdMore(ctx, t); err != nil {
		return err
	} else if !over.IsZero() {
		return b.fail(ctx, t, over)
	}
	var work sync.WaitGroup
	var unkept atomic.Bool
	known := knownOf(t.Models)
	slots := make(chan struct{}, askAtOnce)
	errs := make([]error, len(t.Rounds))
	refused := make([]error, len(t.Rounds))
	for i, r := range t.Rounds {
		if r.Ready || !r.Live() || r.Kind == bot.Retest {
			continue
		}
		slots <- struct{}{}
		if unkept.Load() {
			break // no more is asked than may be lost at once
		}
		if now, err := b.store.Tasting(ctx, t.ID); err == nil && now.State != bot.Asking {
			errs[i] = bot.ErrMoved // it was cancelled: no more is asked, and paid for
			break
		}
		work.Go(func() {
			defer func() { unkept.CompareAndSwap(false, errs[i] != nil); <-slots }()
			defer recovered(&errs[i])
			ask := models
			if r.Kind == bot.Control {
				ask = [2]bot.Model{} // its answers are given
			}
			refused[i], errs[i] = b.askRound(ctx, t.ID.Round(i+1), t.Models, known, ask)
		})
	}
	work.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	unread, err := b.askFurther(ctx, t, known, models)
	if err != nil {
		return err
	}
	if err := b.hold(ctx, t.ID); err != nil {
		return err
	}
	for i, err := range append(refused, unread...) {
		if err != nil { // the round is void: it has no sides; nor has a further prompt
			b.log.Warn("a model gave no answer", "round", t.ID.Round(i+1), "err", err)
		}
	}
	return b.draw(ctx, t.ID)
}

// sameModels finds the models of t in the configuration. Answers that were
// given from the start need none. changed says why they are not those any more.
func (b *Bot) sameModels(t bot.Tasting) (found [2]bot.Model, changed bot.Sentence) {
	for i, card := range t.Models {
		if card.Source == bot.Pasted {
			continue
		}
		name := t.AskedAs(i)
		for _, m := range b.opt.Models() {
			if m.Card().Name == name {
				found[i] = m
			}
		}
		if found[i] != nil && t.Versions() {
			found[i] = versionOf(found[i], card)
		}
		switch {
		case found[i] == nil:
			return found, bot.Say("{name} is no longer configured.", bot.Verbatim(name))
		case found[i].Card().Fingerprint() != card.Fingerprint():
			return found, bot.Say("The settings of {name} were changed while it was being asked. Start the tasting again.", bot.Verbatim(name))
		}
	}
	return found, bot.Sentence{}
}

// askRound asks both models at once and keeps both answers, or neither: a round
// of which one fails is void, and refused says for the log why. Surprising:
// what was answered is kept also when the bot is stopping, because it was paid
// for.
func (b *Bot) askRound(ctx context.Context, id bot.RoundID, cards [2]bot.Card, known text.Known, models [2]bot.Model) (refused, err error) {
	x, err := b.store.Texts(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("texts of round %v: %w", id, err)
	}
	if err := b.noteAsking(ctx, id, &x, cards, models); err != nil {
		return nil, err
	}
	why, refused := askBoth(ctx, &x, known, models)
	x.Asking = false
	// What was answered was paid for: it is kept also when the bot is stopping.
	if err := b.store.SetTexts(context.WithoutCancel(ctx), id, x); err != nil {
		return nil, fmt.Errorf("keep the answers of round %v: %w", id, err)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	b.opt.Step("answered " + id.String())
	return refused, b.store.Update(ctx, id.TastingID, bot.Asking, func(t *bot.Tasting) error {
		r := &t.Rounds[id.Round-1]
		answered := why[0].IsZero() && why[1].IsZero()
		r.Ready = answered && !sameText(x)
		if answered && !r.Ready {
			r.Reason = bot.SameText()
		}
		for i, w := range why {
			if !w.IsZero() {
				r.Reason = bot.Stored(bot.Clauses(bot.Sentence(r.Reason), bot.Say("{model} {why}", t.Called(i), w)))
				r.VoidBy |= i + 1
			}
			if m := x.Answers[i].Model; m != "" && t.Models[i].Returned == "" {
				t.Models[i].Returned = m
			}
			r.Flagged = r.Ready && (r.Flagged || slices.ContainsFunc(x.Answers[i].Leaks, func(l text.Leak) bool { return l.Level >= text.Strong }))
		}
		return nil
	})
}

// askBoth asks the models for those answers in x that are not there yet. why says of
// each, for people, what kept it from answering, and refused says it for the log.
func askBoth(ctx context.Context, x *bot.Texts, known text.Known, models [2]bot.Model) (why [2]bot.Sentence, refused error) {
	var errs [2]error
	var both sync.WaitGroup
	for i, m := range models {
		if m == nil || x.Answers[i].Text != "" {
			continue
		}
		both.Go(func() {
			lost := x.Answers[i].Lost
			x.Answers[i], why[i] = bot.Answer{Attempts: 1, Lost: lost}, noAnswer() // if it panics
			defer recovered(&errs[i])
			x.Answers[i], why[i], errs[i] = askModel(ctx, m, x.Prompt, known)
			x.Answers[i].Lost = lost
		})
	}
	both.Wait()
	for i := range why {
		if !why[i].IsZero() {
			x.Answers[i].Text = "" // if we stop here it is asked again, not shown
		}
	}
	return why, errors.Join(errs[:]...)
}

// sameText reports whether people would see one answer twice.
func sameText(x bot.Texts) bool { return x.Answers[0].Text == x.Answers[1].Text }

// noAnswer says of a model, for people, that the cause is for the log.
func noAnswer() bot.Sentence { return bot.Say("gave no answer") }

// askModel asks for one answer that can be shown; once more if the first
// cannot be, or gives its author away. why says, for people, what was wrong
// with the second, and refused, for the log, what kept the model from answering.
// Both are empty if there is an answer after all: how often it was asked for
// would tell whose it is. The cost is that of all attempts.
func askModel(ctx context.Context, m bot.Model, p bot.Prompt, known text.Known) (a bot.Answer, why bot.Sentence, refused error) {
	spent := bot.Cost{Known: true}
	attempts := 0
	card := m.Card()
	var strong *bot.Answer // usable, but flagged
	for range askedTwice {
		next, err := m.Write(ctx, p)
		attempts += max(next.Attempts, 1)
		if err != nil {
			var cost bot.Cost // not known
			a, why, refused = bot.Answer{}, noAnswer(), err
			if refusal, ok := errors.AsType[*bot.Refusal](err); ok {
				why, cost = refusal.Public, refusal.Cost
			}
			spent = spent.Add(cost)
			break // passing faults were retried already
		}
		spent = spent.Add(next.Cost)
		a = next
		a.Text, a.Leaks = inspect(a, p, known)
		why = unusable(a, card.Source)
		if why.IsZero() && (text.Worst(a.Leaks) < text.Strong || card.Source == bot.FromFile) {
			break
		}
		if why.IsZero() {
			kept := a
			strong = &kept
		}
	}
	if !why.IsZero() && strong != nil {
		a, why, refused = *strong, bot.Sentence{}, nil
	}
	a.Cost, a.Attempts = spent, attempts
	return a, why, refused
}

// knownOf are the names by which a text would give either model away.
func knownOf(cards [2]bot.Card) text.Known {
	return text.NewKnown(slices.Concat(cards[0].Names, cards[1].Names))
}

// inspect cleans an answer for showing and looks for its author's name in it.
func inspect(a bot.Answer, p bot.Prompt, known text.Known) (said string, leaks []text.Leak) {
	said = text.Clean(a.Raw)
	leaks = known.Leaks(said, p.Text)
	if p.AllowNames {
		leaks = slices.DeleteFunc(leaks, func(l text.Leak) bool { return l.Level == text.Strong })
	}
	return said, leaks
}

// unusable says why an answer cannot be shown, or nothing. An answer that stands in
// a file is what it is: if it names itself it is flagged.
func unusable(a bot.Answer, source string) bot.Sentence {
	switch {
	case a.Finish == "content_filter", a.Finish == "refusal":
		return bot.Say("was stopped by its provider’s filter")
	case a.Text == "":
		return bot.Say("answered nothing")
	case text.Worst(a.Leaks) == text.Self && source != bot.FromFile:
		return bot.Say("named itself in its answer")
	}
	return bot.Sentence{}
}

// draw fixes the sides of all rounds that have both answers, and commits to
// them. The secrets are drawn once, outside of the update: its function may run
// twice, and the sides must not differ between the runs.
func (b *Bot) draw(ctx context.Context, id bot.TastingID) error {
	t, err := b.store.Tasting(ctx, id)
	if err != nil {
		return err
	}
	if t.State != bot.Asking {
		return bot.ErrMoved // it was cancelled meanwhile
	}
	texts, err := b.texts(ctx, t)
	if err != nil {
		return err
	}
	further, err := b.numbered(ctx, t, t.FurtherNumbers())
	if err != nil {
		return err
	}
	for i, r := range t.Rounds {
		if r.Kind != bot.Retest && !r.Ready && r.Live() {
			return fmt.Errorf("round %v has not been asked", t.ID.Round(i+1))
		}
	}
	if n := len(t.Tasted()); n == 0 || t.Versions() && n < bot.EnoughPrompts {
		return b.fail(ctx, t, tooFew(t))
	}
	if err := b.repeat(ctx, t, texts); err != nil {
		return err
	}
	if t, err = b.store.Tasting(ctx, id); err != nil {
		return err
	}
	live := t.Live()
	secrets := make([]byte, 32)
	if _, err := io.ReadFull(b.opt.Rand, secrets); err != nil {
		return fmt.Errorf("draw a nonce: %w", err)
	}
	flips, err := deal.Flips(b.opt.Rand, len(live))
	if err != nil {
		return err
	}
	seed := make([]byte, 16)
	if t.Deal.Plain > 0 {
		if _, err := io.ReadFull(b.opt.Rand, seed); err != nil {
			return fmt.Errorf("draw a seed for decks: %w", err)
		}
	}
	err = b.store.Update(ctx, id, bot.Asking, func(t *bot.Tasting) error {
		t.Nonce, t.Orders, t.Pace = secrets[:16], secrets[16:], pace(*t, texts)
		for i, n := range live {
			t.Rounds[n-1].Flip = flips[i]
			t.Rounds[n-1].Measure(texts[n-1])
		}
		if t.Deal.Plain > 0 {
			t.Deal.Seed, t.Deal.Most = seed, len(t.Invited)*t.DeckSize()
		}
		t.Further.Measure(further)
		t.Lost = lost(*t, slices.Concat(texts, further))
		fixed := proof.Of(*t, texts)
		for i, r := range fixed.Rounds {
			t.Rounds[live[i]-1].Commitment = r.Commitment[:]
		}
		if t.Deal.Plain > 0 {
			t.Deal.Commitment = fixed.Deal.Commitment[:]
		}
		if now := time.Now(); t.Closes.Sub(now) < t.Closes.Sub(t.Created)/2 {
			t.Closes = now.Add(t.Closes.Sub(t.Created)) // asking took long; voting must not be the shorter for it
		}
		t.State = bot.Posting
		return nil
	})
	if err != nil {
		return err
	}
	b.opt.Step("drawn")
	return nil
}

// repeat gives retests the texts, the readiness and the faults of their
// originals, once those are known.
func (b *Bot) repeat(ctx context.Context, t bot.Tasting, texts []bot.Texts) error {
	for i, r := range t.Rounds {
		if r.Kind != bot.Retest {
			continue
		}
		texts[i] = texts[r.Original-1]
		if err := b.store.SetTexts(ctx, t.ID.Round(i+1), texts[i]); err != nil {
			return fmt.Errorf("keep the texts of round %v: %w", t.ID.Round(i+1), err)
		}
	}
	return b.store.Update(ctx, t.ID, bot.Asking, func(t *bot.Tasting) error {
		for i, r := range t.Rounds {
			if r.Kind == bot.Retest {
				o := t.Rounds[r.Original-1]
				t.Rounds[i].Ready, t.Rounds[i].Reason, t.Rounds[i].Void, t.Rounds[i].VoidBy = o.Ready, o.Reason, o.Void, o.VoidBy
			}
		}
		return nil
	})
}

// hold waits, once everything is answered, for the time from which on it may
// show. Whoever knows which model is fast could tell from a quicker end that the
// long text is that one's. When that was is kept: a bot that is started again and
// again would else hold it for longer each time.
func (b *Bot) hold(ctx context.Context, id bot.TastingID) error {
	t, err := b.store.Tasting(ctx, id)
	if err != nil {
		return err
	}
	if !t.Timed() || t.Asked.IsZero() || b.opt.Hold < 0 {
		return nil
	}
	if t.Answered.IsZero() {
		t.Answered = time.Now()
		err := b.store.Update(ctx, id, bot.Asking, func(kept *bot.Tasting) error { kept.Answered = t.Answered; return nil })
		if err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(held(t.Asked, t.Answered, b.opt.Hold))):
		return nil
	}
}

// held is when what was asked at one time and answered by another may show:
// after hold, twice hold, or a multiple of four times that.
func held(asked, answered time.Time, hold time.Duration) time.Time {
	step := hold
	switch took := answered.Sub(asked); {
	case took > 2*hold:
		step = (took + 4*hold - 1) / (4 * hold) * 4 * hold
	case took > hold:
		step = 2 * hold
	}
	return asked.Add(step)
}
