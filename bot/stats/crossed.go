package stats

import (
	"sort"
	"sync"
)

// crossed is what a fit knows of voters.
type crossed struct {
	voters, cells int
	byVoter       symmetric
	byCell        symmetric
	of            []crossing // of each model and column
}

// A crossing is who voted on one model.
type crossing struct{ voters, votes, squares, cells float64 }

// A known vote is one whose voter is known.
type knownVote struct {
	score float32
	game  int32
}

// An expectation is what a vote of a game is held against.
type expectation struct {
	forA         float64 // the chance of a vote for A
	a, b, prompt int32
}

// known are the votes whose voters are known, voter by voter, each voter's
// prompt by prompt. Moved, and not only put in order: with a million votes it is
// fetching them from all over that takes time.
type known struct {
	votes []knownVote
	begin []int // where each voter's begin, and the last one's end
}

func (f *fitting) known() known {
	n := 0
	for i := range f.games {
		n += len(f.games[i].Cells)
	}
	if n == 0 {
		return known{}
	}
	numbers, who := newVoters(), make([]int32, 0, n)
	var of []int // votes of each voter
	for _, i := range f.order {
		for _, cell := range f.games[i].Cells {
			v := numbers.of(cell.Voter)
			if v == len(of) {
				of = append(of, 0)
			}
			of[v]++
			who = append(who, int32(v))
		}
	}
	k := known{votes: make([]knownVote, n), begin: make([]int, len(of)+1)}
	for v, n := range of {
		k.begin[v+1] = k.begin[v] + n
		of[v] = k.begin[v]
	}
	for _, i := range f.order {
		cells := f.games[i].Cells
		for j, cell := range cells {
			v := who[j]
			k.votes[of[v]] = knownVote{cell.Score, i}
			of[v]++
		}
		who = who[len(cells):]
	}
	return k
}

// byVoter returns the covariances by voter and by cell of voter and prompt; nil
// if no voter is known. Two halves of the voters are summed side by side.
func (f *fitting) byVoter(k known, x []float64, inverse symmetric) *crossed {
	if len(k.votes) == 0 {
		return nil
	}
	expected := make([]expectation, len(f.games))
	for i := range f.games {
		g := &f.games[i]
		expected[i] = expectation{logistic(f.logit(x, g, f.styleOf(i))), int32(g.A), int32(g.B), int32(f.prompt[i])}
	}
	voters := len(k.begin) - 1
	middle := sort.SearchInts(k.begin, len(k.votes)/2)
	var halves [2]*crossed
	var sums sync.WaitGroup
	sums.Go(func() { halves[0] = f.cross(k, 0, middle, expected, len(x)) })
	sums.Go(func() { halves[1] = f.cross(k, middle, voters, expected, len(x)) })
	sums.Wait()
	c, other := halves[0], halves[1]
	c.voters = voters
	c.cells += other.cells
	for i, o := range other.of {
		c.of[i].voters += o.voters
		c.of[i].votes += o.votes
		c.of[i].squares += o.squares
		c.of[i].cells += o.cells
	}
	c.byVoter.add(other.byVoter)
	c.byCell.add(other.byCell)
	c.byVoter, c.byCell = sandwich(inverse, c.byVoter), sandwich(inverse, c.byCell)
	return c
}

// cross sums up the gradients of the voters between two numbers.
func (f *fitting) cross(k known, from, to int, expected []expectation, n int) *crossed {
	c := &crossed{of: make([]crossing, n)}
	voter, cell := newOuter(n), newOuter(n)
	count := make([]float64, n)
	for v := from; v < to; v++ {
		for mine := k.votes[k.begin[v]:k.begin[v+1]]; len(mine) > 0; {
			n, first := 1, &expected[mine[0].game] // votes on one prompt
			for n < len(mine) && expected[mine[n].game].prompt == first.prompt {
				n++
			}
			if n == 1 && f.columns == 0 { // nearly all are such: the same, without asking what else they speak of
				more := float64(mine[0].score) - first.forA
				a, b := int(first.a), int(first.b)
				cell.pair(a, b, more)
				voter.add(a, more)
				voter.add(b, -more)
				for _, m := range [2]int{a, b} {
					count[m]++
					c.of[m].cells++
				}
				c.cells++
				mine = mine[1:]
				continue
			}
			for _, vote := range mine[:n] {
				g := &expected[vote.game]
				more := float64(vote.score) - g.forA
				cell.add(int(g.a), more)
				cell.add(int(g.b), -more)
				count[g.a]++
				count[g.b]++
				for j, s := range f.styleOf(int(vote.game)) {
					cell.add(f.models+j, s*more)
					count[f.models+j]++
				}
			}
			for _, j := range cell.touched {
				voter.add(j, cell.grad[j])
				c.of[j].cells++
			}
			cell.end()
			c.cells++
			mine = mine[n:]
		}
		for _, j := range voter.touched {
			c.of[j].voters++
			c.of[j].votes += count[j]
			c.of[j].squares += count[j] * count[j]
			count[j] = 0
		}
		voter.end()
	}
	c.byVoter, c.byCell = symmetric{n, voter.sum}, symmetric{n, cell.sum}
	return c
}

// error returns the squared error of parameter a less parameter b, or of a
// alone, and its degrees of freedom: t has those by prompt, and so many prompts
// speak of a and b.
func (c *crossed) error(a, b int, prompts float64, variance func(symmetric) float64, t terms) (v, df float64) {
	x, y := c.of[a], c.of[b]
	voters, cells := min(x.voters, y.voters), min(x.cells, y.cells)
	if voters < 2 {
		return t.p, t.dp
	}
	t.c = variance(c.byCell) * cells / (cells - 1)
	t.v, t.dv = variance(c.byVoter)*voters/(voters-1), min(x.effective(), y.effective())-1
	t.dc = cells - voters - prompts + 1
	return t.combined()
}

// effective is how many voters count, see [TwoWay].
func (c crossing) effective() float64 { return max(2, c.votes*c.votes/c.squares) }

// voterNumbers gives voters the numbers 0, 1, 2 … in the order in which they
// come. With a million votes a map of Go takes most of the time.
type voterNumbers struct {
	slots []voterSlot // as many as a power of two, a quarter full at most
	n     int
}

type voterSlot struct {
	voter  uint64
	number int32 // 1 + the number; 0: free
}

func newVoters() *voterNumbers {
	return &voterNumbers{slots: make([]voterSlot, 1<<12)}
}

func (x *voterNumbers) of(voter uint64) int {
	mask := uint64(len(x.slots) - 1)
	for at := voter * 0x9e3779b97f4a7c15 >> 20 & mask; ; at = (at + 1) & mask {
		s := &x.slots[at]
		if s.number == 0 {
			x.n++
			*s = voterSlot{voter, int32(x.n)}
			if 4*x.n > len(x.slots) {
				x.grow()
			}
			return x.n - 1
		}
		if s.voter == voter {
			return int(s.number) - 1
		}
	}
}

func (x *voterNumbers) grow() {
	old := x.slots
	x.slots = make([]voterSlot, 4*len(old))
	mask := uint64(len(x.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		at := s.voter * 0x9e3779b97f4a7c15 >> 20 & mask
		for x.slots[at].number != 0 {
			at = (at + 1) & mask
		}
		x.slots[at] = s
	}
}
