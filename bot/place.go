package bot

import (
	"strings"
	"time"
)

// A Workspace is one team: a Slack workspace, a Discord server, a web page.
// Nothing crosses from one to another.
type Workspace struct {
	Platform string // "slack", "discord", "web"
	ID       string
}

// VotesFirst reports whether somebody who may vote is shown how others voted only
// once they have voted themselves: so it is on the page, which is composed for each
// reader. A chat's emoji are seen by everyone.
func (w Workspace) VotesFirst() bool { return w.Platform == "web" }

// A Place is where people talk: a channel, or a thread, which counts as one.
type Place struct {
	Workspace
	Channel string
}

// Moved is where p is once a channel has another name, and whether it was in that
// channel, itself or in a thread of it.
func (p Place) Moved(from, to Place) (Place, bool) {
	below, within := strings.CutPrefix(p.Channel, from.Channel)
	if p.Workspace != from.Workspace || !within || below != "" && below[0] != '/' {
		return p, false
	}
	return Place{Workspace: to.Workspace, Channel: to.Channel + below}, true
}

// A Ref names the message that people react to. It is comparable.
type Ref struct {
	Place
	Message string
}

// A Voter is a person in a workspace.
type Voter struct {
	Workspace
	User string
}

// A Profile is what the page keeps of somebody, by their own word: other chats know
// their people themselves. Zero fields were not said.
type Profile struct {
	Name string `json:"name,omitempty"` // as others see it
	Lang Lang   `json:"lang,omitempty"` // chosen from the menu
	Zone string `json:"zone,omitempty"` // IANA name, of their browser

	// Link is the SHA-256, as hex, of the key of a link that makes a browser theirs,
	// once and before Until.
	Link  string    `json:"link,omitempty"`
	Until time.Time `json:"until,omitzero"`

	Guest  bool `json:"guest,omitempty"`  // the link is an admin's, and nobody came by it yet
	Linked bool `json:"linked,omitempty"` // they came by such a link
}

// A Lang is a language that the bot speaks.
type Lang string

const (
	En Lang = "en" // English
	Zh Lang = "zh" // Chinese, simplified
)

// A Voice is how a place is spoken to. The zero value is English, with times in
// the zone in which they are given.
type Voice struct {
	Lang Lang
	Zone string // IANA name
}

// Settings are what was set for a channel and the threads in it. Zero fields were
// not, and are as the configuration says.
type Settings struct {
	Lang   Lang       `json:"lang,omitempty"`
	Zone   string     `json:"zone,omitempty"`   // IANA name
	Ballot BallotKind `json:"ballot,omitempty"` // of tastings that say nothing else
	Rounds int        `json:"rounds,omitempty"` // of tastings from a pack that say nothing else
	Charts string     `json:"charts,omitempty"` // On or Off: pictures of what is said here
	Digest string     `json:"digest,omitempty"` // when the week is summed up: "Mon 9:00", or Off
	Last   Change     `json:"last,omitzero"`

	Schedules []Schedule `json:"schedules,omitempty"`
	Scheduled uint64     `json:"scheduled,omitempty"` // how many there have been: no later one has the number of one that was removed

	Weekly Weekly `json:"weekly,omitzero"` // what became of the digest
}

// Weekly is what became of a channel's digest so far.
type Weekly struct {
	Told  time.Time `json:"told,omitzero"`  // since when people there know that one comes; zero: they do not, and none does
	In    uint64    `json:"in,omitempty"`   // the tasting whose announcement said so; 0: a post of its own
	From  time.Time `json:"from,omitzero"`  // before this none comes
	Name  string    `json:"name,omitempty"` // of the last that was due, by its wall clock: "2026-11-30 09:00"
	Since time.Time `json:"since,omitzero"` // of what week that told, or would have: its begin
	Until time.Time `json:"until,omitzero"` // and its end, when it was due
}

// What a setting that can be either is.
const (
	On  = "on"
	Off = "off"
)

// A Change is who changed what of the settings, and when. Who was forgotten is
// nobody any more.
type Change struct {
	By   string    `json:"by,omitempty"` // a user of the workspace
	What []Setting `json:"what"`
	At   time.Time `json:"at"`
}

// Spoken is the voice itself: posts, forms and replies carry one.
func (v Voice) Spoken() Voice { return v }
