package web

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

// alive are the tags that may come of a text, without attributes but for the start of a
// numbered list.
var alive = map[string]bool{"p": true, "br": true, "strong": true, "em": true, "del": true, "code": true, "pre": true, "blockquote": true, "ul": true, "ol": true, "li": true,
	"table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true, "hr": true}

// Whatever a model writes, only tags of a short list come of it, with no attribute that
// does anything.
func FuzzMarkdown(f *testing.F) {
	for _, x := range adaptertest.Hostile {
		f.Add(x.Text)
	}
	f.Add("# a\n\n| b | c |\n|:-|-:|\n| 1 | 2 |\n\n- x\n  7. y\n> z\n```go\n<script>\n```\n[a](javascript:b)")
	f.Fuzz(func(t *testing.T, said string) {
		for tag := range tags(string(markdown(said))) {
			name, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(tag, "/"), "/"), " ")
			harmless := rest == "" || name == "ol" && strings.HasPrefix(rest, `start="`) || strings.HasPrefix(rest, `align="`) || strings.HasPrefix(rest, `dir="auto"`)
			if !alive[name] || !harmless || strings.Contains(rest, "style") || strings.Contains(rest, "on") {
				t.Fatalf("of %q comes <%s>", said, tag)
			}
		}
	})
}
