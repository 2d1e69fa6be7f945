package deal

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/standings"
)

// Prompts chooses n prompts of a pack for a place, where ts are all tastings of
// its workspace: those used least there first, of these the longest unseen, by chance
// and weight among equals, so that none comes twice until all have come once. Prompts that never
// tell models apart are left out, unless there are no others.
func Prompts(ts []bot.Tasting, at bot.Place, prompts []bot.Prompt, n int, random io.Reader) ([]bot.Prompt, error) {
	used := Seen(ts, at)
	type drawn struct {
		prompt bot.Prompt
		key    float64
	}
	var all []drawn
	for _, p := range standings.OnTrial(ts).Keep(prompts) {
		key, err := lot(random, p.Weight)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn{p, key})
	}
	slices.SortStableFunc(all, func(x, y drawn) int {
		a, b := used[x.prompt.PromptID()], used[y.prompt.PromptID()]
		return cmp.Or(cmp.Compare(a.Times, b.Times), a.Last.Compare(b.Last), cmp.Compare(x.key, y.key))
	})
	var chosen []bot.Prompt
	for _, d := range all[:min(n, len(all))] {
		chosen = append(chosen, d.prompt)
	}
	return chosen, nil
}

// A Sighting is how often a place has seen a prompt, and when last.
type Sighting struct {
	Times int
	Last  time.Time
}

// Seen returns which prompts a place has seen, where ts are all tastings of its
// workspace. Rounds of a block that are still hidden are meant for it as well.
func Seen(ts []bot.Tasting, at bot.Place) map[bot.PromptID]Sighting {
	used := make(map[bot.PromptID]Sighting)
	for _, t := range ts {
		if t.Place.Channel != at.Channel || t.Opened.IsZero() {
			continue
		}
		for _, r := range t.Rounds {
			if s := used[r.PromptID()]; !r.IsUnopened() {
				s.Times++
				if t.Opened.After(s.Last) {
					s.Last = t.Opened
				}
				used[r.PromptID()] = s
			}
		}
	}
	return used
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
