package compose

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/say"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/verdict"
)

// A digest in the channel has at most so many words in English, or Chinese
// characters, of which a name or a number in Latin letters counts as one; and at
// most eight lines.
const (
	MostDigestWords      = 110
	MostDigestCharacters = 220
)

// leadsOn is what a chat may need to say where the rest is.
const leadsOn = 12

// A trim is how much of a digest is told. Each later one tells less.
type trim struct {
	found   int // tastings
	closest int // columns of the prompt; 0: it is left out
}

var trims = []trim{{3, 44}, {3, 28}, {3, 16}, {3, 0}, {2, 16}, {2, 0}, {1, 16}, {1, 0}}

// Digest makes the post that sums up the week, in the voice of its place: as much of
// it as the channel has room for.
func (w Week) Digest(v bot.Voice) bot.Digest {
	for i, how := range trims {
		d := w.digest(how)
		d.Voice = v
		if i == len(trims)-1 || fits(d) {
			return d
		}
	}
	return bot.Digest{}
}

func (w Week) digest(how trim) bot.Digest {
	d := bot.Digest{Until: w.To, Title: bot.Dotted(bot.Say("The week in taste"), w.dates())}
	found := w.clearest()
	for _, o := range found[:min(how.found, len(found))] {
		d.Found = append(d.Found, o.inALine())
	}
	if p, ok := w.closest(); ok && how.closest > 0 {
		d.Closest = bot.Say("Closest prompt: “{prompt}”, {first} to {second} of {n|person|people}.",
			excerpt(p.o.texts[p.n-1].Prompt.Text, how.closest), bot.Count(max(p.tally.First, p.tally.Second)), bot.Count(min(p.tally.First, p.tally.Second)), bot.Count(p.tally.N()))
	}
	d.Open, d.Taste = w.underWay()
	d.Counts = w.counts(len(found) - len(d.Found))
	d.Next, d.Again = w.next(found)
	d.Crowd = len(found) > 0
	for _, o := range found {
		d.Crowd = d.Crowd && o.t.Crowd
	}
	return d
}

// fits reports whether a digest has no more words than it may.
func fits(d bot.Digest) bool {
	w := say.Words{Voice: d.Voice}.For(d)
	n := DigestWords(strings.Join(w.Texts(d.Lines()), "\n"))
	if w.Lang == bot.Zh {
		return n <= MostDigestCharacters-leadsOn
	}
	return n <= MostDigestWords-leadsOn
}

// DigestWords counts a text as a digest's limits do: each Chinese character or sign,
// and each run of anything else between spaces.
func DigestWords(s string) (n int) {
	inside := false // a run
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r), r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef:
			n++
			inside = false
		case unicode.IsSpace(r):
			inside = false
		case !inside:
			n++
			inside = true
		}
	}
	return n
}

// dates are the days of the week: up to the day before, if it ends in the morning, and
// always those on which something was revealed of which it tells. One that somebody
// asked for is told up to that minute.
func (w Week) dates() bot.Sentence {
	if end := w.To.Add(-time.Second); w.Early {
		return bot.Say("{dates}, until {time}", w.days(end), bot.Verbatim(end.Format("15:04")))
	}
	return w.days(w.To.Add(-half))
}

// half a day: a week that ends before noon is not told as one with that day.
const half = 12 * time.Hour

func (w Week) days(last time.Time) bot.Sentence {
	first := w.From.Add(-half).AddDate(0, 0, 1)
	for _, o := range w.Revealed {
		at := o.t.RevealedAt.In(w.To.Location())
		switch day := at.Format(time.DateOnly); {
		case at.IsZero():
		case day < first.Format(time.DateOnly):
			first = at
		case day > last.Format(time.DateOnly):
			last = at
		}
	}
	from, to := bot.Count(first.Day()), bot.Count(last.Day())
	if first.Month() == last.Month() {
		return bot.Say("{from}–{to} {month}", from, to, Month(last))
	}
	return bot.Say("{from} {month} – {to} {next}", from, Month(first), to, Month(last))
}

// Month is the month of a time, in three letters.
func Month(t time.Time) bot.Sentence {
	return [...]bot.Sentence{bot.Say("Jan"), bot.Say("Feb"), bot.Say("Mar"), bot.Say("Apr"), bot.Say("May"), bot.Say("Jun"),
		bot.Say("Jul"), bot.Say("Aug"), bot.Say("Sep"), bot.Say("Oct"), bot.Say("Nov"), bot.Say("Dec")}[t.Month()-1]
}

// inALine says what a tasting found: who is preferred, for what, by how much.
func (o Outcome) inALine() bot.Found {
	var about bot.Sentence
	if s := topic(o.t); !s.IsZero() {
		about = bot.Say(" for {topic}", s)
	}
	d, names := o.finding.Decision, o.t.Names()
	ahead := named(names[0])
	if d.Verdict == stats.Second {
		ahead = named(names[1])
	}
	f := bot.Found{Rest: o.shares()}
	switch v := d.Verdict; {
	case o.total.N() == 0 && len(o.withheld) > 0:
		f.Lead = bot.Say("Too few voters to show counts{about}", about)
	case o.total.N() == 0:
		f.Lead = bot.Say("Nobody voted{about}", about)
	case d.Mean.Voters < bot.EnoughVoters:
		f.Lead = bot.Say("Too few voters for a verdict{about}", about)
	case v == stats.Guessing:
		f.Lead = bot.Say("Nothing shown{about}: the control pairs were missed", about)
	case d.Mean.Prompts < bot.EnoughPrompts:
		f.Lead = bot.Say("Too few prompts for a verdict{about}", about)
	case (v == stats.First || v == stats.Second) && d.Close:
		f.Lead = bot.Say("{model} is preferred by a little{about}", ahead, about)
	case v == stats.First || v == stats.Second:
		f.Lead = bot.Say("{model} is preferred{about}", ahead, about)
	case v == stats.Same:
		f.Lead = bot.Say("Equal within ten points{about}", about)
	case v == stats.Prompts:
		f.Lead = bot.Say("It depends on the prompt{about}", about)
	case v == stats.Taste, v == stats.Mix, v == stats.Split:
		f.Lead = bot.Say("Voters differ{about}", about)
	default:
		f.Lead = bot.Say("No winner yet{about}", about)
	}
	return f
}

// shares are the two models' shares of the votes, of few voters or prompts the counts, with
// the test's number.
func (o Outcome) shares() bot.Sentence {
	names, bs := o.t.Names(), bars(o.t.Names(), o.total, o.shared(o.voters))
	i, j := 0, 1
	if bs[1].Count > bs[0].Count {
		i, j = 1, 0
	}
	first, second, all := named(names[i]), named(names[j]), bot.Count(o.total.N())
	switch {
	case o.total.N() == 0:
		return bot.Say(" (test {id}).", o.t.ID)
	case !o.shared(o.voters):
		return bot.Say(" (test {id}): {first} {n}, {second} {m} of {all|vote|votes}.", o.t.ID, first, bot.Count(bs[i].Count), second, bot.Count(bs[j].Count), all)
	}
	return bot.Say(" (test {id}): {first} {share} of {all|vote|votes}, {second} {share2}.", o.t.ID, first, bot.Percent(bs[i].Percent), all, second, bot.Percent(bs[j].Percent))
}

// mostOpen is how many tastings that are under way are named.
const mostOpen = 2

// underWay says what can be tasted now, and never by whom it is written; with a
// button that leads to the one that closes first, if that is private.
func (w Week) underWay() (bot.Sentence, *bot.Button) {
	var list bot.List
	var taste *bot.Button
	for _, p := range w.Open {
		t, n := p.Tasting, bot.Count(p.Turnout.All)
		if len(w.Open) == 1 {
			list.Of = append(list.Of, bot.Say("test {id}, open until {when}, {n|has|have} tasted", t.ID, t.At(t.Closes), n))
		} else {
			list.Of = append(list.Of, bot.Say("test {id} until {when} ({n|has|have} tasted)", t.ID, t.At(t.Closes), n))
		}
		if taste == nil && t.Ballot == bot.Private {
			taste = &bot.Button{ID: t.ID.String() + "/taste", Label: bot.Say("Taste now"), Primary: true}
		}
	}
	if len(list.Of) == 0 {
		return bot.Sentence{}, nil
	}
	return bot.Say("Under way: {tests}.", list.Upto(mostOpen)), taste
}

// counts say how many tests are not told of, how many people voted, and what was
// paid.
func (w Week) counts(more int) bot.Sentence {
	if len(w.Revealed) == 0 {
		return bot.Sentence{}
	}
	var rest, paid bot.Sentence
	if more > 0 {
		rest = bot.Say("And {n} more {n?test|tests}.", bot.Count(more))
	}
	sum, whole := w.cost()
	invented := !slices.ContainsFunc(w.Revealed, func(o Outcome) bool { return !Invented(o.t) })
	switch {
	case sum > 0 && invented:
		paid = bot.Say("Nothing was spent: the demo’s prices are invented.")
	case sum > 0 && !whole:
		paid = bot.Say("What was revealed cost {sum}, as far as that is known.", sum)
	case sum > 0 && len(w.Revealed) == 1:
		paid = bot.Say("The revealed test cost {sum}.", sum)
	case sum > 0:
		paid = bot.Say("The {n|revealed test|revealed tests} cost {sum}.", bot.Count(len(w.Revealed)), sum)
	}
	return bot.Prose(rest, bot.Say("{n|person|people} voted.", bot.Count(w.people())), paid)
}

// next is one step that would tell more, with a button that opens its form: the test
// that leaves most open once more, else one of which the winner is known on other
// prompts, else any.
func (w Week) next(found []Outcome) (bot.Sentence, *bot.Button) {
	if len(found) == 0 {
		return bot.Sentence{}, nil
	}
	setUp := func(id string) *bot.Button { return &bot.Button{ID: id, Label: bot.Say("Set up the next")} }
	for _, o := range found {
		if o.settled() || o.t.Compared || o.t.Pack == "" || w.Again == nil || !w.Again(o.t) {
			continue
		}
		n, people := bot.Count(max(bot.UsualRounds, o.t.Deal.Plain)), bot.Count(min(max(o.voters, bot.EnoughVoters), verdict.MostPlanned))
		var about bot.Sentence
		if s := topic(o.t); !s.IsZero() && len(found) > 1 {
			about = bot.Say(" ({topic})", s)
		}
		return bot.Say("Next: {n} fresh prompts{about} with {people} people would find a 70/30 preference {often}.",
			n, about, people, verdict.InHundred(o.often())), setUp(o.t.ID.String() + "/" + SetUpAgain)
	}
	for _, o := range found {
		if v := o.finding.Decision.Verdict; (v == stats.First || v == stats.Second) && !o.t.Compared && w.Again != nil && w.Again(o.t) {
			winner := o.t.Names()[0]
			if v == stats.Second {
				winner = o.t.Names()[1]
			}
			return bot.Say("Next: {n} prompts of another kind would tell whether {model} is preferred there too.", bot.Count(bot.UsualRounds), named(winner)), setUp(o.t.ID.String() + "/" + SetUpElsewhere)
		}
	}
	return bot.Say("Next: two models, {n} prompts, two days: what would you like to know?", bot.Count(bot.UsualRounds)), setUp(SetUpAny)
}

// DigestComes tells a channel that its digest comes, and when.
func DigestComes(w command.WeekTime) bot.Sentence {
	return bot.Say("A summary of the week comes here {when}.", w.Said())
}

// DigestFoot says below a digest when it comes, and who changes that.
func DigestFoot(w command.WeekTime) bot.Sentence {
	return bot.Dotted(w.Said(), bot.Say("admins change that: {digest}", bot.Usage{Command: "digest"}))
}

// What the buttons do that open the form of a tasting: like an earlier one on fresh
// prompts, on prompts of another kind, or as the form is.
const (
	SetUpAgain     = "set-up"
	SetUpElsewhere = "set-up-elsewhere"
	SetUpAny       = "set-up"
)
