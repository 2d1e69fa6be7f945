package bot

// A Gate is what a pipeline asked a team beforehand: whether the second model of a
// tasting, the new one, may take the place of the first.
type Gate struct {
	Name    string // the pipeline's own, once in a workspace
	Content string // SHA-256 of all that was asked, in hexadecimal
	Ask     Ask
}

// An Ask is a gate's question, fixed before the first vote.
type Ask string

const (
	NotWorse  Ask = "not-worse" // is the new one not worse by more than ten points?
	Preferred Ask = "preferred" // is the new one preferred?
)

// Least is the share of votes that the new one must have, with equal and both bad as
// half: 40%, or more than half.
func (a Ask) Least() float64 {
	if a == Preferred {
		return 0.5
	}
	return 0.4
}
