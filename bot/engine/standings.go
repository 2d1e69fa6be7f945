package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/standings"
	"github.com/tastetest/tastetest/bot/text"
)

// standings answers /tastetest standings: all models of the workspace ranked
// by the votes of its revealed tastings, of one category or pack if so asked.
func (b *Bot) standings(ctx context.Context, at bot.Place, opts map[string]string) (bot.Reply, error) {
	ts, cells, err := b.revealed(ctx, at.Workspace, bot.Query{})
	if err != nil {
		return bot.Reply{}, err
	}
	only, err := b.scopeOf(ctx, at, ts, opts)
	if err != nil {
		return bot.Reply{}, err
	}
	said := standings.Post(ts, cells, only)
	said.Picture = b.pictures(ctx, at)
	return bot.Reply{Post: said}, nil
}

// revealed reads what was revealed in a workspace, as far as q wants it, and who leaned
// which way there: side by side, as there may be thousands.
func (b *Bot) revealed(ctx context.Context, w bot.Workspace, q bot.Query) (ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, err error) {
	q.States = []bot.State{bot.Revealed}
	var side errgroup.Group
	side.Go(func() (err error) {
		defer recovered(&err)
		if cells, err = b.store.Cells(ctx, w); err != nil {
			return fmt.Errorf("look for who leaned which way: %w", err)
		}
		return nil
	})
	ts, err = b.store.Tastings(ctx, w, q)
	if other := side.Wait(); err == nil {
		err = other
	} else {
		err = fmt.Errorf("look for revealed tastings: %w", err)
	}
	return ts, cells, err
}

// scopeOf understands what standings were asked for.
func (b *Bot) scopeOf(ctx context.Context, at bot.Place, ts []bot.Tasting, opts map[string]string) (standings.Scope, error) {
	var s standings.Scope
	if name := opts["pack"]; name != "" {
		pack, err := b.packCalled(ctx, at, name)
		if err != nil {
			return s, err
		}
		s.Pack = pack.Name
		for _, p := range pack.Prompts {
			s.Packs = append(s.Packs, p.Pack)
		}
		slices.Sort(s.Packs)
		s.Packs = slices.Compact(s.Packs)
	}
	name := opts["category"]
	if name == "" {
		return s, nil
	}
	packs := b.allPacks()
	known := categories(packs)
	for i := range ts {
		for j := range ts[i].Rounds {
			if c := ts[i].Rounds[j].Category; c != "" && !slices.Contains(known, c) {
				known = append(known, c)
			}
		}
	}
	slices.Sort(known)
	if i := slices.IndexFunc(known, func(c string) bool { return strings.EqualFold(c, name) }); i >= 0 {
		s.Category = known[i]
		return s, nil
	}
	if slices.ContainsFunc(packs, func(p bot.Pack) bool { return strings.EqualFold(p.Name, name) }) {
		return s, bot.UserError(bot.Say("“{name}” is a pack, not a category. Type: {command}", bot.Verbatim(text.Clip(name)), bot.Usage{Command: "standings", Options: []bot.Setting{{Name: "pack", Value: text.Clip(name)}}}))
	}
	if near := text.Nearest(name, known); near != "" {
		return s, command.Slip{UserError: bot.UserError(bot.Say("There is no category “{name}”. Did you mean {near}?", bot.Verbatim(text.Clip(name)), bot.Verbatim(near))), Typed: name, Near: []string{near}}
	}
	return s, bot.UserError(bot.Say("There is no category “{name}”. There are: {known}.", bot.Verbatim(text.Clip(name)), bot.Verbatim(strings.Join(known, ", "))))
}

// categories are those of the packs' prompts, in order.
func categories(packs []bot.Pack) []string {
	var names []string
	for _, p := range packs {
		for _, q := range p.Prompts {
			names = append(names, q.Category)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
}
