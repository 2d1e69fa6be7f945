package verdict

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
)

// That good tasters and the rest lean the same way is said only if both lean.
func TestTastesLeanOrDoNot(t *testing.T) {
	for _, tt := range []struct {
		top, bottom float64
		same        bool
	}{
		{0.8, 0.6, true},
		{0.2, 0.4, true},
		{0.8, 0.3, false},
		{0.5, 0.3, false},
		{0.7, 0.5, false},
		{0.499, 0.3, false}, // which is written as 50%
	} {
		f := finding{Decision: stats.Decision{Taste: stats.TasteTest{Top: tt.top, Bottom: tt.bottom}}}
		f.tastes()
		said := strings.Join(bot.English(f.said.Sentences), " ")
		if got := strings.Contains(said, "Both lean the same way"); got != tt.same {
			t.Errorf("of %.3f and %.3f is said: %s", tt.top, tt.bottom, said)
		}
	}
}
