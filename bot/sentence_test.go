package bot

import (
	"fmt"
	"testing"
)

func TestMoney(t *testing.T) {
	for pico, want := range map[Money]string{
		0:                     "$0.00",
		1:                     "under $0.000001",
		1_200_000_000:         "$0.0012",
		1_000_000:             "$0.000001",
		15_600_000_000_000:    "$15.60",
		9_995_000_000:         "$0.0099",
		10_000_000_000:        "$0.01",
		1_234_567_890_000_000: "$1,234.57",
		-420_000_000_000:      "-$0.42",
	} {
		if got := pico.String(); got != want {
			t.Errorf("%d pico-USD are written %q, want %q", int64(pico), got, want)
		}
	}
	if got := (Cost{}).String(); got != "cost unknown" {
		t.Errorf("an unknown cost is written %q", got)
	}
}

func ExampleMoney() {
	fmt.Println(Money(15_600_000_000_000), Money(1_200_000_000), Money(1))
	// Output: $15.60 $0.0012 under $0.000001
}

func ExampleCost() {
	fmt.Println(Cost{Pico: 42e10, Known: true})
	fmt.Println(Cost{Known: true})
	fmt.Println(Cost{})
	// Output:
	// $0.42
	// local, no cost
	// cost unknown
}

// A line begins with a capital, unless a model's name stands there, or what somebody
// wrote: those are written as they are.
func TestOpening(t *testing.T) {
	kestrel := Verbatim("kestrel")
	for want, said := range map[string]Sentence{
		"Done":                               Say("done"),
		"No winner shown. kestrel is ahead.": Prose(Say("no winner shown."), Say("{model} is ahead.", kestrel)),
		"kestrel is preferred.":              Say("{name} is preferred.", kestrel),
		"gpt-4.5 · done":                     Dotted(Quoted("gpt-4.5"), Say("done")),
		"3 of 10":                            Say("{n} of {all}", Count(3), Count(10)),
		"Were left out":                      Say("{n?was|were} left out", Count(2)),
		"":                                   {},
	} {
		if got := Opening(said).String(); got != want {
			t.Errorf("%q opens a line as %q, want %q", said, got, want)
		}
	}
}
