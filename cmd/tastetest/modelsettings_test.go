package main

import (
	"slices"
	"testing"
	"time"
)

// A price is warned of from the day on which it is a year old, and only if it
// says of when it is.
func TestOldPrices(t *testing.T) {
	s, err := readSettings(write(t, `
models:
  - {name: kestrel, base_url: "https://example.com/v1", model: k, price: {input: 1, output: 2, as_of: 2025-03-01}}
  - {name: nova, base_url: "https://example.com/v1", model: n, price: {input: 1, output: 2, as_of: 2026-02-01}}
  - {name: wren, base_url: "https://example.com/v1", model: w, price: {input: 1, output: 2}}
  - {name: heron, base_url: "https://example.com/v1", model: h}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		now  string
		want []string
	}{
		{"2026-03-01", nil},
		{"2026-03-02", []string{"kestrel (2025-03-01)"}},
		{"2027-03-02", []string{"kestrel (2025-03-01)", "nova (2026-02-01)"}},
	} {
		now, err := time.Parse(time.DateOnly, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.oldPrices(now); !slices.Equal(got, tt.want) {
			t.Errorf("on %s the prices of %v are called old, not of %v", tt.now, got, tt.want)
		}
	}
	if _, err := readSettings(write(t, "models:\n  - {name: k, base_url: \"https://example.com/v1\", model: k, price: {input: 1, output: 2, as_of: 2025-02-30}}\n")); err == nil {
		t.Error("30 February is taken for a day")
	}
}
