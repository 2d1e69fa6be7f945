package stats

// Bit is 1 for true, so that what holds can be counted.
func Bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
