package stats

// connect returns for each model the number of its group, from 0: the models
// that it was compared with, through however many others. strong is whether
// inside each group every model beat every other, if only through others; a
// tie is a win of both. Only then is a maximum without a penalty finite (Ford
// 1957).
func connect(models int, games []Game) (groups []int, strong bool) {
	beat, lost, met := make([][]int, models), make([][]int, models), make([][]int, models)
	seen := make([]bool, models*models)
	edge := func(from, to int) {
		if at := from*models + to; !seen[at] {
			seen[at] = true
			beat[from], lost[to] = append(beat[from], to), append(lost[to], from)
			met[from], met[to] = append(met[from], to), append(met[to], from)
		}
	}
	for _, g := range games {
		if g.Score > 0 {
			edge(g.A, g.B)
		}
		if g.Score < g.Votes {
			edge(g.B, g.A)
		}
	}
	groups, strong = make([]int, models), true
	for i := range groups {
		groups[i] = -1
	}
	n := 0
	for i := range groups {
		if groups[i] >= 0 {
			continue
		}
		members := reach(met, i)
		for _, j := range members {
			groups[j] = n
		}
		n++
		strong = strong && len(reach(beat, i)) == len(members) && len(reach(lost, i)) == len(members)
	}
	return groups, strong
}

// reach returns the nodes that edges lead to from start, and start.
func reach(edges [][]int, start int) []int {
	seen := make([]bool, len(edges))
	seen[start] = true
	nodes := []int{start}
	for i := 0; i < len(nodes); i++ {
		for _, j := range edges[nodes[i]] {
			if !seen[j] {
				seen[j] = true
				nodes = append(nodes, j)
			}
		}
	}
	return nodes
}
