package stats

// Looks is how often votes that come in waves are looked at: when a quarter, a
// half and three quarters of all that can come are in, and when voting is over.
const Looks = 4

// EarlyLook are the levels of the n-th look of a tasting that is looked at
// [Looks] times, from 1, while voting goes on. Winners spend α·t² of their 5 %
// until a part t of all votes is in, flags α·t, so that over all looks together
// nothing is claimed oftener than by one (Lan and DeMets 1983).
func EarlyLook(n int) Levels {
	return Levels{
		Winner: [...]float64{0.0031, 0.0106, 0.0217}[n-1],
		Flags:  [...]float64{0.0125, 0.0163, 0.0207}[n-1],
		Early:  true,
	}
}

// LastLook are the levels of the look when voting is over, after so many early
// ones: they spend the rest. Where more votes came than could be foreseen the
// early looks were earlier than they seemed, and the rest is no more than what
// those have left.
func LastLook(early int, more bool) Levels {
	if t := float64(early) / Looks; more && early > 0 {
		return Levels{Winner: 0.05 * (1 - t*t), Flags: 0.05 * (1 - t)}
	}
	return Levels{
		Winner: [...]float64{0.05, 0.0480, 0.0431, 0.0363}[early],
		Flags:  [...]float64{0.05, 0.0404, 0.0320, 0.0244}[early],
	}
}
