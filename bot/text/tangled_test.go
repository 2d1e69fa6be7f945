package text_test

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot/text"
)

func TestTangled(t *testing.T) {
	for what, tt := range map[string]struct {
		text string
		want bool
	}{
		"prose":              {"Hi Mara,\n\n> - a quote\n\n* a list\n  - in a list\n", false},
		"a rule":             {"above\n\n" + strings.Repeat("-", 80) + "\n\nbelow\n" + strings.Repeat("* ", 60), false},
		"code with brackets": {strings.Repeat("a[i] < b[j]\n", 600), false},
		"many quotes":        {strings.Repeat(">", 25) + " a", true},
		"many empty quotes":  {strings.Repeat("> ", 5000), true},
		"many lists":         {strings.Repeat("- ", 25) + "a", true},
		"a deep indent":      {strings.Repeat(" ", 8*24+1) + "- a", true},
		"a deep tab":         {strings.Repeat("\t", 49) + "- a", true},
		"open links":         {strings.Repeat("[", 2001), true},
		"open tags":          {strings.Repeat("<a ", 2001), true},
		"a book":             {strings.Repeat("word ", 14000), true},
	} {
		if got := text.Tangled(tt.text); got != tt.want {
			t.Errorf("%s is tangled: %v, want %v", what, got, tt.want)
		}
	}
}
