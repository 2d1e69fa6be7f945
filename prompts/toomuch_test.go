package prompts_test

import (
	"fmt"
	"strings"
	"testing"
)

// What would keep a processor busy for seconds is refused unread; what people
// send is not, however long.
func TestUploadsThatCostMuch(t *testing.T) {
	const mega = 1<<20 - 100
	fill := func(before, each, after string) string { return before + strings.Repeat(each, mega/len(each)) + after }
	for name, text := range map[string]string{
		"a list in brackets":   fill("prompts: [", "a,", "a]\n"),
		"one that never ends":  fill("- [", "a,", ""),
		"a list of letters":    fill("prompts:\n", "- a\n", ""),
		"brackets":             fill("prompts: [", "[],", "]\n"),
		"anchors":              fill("- a ", "&a ", "\n"),
		"promptfoo's, perhaps": fill("results:\n  results: [", "{},", "]\n"),
	} {
		if _, err := read("prompts.yaml", text); err == nil || !strings.Contains(err.Error(), "lines, brackets and commas") {
			t.Errorf("%s: it was parsed: %.120v", name, err)
		}
	}
	numbered := func(before, each string) string {
		b := []byte(before)
		for i := range 15_000 {
			b = fmt.Appendf(b, each, i)
		}
		return string(b)
	}
	for name, text := range map[string]string{
		"fields":                   numbered("", "k%d: 1\n"),
		"fields of a prompt":       numbered("prompts:\n  - text: a\n", "    k%d: 1\n"),
		"fields with lists":        numbered("prompts: [a]\n", "k%d:\n- 1\n"),
		"fields and remarks":       numbered("prompts: [a]\n", "  k%d: 1\n#\n"),
		"fields behind a question": numbered("prompts: [a]\n", "? k%d\n"),
		"promptfoo's fields":       numbered("results:\n  results:\n", "    k%d: 1\n"),
	} {
		if _, err := read("prompts.yaml", text); err == nil || !strings.Contains(err.Error(), "lines, brackets and commas") {
			t.Errorf("%s: it was parsed: %.120v", name, err)
		}
	}
	prose := "Explain, in a few words, why tea grows cold, and what your grandmother did about it. "
	var pack strings.Builder
	pack.WriteString("version: 1\npack: ours\nprompts:\n")
	for i := range 200 {
		pack.WriteString("  - id: a" + strings.Repeat("b", i) + "\n    category: other\n    text: " + strings.Repeat(prose, 45) + "\n")
	}
	sheet, err := read("prompts.yaml", pack.String())
	if err != nil || len(sheet.Rows) != 200 {
		t.Errorf("200 prompts of 3,800 characters: %d, %v", len(sheet.Rows), err)
	}
}
