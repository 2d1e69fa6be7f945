package prompts_test

import (
	"testing"

	"github.com/tastetest/tastetest/prompts"
)

// A pack is read or refused with a sentence that names its file; what is read can be
// asked.
func FuzzParsePack(f *testing.F) {
	for _, s := range []string{
		"version: 1\npack: x\ntitle: X\nprompts:\n  - {id: a, text: b}\n", "version: 1\npack: x\nprompts: []\n", "version: 2\n", "a: [&x 1, *x]\n", "prompts:\n- *a", "? b\n: !!int c",
		"version: 1\npack: x\ntitle: X\nprompts:\n  - {id: a, text: 'Hi {{name}}', max_words: -1, category: creative, weight: 1e400}\n", "\xff\xfe", "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := prompts.Parse("mine.yaml", data)
		if err != nil {
			if err.Error() == "" {
				t.Fatalf("%q is refused without a word", data)
			}
			return
		}
		if p.Name == "" || len(p.Prompts) == 0 {
			t.Fatalf("%q is read as the pack %q of %d prompts", data, p.Name, len(p.Prompts))
		}
		for _, x := range p.Prompts {
			if x.ID == "" || x.Text == "" {
				t.Fatalf("%q has the prompt %+v", data, x)
			}
		}
		prompts.Check(p)
	})
}
