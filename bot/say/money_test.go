package say

import (
	"testing"

	"github.com/tastetest/tastetest/bot"
)

func TestUSD(t *testing.T) {
	for pico, want := range map[int64]string{
		0:                     "$0.00",
		1:                     "under $0.000001",
		1_200_000_000:         "$0.0012",
		1_000_000:             "$0.000001",
		15_600_000_000_000:    "$15.60",
		9_995_000_000:         "$0.0099",
		10_000_000_000:        "$0.01",
		1_234_567_890_000_000: "$1,234.57",
		-420_000_000_000:      "-$0.42",
	} {
		if got := USD(pico); got != want {
			t.Errorf("USD(%d) = %q, want %q", pico, got, want)
		}
	}
	if got := Cost(bot.Cost{}); got != "cost unknown" {
		t.Errorf("an unknown cost is written %q", got)
	}
}
