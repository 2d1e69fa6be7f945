package main

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"github.com/tastetest/tastetest/bot"
)

// A room is one chat with its people: 0 starts and closes, the others vote. Whatever
// is asked of it may be asked while no bot runs.
type room interface {
	name() string
	platform() string
	settings() string      // its part of the configuration
	secrets() []string     // KEY=value
	who(person int) string // as the store calls them

	// start types a start and says yes, as far as that comes.
	start(text string)
	// close asks for the end of one. Twice is fine.
	close(n uint64)
	// tap votes for a side, or takes that vote back. stands: the platform has it.
	tap(b ballot, person int, c bot.Choice, on bool) (how outcome, stands bool)
	// emoji reports whether the platform keeps what people tap, each emoji by itself.
	emoji() bool
	// press taps a button of a private ballot, on its post or on what they were shown
	// of it last. It returns all words of what they are shown then, with the IDs of its
	// buttons; "" if a bot that died, or none, was there to say anything.
	press(person int, on bot.Ref, id string) (shown string)
	// posts are what stands there for all to see.
	posts() []post
}

// A post is one as it stands.
type post struct {
	key  string // "1.2/ballot"
	ref  bot.Ref
	text string // all its words
	// taste: it has the button that opens a private ballot.
	taste bool
}

var ballotKeyOf = regexp.MustCompile(`^(\d+)\.(\d+)/ballot$`)

// ballot is what people see on a post: a ballot to vote on, false if it is none, or
// revealed.
func (p post) ballot(room string) (ballot, bool) {
	m := ballotKeyOf.FindStringSubmatch(p.key)
	one, two := strings.Index(p.text, firstWord), strings.Index(p.text, secondWord)
	if m == nil || one < 0 || two < 0 || strings.Contains(p.text, firstName) || strings.Contains(p.text, askedFirst) {
		return ballot{}, false
	}
	n, _ := strconv.ParseUint(m[1], 10, 64)
	round, _ := strconv.Atoi(m[2])
	return ballot{room: room, tasting: n, round: round, ref: p.ref, flip: two < one}, true
}

// choices are what somebody might want, nothing too.
var choices = []bot.Choice{"", bot.Left, bot.Left, bot.Left, bot.Right, bot.Right, bot.Equal, bot.Awful}

func anyChoice(r *rand.Rand) bot.Choice { return choices[r.IntN(len(choices))] }

// opens reports whether among words is the button that opens a private ballot.
func opens(words string) bool { return tasteButton.MatchString(words) }

var tasteButton = regexp.MustCompile(`\b\d+/taste\b`)

// wordsOf are all strings of a JSON text, in the order in which they stand.
func wordsOf(raw []byte) string {
	var b strings.Builder
	d := json.NewDecoder(strings.NewReader(string(raw)))
	for {
		t, err := d.Token()
		if err != nil {
			return b.String()
		}
		if s, ok := t.(string); ok {
			b.WriteString(s + "\n")
		}
	}
}

// names is what the ledger calls a person.
func names(person int) string { return "P" + strconv.Itoa(person) }

var announcementKey = regexp.MustCompile(`^(\d+)/announcement$`)

// announces is the tasting whose results a post announces.
func (p post) announces() (n uint64, ok bool) {
	m := announcementKey.FindStringSubmatch(p.key)
	if m == nil {
		return 0, false
	}
	n, _ = strconv.ParseUint(m[1], 10, 64)
	return n, true
}
