package bot

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot/text"
)

// A TastingID numbers a tasting within its workspace. People type it: 7. A draft
// is counted apart, d7, so that one that is never started uses up no number.
type TastingID struct {
	Workspace
	N uint64
}

// drafts is what a draft's N is more than its number.
const drafts = 1 << 62

// Draft returns the ID of a workspace's n-th draft, counted from 1.
func (w Workspace) Draft(n uint64) TastingID { return TastingID{w, drafts + n} }

// Tasting reads an ID, as String writes it.
func (w Workspace) Tasting(id string) (TastingID, bool) {
	number, draft := strings.CutPrefix(id, "d")
	n, err := strconv.ParseUint(number, 10, 64)
	if draft {
		n += drafts
	}
	return TastingID{w, n}, err == nil
}

// IsDraft reports whether the ID is a draft's.
func (id TastingID) IsDraft() bool { return id.N > drafts }

func (id TastingID) String() string {
	if id.IsDraft() {
		return fmt.Sprint("d", id.N-drafts)
	}
	return fmt.Sprint(id.N)
}

// Round returns the ID of the tasting's n-th round, counted from 1.
func (id TastingID) Round(n int) RoundID { return RoundID{id, n} }

// A RoundID numbers a round within its tasting, from 1. People type it: 7.3.
type RoundID struct {
	TastingID
	Round int
}

func (id RoundID) String() string { return fmt.Sprintf("%d.%d", id.N, id.Round) }

// A State says how far a tasting has come. It only moves forward.
type State uint8

const (
	Draft     State = iota // described, waiting for the starter's yes; deleted after an hour
	Asking                 // the models are being asked
	Posting                // head and ballots are being posted; votes count already
	Open                   // votes count
	Closing                // votes are refused; the ballots are read one last time
	Closed                 // sealed: votes never change again
	Revealed               // everybody has been told
	Cancelled              // votes are kept and never revealed
	Failed                 // Note says why
)

var stateNames = [...]string{"draft", "asking", "posting", "open", "closing", "closed", "revealed", "cancelled", "failed"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// TakesVotes reports whether marks are kept in state s.
func (s State) TakesVotes() bool { return s == Posting || s == Open }

// Over reports whether s is one of the last states.
func (s State) Over() bool { return s >= Revealed }

// Settled reports whether nothing more will be done about t.
func (t Tasting) Settled() bool {
	return t.State == Revealed && len(t.Unshown) == 0 && t.Untold == "" || t.Told && t.State.Over()
}

// Ended is when a settled tasting was over: revealed, cancelled or failed. Of
// one that says no such time it is when it began.
func (t Tasting) Ended() time.Time {
	at := t.Wake
	if t.State == Revealed {
		at = t.RevealedAt
	}
	if at.IsZero() {
		return t.Created
	}
	return at
}

// A BallotKind says how people vote.
type BallotKind string

const (
	Reaction BallotKind = "reaction" // an emoji on a post a round; everyone sees who did
	Private  BallotKind = "private"  // a page of one's own behind a button; nobody sees a count
)

// A Tasting is the small record of one taste test: everything but the texts,
// which a [Store] keeps apart, and the votes.
type Tasting struct {
	ID       TastingID
	Place    Place // where the head stands, or the only ballot
	Starter  Voter
	Question string // the starter's; empty: the usual one
	Ballot   BallotKind
	Models   [2]Card // first and second; their settings as they were at the start
	Rounds   []Round // Rounds[i] is round i+1
	Pack     string  // where the prompts came from; empty: the starter's own
	Invited  []string
	Voters   Electorate // whose votes count
	Outside  []string   // users whose votes are counted apart, until it is sealed; on a reaction ballot they are found out then
	Barred   []string   // users whose votes do not count: whoever pasted the texts
	TimeZone string     // IANA name, for times in posts

	Worth  int // asked beforehand: is Dearer preferred in so many percent or more? 0: not asked
	Dearer int // which model that is, 0 or 1

	Deal Deal // who votes on what, and when the bot looks

	Pace     time.Duration // what reading a round takes; known once all are answered
	Crowd    bool          // simulated people vote: the demo
	Compared bool          // two pasted texts, whose models are only names
	Imported string        // the hash of the export it came from; empty: it took place here

	State  State
	Reason Stored `json:",omitzero"` // why it failed or was cancelled
	Note   string // the same of one that was stored before reasons had keys
	Told   bool   // cancelled or failed, and the posts and the starter say so
	Nonce  []byte // 16 random bytes; secret until the reveal
	Orders []byte // 16 random bytes: the key of voters' orders on a private ballot. Never published: with it a row of an export would tell whose it is

	Created    time.Time
	Asked      time.Time // when its starter said yes
	Answered   time.Time `json:",omitzero"` // when there was nothing left to ask; for how long ballots are held after it, and for nobody's eyes
	Opened     time.Time
	Closes     time.Time
	ClosedAt   time.Time
	RevealedAt time.Time
	Wake       time.Time // when there is next something to do; a Store's Due goes by it
	Rouse      time.Time // when its threads must next be kept awake; zero: they need not be

	Briefed  bool // the starter knows how asking went
	Nudged   bool
	Extended bool // once, because too few had tasted
	Stale    bool // posts show an old closing time
	Late     bool // closed long after Closes, because the bot was down
	Warned   bool // the starter knows that votes are waited for

	ReadBy time.Time     // votes that could not be read at closing are waited for until then; zero: they could
	Waited time.Duration // from closing until they were read or given up; 0: they could be read at once

	Unshown []int  // rounds whose ballot does not say yet how it ended; 0: the head
	Refused bool   `json:",omitempty"` // revealed, and the starter knows that not all of that could be posted
	Untold  string `json:",omitempty"` // the starter does not know that yet; the id under which the log says what

	Reminders []Reminder `json:",omitempty"` // asked for and not sent; one of a person

	Outsiders int   // people whose votes were counted apart
	Unsure    int   // of these, people of whom it could not be found out
	Apart     Tally // their votes

	Gate *Gate // a pipeline asked for it; nil: none did
	Run  *Run  `json:",omitempty"` // a schedule started it; nil: somebody did

	Judges         []AskedJudge // models that read it beside the people, once it is sealed
	JudgesReserved int64        // pico-USD held against the judges' limit until they have read it: at most so much
	JudgedAt       time.Time    // when it was fixed what judges made of it, which the reveal then says; zero: not yet
	Further        Further      `json:",omitzero"` // prompts that a judge reads and no person

	Asks     int    `json:",omitzero"` // how often asking was begun: anew, where the bot was stopped meanwhile
	Lost     int64  `json:",omitzero"` // pico-USD that answers may have cost at most which were lost so; known once all are there, and for the reveal
	Reserved int64  // pico-USD held against the spending limits until it is over: what it may cost at most
	Day      string // the UTC day against which Reserved is held
}

// A Kind says what a round is for.
type Kind string

const (
	Plain   Kind = "plain"
	Control Kind = "control" // a pair with a known gap in quality
	Retest  Kind = "retest"  // an earlier round again, sides swapped
)

// A Round is the small record of one prompt of a tasting.
type Round struct {
	Kind       Kind
	Original   int    // of a retest: the number of the round that it repeats
	Pack       string // the pack of the prompt; "" for the starter's own
	Prompt     string // the prompt's ID in its pack
	Category   string
	Flip       bool   // the first model stands on the right (B). Secret until the reveal
	Ready      bool   // both answers are stored
	Reason     Stored `json:",omitzero"` // why there is no ballot; names a model, so secret until the reveal
	Void       string // the same of one that was stored before reasons had keys, or was imported
	VoidBy     int    // which model failed: 1, 2, or 3 for both; 0 if none
	Flagged    bool   // an answer names its author: stays out of the standings
	Commitment []byte // SHA-256; see package proof
	Unread     bool   // the ballot could not be read at closing, and not for as long as that was waited for; what was heard counts
	Reposted   bool   // the ballot was deleted; the reveal stands in a post of its own
	Split      int    // people left out: two emoji stood and none was heard
	Apart      int    // votes on a reaction ballot that are counted apart; filled in when the tasting is sealed
	Counts     Counts // filled in when the tasting is sealed

	// Of the first model's answer and the second's; known once all are there.
	Cost  [2]Cost
	Took  [2]time.Duration // 0: unknown
	Words [2]int
}

// sameText is why a round is void of which both answers are equal: votes on it
// would tell nothing.
const sameText = "both answers are the same text"

// SameText is that reason.
func SameText() Stored { return Stored(Say(sameText)) }

// HasSameText reports whether r is void for it.
func (r Round) HasSameText() bool { return r.Void == sameText || Sentence(r.Reason).key == sameText }

// WhyVoid is why nobody can vote in the round; it says nothing of one that is live.
func (r Round) WhyVoid() Sentence {
	if !r.Reason.IsZero() {
		return Sentence(r.Reason)
	}
	return Quoted(r.Void)
}

// Why is why t failed or was cancelled.
func (t Tasting) Why() Sentence {
	if !t.Reason.IsZero() {
		return Sentence(t.Reason)
	}
	return Quoted(t.Note)
}

// Called is the name of the first model (0) or the second (1).
func (t Tasting) Called(i int) Verbatim { return Verbatim(t.Models[i].Name) }

// TakenOut is why a round is void that was taken out while people voted.
func TakenOut() Stored { return Stored(Say("it was taken out")) }

// Removed reports whether the round was taken out while people voted: its sides
// were fixed, and it is void. Its answers are gone.
func (r Round) Removed() bool { return !r.Live() && !r.IsUnopened() && len(r.Commitment) > 0 }

// Live reports whether people can vote in the round.
func (r Round) Live() bool { return r.Void == "" && r.Reason.IsZero() }

// Measure fills in what the round's answers cost, how long they took and how
// many words they have, so that standings need not read texts.
func (r *Round) Measure(x Texts) {
	for i, a := range x.Answers {
		r.Cost[i], r.Took[i], r.Words[i] = a.Cost, a.Latency, text.Words(a.Text)
	}
}

// Counts are a round's eight counts: by the side on which the voter saw the
// first model (0 left, 1 right) and by pick (index Pick-1).
type Counts [2][4]int

// Live returns the numbers of the rounds that people vote in, from 1.
func (t Tasting) Live() []int {
	var ns []int
	for i, r := range t.Rounds {
		if r.Live() {
			ns = append(ns, i+1)
		}
	}
	return ns
}

// Drawn returns the numbers of the rounds whose sides were drawn, from 1: those that
// are live, and those that were taken out since.
func (t Tasting) Drawn() []int {
	var ns []int
	for i, r := range t.Rounds {
		if r.Live() || r.Removed() {
			ns = append(ns, i+1)
		}
	}
	return ns
}

// Removed returns the numbers of the rounds that were taken out.
func (t Tasting) Removed() []int {
	return slices.DeleteFunc(t.Drawn(), func(n int) bool { return t.Rounds[n-1].Live() })
}

// Remove takes a round out of a tasting that takes votes, and those that show the
// same texts: both answers are void alike.
func (t *Tasting) Remove(n int) {
	if t.Rounds[n-1].Kind == Retest {
		n = t.Rounds[n-1].Original
	}
	for i := range t.Rounds {
		if r := &t.Rounds[i]; (i+1 == n || r.Kind == Retest && r.Original == n) && r.Live() {
			r.Reason, r.Ready = TakenOut(), false
		}
	}
}

// Tasted returns the numbers of the live rounds that compare the two models:
// no control pairs, no retests.
func (t Tasting) Tasted() []int {
	return slices.DeleteFunc(t.Live(), func(n int) bool { return t.Rounds[n-1].Kind != Plain })
}

// LogValue leaves out models and sides, so that no log line can spoil a round.
func (t Tasting) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", t.ID.String()), slog.String("platform", t.ID.Platform),
		slog.String("state", t.State.String()), slog.Int("rounds", len(t.Rounds)))
}

// Texts are what a round's ballot shows. They are kept apart from [Tasting],
// so that the path of a vote never reads them.
type Texts struct {
	Prompt  Prompt
	Answers [2]Answer // of the first model and the second
	Asking  bool      `json:",omitzero"` // what is not answered is being asked for; found later, what came of that is not known
}

// SpokenOf reports whether whoever is at a place may ask about t: it was started
// there, or at is a thread of its channel. What was started in a thread is not
// for the channel, nor for its other threads: they may be open to other people.
func (t Tasting) SpokenOf(at Place) bool {
	return t.Place.Channel == at.Channel || t.Place.Channel == Root(at)
}

// Root is the channel that a place is, or is a thread of.
func Root(at Place) string {
	channel, _, _ := strings.Cut(at.Channel, "/")
	return channel
}

// PlainTexts are the texts of the rounds for which models are asked.
func (t Tasting) PlainTexts(texts []Texts) []Texts {
	var plain []Texts
	for i, r := range t.Rounds {
		if r.Kind == Plain {
			plain = append(plain, texts[i])
		}
	}
	return plain
}

// Timed reports whether asking takes a time that tells of the models.
func (t Tasting) Timed() bool {
	return slices.ContainsFunc(t.Models[:], func(c Card) bool { return c.Source == "api" })
}

// At is a time in t's posts, in its place's zone.
func (t Tasting) At(when time.Time) Moment {
	loc, err := time.LoadLocation(t.TimeZone)
	if err != nil {
		loc = time.UTC
	}
	return Moment(when.In(loc))
}

// Names are the two models' names for people.
func (t Tasting) Names() [2]string { return [2]string{t.Models[0].Name, t.Models[1].Name} }

// HasHead reports whether the tasting opens with a head. One reaction round
// alone is its own head, and the rounds of a block stand in the channel each by
// itself.
func (t Tasting) HasHead() bool { return t.Ballot == Private || len(t.Drawn()) > 1 && !t.Block() }

// Invites reports whether user was invited, by ID or, on the page, whose IDs
// are a name, a dot and a suffix, by name.
func (t Tasting) Invites(user string) bool {
	name, _, _ := strings.Cut(user, "·")
	return slices.Contains(t.Invited, user) || slices.ContainsFunc(t.Invited, func(i string) bool { return strings.EqualFold(i, name) })
}

// A Reminder is a direct message that somebody asked for.
type Reminder struct {
	User string
	At   time.Time // zero: an hour before voting closes, whenever that is
}

// Due is when a reminder of t is sent.
func (t Tasting) Due(r Reminder) time.Time {
	if r.At.IsZero() {
		return t.Closes.Add(-time.Hour)
	}
	return r.At
}

// Unremind takes a user's reminder back, and reports whether there was one.
func (t *Tasting) Unremind(user string) bool {
	before := len(t.Reminders)
	t.Reminders = slices.DeleteFunc(t.Reminders, func(r Reminder) bool { return r.User == user })
	return len(t.Reminders) < before
}

// A Gate is what a pipeline asked a team beforehand: whether the second model of a
// tasting, the new one, may take the place of the first.
type Gate struct {
	Name    string // the pipeline's own, once for its starter in a place
	Content string // SHA-256 of all that was asked, in hexadecimal
	Ask     Ask
	Model   string `json:",omitempty"` // the configured model that answers two versions of a prompt; empty: the answers were given

	MostCost int64 `json:",omitempty"` // pico-USD that asking may cost, with earlier tries; 0: nobody said
}

// Versions reports whether t compares two versions of a prompt, answered by one
// model: its Models are called after the versions.
func (t Tasting) Versions() bool { return t.Gate != nil && t.Gate.Model != "" }

// OnlyNames reports whether t's Models are no models but names: of two pasted texts, or
// of what a gate has compared, be it versions of a prompt, files or an assistant's texts.
func (t Tasting) OnlyNames() bool { return t.Compared || t.Gate != nil }

// AskedAs is the name under which the model is configured that answers as t's first
// one (0) or second (1).
func (t Tasting) AskedAs(i int) string {
	if t.Versions() {
		return t.Gate.Model
	}
	return t.Models[i].Name
}

// Askable reports whether both models of t are such as people can name, and so have
// asked again.
func (t Tasting) Askable() bool {
	return t.Models[0].Source != Pasted && t.Models[1].Source != Pasted && !t.Versions()
}

// An Ask is a gate's question, fixed before the first vote.
type Ask string

const (
	NotWorse  Ask = "not-worse" // is the new one not worse by more than ten points?
	Preferred Ask = "preferred" // is the new one preferred?
)

// Least is the share of votes that the new one must have, with equal and both bad as
// half: 40%, or more than half.
func (a Ask) Least() float64 {
	if a == Preferred {
		return 0.5
	}
	return 0.4
}
