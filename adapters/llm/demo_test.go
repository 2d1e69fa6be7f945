package llm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tastetest/tastetest/adapters/llm"
	"github.com/tastetest/tastetest/bot"
)

func TestDemo(t *testing.T) {
	writers, pack, err := llm.Demo()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pack.Prompts {
		var words [2]int
		for i, w := range writers {
			a, err := w.Write(t.Context(), p)
			if err != nil {
				t.Fatalf("%s on %s: %v", w.Card().Name, p.ID, err)
			}
			words[i] = len(strings.Fields(a.Text))
			if words[i] < 30 || words[i] > p.MaxWords {
				t.Errorf("%s on %s: %d words; between 30 and %d are wanted", w.Card().Name, p.ID, words[i], p.MaxWords)
			}
			if a.Cost.Pico <= 0 || !a.Cost.Known || a.Latency <= 0 || a.Output <= 0 || a.Input <= 0 {
				t.Errorf("%s on %s: cost %v, latency %v, %d and %d tokens; the reveal has nothing to show", w.Card().Name, p.ID, a.Cost, a.Latency, a.Input, a.Output)
			}
		}
		// A ballot that warns about lengths is no good first impression.
		if short, long := min(words[0], words[1]), max(words[0], words[1]); 2*long >= 3*short && long-short >= 40 {
			t.Errorf("%s: the answers have %d and %d words, which gets the length warning", p.ID, words[0], words[1])
		}
	}
}

func TestDemoWritersSayThatTheyAreInvented(t *testing.T) {
	writers, _, err := llm.Demo()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range writers {
		if c := w.Card(); !strings.Contains(c.Name, "invented") || c.Source != "demo" {
			t.Errorf("a writer is called %q and comes from %q", c.Name, c.Source)
		}
	}
}

func TestDemoWriterRefusesOtherPrompts(t *testing.T) {
	writers, _, err := llm.Demo()
	if err != nil {
		t.Fatal(err)
	}
	_, err = writers[0].Write(t.Context(), bot.Prompt{Text: "Why is the sky blue?"})
	refusal, ok := errors.AsType[*bot.Refusal](err)
	if !ok {
		t.Fatalf("a foreign prompt got %v, not a refusal", err)
	}
	if !strings.Contains(refusal.Public, "the demo's pack only") {
		t.Errorf("the refusal says %q", refusal.Public)
	}
	_ = err.Error() // must not panic
}
