package text

import "testing"

// What a terminal would obey is spelled out; words of every script and emoji
// joined of several stay as they are.
func TestShown(t *testing.T) {
	for _, tt := range []struct{ s, keep, want string }{
		{"kestrel", "", "kestrel"},
		{"\x1b[2Jkestrel\a", "", `\u001b[2Jkestrel\u0007`},
		{"nova\u202egpj", "", `nova\u202egpj`},
		{"\u2066nova\u2069\u200f\u061c", "", `\u2066nova\u2069\u200f\u061c`},
		{"a\u009b31m\u007f\u2028", "", `a\u009b31m\u007f\u2028`},
		{"one\ntwo\tthree\r", "", `one\u000atwo\u0009three\u000d`},
		{"one\ntwo\tthree\r", "\n\t", "one\ntwo\tthree\\u000d"},
		{"caf\xe9", "", `caf\xe9`},
		{"\ufffd", "", "\ufffd"},
		{"مقارنة 比較 नमस्ते 👩‍💻", "", "مقارنة 比較 नमस्ते 👩‍💻"},
	} {
		if got := Shown(tt.s, tt.keep); got != tt.want {
			t.Errorf("Shown(%q, %q) is %q, want %q", tt.s, tt.keep, got, tt.want)
		}
	}
}
