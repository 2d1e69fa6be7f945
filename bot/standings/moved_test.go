package standings

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// A change is told only where the interval of the difference shows it now and did not
// before: not for a lead by chance, not where a few votes exchange two places, not again
// the week after.
func TestMoved(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	cells := make(map[bot.TastingID][][]bot.Cell)
	held := func(n int, first, second string, rounds, people, most int) bot.Tasting { // most of the people prefer the first
		x, cs := opinionated(n, first, second, rounds, people, most, rng)
		cells[x.ID] = cs
		return x
	}
	const (
		nothing = "Nothing moved that these votes can show."
		moved   = "New in the standings, and more than chance explains: "
	)
	bees, auks := held(1, "auk", "bee", 12, 9, 4), held(2, "auk", "bee", 12, 9, 6)
	ahead, more := held(3, "auk", "bee", 20, 12, 12), held(4, "auk", "bee", 20, 12, 12)
	cat, behind := held(5, "bee", "cat", 20, 12, 6), held(6, "cat", "auk", 20, 12, 0)
	for name, c := range map[string]struct {
		earlier, week []bot.Tasting
		want          string
	}{
		"nothing can be ranked":         {nil, nil, ""},
		"a lead by chance":              {nil, []bot.Tasting{bees}, nothing},
		"two exchange places by chance": {[]bot.Tasting{bees}, []bot.Tasting{auks}, nothing},
		"a lead of two votes to one":    {nil, []bot.Tasting{tasted(7, "auk", "bee", round2(6, bot.Counts{{2, 1, 0, 0}}, 1, 2)...)}, nothing},
		"a lead that the votes show":    {[]bot.Tasting{bees}, []bot.Tasting{ahead, more}, moved + "auk above bee."},
		"the same the week after":       {[]bot.Tasting{bees, ahead, more}, nil, nothing},
		"more votes for who was above":  {[]bot.Tasting{ahead}, []bot.Tasting{more}, nothing},
		"a third, below the best alone": {[]bot.Tasting{ahead}, []bot.Tasting{cat, behind}, moved + "auk above cat."},
	} {
		all := append(append([]bot.Tasting{}, c.earlier...), c.week...)
		var got []string
		for _, s := range Moved(c.earlier, all, cells) {
			got = append(got, s.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: it says %q; want %q", name, got, c.want)
		}
	}
	before, after := fill([]bot.Tasting{bees}, cells, Scope{}).rank(), fill([]bot.Tasting{bees, auks}, cells, Scope{}).rank()
	if b, a := before.box.models[before.order()[0]].shown, after.box.models[after.order()[0]].shown; b != "bee" || a != "auk" {
		t.Errorf("the first of two was %s and is %s: no places were exchanged, and this test shows less than it says", b, a)
	}
}
