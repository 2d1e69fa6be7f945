package standings

import (
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Met is what revealed tastings tell of a model. Open ones tell nothing: what an
// answer took would say which of two texts it is.
type Met struct {
	Answers int           // in rounds that people voted in
	Took    time.Duration // of an answer, the mean of those that were timed; 0: unknown
	Cost    bot.Cost      // of an answer, the mean of the known ones
	Calls   string        // what it called itself last; "" unknown
}

// Meet gathers what the revealed ones of ts tell of the model with the settings of
// card. ts may be in any order.
func Meet(ts []bot.Tasting, card bot.Card) Met {
	var m Met
	var cost, costs, timed int64
	var took time.Duration
	var last time.Time
	for i := range ts {
		t := &ts[i]
		for side := range t.Models {
			if t.State != bot.Revealed || !t.Models[side].Alike(card) {
				continue
			}
			if said := t.Models[side].Returned; said != "" && !t.Created.Before(last) {
				m.Calls, last = said, t.Created
			}
			for _, r := range t.Rounds {
				if !r.Live() || r.Kind != bot.Plain {
					continue
				}
				m.Answers++
				if c := r.Cost[side]; c.Known {
					cost, costs = cost+c.Pico, costs+1
				}
				if r.Took[side] > 0 {
					took, timed = took+r.Took[side], timed+1
				}
			}
		}
	}
	if costs > 0 {
		m.Cost = bot.Cost{Pico: cost / costs, Known: true}
	}
	if timed > 0 {
		m.Took = took / time.Duration(timed)
	}
	return m
}
