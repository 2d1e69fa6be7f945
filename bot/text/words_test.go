package text

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		s    string
		want int
	}{
		{"", 0},
		{"one", 1},
		{"It's well-known – 3.5 times … ", 4},
		{"one—two", 2},
		{"**bold** *** - item 🎉", 2},
		{"春眠不觉晓，处处闻啼鸟。", 10},
		{"我用 Go 1.26 写的", 6},
	} {
		if got := Words(tt.s); got != tt.want {
			t.Errorf("Words(%q) = %d, want %d", tt.s, got, tt.want)
		}
	}
}

func TestLengthWarning(t *testing.T) {
	words := func(n int) string { return strings.Repeat("word ", n) }
	for _, tt := range []struct {
		a, b int
		want bool
	}{
		{80, 120, true},   // ratio 1.5, gap 40
		{120, 80, true},   // either way round
		{80, 119, false},  // a gap of 39
		{100, 145, false}, // a ratio of 1.45
		{1, 40, false},
		{0, 40, true},
		{0, 0, false},
	} {
		if got := LengthWarning(words(tt.a), words(tt.b)); got != tt.want {
			t.Errorf("LengthWarning(%d words, %d words) = %v", tt.a, tt.b, got)
		}
	}
}
