package bot

import (
	"fmt"
	"time"
)

// A Post is something the bot says: meaning, never layout. Each chat lays it
// out natively in its own render.go. All strings from people and models are
// data; the core's own sentences are plain text.
type Post interface {
	isPost()
	Spoken() Voice // how its place is spoken to
}

// Speak returns p in a voice.
func Speak(p Post, v Voice) Post {
	switch p := p.(type) {
	case Head:
		p.Voice = v
		return p
	case Ballot:
		p.Voice = v
		return p
	case Seat:
		p.Voice = v
		return p
	case Reveal:
		p.Voice = v
		return p
	case Announcement:
		p.Voice = v
		return p
	case Standings:
		p.Voice = v
		return p
	case Digest:
		p.Voice = v
		return p
	case Week:
		p.Voice = v
		return p
	case Notice:
		p.Voice = v
		return p
	}
	return p
}

// A PostKey names a post for good: "7/head", "7.3/ballot". A post with a key
// is said once, whatever happens in between.
type PostKey struct {
	Tasting TastingID
	Round   int    // 0: of the whole tasting
	What    string // "head", "ballot", "reveal", "announcement", "nudge", …
}

// String is the key in few words; of a post of no tasting, what it is.
func (k PostKey) String() string {
	switch {
	case k.Tasting.N == 0:
		return k.What
	case k.Round == 0:
		return fmt.Sprintf("%d/%s", k.Tasting.N, k.What)
	}
	return fmt.Sprintf("%d.%d/%s", k.Tasting.N, k.Round, k.What)
}

// Posts of a tasting, by PostKey.What.
const (
	HeadPost         = "head"
	BallotPost       = "ballot"
	RevealPost       = "reveal" // where the ballot was deleted
	NudgePost        = "nudge"
	ExtendedPost     = "extended"
	AnnouncementPost = "announcement"
)

// A Head opens a tasting of several rounds, or any private one, in the channel.
type Head struct {
	Voice
	Tasting  TastingID
	Question Sentence
	Intro    Sentence // "10 prompts, two unnamed answers each, about 40 s a prompt. …"
	Outcome  Sentence // who won, once that is revealed
	Whole    *Button  // leads to the reveal, once there is one
	Progress Sentence // "6 of 9 have tasted · closes Thu 17:00"
	Privacy  Sentence // who can see the votes
	State    State
	Closes   time.Time
	Main     *Button    // "Start tasting", on a private ballot while it is open
	Menu     []Button   // Remind me, Status, Close, Extend, Cancel, Take out a round
	Details  []Sentence // the commitments
	Crowd    bool       // simulated people take part
}

// A Ballot asks for votes on one round by emoji.
// It has no field for a model, so no renderer can give one away.
type Ballot struct {
	Voice
	Round    RoundID
	Title    Sentence // "Taste test 12 · Which reply is better?", "Round 3 of 10"
	Prompt   Verbatim
	Left     Verbatim // 🅰️; markdown as the models write it
	Right    Verbatim // 🅱️
	Removed  Sentence // stands in place of both, alike, if the round was taken out
	Legend   Sentence // "🅰️ better · 🅱️ better · 🤝 equal · 👎 both bad"
	Progress Sentence // "4 voted · names at Thu 17:00"
	Privacy  Sentence // "Everyone can see who tapped what."
	Note     Sentence // what holds for both sides: they are cut
	State    State
	Menu     []Button // of the tasting, if it has no Head; else of the round
	Details  []Sentence
	Crowd    bool
}

// A Seat is one voter's page of a private ballot: a round, or the end.
type Seat struct {
	Voice
	Round    RoundID  // Round 0: the end
	Title    Sentence // "Taste test 12 · 3 of 10"
	Question Sentence // "Which reply is better?"; "" at the end
	Prompt   Verbatim
	Left     Verbatim
	Right    Verbatim
	Mine     Choice   // what this voter tapped here; "" nothing yet
	Buttons  []Button // the four choices, in the order of Choices
	Nav      []Button // back, skip, finish
	Position int      // from 1
	Of       int
	Done     int      // rounds this voter has voted in
	Voted    []bool   // by position, in this voter's order
	Note     Sentence // "Saved. You can change it until Thu 17:00."
}

// A Reveal tells who wrote what in one round. A ballot is edited into it.
type Reveal struct {
	Voice
	Round   RoundID
	Title   Sentence
	Prompt  Verbatim
	Sides   [2]RevealSide // left and right as the ballot showed them; first and second where each voter had an order
	Bars    []Bar         // first model, second model, equal, both bad; nil if not broken down
	Votes   int
	Summary Sentence   // "kestrel 3 · nova 1 · equal 1 · both bad 0   (60% · …)", or why there is none
	Verdict Sentence   // one sentence
	Notes   []Sentence // flags, what could not be read, who was left out
	Answer  Verbatim   // the brain-teaser's, if to be shown
	Whole   *Button    // leads to the reveal of the tasting, where this was its only ballot
	Details []Sentence // interval, p, commitment
}

// A RevealSide is one answer with its author.
type RevealSide struct {
	Emoji string // 🅰️, 🅱️; "" where each voter had an order
	Model Verbatim
	Text  Verbatim
	Facts Sentence // "58 words · $0.0012 · 2.1 s"
}

// A Bar is one line of a bar chart.
type Bar struct {
	Label   Sentence
	Count   int
	Percent int // of equal counts the same, so they may add up to 99 or 101; or all 0
}

// An Announcement ends a tasting: which was which over all rounds, and what
// the votes do and do not show. It is read in five seconds, so a chat shows no
// more than the title, the question, the bars or their picture, Finding, Cost,
// Choose, Next and a row of buttons. The rest is one tap away.
type Announcement struct {
	Voice
	Tasting  TastingID
	Under    Ref      // the head, or the only ballot: what it answers
	Title    Sentence // "Taste test 12: no winner shown. kestrel is ahead."
	Question Sentence // what people were asked, where that is not the usual question
	Bars     []Bar
	Fits     Span       // the interval that Finding names, of the first model's share; zero if it names none
	Picture  bool       // a picture of it goes along, where the chat takes files
	Summary  Sentence   // "kestrel 23 · nova 14 · equal 3 · both bad 2   (55% · 33% · 7% · 5%)"
	Base     Sentence   // "42 votes, 9 people, 5 prompts"
	Finding  Sentence   // Base, and what that shows in one sentence
	Cost     Sentence   // "Per 1,000 answers: kestrel $15.60, nova $0.52 (30 ×)"
	Choose   Sentence   // what to do for whoever must choose now
	Next     Sentence   // what would settle it
	Again    *Button    // starts that, after one question; nil where the bot cannot ask these models again
	Buttons  []Button   // what is one tap away, for chats that cannot fold: Verdict and Notes, Mine, Boss
	Verdict  []Sentence // sentences: what the votes show, what they do not
	Notes    []Sentence // voids by model, late closing, rounds left out
	Mine     Sentence   // how the viewer voted, where a chat shows each person a page of their own
	Boss     []Sentence // four lines to send on: question, finding, cost and time, what was not tested
	Rounds   []Reveal   // behind "Each round"
	Details  []Sentence // numbers for those who want them
	Proof    Verbatim   // what `tastetest verify` reads
	Comes    Sentence   // that a weekly digest comes here from now on, where people did not know
	Off      *Button    // ends that, for admins; beside Comes
	Crowd    bool       // simulated people took part, as Base says
}

// A Span is an interval of a share, equal and both bad counted as half, from 0 to 1.
type Span struct{ Low, High float64 }

// Standings rank a workspace's models.
type Standings struct {
	Voice
	Title   Sentence   // "Standings", "Standings: humour"
	Base    Sentence   // what they rest on: "412 votes, 57 rounds, 38 prompts, 9 tastings"
	Columns []Sentence // the table's heads, in the order of Standing.Cells; none if there are no rows
	Rows    []Standing
	Picture bool       // a picture of them goes along, where the chat takes files
	Legend  Sentence   // what the score means
	Says    []Sentence // sentences: "kestrel is preferred to nova with 56% (51 to 60) of 412 votes, and costs 30 times as much."
	Notes   []Sentence // what was left out, what cannot be said
	Details []Sentence // numbers for those who want them
}

// A Standing is one model's line of Standings; all values are written out.
type Standing struct {
	Rank    Verbatim // "1", or a range: "1–3"; "–" if nothing can be said
	Model   Verbatim // "kestrel"; "kestrel@3fa2c1" if there are several settings of that name
	Score   int      // chance of beating the average model, or the only other, in percent
	Low     int      // its 95% interval; both 0 if there is none
	High    int
	Beats   Sentence // the three in words: "61% (41 to 80)"; "–"
	BothBad Sentence // share of its votes that found both answers bad: "4%"
	Cost    Sentence // per 1,000 answers: "$15.60"; "–" if unknown
	Price   Cost     // what Cost says in words; not known where it says "–"
	Pace    Sentence // an answer: "2.1 s"; "–" if unknown
	Rounds  int
	Votes   int
}

// A Notice is a plain answer: to a command, or to tell somebody something.
type Notice struct {
	Voice
	Title   Sentence
	Text    Sentence // lines
	Code    Sentence // to copy: an example, a table in columns
	Chances []Bar    // how often something happens, in percent: a picture of what Code says, where the chat can draw it
	Buttons []Button
	Error   bool    // it says what went wrong
	Field   string  // of a form that was filled in: what must be changed in it; "" if that is not one field
	Faults  []Fault // of a form: all that must be changed, where that is several fields; Field is the first, Text says them all
	Awaits  PostKey // the post that is coming, if it says no more than that: once that stands, it may go
}

// A Fault is what must be changed in one field of a form.
type Fault struct {
	Field string
	Text  Sentence
}

func (Head) isPost()         {}
func (Ballot) isPost()       {}
func (Seat) isPost()         {}
func (Reveal) isPost()       {}
func (Announcement) isPost() {}
func (Standings) isPost()    {}
func (Notice) isPost()       {}

// A Button is something to tap. Its ID says what it does and on which round,
// and nothing else: "7/taste", "7.3/left". Chats hand it back in a [Press].
type Button struct {
	ID      string
	Label   Sentence
	Primary bool
	Danger  bool
	Chosen  bool
	Confirm Sentence // ask this question first
	URL     string   // an address that it opens; only ever said to one person
}

// TypedButton is what the IDs of buttons begin with that do what a command does:
// "type/close 7". They are no longer than Discord takes: 100 characters.
const TypedButton = "type/"

// A Form asks for several things at once.
type Form struct {
	Voice
	ID     string
	Title  Sentence
	Intro  Sentence
	Fields []Field
	Submit Sentence // the button's label
}

// A Field is one input of a [Form].
type Field struct {
	Name     string
	Label    Sentence
	Kind     FieldKind
	Options  []Option // of a Select; of a Line what is often meant, for chats that offer it
	Value    string   // the default
	Hint     Sentence
	Max      int // characters; 0: as the chat allows
	Required bool
	More     bool // seldom needed: behind “More”, where a chat can fold
}

// A FieldKind says how a [Field] is filled in.
type FieldKind string

const (
	Line   FieldKind = "line"
	Area   FieldKind = "area"   // several lines
	Select FieldKind = "select" // one of Options
	Upload FieldKind = "upload" // a file, where the chat can
	People FieldKind = "people" // several people; a Line where the chat offers none
)

// An Option is one choice of a Select.
type Option struct {
	Value string
	Label Sentence
}

// Cells are the row's cells, in the order of Standings.Columns.
func (s Standing) Cells() []Sentence {
	return []Sentence{Quoted(string(s.Rank)), Quoted(string(s.Model)), s.Beats, s.BothBad, s.Cost, s.Pace, Say("{n}", Count(s.Votes))}
}

// A Filter says which results are wanted. Zero fields leave nothing out.
type Filter struct {
	Model    string    // tastings in which one of that name took part
	Pack     string    // rounds whose prompt is of it
	Category string    // rounds of it
	Since    time.Time // tastings revealed then or later
	Until    time.Time // tastings revealed before
}

// Wants reports whether a tasting is among the results: it is revealed, and a round
// of it is wanted.
func (f Filter) Wants(t *Tasting) bool {
	if t.State != Revealed || f.Model != "" && t.Models[0].Name != f.Model && t.Models[1].Name != f.Model ||
		t.RevealedAt.Before(f.Since) || !f.Until.IsZero() && !t.RevealedAt.Before(f.Until) {
		return false
	}
	for i := range t.Rounds {
		if f.WantsRound(&t.Rounds[i]) {
			return true
		}
	}
	return false
}

// WantsRound reports whether a round of such a tasting is.
func (f Filter) WantsRound(r *Round) bool {
	return (f.Pack == "" || r.Pack == f.Pack) && (f.Category == "" || r.Category == f.Category)
}

// Results are what has been revealed at a place, as far as it was wanted.
type Results struct {
	Voice
	Offers    Offers
	Base      Sentence    // "12 taste tests, revealed from 2026-09-03 to 2026-11-29"; or that there are none
	Standings Standings   // of these alone
	Picks     []CostPick  // taste against cost: of all prompts, then category by category
	Paired    []Verbatim  // the models of Pairs, best first
	Pairs     [][]Pairing // [i][j]: of i against j
	Courses   []Course    // over time, a model each, best first
	Tastings  []Result    // a page of them, newest first, without their rounds
	All       int         // how many there are in all
}

// Offers are what filters can ask for at a place, whatever was wanted.
type Offers struct{ Models, Packs, Categories []string }

// A Result is a tasting that has been revealed.
type Result struct {
	Announcement
	On Verbatim // the day of the reveal in its zone: 2026-11-29
}

// A CostPick is which model to take for prompts of a kind.
type CostPick struct {
	For  Sentence // "all prompts", "humour"
	Take Sentence // the model; or that it cannot be said yet
	Why  Sentence // what that saves; or what it would take to say it
}

// A Pairing is what was voted on one model against another.
type Pairing struct {
	Votes int      // 0: never compared
	Share Sentence // of the one, equal and both bad as half: "63%"; "2½ of 3" of few
	Tint  int      // the share, 0 to 100, for a shade; 50 where there are few votes
}

// A Course is how a model stood over time.
type Course struct {
	Model  Verbatim
	Points []Stood // oldest first
}

// Stood is where a model stood once, by all votes until then: as in Standings.
type Stood struct {
	On               time.Time
	Score, Low, High int // percent
	Votes            int // of rounds that the model was in
}
