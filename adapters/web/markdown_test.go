package web

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/adaptertest"
)

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"plain", "<p>plain</p>"},
		{"one\ntwo", "<p>one<br>\ntwo</p>"},
		{"# Head", "<p><strong>Head</strong></p>"},
		{"**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c</code></p>"},
		{"[words](https://example.com/?a=1&b=2)", "<p>words (https://example.com/?a=1&amp;b=2)</p>"},
		{"![alt](https://example.com/p.png)", "<p>alt (https://example.com/p.png)</p>"},
		{"<https://example.com>", "<p>https://example.com</p>"},
		{"a <b>tag</b> & more", "<p>a &lt;b&gt;tag&lt;/b&gt; &amp; more</p>"},
		{"<div>\n<b>x</b>\n</div>", "<p>&lt;div&gt;<br>\n&lt;b&gt;x&lt;/b&gt;<br>\n&lt;/div&gt;</p>"},
		{"```go\nx := 1\n```", "<pre><code>x := 1\n</code></pre>"},
		{"3. three\n4. four", "<ol start=\"3\">\n<li>three</li>\n<li>four</li>\n</ol>"},
		{"我是**通义千问**，好。", "<p>我是<strong>通义千问</strong>，好。</p>"},
		{"", ""},
	} {
		if got := strings.TrimSpace(string(markdown(tt.text))); got != tt.want {
			t.Errorf("markdown(%q)\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// Whatever a text says, only the elements on the list come of it, and none of
// them with an attribute that does anything.
func TestMarkdownIsDead(t *testing.T) {
	var all []string
	for _, x := range adaptertest.Hostile {
		all = append(all, x.Text, "> "+x.Text, "- "+x.Text, "`"+x.Text+"`", "```\n"+x.Text, "| a |\n|---|\n| "+x.Text+" |", "*"+x.Text+"*")
	}
	for _, x := range adaptertest.Odd {
		all = append(all, x.Text)
	}
	for _, text := range all {
		got := string(markdown(text))
		for _, dead := range []string{"<a", "<img", "<script", "<h1", "<div", "<section", "href=", "src=", "style=", "class="} {
			// What is escaped is text: only a live "<", or an attribute in a live tag, counts.
			for tag := range tags(got) {
				if strings.Contains("<"+tag+">", dead) {
					t.Errorf("markdown(%.80q) has %s in it:\n%.2000s", text, dead, got)
				}
			}
		}
	}
}

// tags are the live tags of some HTML, without their brackets.
func tags(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, after, ok := strings.Cut(s, "<")
			if !ok {
				return
			}
			tag, rest, _ := strings.Cut(after, ">")
			if !yield(tag) {
				return
			}
			s = rest
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ given, want string }{
		{"Ada", "Ada"},
		{"  Ada \t Lovelace\n", "Ada Lovelace"},
		{"李雷", "李雷"},
		{"A\u202eda\u200b\x00\ufeff", "Ada"},
		{"🤖 Kim", "Kim"},
		{"<b>Ada</b>", "<b>Ada</b>"},
		{"A·b", "A·b"},
		{"👩🏽‍🚀", "👩🏽🚀"}, // the joiner is invisible by itself
		{strings.Repeat("é", 32), strings.Repeat("é", 32)},
		{strings.Repeat("e\u0301", 32), strings.Repeat("e\u0301", 32)},
		{strings.Repeat("é", 33), ""},
		{"e" + strings.Repeat("\u0301", 200), ""},
		{"", ""},
		{"\u200b \u3164", ""},
	} {
		got, err := cleanName(tt.given)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("cleanName(%q) = %q, %v; want %q", tt.given, got, err, tt.want)
		}
	}
	a, _ := newUser("Ada")
	b, _ := newUser("Ada")
	if a == b || !strings.HasPrefix(a, "Ada·") {
		t.Errorf("two Adas are %q and %q", a, b)
	}
}
