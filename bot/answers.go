package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// status says how a tasting stands; never for what people voted. Who wants to
// know what it costs must be its starter or an admin: costs tell models apart
// only together with sides, but they are nobody else's business.
func (b *Bot) status(ctx context.Context, at Place, user string, t Tasting) (Reply, error) {
	if t.State == Revealed {
		return b.results(ctx, t)
	}
	n, err := b.turnout(ctx, t)
	if err != nil {
		return Reply{}, err
	}
	lines := []string{fmt.Sprintf("%s, %s ballot.", plural(len(t.Live()), "prompt", "prompts"), t.Ballot)}
	switch {
	case t.State == Asking:
		lines = append(lines, askingLine(t))
	default:
		lines = append(lines, progress(t, n)+".")
	}
	if t.Starter.User == user || b.admin(ctx, at, user) {
		lines = append(lines, "So far: "+t.Spent.String()+".")
	}
	if t.State == Open {
		lines = append(lines, fmt.Sprintf("To end it: /tastetest close %v", t.ID))
	}
	return Reply{Post: Notice{Title: fmt.Sprintf("Taste test %v · %s", t.ID, t.Question), Text: strings.Join(lines, "\n")}}, nil
}

// askingLine is the progress of asking.
func askingLine(t Tasting) string {
	ready, void, all := 0, 0, 0
	for _, r := range t.Rounds {
		if r.Kind == Plain {
			all++
			ready += bit(r.Ready)
			void += bit(r.Void != "")
		}
	}
	doing := "Asking both models"
	if t.Models[0].free() && t.Models[1].free() {
		doing = "Getting ready"
	}
	s := fmt.Sprintf("%s: %d of %d ready", doing, ready, all)
	if void > 0 {
		s += fmt.Sprintf(", %d void", void)
	}
	return s + "."
}

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

// stateLine says in words where a tasting is.
func stateLine(t Tasting) string {
	switch t.State {
	case Asking:
		return "its models are still being asked."
	case Posting:
		return "its ballots are being posted."
	case Closing, Closed:
		return "voting is over and the reveal is coming."
	case Revealed:
		return fmt.Sprintf("it was revealed. /tastetest results %v shows it.", t.ID)
	case Cancelled:
		return "it was cancelled."
	case Failed:
		return "it ended without a reveal. " + t.Note
	}
	return "it is open."
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

func (b *Bot) results(ctx context.Context, t Tasting) (Reply, error) {
	if t.State != Revealed && t.State != Closed { // closed: the reveal is being posted
		return Reply{}, UserError(fmt.Sprintf("Taste test %v has no results yet: %s", t.ID, stateLine(t)))
	}
	a, err := b.announcement(ctx, t, mostAnswer)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Post: a}, nil
}

func (b *Bot) models() Reply {
	var lines []string
	for _, m := range b.opt.Models() {
		c := m.Card()
		price := "price unknown"
		switch {
		case c.free():
			price = "answers stand ready"
		case c.Price != nil && c.Price.Input == 0 && c.Price.Output == 0:
			price = "local, no cost"
		case c.Price != nil:
			price = fmt.Sprintf("%s in, %s out per million tokens", usd(c.Price.Input*1e6), usd(c.Price.Output*1e6))
			if _, err := time.Parse(time.DateOnly, c.Price.AsOf); err == nil {
				price += ", as of " + c.Price.AsOf
			} else if c.Price.AsOf != "" {
				price += " (" + c.Price.AsOf + ")"
			}
		}
		lines = append(lines, fmt.Sprintf("%s · %s · %s", c.Name, c.Source, price))
	}
	if len(lines) == 0 {
		return Reply{Post: Notice{Title: "No models yet", Text: "Name at least two under “models” in the configuration. Or paste finished answers: /tastetest start"}}
	}
	n := Notice{Title: "Models", Text: strings.Join(lines, "\n")}
	if len(lines) >= 2 {
		ms := b.opt.Models()
		n.Code = fmt.Sprintf("/tastetest start %s %s", ms[0].Card().Name, ms[1].Card().Name)
	}
	return Reply{Post: n}
}

func (b *Bot) allPacksNotice() Reply {
	var lines []string
	for _, p := range b.opt.Library.Packs() {
		usable := len(enabled(p.Prompts))
		lines = append(lines, fmt.Sprintf("%s · %s · %s. %s", p.Name, p.Title, plural(usable, "prompt", "prompts"), p.Description))
	}
	return Reply{Post: Notice{Title: "Packs of prompts", Text: strings.Join(lines, "\n"), Code: "/tastetest start pack=" + firstPack(b.opt.Library)}}
}

func firstPack(l Library) string {
	if ps := l.Packs(); len(ps) > 0 {
		return ps[0].Name
	}
	return "NAME"
}

func enabled(ps []Prompt) []Prompt {
	return slices.DeleteFunc(slices.Clone(ps), func(p Prompt) bool { return p.Disabled })
}

func forgetQuestion() Reply {
	return Reply{Post: Notice{
		Title: "Forget you?",
		Text: "In open tastings your votes are dropped and you cannot vote in them again; please take your emoji away too.\n" +
			"In revealed ones a random name takes your place, and the counts stay as they are.\n" +
			"Messages in the chat and old backups are beyond my reach.",
		Buttons: []Button{{ID: "forget-me", Label: "Forget me", Danger: true}},
	}}
}

func (b *Bot) forget(ctx context.Context, v Voter) (Reply, error) {
	open, err := b.store.Forget(ctx, v)
	if err != nil {
		return Reply{}, fmt.Errorf("forget somebody: %w", err)
	}
	b.known.forget()
	text := "Done. Your votes and your name are out of my memory."
	var react []string
	for _, id := range open {
		if t, err := b.store.Tasting(ctx, id.TastingID); err == nil && t.Ballot == Reaction {
			react = append(react, id.String())
		}
	}
	if len(react) > 0 {
		text += " Please take your emoji away from the open ballots: round " + strings.Join(react, ", ") + "."
	}
	return Reply{Post: Notice{Text: text + " Messages in the chat and old backups are beyond my reach."}}, nil
}

// fitting puts models and a pack that are there into an example.
func (b *Bot) fitting(example string) string {
	pairs := []string{"pack=humour", "pack=" + firstPack(b.opt.Library)}
	if ms := b.opt.Models(); len(ms) >= 2 {
		pairs = append(pairs, "kestrel nova", ms[0].Card().Name+" "+ms[1].Card().Name)
	}
	return strings.NewReplacer(pairs...).Replace(example)
}

// help prints the table of commands, or one command of it.
func (b *Bot) help(p parsed) Reply {
	if len(p.args) == 1 {
		c, ok := spec(strings.ToLower(strings.TrimPrefix(p.args[0], "/")))
		if ok {
			lines := []string{strings.ToUpper(c.Help[:1]) + c.Help[1:] + "."}
			for _, o := range c.Options {
				lines = append(lines, fmt.Sprintf("%s=  %s. %s", o.Name, o.Help, o.Example))
			}
			return Reply{Post: Notice{Title: "/tastetest " + c.Name, Text: strings.Join(lines, "\n"), Code: b.fitting(c.Example)}}
		}
	}
	var lines []string
	for _, c := range commandTable {
		lines = append(lines, fmt.Sprintf("%-10s %s", c.Name, c.Help))
	}
	return Reply{Post: Notice{
		Title: "Tastetest: two answers, blind, and your taste decides",
		Text:  "Type /tastetest and one of these. Options are key=value, in any order.",
		Code:  strings.Join(lines, "\n"),
	}}
}
