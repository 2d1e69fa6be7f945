package llm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

func TestDemo(t *testing.T) {
	for _, lang := range []bot.Lang{bot.En, bot.Zh} {
		t.Run(string(lang), func(t *testing.T) { testDemo(t, lang) })
	}
}

func testDemo(t *testing.T, lang bot.Lang) {
	writers, pack, err := llm.Demo(lang)
	if err != nil {
		t.Fatal(err)
	}
	if len(pack.Prompts) < 12 {
		t.Errorf("the demo has %d prompts", len(pack.Prompts))
	}
	names := append(writers[0].Card().Names, writers[1].Card().Names...)
	for _, p := range pack.Prompts {
		var texts [2]string
		for i, w := range writers {
			a, err := w.Write(t.Context(), p)
			if err != nil {
				t.Fatalf("%s on %s: %v", w.Card().Name, p.ID, err)
			}
			texts[i] = a.Raw
			if n := text.Words(a.Raw); n < 40 || n > p.MaxWords {
				t.Errorf("%s on %s: %d words; from 40 to %d are wanted", w.Card().Name, p.ID, n, p.MaxWords)
			}
			if clean := text.Clean(a.Raw); clean != a.Raw {
				t.Errorf("%s on %s: cleaning would change the answer to\n%s", w.Card().Name, p.ID, clean)
			}
			if leaks := text.Leaks(a.Raw, p.Text, names); len(leaks) > 0 {
				t.Errorf("%s on %s: the answer gives its author away: %v", w.Card().Name, p.ID, leaks)
			}
			if !a.Cost.Known || a.Cost.Pico <= 0 || a.Latency <= 0 || a.Output <= 0 || a.Input <= 0 {
				t.Errorf("%s on %s: the reveal has nothing to show of %+v", w.Card().Name, p.ID, a)
			}
		}
		if text.LengthWarning(texts[0], texts[1]) {
			t.Errorf("%s: the answers would get the length warning", p.ID)
		}
	}
}

func TestDemoWritersSayThatTheyAreInvented(t *testing.T) {
	for lang, invented := range map[bot.Lang]string{bot.En: "invented", bot.Zh: "虚构"} {
		writers, _, err := llm.Demo(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range writers {
			if c := w.Card(); !strings.Contains(c.Name, invented) || c.Source != "demo" {
				t.Errorf("a writer is called %q and comes from %q", c.Name, c.Source)
			}
		}
	}
}

func TestDemoWriterRefusesOtherPrompts(t *testing.T) {
	writers, _, err := llm.Demo(bot.En)
	if err != nil {
		t.Fatal(err)
	}
	_, err = writers[0].Write(t.Context(), bot.Prompt{Text: "Why is the sky blue?"})
	refusal, ok := errors.AsType[*bot.Refusal](err)
	if !ok {
		t.Fatalf("a foreign prompt got %v, not a refusal", err)
	}
	if !strings.Contains(refusal.Public.String(), "the demo's pack only") {
		t.Errorf("the refusal says %q", refusal.Public)
	}
	_ = err.Error() // must not panic
}
