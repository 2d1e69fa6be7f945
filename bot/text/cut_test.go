package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		name, s string
		n       int
		want    string
	}{
		{"short enough", "one two", 7, "one two"},
		{"at a word's end", "one two three", 10, "one two …"},
		{"not through a word", "one two three", 12, "one two …"},
		{"a word without end", strings.Repeat("x", 50), 10, "xxxxxxxx …"},
		{"Chinese", "春眠不觉晓，处处闻啼鸟。", 8, "春眠不觉晓， …"},
		{"emoji count once", "👩\u200d💻👩\u200d💻👩\u200d💻 ok", 6, "👩\u200d💻👩\u200d💻👩\u200d💻 ok"},
		{"emoji stay whole", "👩\u200d💻👩\u200d💻👩\u200d💻👩\u200d💻👩\u200d💻", 4, "👩\u200d💻👩\u200d💻 …"},
		{"accents stay on", "e\u0301e\u0301e\u0301e\u0301", 3, "e\u0301 …"},
		{"line ends go", "one\n\ntwo three", 8, "one …"},
		{"code is closed", "Look:\n```go\nfmt.Println(1)\nfmt.Println(2)\n```\nDone.", 36, "Look:\n```go\nfmt.Println(1) …\n```"},
		{"closed code stays", "```\na\n```\none two three four", 17, "```\na\n```\none …"},
		{"tildes", "~~~~\none two three four\n~~~~", 20, "~~~~\none two …\n~~~~"},
		{"code within a line is no block", "```x``` one two three", 14, "```x``` one …"},
		{"no room", "one two", 2, "…"},
		{"no room to close the code", "```\none two three", 7, "` …"},
		{"none at all", "one", 0, "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Cut(tt.s, tt.n); got != tt.want {
				t.Errorf("Cut(%q, %d)\n got %q\nwant %q", tt.s, tt.n, got, tt.want)
			}
		})
	}
}

func TestCutIsBounded(t *testing.T) {
	endless := "ᄀ" + strings.Repeat("ᄀ", 100_000) // one cluster by the rules
	if got := Cut(endless, 100); len(got) > 100*clusterSize {
		t.Errorf("a cluster of %d bytes is cut to %d", len(endless), len(got))
	}
}

func FuzzCut(f *testing.F) {
	f.Add("one two three", 8)
	f.Add("```\ncode\nmore code", 14)
	f.Add("👩\u200d💻👩\u200d💻 ```", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 1 || n > 1000 || !utf8.ValidString(s) {
			t.Skip("the fuzzer made what Cut is never given")
		}
		got := Cut(s, n)
		if uniseg.GraphemeClusterCount(got) > n {
			t.Errorf("Cut(%q, %d) = %q, longer", s, n, got)
		}
		if got != s && !strings.Contains(got, "…") {
			t.Errorf("Cut(%q, %d) = %q does not say that it was cut", s, n, got)
		}
	})
}
