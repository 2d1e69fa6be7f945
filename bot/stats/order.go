package stats

import (
	"cmp"
	"slices"
)

// inOrder returns the same evidence with voters and prompts numbered from 0,
// and votes sorted, in an order that depends neither on how voters were numbered nor on which model
// is called the first. So the same shuffles fall on the same votes, and a
// verdict near the edge does not turn on the order of rows.
func (e Evidence) inOrder() Evidence {
	voters := newNumbering(len(e.Votes))
	dense, flipped := denselyPrompted(e.Votes, e.Flipped)
	lists := [3][]Obs{dense, e.Controls, e.Retests}
	var of [3][]int
	for l, obs := range lists {
		of[l] = make([]int, len(obs))
		for i, o := range obs {
			of[l][i] = voters.of(o.Voter)
		}
	}
	sign := leader(e.Votes)
	compare := func(a, b Obs) int {
		return cmp.Or(cmp.Compare(a.Prompt, b.Prompt), cmp.Compare(sign*a.Y, sign*b.Y))
	}
	plain := func(a, b Obs) int { return cmp.Or(cmp.Compare(a.Prompt, b.Prompt), cmp.Compare(a.Y, b.Y)) }
	compares := [3]func(a, b Obs) int{compare, plain, plain}
	var begins [3][]int
	for l, obs := range lists {
		order, begin := grouped(of[l], voters.n)
		sorted := make([]Obs, len(obs))
		for i, at := range order {
			sorted[i] = obs[at]
		}
		for v := range voters.n {
			slices.SortFunc(sorted[begin[v]:begin[v+1]], compares[l])
		}
		lists[l], begins[l], of[l] = sorted, begin, nil
	}
	row := func(v int32, l int) []Obs { return lists[l][begins[l][v]:begins[l][v+1]] } // all votes of one voter
	rows := make([]int32, voters.n)
	for v := range rows {
		rows[v] = int32(v)
	}
	slices.SortFunc(rows, func(a, b int32) int {
		return cmp.Or(
			slices.CompareFunc(row(a, 0), row(b, 0), compare),
			slices.CompareFunc(row(a, 1), row(b, 1), plain),
			slices.CompareFunc(row(a, 2), row(b, 2), plain))
	})
	var out [3][]Obs
	for l, obs := range lists {
		out[l] = make([]Obs, 0, len(obs))
		for v, r := range rows {
			for _, o := range row(r, l) {
				o.Voter = v
				out[l] = append(out[l], o)
			}
		}
	}
	return Evidence{Votes: out[0], Controls: out[1], Retests: out[2], Flipped: flipped, Seen: e.Seen}
}

// denselyPrompted returns votes with prompts numbered from 0, in their order,
// and sides by these numbers.
func denselyPrompted(votes []Obs, flipped []bool) ([]Obs, []bool) {
	prompts := newNumbering(len(votes))
	var was []int // by number
	out := slices.Clone(votes)
	for i, o := range votes {
		out[i].Prompt = prompts.of(o.Prompt)
		if out[i].Prompt == len(was) {
			was = append(was, o.Prompt)
		}
	}
	order := make([]int, len(was))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(was[a], was[b]) })
	rank := make([]int, len(was))
	for r, i := range order {
		rank[i] = r
	}
	for i := range out {
		out[i].Prompt = rank[out[i].Prompt]
	}
	if flipped == nil {
		return out, nil
	}
	sides, side := make([]bool, len(order)), sideOf(flipped)
	for r, i := range order {
		sides[r] = side(was[i]) == 1
	}
	return out, sides
}

// cells returns one Obs for each voter and prompt, with the mean of the votes
// there: someone's second vote on the same prompt is no news about prompts, nor
// about voters. obs must be in order.
func cells(obs []Obs) []Obs {
	repeated := false
	for i := 1; i < len(obs) && !repeated; i++ {
		repeated = sameCell(obs[i-1], obs[i])
	}
	if !repeated {
		return obs
	}
	var out []Obs
	for i := 0; i < len(obs); {
		cell, n := obs[i], 1
		for i+n < len(obs) && sameCell(cell, obs[i+n]) {
			cell.Y += obs[i+n].Y
			n++
		}
		cell.Y /= float64(n)
		out = append(out, cell)
		i += n
	}
	return out
}

func sameCell(a, b Obs) bool { return a.Voter == b.Voter && a.Prompt == b.Prompt }

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
