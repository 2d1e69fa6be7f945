package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
)

// Press answers a tap on a button.
func (b *Bot) Press(ctx context.Context, p bot.Press) bot.Reply {
	r, err := b.press(ctx, p)
	if err != nil {
		r = b.answer("answer a button", err)
	}
	return b.spoken(ctx, p.At, r)
}

// press is the table of who answers which button. What anybody may do stands
// before the check of rights, and what only the starter and admins may after
// it.
func (b *Bot) press(ctx context.Context, p bot.Press) (bot.Reply, error) {
	if p.Button == "forget-me" {
		return b.forget(ctx, p.At, bot.Voter{Workspace: p.At.Workspace, User: p.User})
	}
	if said, ok := strings.CutPrefix(p.Button, "schedule/"); ok {
		return b.pressSchedule(ctx, p, said)
	}
	if typed, ok := strings.CutPrefix(p.Button, bot.TypedButton); ok {
		return b.command(ctx, bot.Command{At: p.At, User: p.User, Text: typed})
	}
	switch {
	case strings.HasPrefix(p.Button, "digest/"):
		return b.pressDigest(ctx, p)
	case p.Button == compose.SetUpAny:
		return b.setUp(ctx, p, nil, false)
	}
	id, action, err := parseButton(p.At.Workspace, p.Button)
	if err != nil {
		return bot.Reply{}, err
	}
	t, err := b.store.Tasting(ctx, id.TastingID)
	if isNotFound(err) && id.IsDraft() {
		return bot.Reply{}, draftGone()
	}
	if isNotFound(err) {
		return bot.Reply{}, bot.UserError(bot.Say("That tasting is not here any more. {start} begins a new one.", bot.Usage{Command: "start"}))
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read tasting %v: %w", id.TastingID, err)
	}
	if action == "go" || action == "drop" {
		return b.confirm(ctx, p, t, action == "go")
	}
	if n, ok := strings.CutPrefix(action, "more"); ok {
		return b.withMore(ctx, p, t, n)
	}
	if action == "zone" || action == "zone/same" {
		return zoneForm(t, action != "zone"), nil
	}
	if t.State == bot.Draft {
		return bot.Reply{}, bot.UserError(bot.Say("That tasting has not been started."))
	}
	switch action {
	case "taste":
		if t, err = b.admit(ctx, t, p.At, p.User); err != nil {
			return bot.Reply{}, err
		}
		return b.seat(ctx, t, p.User, 0)
	case "show":
		return b.seat(ctx, t, p.User, id.Round)
	case string(bot.Left), string(bot.Right), string(bot.Equal), string(bot.Awful):
		return b.vote(ctx, t, p, id.Round, bot.Choice(action))
	case "clear":
		return b.takeBack(ctx, t, p, id.Round)
	case remindAction, remindTomorrow, remindLate, remindOff, remindNever:
		return b.pressRemind(ctx, t, p.User, action)
	case "status":
		return b.status(ctx, p.At, p.User, t)
	case "results":
		return b.results(ctx, t, p.User)
	case "open":
		return b.openResults(ctx, t, p.At)
	case "opened": // the browser has the rest
		return bot.Reply{}, nil
	case "shows", "mine", "boss":
		return b.behind(ctx, t, p.User, action)
	case "again", "plan": // what posts of before this was said call it
		return b.again(ctx, p, t)
	case compose.SetUpAgain, compose.SetUpElsewhere:
		return b.setUp(ctx, p, &t, action == compose.SetUpElsewhere)
	}
	if err := b.may(ctx, command.Owner, p.At, p.User, &t); err != nil {
		return bot.Reply{}, err
	}
	switch action {
	case "close":
		return b.closeNow(ctx, p.At, t)
	case "extend":
		return b.extend(ctx, t, "")
	case "remove":
		return b.removePressed(ctx, t, id.Round)
	case "cancel":
		return b.cancelNow(ctx, t)
	}
	return bot.Reply{}, unknownButton()
}

func unknownButton() error {
	return bot.UserError(bot.Say("I do not know that button. Reload, or type {help}.", bot.Usage{Command: "help"}))
}

// parseButton takes apart "7/taste" and "7.3/left".
func parseButton(w bot.Workspace, s string) (bot.RoundID, string, error) {
	unknown := unknownButton()
	id, action, ok := strings.Cut(s, "/")
	number, round, hasRound := strings.Cut(id, ".")
	t, is := w.Tasting(number)
	if !ok || !is {
		return bot.RoundID{}, "", unknown
	}
	r := 0
	if hasRound {
		var err error
		if r, err = strconv.Atoi(round); err != nil || r < 1 {
			return bot.RoundID{}, "", unknown
		}
	}
	return t.Round(r), action, nil
}

// arrivals stamps what comes without a stamp of its own. Two stamps are never
// the same and never go back, whatever the wall clock does, so that of two
// taps the later one counts. The zero value is ready.
type arrivals struct {
	mu   sync.Mutex
	last int64 // nanoseconds since 1970
}

// after is now, but later than t.
func (a *arrivals) after(t time.Time) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = max(a.last+1, time.Now().UnixNano())
	if !t.IsZero() {
		a.last = max(a.last, t.UnixNano()+1)
	}
	return time.Unix(0, a.last)
}
