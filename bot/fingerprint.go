package bot

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
)

// Fingerprint is six hexadecimal digits that are the same for the same name,
// source, system text, cap and settings, and otherwise differ: answers under
// different settings are never pooled under one name. Prices do not enter.
func (c Card) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %d\n", c.Name, c.Source, c.System, c.MaxTokens)
	for _, k := range slices.Sorted(maps.Keys(c.Settings)) {
		fmt.Fprintf(h, "%q %q\n", k, c.Settings[k])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:3])
}

// Alike reports whether c and d have the same fingerprint.
func (c Card) Alike(d Card) bool {
	return c.Name == d.Name && c.Source == d.Source && c.System == d.System && c.MaxTokens == d.MaxTokens &&
		maps.Equal(c.Settings, d.Settings)
}
