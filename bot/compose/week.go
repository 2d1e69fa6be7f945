package compose

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/stats"
	"github.com/tastetest/tastetest/bot/text"
)

// A Week is what happened at a place in a week, in values: what a digest tells.
type Week struct {
	From, To time.Time // in the place's zone; From is the first moment, To the first one after
	Early    bool      // somebody asked for it: its last day goes on
	Revealed []Outcome // of tastings that were revealed in it
	Open     []Progressing
	Again    func(bot.Tasting) bool // whether the same two models could be asked once more
}

// A Progressing tasting is open: of it a digest tells how many have tasted.
type Progressing struct {
	Tasting bot.Tasting
	Turnout Turnout
}

// Silent reports whether there is nothing to tell.
func (w Week) Silent() bool { return len(w.Revealed) == 0 && len(w.Open) == 0 }

// Lone reports whether one reveal is all there is: its announcement was enough.
func (w Week) Lone() bool { return len(w.Revealed) == 1 && len(w.Open) == 0 }

// clearest are the outcomes, those first of which the votes show most.
func (w Week) clearest() []Outcome {
	all := slices.Clone(w.Revealed)
	slices.SortStableFunc(all, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.clarity(), b.clarity()), cmp.Compare(b.away(), a.away()), cmp.Compare(b.total.N(), a.total.N()), cmp.Compare(a.t.ID.N, b.t.ID.N))
	})
	return all
}

// clarity orders what votes show: a winner, that there is none, why it depends,
// nothing yet, nothing at all.
func (o Outcome) clarity() int {
	switch v := o.finding.Decision.Verdict; {
	case o.total.N() == 0:
		return 5
	case o.finding.Decision.Mean.Voters < bot.EnoughVoters:
		return 4
	case v == stats.First, v == stats.Second:
		return 0
	case v == stats.Same:
		return 1
	case v == stats.Prompts, v == stats.Taste, v == stats.Mix, v == stats.Split:
		return 2
	}
	return 3
}

// settled reports whether the votes leave nothing open.
func (o Outcome) settled() bool { return o.clarity() <= 1 }

// away is how many standard errors the share is away from one half.
func (o Outcome) away() float64 {
	m := o.finding.Decision.Mean
	if m.SE == 0 {
		return 0
	}
	return math.Abs(m.M-0.5) / m.SE
}

// people are all who voted in what was revealed, each once.
func (w Week) people() int {
	var all []person
	for _, o := range w.Revealed {
		all = append(all, o.people...)
	}
	slices.Sort(all)
	return len(slices.Compact(all))
}

// cost is what the revealed tastings' answers cost, and whether all of it is known.
func (w Week) cost() (sum bot.Money, whole bool) {
	whole = true
	for _, o := range w.Revealed {
		whole = whole && o.t.Lost == 0
		for i, r := range o.t.Rounds {
			if r.Kind != bot.Plain {
				continue
			}
			for side, c := range o.t.Models {
				if c.Free() {
					continue
				}
				if i < len(o.texts) && o.texts[i].Answers[side].Cost.Known {
					sum += bot.Money(o.texts[i].Answers[side].Cost.Pico)
				} else {
					whole = whole && !r.Live()
				}
			}
		}
	}
	return sum, whole
}

// A poll is a round with enough votes to speak of it alone.
type poll struct {
	o     Outcome
	n     int
	tally bot.Tally
}

// gap is how far the two are apart there, as a share of the votes.
func (p poll) gap() float64 {
	return math.Abs(float64(p.tally.First-p.tally.Second)) / float64(p.tally.N())
}

func (o Outcome) spoken() (all []poll) {
	for _, n := range o.shown {
		if c := o.t.Rounds[n-1].Counts.Tally(); c.N() >= bot.EnoughVoters {
			all = append(all, poll{o, n, c})
		}
	}
	return all
}

// closest is the prompt of the week on which the two were nearest to each other:
// one on which about as many chose the one as the other. False if there is none.
func (w Week) closest() (poll, bool) {
	var all []poll
	for _, o := range w.clearest() {
		all = append(all, o.spoken()...)
	}
	all = slices.DeleteFunc(all, func(p poll) bool { return p.gap() > 0.25 || p.tally.First+p.tally.Second < 4 })
	if len(all) == 0 {
		return poll{}, false
	}
	return slices.MinFunc(all, func(a, b poll) int {
		return cmp.Or(cmp.Compare(a.gap(), b.gap()), cmp.Compare(b.tally.N(), a.tally.N()))
	}), true
}

// topics are the built-in packs as one says what a tasting was about.
func topic(t bot.Tasting) bot.Sentence {
	if t.Compared {
		return bot.Sentence{}
	}
	switch t.Pack {
	case "humour":
		return bot.Say("humour")
	case "creative":
		return bot.Say("small stories")
	case "developers":
		return bot.Say("developers’ texts")
	case "emotional":
		return bot.Say("hard things to say")
	case "facts":
		return bot.Say("plain facts")
	case "office":
		return bot.Say("office texts")
	case "style":
		return bot.Say("voices")
	case "support":
		return bot.Say("letters to customers")
	case "brain-teasers":
		return bot.Say("brain-teasers")
	case "zh-facts":
		return bot.Say("plain facts in Chinese")
	case "zh-feelings":
		return bot.Say("hard things to say in Chinese")
	case "zh-humour":
		return bot.Say("humour in Chinese")
	case "zh-office":
		return bot.Say("office texts in Chinese")
	case "zh-service":
		return bot.Say("letters to customers in Chinese")
	case "zh-stories":
		return bot.Say("small stories in Chinese")
	case "zh-style":
		return bot.Say("voices in Chinese")
	case "zh-teasers":
		return bot.Say("brain-teasers in Chinese")
	case "mixed", "zh", "demo":
		return bot.Sentence{}
	case "":
		if t.Question == "" {
			return bot.Sentence{}
		}
		return bot.Say("“{question}”", excerpt(t.Question, mostTopic))
	}
	return bot.Quoted(string(excerpt(t.Pack, mostTopic)))
}

// How wide names and excerpts are in a digest, in columns: a Chinese character
// takes two.
const (
	mostTopic = 30
	mostName  = 24
	mostBegun = 160 // of an answer, behind the digest
)

// named is a model's name, short enough for a line.
func named(name string) bot.Verbatim { return excerpt(name, mostName) }

// excerpt is how a text begins, in one line of so many columns.
func excerpt(s string, columns int) bot.Verbatim {
	s = strings.Join(strings.Fields(text.CleanTyped(s)), " ")
	if uniseg.StringWidth(s) <= columns {
		return bot.Verbatim(s)
	}
	at, width := 0, 0
	for g := uniseg.NewGraphemes(s); g.Next(); at += len(g.Str()) {
		if width += g.Width(); width > columns-2 { // less than " …" takes
			break
		}
	}
	begun := s[:at]
	if i := strings.LastIndexByte(begun, ' '); s[at] != ' ' && i > at/2 { // in the middle of a word
		begun = begun[:i]
	}
	return bot.Verbatim(strings.TrimRight(begun, " ,.;:，。；：、") + " …")
}
