package stats

// Agreement says how much voters agree on the same answers.
type Agreement struct {
	Units           int     // rounds with at least two votes; others do not count
	Pairs           float64 // the mean over rounds of the share of pairs of voters who agree
	Alpha           float64 // Krippendorff's, nominal: 1 all agree, 0 as by chance given the totals, less: worse
	AlphaOK         bool    // not if nobody ever differed: there is no chance to compare with
	BrennanPrediger float64 // (Pairs − 1/q)/(1 − 1/q) for q possible votes
}

// Agree returns the agreement in rounds: votes[u][c] voters of round u gave
// answer c, with the same two or more possible answers in every round.
//
// Alpha (Krippendorff 2011) asks whether voters tell rounds apart, and is 0
// where all rounds come out at the same 90 to 10; the coefficient of Brennan
// and Prediger (1981), 0.6 there, asks whether they agree at all. Show both.
// Without a round of two votes everything is 0.
func Agree(votes [][]int) Agreement {
	var a Agreement
	var totals []float64
	var n, apart float64
	for _, unit := range votes {
		size, same := 0, 0
		for _, c := range unit {
			size += c
			same += c * (c - 1)
		}
		if size < 2 {
			continue
		}
		if totals == nil {
			totals = make([]float64, len(unit))
		}
		for c, x := range unit {
			totals[c] += float64(x)
		}
		all := float64(size * (size - 1))
		a.Units++
		a.Pairs += float64(same) / all
		n += float64(size)
		apart += (all - float64(same)) / float64(size-1)
	}
	if a.Units == 0 {
		return a
	}
	a.Pairs /= float64(a.Units)
	chance := n * n
	for _, t := range totals {
		chance -= t * t
	}
	if chance > 0 {
		a.Alpha, a.AlphaOK = 1-(n-1)*apart/chance, true
	}
	if q := float64(len(totals)); q > 1 {
		a.BrennanPrediger = (a.Pairs - 1/q) / (1 - 1/q)
	}
	return a
}
