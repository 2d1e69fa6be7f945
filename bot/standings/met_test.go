package standings

import (
	"testing"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// Only what is revealed counts, and only of the model as it is set now.
func TestMeet(t *testing.T) {
	kestrel, warm := bot.Card{Name: "kestrel", Source: "api"}, bot.Card{Name: "kestrel", Source: "api", System: "Be warm."}
	tasting := func(state bot.State, day int, card bot.Card, calls string, took time.Duration, cost bot.Cost) bot.Tasting {
		card.Returned = calls
		r := bot.Round{Kind: bot.Plain, Cost: [2]bot.Cost{{}, cost}, Took: [2]time.Duration{time.Hour, took}}
		void := r
		void.Void = "nova answered 401"
		return bot.Tasting{State: state, Created: time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC), Models: [2]bot.Card{{Name: "nova"}, card}, Rounds: []bot.Round{r, void}}
	}
	paid := func(pico int64) bot.Cost { return bot.Cost{Pico: pico, Known: true} }
	ts := []bot.Tasting{
		tasting(bot.Revealed, 3, kestrel, "k-october", 2*time.Second, paid(4)),
		tasting(bot.Revealed, 2, kestrel, "k-september", 4*time.Second, paid(8)),
		tasting(bot.Revealed, 4, kestrel, "", 0, bot.Cost{}),
		tasting(bot.Open, 5, kestrel, "k-november", time.Minute, paid(100)),
		tasting(bot.Closed, 5, kestrel, "k-november", time.Minute, paid(100)),
		tasting(bot.Cancelled, 5, kestrel, "k-november", time.Minute, paid(100)),
		tasting(bot.Revealed, 6, warm, "k-warm", time.Minute, paid(100)),
	}
	if got, want := Meet(ts, kestrel), (Met{Answers: 3, Took: 3 * time.Second, Cost: paid(6), Calls: "k-october"}); got != want {
		t.Errorf("of kestrel is known %+v, want %+v", got, want)
	}
	if got := Meet(ts[3:6], kestrel); got != (Met{}) {
		t.Errorf("tastings that were not revealed tell %+v", got)
	}
}
