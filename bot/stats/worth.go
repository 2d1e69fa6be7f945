package stats

// An Answer is to a question that was fixed before the votes.
type Answer string

const (
	Shown    Answer = "shown"
	RuledOut Answer = "ruled-out"
	Open     Answer = "open"
)

// AtLeast answers whether the first model's share is worth or more, at a level
// one-sided: shown if the interval at 1 − 2·level lies above worth, ruled out if
// it lies below. It may be asked only if worth was fixed before the first vote.
func (m Mean) AtLeast(worth, level float64) Answer {
	lo, hi, ok := m.CI(1 - 2*level)
	switch {
	case ok && lo >= worth:
		return Shown
	case ok && hi < worth:
		return RuledOut
	}
	return Open
}
