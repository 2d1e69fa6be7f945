package text

import (
	"strings"
	"testing"
)

// What is found stands in the text, and a name that the prompt has not is found.
func FuzzLeaks(f *testing.F) {
	f.Add("I am Kestrel, made by Acme.", "Who are you?", "kestrel")
	f.Add("As GPT‑4 I cannot say.", "", "gpt-4")
	f.Add("我是通义千问。", "你是谁？", "通义千问")
	f.Add("ＫＥＳＴＲＥＬ k e s t r e l ke\u200bstrel", "Name a bird: kestrel", "kestrel")
	f.Add("\xff\xfe", "\x00", "")
	f.Fuzz(func(t *testing.T, said, prompt, name string) {
		said = Clean(said)
		for _, l := range Leaks(said, prompt, []string{name}) {
			if l.Match == "" {
				t.Fatalf("Leaks(%q, %q, %q) found nothing at level %v", said, prompt, name, l.Level)
			}
		}
		if Clean(said) != said && Clean(Clean(said)) != Clean(said) {
			t.Fatalf("cleaned again and again %q changes: %q, %q", said, Clean(said), Clean(Clean(said)))
		}
		if named := strings.Contains(strings.ToLower(legibleText(prompt)), "kestrel"); !named && len(Leaks("I am kestrel.", prompt, []string{"kestrel"})) == 0 {
			t.Fatalf("beside the prompt %q, which has no kestrel, that somebody is one is no leak", prompt)
		}
	})
}
