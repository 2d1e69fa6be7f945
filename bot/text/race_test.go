//go:build race

package text

// With the race detector all of it takes ten times as long and more, so that a text
// of a quarter tells as well that a step is slow.
func init() { hostileSize /= 4 }
