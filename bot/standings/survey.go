package standings

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// Survey sums up those of the revealed tastings that f wants: all of Results but its
// page of tastings. ts are those of a place, newest first.
func Survey(ts []bot.Tasting, cells map[bot.TastingID][][]bot.Cell, f bot.Filter) bot.Results {
	wanted := Wanted(ts, f)
	res := bot.Results{All: len(wanted)}
	only := Scope{Category: f.Category, Pack: f.Pack, Packs: []string{f.Pack}}
	var side sync.WaitGroup
	side.Go(func() { res.Offers, res.Base = offers(ts), span(wanted) })
	r := fill(wanted, cells, only).rank()
	if len(r.box.rounds) == 0 {
		res.Standings = r.post(only)
		side.Wait()
		return res
	}
	var routes []Route
	side.Go(func() { routes = r.routes(only) })
	side.Go(func() { res.Courses = courses(wanted, r) })
	res.Standings = r.post(only)
	res.Paired, res.Pairs = r.pairings()
	side.Wait()
	for _, route := range routes {
		res.Picks = append(res.Picks, route.pick())
	}
	return res
}

// Wanted are the tastings that f wants; nobody writes into them.
func Wanted(ts []bot.Tasting, f bot.Filter) []bot.Tasting {
	n := 0
	for i := range ts {
		n += stats.Bit(f.Wants(&ts[i]))
	}
	if n == len(ts) {
		return ts
	}
	wanted := make([]bot.Tasting, 0, n)
	for i := range ts {
		if f.Wants(&ts[i]) {
			wanted = append(wanted, ts[i])
		}
	}
	return wanted
}

// offers are what all revealed tastings have.
func offers(ts []bot.Tasting) (o bot.Offers) {
	models, packs, categories := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for i := range ts {
		t := &ts[i]
		if t.State != bot.Revealed {
			continue
		}
		models[t.Models[0].Name], models[t.Models[1].Name] = true, true
		for j := range t.Rounds {
			packs[t.Rounds[j].Pack], categories[t.Rounds[j].Category] = true, true
		}
	}
	for names, into := range map[*[]string]map[string]bool{&o.Models: models, &o.Packs: packs, &o.Categories: categories} {
		delete(into, "")
		*names = slices.Sorted(maps.Keys(into))
	}
	return o
}

// span says how many tastings there are, and from when.
func span(ts []bot.Tasting) bot.Sentence {
	if len(ts) == 0 {
		return bot.Say("No taste test that has been revealed here is like that.")
	}
	first, last := &ts[0], &ts[0]
	for i := range ts {
		if t := &ts[i]; t.RevealedAt.Before(first.RevealedAt) {
			first = t
		} else if t.RevealedAt.After(last.RevealedAt) {
			last = t
		}
	}
	from, to := RevealedOn(*first), RevealedOn(*last) // of all, looking their zones up takes long
	if from == to {
		return bot.Say("{n|taste test|taste tests}, revealed on {day}", bot.Count(len(ts)), from)
	}
	return bot.Say("{n|taste test|taste tests}, revealed from {first} to {last}", bot.Count(len(ts)), from, to)
}

// RevealedOn is the day of a tasting's reveal in its zone.
func RevealedOn(t bot.Tasting) bot.Verbatim {
	return bot.Verbatim(time.Time(t.At(t.RevealedAt)).Format(time.DateOnly))
}
