package standings

import "github.com/tastetest/tastetest/bot/stats"

// Two models need no scores: their standing is what a verdict on all their
// votes would say, by the same mean and the same interval.

// two reports whether that is so.
func (r ranking) two() bool { return r.ok && len(r.in) == 2 }

// share is that of the first model in the fit. A vote of nobody known is as a
// voter's of its own; so are all where one person cast them, as one is no sample
// of people.
func (r ranking) share() stats.Mean {
	mean := stats.TwoWay(r.observed(true))
	if mean.Voters < 2 {
		mean = stats.TwoWay(r.observed(false))
	}
	return mean
}

// observed are all votes, with their voters or without.
func (r ranking) observed(who bool) []stats.Obs {
	var votes []stats.Obs
	numbers, nobody := make(map[uint64]int), -1
	for i, c := range r.rounds {
		add := func(voter int, y float64) {
			if r.games[i].A != 0 {
				y = 1 - y
			}
			votes = append(votes, stats.Obs{Voter: voter, Prompt: c.prompt, Y: y})
		}
		if who && len(c.cells) > 0 {
			for _, cell := range c.cells {
				n, known := numbers[cell.Voter]
				if !known {
					n = len(numbers)
					numbers[cell.Voter] = n
				}
				add(n, float64(cell.Score))
			}
			continue
		}
		all := int(c.votes[0] + c.votes[1])
		first := int(c.score[0] + c.score[1] - float64(c.halves)/2)
		for v := range all {
			y := 0.5
			switch {
			case v < first:
				y = 1
			case v >= first+c.halves:
				y = 0
			}
			add(nobody, y)
			nobody--
		}
	}
	return votes
}

// versus is the share of votes between two models that a model of the fit has,
// with its interval.
func (r ranking) versus(at int) (x, lo, hi float64) {
	x = r.mean.M
	lo, hi, _ = r.mean.CI(standingsLevel)
	if at == 1 {
		return 1 - x, 1 - hi, 1 - lo
	}
	return x, lo, hi
}

// ranks are the first and last rank that fit each model of the fit.
func (r ranking) ranks() [][2]int {
	if !r.two() {
		return r.fit.Ranks(standingsLevel)
	}
	switch _, lo, hi := r.versus(0); {
	case lo > 0.5:
		return [][2]int{{1, 1}, {2, 2}}
	case hi < 0.5:
		return [][2]int{{2, 2}, {1, 1}}
	}
	return [][2]int{{1, 2}, {1, 2}}
}
