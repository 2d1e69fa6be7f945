package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		{"plain", "Hello.\n\nBye.", "Hello.\n\nBye."},
		{"trim", " \n\t Hello. \n\n", "Hello."},
		{"line ends", "a\r\nb\rc\u2028d", "a\nb\nc\nd"},
		{"blank lines", "a\n\n\n\n\nb\n \n\t\n\n\nc\n\n\nd", "a\n\n\nb\n\n\nc\n\n\nd"},
		{"tabs and indents stay", "- a\n\t- b", "- a\n\t- b"},
		{"spaces", "10\u00a0km\u202f!\u2009x", "10 km ! x"},
		{"zero width", "he\u200bl\u200cl\u200do\ufeff \u2060w\u00adorld", "hello world"},
		{"right-to-left override", "abc\u202edef\u202c \u2067x\u2069\u200f\u061c", "abcdef x"},
		{"hidden tags and selectors", "hi\U000e0041\U000e0042\ufe01\U000e0101", "hi"},
		{"controls", "a\x00b\x1b[31mc\x7f\u009f", "ab[31mc"},
		{"private use", "as shown\ue200cite\ue201", "as showncite"},
		{"fillers", "a\u3164\u115f\u034fb", "ab"},
		{"emoji stay whole", "👩\u200d💻 🏳\ufe0f\u200d🌈 👨🏽\u200d🚀 ❤\ufe0f 🤷\u200d♀\ufe0f", "👩\u200d💻 🏳\ufe0f\u200d🌈 👨🏽\u200d🚀 ❤\ufe0f 🤷\u200d♀\ufe0f"},
		{"Persian and Hindi stay whole", "می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"},
		{"a tower of marks", "z" + strings.Repeat("\u0301", 500) + "!", "z" + strings.Repeat("\u0301", maxMarks) + "!"},
		{"broken UTF-8", "caf\xe9 \xff\xfeok", "caf\uFFFD \uFFFDok"},
		{"Chinese indent", "\u3000\u3000你好。\n\u3000\u3000再见。", "你好。\n\u3000\u3000再见。"},

		{"thinking", "<think>secret plan</think>\n\nHello", "Hello"},
		{"thinking in capitals", "\n <THINK>\nplan\n</THINK>Hello", "Hello"},
		{"thinking of Mistral", "[THINK]plan[/THINK] Hello", "Hello"},
		{"thinking twice", "<think>a</think><think>b</think>Hello", "Hello"},
		{"thinking within thinking", "<think>a<think>b</think>c</think>Hello", "Hello"},
		{"thinking behind a zero-width character", "\u200b<th\u200bink>plan</think>Hello", "Hello"},
		{"thinking that was opened by the template", "plan\nplan\n</think>\n\nHello", "Hello"},
		{"thinking that never ends", "<think>plan, plan, plan", ""},
		{"nothing but thinking", "<think>plan</think>\n", ""},
		{"an empty block", "<think>\n\n</think>\n\nHello", "Hello"},
		{"a word about tags", "Put it in `<think>` and `</think>`.", "Put it in `<think>` and `</think>`."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Clean(tt.raw)
			if got != tt.want {
				t.Errorf("Clean(%q)\n got %q\nwant %q", tt.raw, got, tt.want)
			}
			if again := Clean(got); again != got {
				t.Errorf("cleaned again: %q", again)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"<think>a", "a</think>b", "a\n\n\n\n\nb", "\u202e\u200b", "👩\u200d💻\ufe0f\ufe0f", "\xff", "</th\u200bink>", "<s>a</s>b</s>", "a<|im_end|>`</s>`", "<|channel|>final<|message|>a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s := Clean(raw)
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\x00\u200b\u202e\u2066\u00a0") || strings.Contains(s, "\n\n\n\n") {
			t.Errorf("Clean(%q) = %q", raw, s)
		}
		if again := Clean(s); again != s {
			t.Errorf("Clean(%q) = %q, cleaned again %q", raw, s, again)
		}
	})
}
