package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Press answers a tap on a button.
func (b *Bot) Press(ctx context.Context, p Press) Reply {
	r, err := b.press(ctx, p)
	if err != nil {
		return b.answer("answer a button", err)
	}
	return r
}

func (b *Bot) press(ctx context.Context, p Press) (Reply, error) {
	if p.Button == "forget-me" {
		return b.forget(ctx, Voter{p.At.Workspace, p.User})
	}
	id, action, err := parseButton(p.At.Workspace, p.Button)
	if err != nil {
		return Reply{}, err
	}
	t, err := b.store.Tasting(ctx, id.TastingID)
	if isNotFound(err) {
		return Reply{}, UserError("That tasting is not here any more. /tastetest start begins a new one.")
	}
	if err != nil {
		return Reply{}, fmt.Errorf("read tasting %v: %w", id.TastingID, err)
	}
	if action == "go" || action == "drop" {
		return b.confirm(ctx, p, t, action == "go")
	}
	if t.State == Draft {
		return Reply{}, UserError("That tasting has not been started.")
	}
	switch action {
	case "taste":
		if t, err = b.admit(ctx, t, p.At, p.User); err != nil {
			return Reply{}, err
		}
		return b.seat(ctx, t, p.User, 0)
	case "show":
		return b.seat(ctx, t, p.User, id.Round)
	case string(Left), string(Right), string(Equal), string(Awful):
		return b.vote(ctx, t, p.User, id.Round, Choice(action))
	case "clear":
		return b.takeBack(ctx, t, p.User, id.Round)
	case "status":
		return b.status(ctx, p.At, p.User, t)
	case "results":
		return b.results(ctx, t)
	case "plan":
		return b.planAnother(ctx, t)
	}
	if err := b.may(ctx, Owner, p.At, p.User, &t); err != nil {
		return Reply{}, err
	}
	switch action {
	case "close":
		return b.closeNow(ctx, t)
	case "extend":
		return b.extend(ctx, t, "")
	case "cancel":
		return b.cancelNow(ctx, t)
	}
	return Reply{}, UserError("I do not know that button. Reload, or type /tastetest help.")
}

// parseButton takes apart "7/taste" and "7.3/left".
func parseButton(w Workspace, s string) (RoundID, string, error) {
	unknown := UserError("I do not know that button. Reload, or type /tastetest help.")
	id, action, ok := strings.Cut(s, "/")
	number, round, hasRound := strings.Cut(id, ".")
	n, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil {
		return RoundID{}, "", unknown
	}
	r := 0
	if hasRound {
		if r, err = strconv.Atoi(round); err != nil || r < 1 {
			return RoundID{}, "", unknown
		}
	}
	return TastingID{w, n}.Round(r), action, nil
}
