package engine

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/standings"
	"github.com/tastetest/tastetest/bot/text"
)

// choosePrompts chooses n prompts of a pack for a place: those used least there
// first, by chance and weight among equals, so that none comes twice until all
// have come once. Prompts that never tell models apart are left out, unless
// there are no others.
func (b *Bot) choosePrompts(ctx context.Context, at bot.Place, pack bot.Pack, n int) ([]bot.Prompt, error) {
	ts, err := b.store.Tastings(ctx, at.Workspace, bot.Query{})
	if err != nil {
		return nil, fmt.Errorf("look for used prompts: %w", err)
	}
	used := make(map[bot.PromptID]int)
	for _, t := range ts {
		if t.Place.Channel == at.Channel && !t.Opened.IsZero() {
			for _, r := range t.Rounds {
				used[r.PromptID()]++
			}
		}
	}
	type drawn struct {
		prompt bot.Prompt
		key    float64
	}
	var all []drawn
	for _, p := range standings.OnTrial(ts).Keep(enabled(pack.Prompts)) {
		key, err := lot(b.opt.Rand, p.Weight)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn{p, key})
	}
	slices.SortStableFunc(all, func(x, y drawn) int {
		return cmp.Or(cmp.Compare(used[x.prompt.PromptID()], used[y.prompt.PromptID()]), cmp.Compare(x.key, y.key))
	})
	var chosen []bot.Prompt
	for _, d := range all[:min(n, len(all))] {
		chosen = append(chosen, d.prompt)
	}
	return chosen, nil
}

// lot draws an exponential variate with rate weight: sorted by it, prompts
// come in an order of successive draws by weight (Efraimidis and Spirakis 2006).
func lot(random io.Reader, weight float64) (float64, error) {
	var raw [8]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return 0, fmt.Errorf("draw a lot: %w", err)
	}
	u := (float64(binary.BigEndian.Uint64(raw[:])>>11) + 0.5) / (1 << 53)
	if weight <= 0 {
		weight = 1
	}
	return -math.Log(u) / weight, nil
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
		return bot.Pack{}, bot.UserError(fmt.Sprintf("There is no pack “%s”. Did you mean pack=%s?", text.Clip(name), near))
	}
	return bot.Pack{}, bot.UserError(fmt.Sprintf("There is no pack “%s”. There are: %s, %s.", text.Clip(name), mixed, strings.Join(names, ", ")))
}

// mixed is the name of the pack of all packs.
const mixed = "mixed"
