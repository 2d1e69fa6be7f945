package compose

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
	"github.com/tastetest/tastetest/bot/verdict"
)

// An Outcome is all that a reveal speaks of: the texts, and the votes of the
// rounds whose counts may be shown.
type Outcome struct {
	t        bot.Tasting
	texts    []bot.Texts
	shown    []int     // live plain rounds that are broken down
	withheld []int     // live rounds that are not
	together bool      // but the votes of those count in the whole
	total    bot.Tally // of the plain rounds that count
	voters   int       // people with a vote in such a round
	people   []person  // who they are: for a count of those who voted in several tastings
	prompts  int       // such rounds with a vote
	evidence stats.Evidence
	finding  verdict.Finding
	often    func() int // times in 100 that a new one like it would show a preference of verdict.Sought; found out when it is asked for
}

// NewOutcome sorts a sealed tasting's votes and finds what they show. texts is
// parallel to t.Rounds; votes has the rows of all live rounds.
func NewOutcome(t bot.Tasting, texts []bot.Texts, votes *Ballots) Outcome {
	o := sorted(t, votes)
	o.texts = texts
	o.finding = o.find()
	o.often = sync.OnceValue(func() int {
		return verdict.Often(o.voters, bot.UsualRounds, len(t.Tasted()), t.Deal.Plain)
	})
	return o
}

// Look decides what the votes of an open tasting show at its n-th look: what its
// reveal would say of the same votes at this look. votes are those that count.
func Look(t bot.Tasting, votes *Ballots, n int) stats.Decision {
	t.Rounds = slices.Clone(t.Rounds)
	for i := range t.Rounds {
		t.Rounds[i].Counts = bot.Counts{}
		for _, c := range votes.on(i + 1) {
			t.Rounds[i].Counts[0][c.pick-1]++ // who saw which side says nothing here
		}
	}
	t.Deal.Looked, t.Deal.Shown = n, true
	o := sorted(t, votes)
	return verdict.Decide(o.evidence, o.inquiry(), o.random())
}

// sorted is an Outcome without its texts, and without what it finds.
func sorted(t bot.Tasting, votes *Ballots) Outcome {
	o := Outcome{t: t}
	held := make([]bool, len(votes.people))
	for _, n := range t.Live() {
		if t.Withheld(&t.Rounds[n-1]) {
			o.withheld = append(o.withheld, n)
			votes.mark(held, n)
		}
	}
	// Where each person votes on some prompts of a pool, many of these have few
	// votes each. What several people say in them together tells of none.
	o.together = t.Deal.Plain > 0 && len(votes.marked(held)) >= bot.TooFewToBreakDown
	people := make([]bool, len(votes.people))
	var counted []int // rounds
	for _, n := range t.Live() {
		withheld := slices.Contains(o.withheld, n)
		if withheld && !o.together {
			continue
		}
		counted = append(counted, n)
		if t.Rounds[n-1].Kind != bot.Plain {
			continue
		}
		o.total = o.total.Add(t.Rounds[n-1].Counts.Tally())
		votes.mark(people, n)
		o.prompts += stats.Bit(len(votes.on(n)) > 0)
		if !withheld {
			o.shown = append(o.shown, n)
		}
	}
	o.people = votes.marked(people)
	o.voters = len(o.people)
	o.evidence = evidenceOf(t, votes, counted)
	return o
}

// Mean is that of the votes, with 1 for the first model.
func (o Outcome) Mean() stats.Mean { return o.finding.Decision.Mean }

// Level is that at which the votes are asked for a winner, two-sided, and what was
// asked beforehand, one-sided.
func (o Outcome) Level() float64 { return cmp.Or(o.inquiry().Levels, stats.OneLook()).Winner }

// Total adds up the plain rounds whose votes count in the whole: where people have decks
// also those that are not broken down.
func (o Outcome) Total() bot.Tally { return o.total }

// evidenceOf sorts the votes of those rounds of a tasting that count by what they are
// evidence of. A retest counts where both it and its original were voted on.
func evidenceOf(t bot.Tasting, votes *Ballots, counted []int) stats.Evidence {
	e := stats.Evidence{Seen: t.Ballot == bot.Reaction}
	if e.Seen { // and all saw one order of sides
		e.Flipped = make([]bool, len(t.Rounds)+1)
	}
	plain := 0
	for _, n := range counted {
		if t.Rounds[n-1].Kind == bot.Plain {
			plain += len(votes.on(n))
		}
	}
	e.Votes = make([]stats.Obs, 0, plain)
	for _, n := range counted {
		r := t.Rounds[n-1]
		if e.Seen {
			e.Flipped[n] = r.Flip
		}
		var first []bot.Pick // of a retest: the picks on its original, by voter
		if r.Kind == bot.Retest {
			first = make([]bot.Pick, len(votes.people))
			if slices.Contains(counted, r.Original) {
				for _, c := range votes.on(r.Original) {
					first[c.who] = c.pick
				}
			}
		}
		for _, c := range votes.on(n) {
			y, _ := c.pick.Score()
			obs := stats.Obs{Voter: int(c.who), Prompt: n, Y: y}
			switch r.Kind {
			case bot.Control:
				obs.Y = float64(stats.Bit(c.pick == bot.First))
				e.Controls = append(e.Controls, obs)
			case bot.Retest:
				if first[c.who] != bot.None {
					obs.Y = float64(stats.Bit(c.pick == first[c.who]))
					e.Retests = append(e.Retests, obs)
				}
			default:
				e.Votes = append(e.Votes, obs)
			}
		}
	}
	return e
}

// inquiry is what the votes are asked: at the levels of the look that ended
// voting, or else of the last one.
func (o Outcome) inquiry() verdict.Inquiry {
	q := verdict.Inquiry{Names: o.t.Names(), Judges: true, Worth: o.t.Worth, Dearer: o.t.Dearer, Each: o.t.Deal.Plain, Pool: len(o.t.Tasted()), VotedFirst: o.t.ID.VotesFirst()}
	switch d := o.t.Deal; {
	case d.Shown:
		q.Levels = stats.EarlyLook(d.Looked)
	case d.Looks > 1:
		q.Levels = stats.LastLook(d.Looked, o.t.Votes() > d.Most)
	}
	return q
}

// random shuffles votes, the same way whenever it is asked for.
func (o Outcome) random() *rand.Rand {
	var seed [32]byte
	copy(seed[:], o.t.Nonce)
	return rand.New(rand.NewChaCha8(seed))
}

// find says what the votes show. It is the same whenever it is asked for: what
// shuffles is seeded by the tasting's nonce.
func (o Outcome) find() verdict.Finding {
	f := verdict.Find(o.evidence, o.inquiry(), o.random())
	if d := o.t.Deal; d.Looks > 1 && o.total.N() > 0 {
		l := o.inquiry().Levels
		look := d.Looks
		if d.Shown {
			look = d.Looked
		}
		f.Details = append(f.Details, bot.Say("Look {n} of at most {of} at these votes: a winner counts as shown at the level {winner}, what else is looked for at {flags}.",
			bot.Count(look), bot.Count(d.Looks), level(l.Winner), level(l.Flags)))
	}
	if o.total.N() == 0 && len(o.withheld) > 0 {
		f.Title = bot.Say("too few voters to show counts.")
		f.Sentences = []bot.Sentence{bot.Say("So few people tasted that counts would tell who voted for what; none are shown.")}
		f.Once = bot.Sentence{}
	}
	// On a private ballot sides follow from what the proof publishes: all left or
	// none would tell every vote.
	if left, sided := o.leftShare(); sided > 0 && o.t.Ballot == bot.Reaction {
		line := bot.Say("The left answer got {n} of the {all} votes that chose a side.", bot.Count(left), bot.Count(sided))
		f.Details = append(f.Details, line)
		if stats.Exact(left, sided) < 0.05 {
			f.Sentences = append(f.Sentences, bot.Prose(line, bot.Say("Some may have gone by the side, so each prompt is compared with those of its side only.")))
		}
	}
	return f
}

// leftShare counts how often the left answer was chosen: people may favour a side.
func (o Outcome) leftShare() (left, sided int) {
	for _, n := range o.shown {
		c := o.t.Rounds[n-1].Counts
		left += c[0][bot.First-1] + c[1][bot.Second-1]
		sided += c.Tally().First + c.Tally().Second
	}
	return left, sided
}

// level writes a probability.
func level(p float64) bot.Verbatim { return bot.Verbatim(strconv.FormatFloat(p, 'f', -1, 64)) }

// shared reports whether so many people's votes are given in percent: where there
// are too few people or prompts for a verdict, there are counts only.
func (o Outcome) shared(voters int) bool {
	return voters >= bot.EnoughVoters && o.prompts >= bot.EnoughPrompts
}

// bars are the four counts as a chart, or their percentages as well.
func bars(names [2]string, c bot.Tally, shared bool) []bot.Bar {
	counts := []int{c.First, c.Second, c.Tie, c.Bad}
	shares := make([]int, 4)
	if shared {
		shares = stats.Percent(counts...)
	}
	var out []bot.Bar
	for i, label := range []bot.Sentence{bot.Quoted(names[0]), bot.Quoted(names[1]), bot.Say("equal"), bot.Say("both bad")} {
		out = append(out, bot.Bar{Label: label, Count: counts[i], Percent: shares[i]})
	}
	return out
}

// summary is the bars in one line.
func summary(bs []bot.Bar) bot.Sentence {
	var counts, shares []bot.Sentence
	sum := 0
	for _, b := range bs {
		counts = append(counts, bot.Say("{what} {n}", b.Label, bot.Count(b.Count)))
		shares = append(shares, bot.Say("{share}", bot.Percent(b.Percent)))
		sum += b.Percent
	}
	if sum == 0 {
		return bot.Dotted(counts...)
	}
	return bot.Say("{counts}   ({shares})", bot.Dotted(counts...), bot.Dotted(shares...))
}

// apartNote says what the result would be with those who were left out. Of very
// few it would tell who voted for what, unless everybody saw that.
func (o Outcome) apartNote() bot.Sentence {
	t := o.t
	if t.Voters == (bot.Electorate{}) {
		return bot.Sentence{}
	}
	note := bot.Say("Counted are {voters}; {n|other person was|other people were} left out.", say.Electorate(t.Voters), bot.Count(t.Outsiders))
	if t.Unsure > 0 {
		note = bot.Prose(note, bot.Say("Of {n|person|people} it could not be found out.", bot.Count(t.Unsure)))
	}
	if t.Outsiders >= bot.TooFewToBreakDown || t.Outsiders > 0 && t.Ballot == bot.Reaction {
		note = bot.Prose(note, bot.Say("With them: {counts}.", summary(bars(t.Names(), o.total.Add(t.Apart), false))))
	}
	return note
}

// controlNotes name the control pairs at the reveal, and say how they went.
func (o Outcome) controlNotes() []bot.Sentence {
	var c bot.Tally
	var named bot.Series
	for _, n := range o.t.Live() {
		if o.t.Rounds[n-1].Kind == bot.Control && !slices.Contains(o.withheld, n) {
			c = c.Add(o.t.Rounds[n-1].Counts.Tally())
			named = append(named, bot.Say("{round} (“{prompt}”)", o.t.ID.Round(n), bot.Verbatim(text.Clip(o.texts[n-1].Prompt.Text))))
		}
	}
	if len(named) == 0 {
		return nil
	}
	return []bot.Sentence{bot.Say("Control pairs, of which one answer is better beyond taste: round {rounds}. The better one got {right} of {all|vote|votes}. They count in no percentage.",
		named, bot.Count(c.First), bot.Count(c.N()))}
}
