package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// An invitation is a private ballot: one post, with a button behind which each voter goes through the
// rounds, alone, in an order of their own.
type invitation struct {
	tasting uint64
	ref     bot.Ref
}

var headKey = regexp.MustCompile(`^(\d+)/head$`)

// invites is the private ballot that a post opens.
func (p post) invites() (i invitation, ok bool) {
	m := headKey.FindStringSubmatch(p.key)
	if m == nil || !p.taste {
		return i, false
	}
	i.tasting, _ = strconv.ParseUint(m[1], 10, 64)
	return invitation{i.tasting, p.ref}, true
}

var (
	chosen = regexp.MustCompile(`\b(\d+)\.(\d+)/left\b`)
	seats  = regexp.MustCompile(`\b(\d+)\.\d+/(left|show)\b`)
	tooOld = regexp.MustCompile(`(?i)voting in taste test (\d+) (is over|has just closed)`)
)

// seated is the round that a voter is shown, and which side is whose.
func seated(room, shown string) (b ballot, ok bool) {
	m := chosen.FindStringSubmatch(shown)
	one, two := strings.Index(shown, firstWord), strings.Index(shown, secondWord)
	if m == nil || one < 0 || two < 0 {
		return b, false
	}
	n, _ := strconv.ParseUint(m[1], 10, 64)
	round, _ := strconv.Atoi(m[2])
	return ballot{room: room, tasting: n, round: round, flip: two < one, private: true}, true
}

// told is what somebody knows who has tapped on b and is shown this. They are shown the
// next round, or that there is none, once their vote is kept; and once it is taken back
// the same round, where nothing can be taken back. Anything else is of something they did
// before, and comes late.
func told(b ballot, back bool, shown string) outcome {
	here := fmt.Sprintf("%d.%d/", b.tasting, b.round)
	of := func(r *regexp.Regexp) bool {
		m := r.FindStringSubmatch(shown)
		return m != nil && m[1] == strconv.FormatUint(b.tasting, 10)
	}
	stays := strings.Contains(shown, here+"left")
	switch {
	case of(tooOld):
		return refused
	case of(seats) && stays == back && !(back && strings.Contains(shown, here+"clear")):
		return kept
	}
	return unknown
}

// taste has a voter take up a private ballot, at the round they are led to or at one
// they go back to, and vote there, vote otherwise, or take back.
func (l *load) taste(i invitation, person int, r *rand.Rand) {
	at := fmt.Sprintf("%d/taste", i.tasting)
	if r.IntN(3) > 0 {
		at = fmt.Sprintf("%d.%d/show", i.tasting, 1+r.IntN(most))
	}
	b, ok := seated(l.room.name(), l.room.press(person, i.ref, at))
	if !ok {
		return // no bot, no such round, or all have been tasted
	}
	to := anyChoice(r)
	after := to.Pick(b.flip)
	if l.ledger.wants(b, l.voter(person)) == after {
		return
	}
	if to == "" {
		to = "clear"
	}
	end := l.ledger.begin(b, l.voter(person), after)
	shown := l.room.press(person, i.ref, fmt.Sprintf("%d.%d/%s", b.tasting, b.round, to))
	l.ledger.saw(b, l.voter(person), shown)
	end(told(b, to == "clear", shown), false)
}
