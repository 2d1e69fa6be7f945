// Package deal makes a tasting's rounds: which prompts and control pairs of
// those there are, in which order, and on which sides. It reads no store: whoever
// calls it hands it the tastings of before, and a source of randomness.
package deal
