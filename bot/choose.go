package bot

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// choosePrompts chooses n prompts of a pack for a place: those used least there first,
// by chance and weight among equals, so that none comes twice until all have
// come once.
func (b *Bot) choosePrompts(ctx context.Context, at Place, pack Pack, n int) ([]Prompt, error) {
	used := make(map[string]int)
	ts, err := b.store.Tastings(ctx, at.Workspace, Query{Channel: at.Channel})
	if err != nil {
		return nil, fmt.Errorf("look for used prompts: %w", err)
	}
	for _, t := range ts {
		if t.Pack != pack.Name || t.Opened.IsZero() {
			continue
		}
		for _, r := range t.Rounds {
			used[r.Prompt]++
		}
	}
	type drawn struct {
		prompt Prompt
		key    float64
	}
	var all []drawn
	for _, p := range enabled(pack.Prompts) {
		key, err := lot(b.opt.Rand, p.Weight)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn{p, key})
	}
	slices.SortStableFunc(all, func(x, y drawn) int {
		return cmp.Or(cmp.Compare(used[x.prompt.ID], used[y.prompt.ID]), cmp.Compare(x.key, y.key))
	})
	var chosen []Prompt
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

// packCalled returns the pack that was asked for; mixed is all packs in
// English together.
func (b *Bot) packCalled(name string) (Pack, error) {
	packs := b.opt.Library.Packs()
	var names []string
	for _, p := range packs {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if name == mixed {
		all := Pack{Name: mixed, Title: "A bit of everything", Language: "en"}
		for _, p := range packs {
			if p.Language == "" || p.Language == "en" {
				all.Prompts = append(all.Prompts, p.Prompts...)
			}
		}
		return all, nil
	}
	if near := Nearest(name, append(names, mixed)); near != "" {
		return Pack{}, UserError(fmt.Sprintf("There is no pack “%s”. Did you mean pack=%s?", clip(name), near))
	}
	return Pack{}, UserError(fmt.Sprintf("There is no pack “%s”. There are: %s, %s.", clip(name), mixed, strings.Join(names, ", ")))
}

// mixed is the name of the pack of all packs.
const mixed = "mixed"
