package stats

// A numbering gives ints the numbers 0, 1, 2 … in the order in which they
// come. Small ints are looked up in a slice: with a million votes, maps are
// most of the time.
type numbering struct {
	small []int32 // 1 + the number of each int from 0
	large map[int]int
	n     int
}

// newNumbering is good for up to about n ints.
func newNumbering(n int) *numbering {
	return &numbering{small: make([]int32, n+1), large: make(map[int]int)}
}

func (x *numbering) of(v int) int {
	if v >= 0 && v < len(x.small) {
		if x.small[v] == 0 {
			x.n++
			x.small[v] = int32(x.n)
		}
		return int(x.small[v]) - 1
	}
	i, ok := x.large[v]
	if !ok {
		i = x.n
		x.large[v] = i
		x.n++
	}
	return i
}

// grouped returns the indices of of, group by group and in their order, and
// where each of n groups begins and the last one ends.
func grouped(of []int, n int) (order []int32, begin []int) {
	begin = make([]int, n+1)
	for _, g := range of {
		begin[g+1]++
	}
	for g := range n {
		begin[g+1] += begin[g]
	}
	order, at := make([]int32, len(of)), make([]int, n)
	for i, g := range of {
		order[begin[g]+at[g]] = int32(i)
		at[g]++
	}
	return order, begin
}
