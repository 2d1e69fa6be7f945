package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// An outcome is what somebody knows who has tapped.
type outcome uint8

const (
	unknown outcome = iota // the answer did not come
	kept                   // it was acknowledged
	refused                // it was said not to be kept
)

// A ballot is one as it stands in a room.
type ballot struct {
	room    string
	tasting uint64
	round   int
	ref     bot.Ref
	flip    bool // the first model stands on side B, as people can see by its words
	private bool
}

// figures is the line of the table that a ballot is counted in.
func figures(room string, private bool) string {
	if private {
		return room + ", private"
	}
	return room
}

func (b ballot) String() string { return fmt.Sprintf("%s %d.%d", b.room, b.tasting, b.round) }

// of is the tasting that a ballot belongs to.
func (b ballot) of() tastingKey { return tastingKey{b.room, b.tasting} }

type tastingKey struct {
	room string
	n    uint64
}

func (k tastingKey) String() string { return fmt.Sprintf("%s %d", k.room, k.n) }

// An act is one change of one voter's mind on one ballot.
type act struct {
	after  bot.Pick // what they want from then on
	how    outcome
	stands bool   // on the platform, where the bot reads it at closing
	timely bool   // it was over before anybody asked for the closing
	saw    string // what they were shown then, where somebody alone is
}

// A ledger is what people did, and what they were told of it. It knows nothing of the
// bot's processes. Voters act one at a time on a ballot.
type ledger struct {
	mu      sync.Mutex
	acts    map[ballotKey]map[string][]*act // by voter
	closing map[tastingKey]bool
	votes   map[string]*tally // by the table's lines
}

type ballotKey struct {
	tastingKey
	round int
}

// A tally counts acts.
type tally struct{ acts, kept, stood int }

func newLedger() *ledger {
	return &ledger{acts: map[ballotKey]map[string][]*act{}, closing: map[tastingKey]bool{}, votes: map[string]*tally{}}
}

// begin notes that a voter is about to want after; the returned function says how
// that went.
func (l *ledger) begin(b ballot, voter string, after bot.Pick) (end func(how outcome, stands bool)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := ballotKey{b.of(), b.round}
	if l.acts[k] == nil {
		l.acts[k] = make(map[string][]*act)
	}
	a := &act{after: after}
	l.acts[k][voter] = append(l.acts[k][voter], a)
	return func(how outcome, stands bool) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if how == refused && !stands {
			l.acts[k][voter] = slices.DeleteFunc(l.acts[k][voter], func(x *act) bool { return x == a })
			return
		}
		a.how, a.stands, a.timely = how, stands, !l.closing[b.of()]
		line := figures(b.room, b.private)
		t := l.votes[line]
		if t == nil {
			t = new(tally)
			l.votes[line] = t
		}
		t.acts++
		if how == kept {
			t.kept++
		}
		if stands {
			t.stood++
		}
	}
}

// saw notes what a voter was shown after the last thing they did on a ballot.
func (l *ledger) saw(b ballot, voter, shown string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	as := l.acts[ballotKey{b.of(), b.round}][voter]
	as[len(as)-1].saw = fmt.Sprintf(", shown at %s: %q", time.Now().UTC().Format("15:04:05.000"), shown)
}

// wants is what a voter wanted last on a ballot.
func (l *ledger) wants(b ballot, voter string) bot.Pick {
	l.mu.Lock()
	defer l.mu.Unlock()
	if as := l.acts[ballotKey{b.of(), b.round}][voter]; len(as) > 0 {
		return as[len(as)-1].after
	}
	return bot.None
}

// closes notes that somebody is about to ask for a tasting's end.
func (l *ledger) closes(k tastingKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closing[k] = true
}

// may returns what the bot may have of a voter: what was acknowledged last, or anything
// they wanted later. What was acknowledged on a page or on a private
// ballot counts whenever that was (binding);
// an emoji counts if it
// was acknowledged, and in the end (sealed) if it stood, heard or not, before the closing
// was asked for.
func (l *ledger) may(k ballotKey, voter string, binding, sealed bool) []bot.Pick {
	l.mu.Lock()
	defer l.mu.Unlock()
	picks := []bot.Pick{bot.None}
	for _, a := range l.acts[k][voter] {
		sure := a.how == kept
		if !binding {
			sure = a.timely && (sealed && a.stands || sure)
		}
		if sure {
			picks = picks[:0]
		}
		picks = append(picks, a.after)
	}
	return picks
}

// voters are all who did something on a ballot.
func (l *ledger) voters(k ballotKey) (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for v := range l.acts[k] {
		all = append(all, v)
	}
	slices.Sort(all)
	return all
}

// story is what a voter did on a ballot, for findings.
func (l *ledger) story(k ballotKey, voter string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, a := range l.acts[k][voter] {
		fmt.Fprintf(&b, "%d (%s, stands: %v, timely: %v%s); ", a.after, [...]string{"unknown", "kept", "refused"}[a.how], a.stands, a.timely, a.saw)
	}
	return b.String()
}
