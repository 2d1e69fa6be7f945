package bot

// A Cell is what standings know of one vote in a sealed round: which way it
// went, and which other cells are by the same voter, but not who that is.
type Cell struct {
	Voter uint64 // the same for one voter in all tastings of a workspace, and nobody's name
	Lean  int8   // +1 for the first model, −1 for the second, 0 for equal and both bad
}

// Score is what the first model has of it: 1, ½ or 0.
func (c Cell) Score() float64 { return float64(1+c.Lean) / 2 }

// Lean returns +1 for the first model, −1 for the second and 0 for equal, both
// bad and none.
func (p Pick) Lean() int8 {
	switch p {
	case First:
		return 1
	case Second:
		return -1
	}
	return 0
}
