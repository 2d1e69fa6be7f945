package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func (b *Bot) closeQuestion(ctx context.Context, t Tasting) (Reply, error) {
	if t.State != Open {
		return Reply{}, UserError(fmt.Sprintf("Taste test %v is not open for votes: %s", t.ID, stateLine(t)))
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return Reply{}, err
	}
	warning := ""
	if t.Ballot == Private && n.all < tooFewToBreakDown {
		warning = " With under three votes a round no counts can be shown, or they would tell who voted for what."
	}
	return Reply{Post: Notice{
		Text: fmt.Sprintf("Close taste test %v now? %s tasted; it would run until %s.", t.ID,
			plural(n.all, "person has", "people have"), clock(t.Closes, time.Now(), t.TimeZone)) + warning,
		Buttons: []Button{{ID: t.ID.String() + "/close", Label: "Close and reveal", Primary: true}},
	}}, nil
}

func cancelQuestion(t Tasting) Reply {
	return Reply{Post: Notice{
		Text:    fmt.Sprintf("Cancel taste test %v? Its votes will never be revealed.", t.ID),
		Buttons: []Button{{ID: t.ID.String() + "/cancel", Label: "Cancel it", Danger: true}},
	}}
}

// extend gives an open tasting more time: until what was typed, else one
// working day more.
func (b *Bot) extend(ctx context.Context, t Tasting, typed string) (Reply, error) {
	now := time.Now()
	until := workingDays(t.Closes.In(b.zone(t)), 1)
	if typed != "" {
		var err error
		if until, err = parseWhen(typed, now.In(b.zone(t))); err != nil {
			return Reply{}, err
		}
	}
	if t.State == Open && !until.After(t.Closes) {
		return Reply{}, UserError(fmt.Sprintf("It closes %s already. To end it earlier: /tastetest close %v", clock(t.Closes, now, t.TimeZone), t.ID))
	}
	err := b.store.Update(ctx, t.ID, Open, func(t *Tasting) error {
		t.Closes, t.Stale, t.Wake = until, true, now
		return nil
	})
	if errors.Is(err, ErrMoved) {
		return Reply{}, UserError(fmt.Sprintf("Taste test %v is not open for votes: %s", t.ID, stateLine(t)))
	}
	if err != nil {
		return Reply{}, fmt.Errorf("extend tasting %v: %w", t.ID, err)
	}
	b.nudgeRun()
	return Reply{Post: Notice{Text: fmt.Sprintf("Taste test %v now closes %s.", t.ID, clock(until, now, t.TimeZone))}}, nil
}

func (b *Bot) closeNow(ctx context.Context, t Tasting) (Reply, error) {
	if t.State != Open {
		return Reply{}, UserError(fmt.Sprintf("Taste test %v is not open for votes: %s", t.ID, stateLine(t)))
	}
	err := b.endVoting(ctx, t, time.Now())
	if errors.Is(err, ErrMoved) {
		return Reply{}, UserError(fmt.Sprintf("Taste test %v has been closed already.", t.ID))
	}
	if err != nil {
		return Reply{}, fmt.Errorf("close tasting %v: %w", t.ID, err)
	}
	b.nudgeRun()
	return Reply{Post: Notice{
		Text:   fmt.Sprintf("Voting in taste test %v is closed. The reveal is coming.", t.ID),
		Awaits: PostKey{t.ID, 0, announcementPost},
	}}, nil
}

func (b *Bot) cancelNow(ctx context.Context, t Tasting) (Reply, error) {
	if t.State >= Closing {
		return Reply{}, UserError(fmt.Sprintf("It is too late to cancel taste test %v: %s", t.ID, stateLine(t)))
	}
	err := b.end(ctx, t, Cancelled, "Its starter or an admin cancelled it.")
	if errors.Is(err, ErrMoved) {
		return Reply{}, UserError(fmt.Sprintf("Taste test %v has just moved on. Look again: /tastetest status %v", t.ID, t.ID))
	}
	if err != nil {
		return Reply{}, fmt.Errorf("cancel tasting %v: %w", t.ID, err)
	}
	return Reply{Post: Notice{Text: fmt.Sprintf("Taste test %v is cancelled. Its votes will not be revealed.", t.ID)}}, nil
}
