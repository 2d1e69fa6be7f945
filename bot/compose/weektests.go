package compose

import (
	"cmp"
	"slices"

	"github.com/tastetest/tastetest/bot"
)

// mostTests is how many tests of a week stand behind a digest.
const mostTests = 10

// Behind is what stands behind a digest: each test, and the standings of the place
// with what the week moved in them.
func (w Week) Behind(s bot.Standings, moved []bot.Sentence) bot.Week {
	found := w.clearest()
	behind := bot.Week{Title: bot.Dotted(bot.Say("The week in taste"), w.dates()), Moved: moved, Standings: s}
	for _, o := range found[:min(mostTests, len(found))] {
		behind.Tests = append(behind.Tests, o.behind())
	}
	return behind
}

// behind is one test: what it rests on, what it shows, its clearest prompt.
func (o Outcome) behind() bot.WeekTest {
	t := bot.WeekTest{Title: bot.Say("{test}: {title}", bot.Dotted(bot.Say("Test {id}", o.t.ID), topic(o.t)), o.finding.Title), Base: o.base(), Says: o.briefly()}
	polls := o.spoken()
	if len(polls) < 2 {
		return t
	}
	p := slices.MaxFunc(polls, func(a, b poll) int {
		return cmp.Or(cmp.Compare(a.gap(), b.gap()), cmp.Compare(a.tally.N(), b.tally.N()))
	})
	var counts bot.Series
	for _, b := range bars(o.t.Names(), p.tally, false) {
		if b.Count > 0 || len(counts) < 2 {
			counts = append(counts, bot.Say("{what} {n}", b.Label, bot.Count(b.Count)))
		}
	}
	x := o.texts[p.n-1]
	t.Clearest = bot.Say("Clearest of its {n} prompts (one is always the clearest): “{prompt}”: {counts}", bot.Count(len(polls)), excerpt(x.Prompt.Text, mostBegun/2), counts)
	for i, name := range o.t.Names() {
		t.Sides[i] = bot.RevealSide{Model: bot.Verbatim(name), Text: excerpt(x.Answers[i].Text, mostBegun)}
	}
	return t
}

// briefly is how far what the votes show may be off.
func (o Outcome) briefly() []bot.Sentence {
	if o.finding.Once.IsZero() {
		return nil
	}
	return []bot.Sentence{o.finding.Once}
}
