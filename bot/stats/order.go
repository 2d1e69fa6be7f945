package stats

import (
	"cmp"
	"slices"
)

// inOrder returns the same evidence with voters numbered, and votes sorted, in
// an order that depends neither on how voters were numbered nor on which model
// is called the first. So the same shuffles fall on the same votes, and a
// verdict near the edge does not turn on the order of rows.
func (e Evidence) inOrder() Evidence {
	rows := make(map[int]*row)
	voter := func(v int) *row {
		if rows[v] == nil {
			rows[v] = &row{}
		}
		return rows[v]
	}
	for _, o := range e.Votes {
		voter(o.Voter).votes = append(voter(o.Voter).votes, o)
	}
	for _, o := range e.Controls {
		voter(o.Voter).controls = append(voter(o.Voter).controls, o)
	}
	for _, o := range e.Retests {
		voter(o.Voter).retests = append(voter(o.Voter).retests, o)
	}
	sign := leader(e.Votes)
	compare := func(a, b Obs) int {
		return cmp.Or(cmp.Compare(a.Prompt, b.Prompt), cmp.Compare(sign*a.Y, sign*b.Y))
	}
	plain := func(a, b Obs) int { return cmp.Or(cmp.Compare(a.Prompt, b.Prompt), cmp.Compare(a.Y, b.Y)) }
	var sorted []*row
	for _, r := range rows {
		slices.SortFunc(r.votes, compare)
		slices.SortFunc(r.controls, plain)
		slices.SortFunc(r.retests, plain)
		sorted = append(sorted, r)
	}
	slices.SortFunc(sorted, func(a, b *row) int {
		return cmp.Or(
			slices.CompareFunc(a.votes, b.votes, compare),
			slices.CompareFunc(a.controls, b.controls, plain),
			slices.CompareFunc(a.retests, b.retests, plain))
	})
	var out Evidence
	for v, r := range sorted {
		out.Votes = append(out.Votes, renumbered(r.votes, v)...)
		out.Controls = append(out.Controls, renumbered(r.controls, v)...)
		out.Retests = append(out.Retests, renumbered(r.retests, v)...)
	}
	return out
}

// A row is all votes of one voter.
type row struct{ votes, controls, retests []Obs }

func renumbered(obs []Obs, voter int) []Obs {
	for i := range obs {
		obs[i].Voter = voter
	}
	return obs
}

// leader is 1 if the first model leads, −1 if the second does: over all, or if
// they are level over the first prompt where they are not.
func leader(obs []Obs) float64 {
	polls := Polls(obs)
	slices.SortFunc(polls, func(a, b Poll) int { return cmp.Compare(a.Prompt, b.Prompt) })
	lead := 0.0
	for _, p := range polls {
		lead += 2*p.First - float64(p.Votes)
	}
	for _, p := range polls {
		if lead == 0 {
			lead = 2*p.First - float64(p.Votes)
		}
	}
	if lead < 0 {
		return -1
	}
	return 1
}
