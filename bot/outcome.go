package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/bot/stats"
)

// tooFewToBreakDown is the number of votes in a round of a private ballot
// under which its counts could tell who voted for what.
const tooFewToBreakDown = 3

// An outcome is all that a reveal speaks of: the texts, and the votes of the
// rounds whose counts may be shown.
type outcome struct {
	t        Tasting
	texts    []Texts
	shown    []int // live rounds that are broken down
	withheld []int // live rounds that are not
	total    Tally // of the rounds shown
	voters   int   // people with a vote in a round shown
	mean     stats.Mean
}

// outcome reads a sealed tasting's outcome.
func (b *Bot) outcome(ctx context.Context, t Tasting) (outcome, error) {
	o := outcome{t: t}
	var err error
	if o.texts, err = b.texts(ctx, t); err != nil {
		return o, err
	}
	var obs []stats.Obs
	var rows []Vote
	person := make(map[string]int)
	for _, n := range t.Live() {
		tally := t.Rounds[n-1].Counts.Tally()
		if t.Ballot == Private && tally.N() > 0 && tally.N() < tooFewToBreakDown {
			o.withheld = append(o.withheld, n)
			continue
		}
		o.shown = append(o.shown, n)
		o.total = o.total.Add(tally)
		votes, err := b.store.Votes(ctx, t.ID.Round(n))
		if err != nil {
			return o, fmt.Errorf("votes of round %v: %w", t.ID.Round(n), err)
		}
		rows = append(rows, votes...)
		for _, v := range votes {
			if y, ok := v.Pick().score(); ok {
				if _, known := person[v.Voter.User]; !known {
					person[v.Voter.User] = len(person)
				}
				obs = append(obs, stats.Obs{Voter: person[v.Voter.User], Prompt: n, Y: y})
			}
		}
	}
	o.voters = len(tasters(rows))
	o.mean = stats.TwoWay(obs)
	return o, nil
}

// score codes a pick by model: 1 the first, 0 the second, ½ for equal and for
// both bad.
func (p Pick) score() (y float64, ok bool) {
	switch p {
	case First:
		return 1, true
	case Second:
		return 0, true
	case Tie, Bad:
		return 0.5, true
	}
	return 0, false
}

// names are the two models' names for people.
func (t Tasting) names() [2]string { return [2]string{t.Models[0].Name, t.Models[1].Name} }

// bars are the four counts as a chart; with percentages if enough people voted.
func bars(names [2]string, c Tally, voters int) []Bar {
	counts := []int{c.First, c.Second, c.Tie, c.Bad}
	shares := make([]int, 4)
	if voters >= enoughVoters {
		shares = stats.Percent(counts...)
	}
	var out []Bar
	for i, label := range []string{names[0], names[1], "equal", "both bad"} {
		out = append(out, Bar{label, counts[i], shares[i]})
	}
	return out
}

// summary is the bars in one line.
func summary(bs []Bar) string {
	var counts, shares []string
	sum := 0
	for _, b := range bs {
		counts = append(counts, fmt.Sprintf("%s %d", b.Label, b.Count))
		shares = append(shares, fmt.Sprintf("%d %%", b.Percent))
		sum += b.Percent
	}
	s := strings.Join(counts, " · ")
	if sum > 0 {
		s += "   (" + strings.Join(shares, " · ") + ")"
	}
	return s
}

// plural is "1 vote", "2 votes", "3 people".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
