package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/standings"
	"github.com/tastetest/tastetest/bot/text"
)

// A Tried is what a model's answer to the doctor's question told of the model. What
// it said stands with the doctor alone.
type Tried struct {
	On            time.Time
	Card          bot.Card // the settings by which it was asked
	Took          time.Duration
	Input, Output int // tokens; both 0: not reported
	Cost          bot.Cost
	Calls         string // what the model called itself; "" unknown
}

// models lists the models, with what revealed tastings of the workspace and the
// doctor's question told of each. Of tastings that are not revealed it says nothing,
// and of no text.
func (b *Bot) models(ctx context.Context, w bot.Workspace) (bot.Reply, error) {
	ts, err := b.store.Tastings(ctx, w, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for tasted models: %w", err)
	}
	var tried []Tried
	if b.opt.Tried != nil {
		tried = b.opt.Tried()
	}
	var lines []bot.Sentence
	for _, m := range b.opt.Models() {
		c := m.Card()
		price := bot.Say("price unknown")
		switch {
		case c.Free():
			price = bot.Say("answers stand ready")
		case c.Price != nil && c.Price.Input == 0 && c.Price.Output == 0:
			price = bot.Say("local, no cost")
		case c.Price != nil:
			price = bot.Say("{in} in, {out} out per million tokens", bot.Money(c.Price.Input*1e6), bot.Money(c.Price.Output*1e6))
			if _, err := time.Parse(time.DateOnly, c.Price.AsOf); err == nil {
				price = bot.Say("{price}, as of {date}", price, bot.Verbatim(c.Price.AsOf))
			} else if c.Source == "demo" {
				price = bot.Say("{price} (invented)", price)
			} else if c.Price.AsOf != "" {
				price = bot.Say("{price} ({note})", price, bot.Verbatim(c.Price.AsOf))
			}
		}
		lines = append(lines, bot.Dotted(bot.Quoted(c.Name), bot.Quoted(c.Source), price, metSoFar(standings.Meet(ts, c)), triedLast(tried, c)))
	}
	if len(lines) == 0 {
		return bot.Reply{Post: bot.Notice{Title: bot.Say("No models yet"), Text: bot.Say("Name at least two under “models” in the configuration. Or paste finished answers: {start}", bot.Usage{Command: "start"})}}, nil
	}
	n := bot.Notice{Title: bot.Say("Models"), Text: bot.Lines(lines...)}
	if len(lines) >= 2 {
		ms := b.opt.Models()
		n.Code = bot.Say("{start}", bot.Usage{Command: "start", Words: []string{ms[0].Card().Name, ms[1].Card().Name}})
	}
	return bot.Reply{Post: n}, nil
}

// metSoFar says what is known of a model's answers: "24 answers revealed: 2.1 s and
// $0.0012 each, calls itself kestrel-2026"; nothing if there are none.
func metSoFar(m standings.Met) bot.Sentence {
	if m.Answers == 0 {
		return bot.Sentence{}
	}
	said := bot.Say("{n|answer|answers} revealed", bot.Count(m.Answers))
	switch paid := m.Cost.Known && m.Cost.Pico > 0; {
	case m.Took > 0 && paid:
		said = bot.Say("{n|answer|answers} revealed: {took} and {cost} each", bot.Count(m.Answers), bot.Pace(m.Took), m.Cost)
	case m.Took > 0:
		said = bot.Say("{n|answer|answers} revealed: {took} each", bot.Count(m.Answers), bot.Pace(m.Took))
	case paid:
		said = bot.Say("{n|answer|answers} revealed: {cost} each", bot.Count(m.Answers), m.Cost)
	}
	if m.Calls != "" {
		return bot.Say("{answers}, calls itself {id}", said, bot.Verbatim(m.Calls))
	}
	return said
}

// triedLast says what the doctor was told last by the model with the settings of card:
// "asked by doctor on 2026-11-29: 2.1 s; 40 tokens in, 20 out; $0.0012; calls itself
// kestrel-2026"; nothing if it was not asked since they are such.
func triedLast(all []Tried, card bot.Card) bot.Sentence {
	for _, x := range slices.Backward(all) {
		if !x.Card.Alike(card) {
			continue
		}
		facts := []bot.Sentence{bot.Say("{took}", bot.Pace(x.Took))}
		if x.Input+x.Output > 0 {
			facts = append(facts, bot.Say("{in|token|tokens} in, {out} out", bot.Count(x.Input), bot.Count(x.Output)))
		}
		if x.Cost.Known {
			facts = append(facts, bot.Say("{cost}", x.Cost))
		}
		if x.Calls != "" {
			facts = append(facts, bot.Say("calls itself {id}", bot.Verbatim(x.Calls)))
		}
		return bot.Say("asked by doctor on {date}: {facts}", bot.Verbatim(x.On.UTC().Format(time.DateOnly)), bot.Clauses(facts...))
	}
	return bot.Sentence{}
}

func (b *Bot) allPacksNotice(ctx context.Context, at bot.Place) bot.Reply {
	var lines []bot.Sentence
	if all, err := b.packCalled(ctx, at, mixed); err == nil && len(all.Prompts) > 0 {
		lines = append(lines, bot.Prose(bot.Dotted(bot.Quoted(mixed), bot.Say("A bit of everything"), bot.Say("{n|prompt|prompts}.", bot.Count(len(enabled(all.Prompts))))), bot.Say("Taken where no pack is named.")))
	}
	for _, p := range b.opt.Library.Packs() {
		usable := len(enabled(p.Prompts))
		lines = append(lines, bot.Prose(bot.Dotted(bot.Quoted(p.Name), bot.Quoted(p.Title), bot.Say("{n|prompt|prompts}.", bot.Count(usable))), bot.Quoted(p.Description)))
	}
	return bot.Reply{Post: bot.Notice{Title: bot.Say("Packs of prompts"), Text: bot.Lines(lines...), Code: bot.Say("{start}", bot.Usage{Command: "start", Options: []bot.Setting{{Name: "pack", Value: firstPack(b.opt.Library)}}})}}
}

func firstPack(l bot.Library) string {
	if ps := l.Packs(); len(ps) > 0 {
		return ps[0].Name
	}
	return "NAME"
}

func enabled(ps []bot.Prompt) []bot.Prompt {
	return slices.DeleteFunc(slices.Clone(ps), func(p bot.Prompt) bool { return p.Disabled })
}

// packs lists the packs or, with a name, one pack's prompts: those that told
// models apart best first, those on trial, those not tasted, the retired.
func (b *Bot) packs(ctx context.Context, at bot.Place, name string) (bot.Reply, error) {
	if name == "" {
		return b.allPacksNotice(ctx, at), nil
	}
	pack, err := b.packCalled(ctx, at, name)
	if err != nil {
		return bot.Reply{}, err
	}
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{States: []bot.State{bot.Revealed}})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look for tasted prompts: %w", err)
	}
	return bot.Reply{Post: standings.Pack(pack, enabled(pack.Prompts), ts)}, nil
}

// allPacks returns the library's packs; each prompt knows its pack.
func (b *Bot) allPacks() []bot.Pack {
	packs := slices.Clone(b.opt.Library.Packs())
	for i, p := range packs {
		packs[i].Prompts = slices.Clone(p.Prompts)
		for j := range p.Prompts {
			packs[i].Prompts[j].Pack = p.Name
		}
	}
	return packs
}

// offeredPacks returns the library's packs in the order in which they are
// offered: the team's own first, since menus end somewhere (Discord's at 25).
func (b *Bot) offeredPacks() []bot.Pack {
	packs := slices.Clone(b.opt.Library.Packs())
	slices.SortStableFunc(packs, func(p, q bot.Pack) int {
		switch {
		case p.Own == q.Own:
			return 0
		case p.Own:
			return -1
		}
		return 1
	})
	return packs
}

// packCalled returns the pack that was asked for at a place; mixed is all packs in the
// place's language together.
func (b *Bot) packCalled(ctx context.Context, at bot.Place, name string) (bot.Pack, error) {
	packs := b.allPacks()
	var names []string
	for _, p := range packs {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if name == mixed {
		return mixture(packs, b.Voice(ctx, at).Lang), nil
	}
	if near := text.Nearest(name, append(names, mixed)); near != "" {
		return bot.Pack{}, command.Slip{UserError: bot.UserError(bot.Say("There is no pack “{name}”. Did you mean pack={near}?", bot.Verbatim(text.Clip(name)), bot.Verbatim(near))), Typed: name, Near: []string{near}}
	}
	if written(b.opt.Models(), packs) {
		return bot.Pack{}, bot.UserError(bot.Say("There is no pack “{name}” here, where all answers were written beforehand; other packs are for models that are really asked. Here there are: {mixed}, {names}.", bot.Verbatim(text.Clip(name)), bot.Verbatim(mixed), bot.Verbatim(strings.Join(names, ", "))))
	}
	return bot.Pack{}, bot.UserError(bot.Say("There is no pack “{name}”. There are: {mixed}, {names}.", bot.Verbatim(text.Clip(name)), bot.Verbatim(mixed), bot.Verbatim(strings.Join(names, ", "))))
}

// written reports whether all answers to all prompts of packs were written beforehand,
// as in the demo: what goes with them is all that there is.
func written(models []bot.Model, packs []bot.Pack) bool {
	for _, m := range models {
		_, bounded := m.(bot.Bounded)
		if !bounded || slices.ContainsFunc(packs, func(p bot.Pack) bool {
			return slices.ContainsFunc(p.Prompts, func(p bot.Prompt) bool { return !knows(m, p) })
		}) {
			return false
		}
	}
	return len(models) > 0
}

// mixture is all packs in a language together, in English where there are none, and
// all there are where none is in English either: it is what a form starts with.
func mixture(packs []bot.Pack, lang bot.Lang) bot.Pack {
	all := bot.Pack{Name: mixed, Title: "A bit of everything"}
	for _, l := range []bot.Lang{cmp.Or(lang, bot.En), bot.En, ""} {
		all.Language = string(l)
		for _, p := range packs {
			if l == "" || bot.Lang(cmp.Or(p.Language, string(bot.En))) == l {
				all.Prompts = append(all.Prompts, p.Prompts...)
			}
		}
		if len(all.Prompts) > 0 {
			break
		}
	}
	return all
}

// mixed is the name of the pack of all packs.
const mixed = "mixed"
