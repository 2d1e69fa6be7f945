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
