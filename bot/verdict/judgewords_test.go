package verdict_test

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// What further prompts add is said from the side of the model that votes have ahead, with
// what came from whom; or that they add nothing.
func TestNarrowedInWords(t *testing.T) {
	mean := func(m, se float64) stats.Mean { return stats.Mean{N: 72, Voters: 6, Prompts: 12, M: m, SE: se, DF: 8} }
	names := [2]string{"kestrel", "nova"}
	for _, tt := range []struct {
		what    string
		votes   float64 // the first model's share
		fits    bot.Span
		n       stats.Narrowed
		further int
		want    string
	}{
		{"narrower", 0.6, bot.Span{Low: 0.4, High: 0.8}, stats.Narrowed{Mean: mean(0.62, 0.05), Part: 0.64}, 94,
			"With 94 prompts that only owl read, kestrel has 62%, and may have anything from 50.4 to 74%; by your votes alone from 40 to 80%. Of what this rests on, 64% came from your 72 votes on 12 prompts and 36% from owl; the verdict is by your votes alone."},
		{"the second ahead", 0.4, bot.Span{Low: 0.2, High: 0.6}, stats.Narrowed{Mean: mean(0.38, 0.05), Part: 0.64}, 94,
			"With 94 prompts that only owl read, nova has 62%, and may have anything from 50.4 to 74%; by your votes alone from 40 to 80%. Of what this rests on, 64% came from your 72 votes on 12 prompts and 36% from owl; the verdict is by your votes alone."},
		{"wider", 0.6, bot.Span{Low: 0.5, High: 0.7}, stats.Narrowed{Mean: mean(0.58, 0.06), Part: 1.3}, 94,
			"owl also read 94 prompts that nobody voted on, and that narrows nothing this time: with them kestrel may have anything from 44 to 72%, by your votes alone from 50 to 70%."},
		{"no range", 0.6, bot.Span{}, stats.Narrowed{Mean: mean(0.58, 0.06), Part: 0.9}, 94,
			"owl also read 94 prompts that nobody voted on. Your votes give no range that they could narrow."},
		{"hardly read", 0.6, bot.Span{Low: 0.5, High: 0.7}, stats.Narrowed{Mean: mean(0.58, 0.06), Part: 0.9}, 4,
			"owl could not read enough of what nobody voted on to narrow anything: what is said rests on your votes alone."},
	} {
		f := verdict.Finding{Decision: stats.Decision{Mean: stats.Mean{M: tt.votes}}, Fits: tt.fits}
		if got := f.Narrowed(tt.n, 0.05, names, "owl", tt.further).String(); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.what, got, tt.want)
		}
	}
}
