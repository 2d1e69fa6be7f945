package discord

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/tastetest/tastetest/bot"
)

// Discord's client cuts what is pasted into a field at the field's limit and
// says nothing. So what reaches the core is the whole text, or the person is
// told; never a part of it.
func TestNoPastedTextIsCutInSilence(t *testing.T) {
	field := *tongue{}.fieldOf(inquiry{Field: bot.Field{Name: "first", Label: bot.Literal("One text"), Kind: bot.Area, Max: 3000}}).Component
	for name, text := range map[string]string{
		"a text that fits":               strings.Repeat("x", 3000),
		"one that the core will refuse":  strings.Repeat("x", 3999),
		"one that Discord cuts":          strings.Repeat("x", 5000),
		"few characters, each of eleven": strings.Repeat("👩‍👩‍👧‍👦", 1000),
	} {
		units := utf16.Encode([]rune(text))
		pasted := string(utf16.Decode(units[:min(len(units), field.MaxLength)]))
		s := bot.Submission{Values: make(map[string]string)}
		err := (&exchange{}).collect(&s, []submitted{{Type: label, Component: &submitted{Type: textInput, ID: "first", Value: pasted}}})
		if _, told := errors.AsType[bot.UserError](err); !told && s.Values["first"] != text {
			t.Errorf("%s: of %d characters %d arrive, and nobody is told (%v)", name, length(text), length(s.Values["first"]), err)
		}
	}
}
