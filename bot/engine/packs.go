package engine

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

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

// packCalled returns the pack that was asked for; mixed is all packs in
// English together.
func (b *Bot) packCalled(name string) (bot.Pack, error) {
	packs := b.allPacks()
	var names []string
	for _, p := range packs {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if name == mixed {
		all := bot.Pack{Name: mixed, Title: "A bit of everything", Language: "en"}
		for _, p := range packs {
			if p.Language == "" || p.Language == "en" {
				all.Prompts = append(all.Prompts, p.Prompts...)
			}
		}
		return all, nil
	}
	if near := text.Nearest(name, append(names, mixed)); near != "" {
		return bot.Pack{}, bot.UserError(bot.Say("There is no pack “{name}”. Did you mean pack={near}?", bot.Verbatim(text.Clip(name)), bot.Verbatim(near)))
	}
	return bot.Pack{}, bot.UserError(bot.Say("There is no pack “{name}”. There are: {mixed}, {names}.", bot.Verbatim(text.Clip(name)), bot.Verbatim(mixed), bot.Verbatim(strings.Join(names, ", "))))
}

// mixed is the name of the pack of all packs.
const mixed = "mixed"
