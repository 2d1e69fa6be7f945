package text_test

import (
	"testing"

	"github.com/tastetest/tastetest/bot/text"
)

// What somebody typed is close to a word if it begins it, is a slip of it, or is
// a part that no other word has.
func TestNearest(t *testing.T) {
	words := []string{"cancel", "Europe/Paris", "Paris", "claude-3.7-sonnet", "gpt-4o", "deepseek-v3", "deepseek-r1", "invented-wren"}
	for typed, want := range map[string]string{
		"claude":  "claude-3.7-sonnet",
		"gtp-4o":  "gpt-4o",
		"Sonnet":  "claude-3.7-sonnet",
		"wren":    "invented-wren",
		"seek":    "", // two have it
		"v3":      "", // too short to be meant
		"dance":   "", // two edits from cancel
		"Mars":    "",
		"cancle":  "cancel",
		"Pari":    "Paris",
		"kestrel": "",
		"":        "",
		"wrong":   "", // two letters of five are another word
	} {
		if got := text.Nearest(typed, words); got != want {
			t.Errorf("%q is nearest to %q, want %q", typed, got, want)
		}
	}
}
