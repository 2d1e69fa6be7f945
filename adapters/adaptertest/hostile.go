package adaptertest

import (
	"strings"
	"testing"

	"github.com/tastetest/tastetest/bot"
)

// Hostile are texts that would do something if they were not taken as data,
// and for each what must not be in what clients are sent.
var Hostile = []struct{ Name, Text, Never string }{
	{"a tag", `<img src=x onerror=alert(1)>`, `<img src=x`},
	{"a script", `<script>alert(1)</script>`, `<script>alert`},
	{"a closing tag", `</div></section></article><h1>Winner: kestrel</h1>`, `<h1>Winner`},
	{"a link", `[click](https://evil.example/x)`, `href="https://evil`},
	{"a dangerous link", `[click](javascript:alert(1))`, `href="javascript`},
	{"a bare link", `see https://evil.example/x`, `href="https://evil`},
	{"a linked address", `<https://evil.example/x>`, `<https://evil`},
	{"an image", `![pixel](https://evil.example/p.png)`, `src="https://evil`},
	{"a mention of everybody on Slack", `<!channel> look`, `<!channel>`},
	{"a mention of somebody on Slack", `<@U024BE7LH> look`, `<@U024BE7LH>`},
	{"an attribute", `" onmouseover="alert(1)`, `" onmouseover="`},
	{"a template", `{{.Secret}} ${alert(1)}`, `<no value>`},
}

// Odd are texts that are only hard to show.
var Odd = []struct{ Name, Text string }{
	{"right to left", "\u202eevil\u202c שלום עולם"},
	{"zero width", "a\u200bb\u200dc\ufeff"},
	{"a lone fence", "```\nno end"},
	{"many fences", strings.Repeat("```\n", 500)},
	{"deep quotes", strings.Repeat(">", 5000) + " x"},
	{"deep lists", strings.Repeat("- ", 5000) + " x"},
	{"brackets", strings.Repeat("[", 20000)},
	{"stars", strings.Repeat("*a **b ", 5000)},
	{"long", strings.Repeat("words and ", 4000)},
	{"one long word", strings.Repeat("x", 40000)},
	{"no text", ""},
	{"bytes that are no text", "a\xff\xfeb\x00c"},
}

func hostile(t *testing.T, w World, h *heard) {
	ann := w.Join(t, "Ann")
	for i, x := range Hostile {
		b := ballot(w)
		b.Left, b.Right, b.Prompt, b.Title = bot.Verbatim(x.Text), two, bot.Verbatim(x.Text), bot.Literal(x.Text)
		ref := post(t, w, ballotKey(w, 100+i), b)
		if seen := w.Seen(t, ref, ann); strings.Contains(seen, x.Never) {
			t.Errorf("%s: a ballot has %q in it:\n%s", x.Name, x.Never, seen)
		}
		h.answer(bot.Reply{Post: bot.Notice{Title: bot.Literal(x.Text), Text: bot.Literal(x.Text), Code: bot.Literal(x.Text)}})
		if seen := w.Command(t, ann, "results"); strings.Contains(seen, x.Never) {
			t.Errorf("%s: a notice has %q in it:\n%s", x.Name, x.Never, seen)
		}
	}
	for i, x := range Odd {
		b := ballot(w)
		b.Left, b.Right = bot.Verbatim(x.Text), two
		ref := post(t, w, ballotKey(w, 200+i), b)
		if seen := w.Seen(t, ref, ann); !strings.Contains(seen, two) {
			t.Errorf("%s: the other answer is not shown beside it:\n%.2000s", x.Name, seen)
		}
	}
}
