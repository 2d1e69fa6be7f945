package bot

import (
	"context"
	"time"
)

// A Chat is a place where people talk: a Slack workspace, a Discord server,
// the web page. Package adaptertest says in tests what is promised here.
type Chat interface {
	// Platform is the first part of every Workspace: "slack".
	Platform() string

	// Post says p once. A non-zero since means that an earlier attempt under
	// key may have landed: look from there, and complete what is missing.
	// A post is complete when every part and every seeded emoji stands.
	// ErrLost if nothing can be said there any more; ErrGone if at is the thread
	// of a message that is gone; ErrRefused. An Announcement whose Under is gone is
	// said all the same. With an error the Ref is where the post stands in part,
	// or zero. A first attempt reads nothing that could fail it. A later one needs
	// its look for the first, unless the platform refuses that look.
	Post(ctx context.Context, at Place, key PostKey, since time.Time, p Post) (Ref, error)

	// Thread returns the place for answers to a message, opened if need be.
	// ErrRefused.
	Thread(ctx context.Context, ref Ref) (Place, error)

	// Edit replaces what a message says. Twice is fine. ErrGone, ErrLost,
	// ErrRefused, WaitError.
	Edit(ctx context.Context, ref Ref, p Post) error

	// CountEvery says how often a count may be edited into a message of the
	// given age; 0: no longer.
	CountEvery(age time.Duration) time.Duration

	// Reactions returns the emoji that stand on a ballot now, without those
	// of bots. ErrGone, ErrLost, ErrPartial; ErrHeardOnly where the chat has
	// no memory but what the core heard. Of all errors but ErrGone and
	// ErrHeardOnly the core thinks that they pass.
	Reactions(ctx context.Context, ref Ref) ([]Tap, error)

	// Tell sends p to one person alone.
	Tell(ctx context.Context, to Voter, p Post) error

	// Admin reports whether the platform calls user an administrator.
	// An error refuses.
	Admin(ctx context.Context, at Place, user string) (bool, error)

	// Run connects and passes on what people do until ctx is done.
	// It reconnects by itself; an error means that trying again is no use.
	Run(ctx context.Context, h Handler) error
}

// A Handler is told what people do in a chat. [*engine.Bot] is one.
// Every method may be called many times at once.
type Handler interface {
	// React takes an emoji. nil means that it is on disk, or none of our
	// business. One that is Only and was not kept is a UserError that says why.
	// One that is Again may be too early, ErrEarly: its ballot stands, and where it
	// stands is not on disk yet.
	React(ctx context.Context, t Tap) error

	// Command, Press and Submit answer within 2 s. Their errors have been
	// turned into a Reply already.
	Command(ctx context.Context, c Command) Reply
	Press(ctx context.Context, p Press) Reply
	Submit(ctx context.Context, s Submission) Reply

	// Suggest completes what is being typed after the command's name;
	// at most 25, best first.
	Suggest(ctx context.Context, c Command) []Suggestion

	// Voice is how a place is spoken to, for what a chat says by itself; of the
	// zero place, how those are that say nothing else.
	Voice(ctx context.Context, at Place) Voice

	// Resync says that events may have been lost: open ballots are read again.
	Resync(ctx context.Context, w Workspace) error

	// Joined says that the bot was added to a place.
	Joined(ctx context.Context, at Place) error

	// Gone says that a place is lost: why wraps ErrLost, and ErrGone too if it
	// was deleted and so cannot come back.
	Gone(ctx context.Context, at Place, why error) error

	// Moved says that a channel has another name, and is the same otherwise.
	Moved(ctx context.Context, from, to Place) error

	// Left says that the bot was removed from a workspace for good: the app
	// was uninstalled, or the bot was taken out of the server. Everything of
	// the workspace is deleted, and cannot be brought back. nil means that it
	// is; twice is fine. A lost channel is Gone, not Left; so is anything that
	// may come back by itself.
	Left(ctx context.Context, w Workspace) error
}

// A Tap is one person's emoji on a ballot: put there, or taken away.
type Tap struct {
	Ref    Ref
	User   string
	Choice Choice // "" if the emoji is none of ours
	On     bool
	Only   bool      // nothing else of this user's stands there from now on: made where people have one emoji each
	Again  bool      // it comes again if it is not acknowledged, and is on a message of the bot's own
	At     time.Time // the platform's stamp; zero if it sends none
	Said   time.Time // when its message was posted, by this machine's clock; zero if the chat does not know
}

// A Command is what somebody typed after /tastetest. Typed platforms send the
// same text, made from the options.
type Command struct {
	At   Place
	User string
	Text string
	// Meant are the people and groups that names in Text stand for, by the name
	// as it stands there: "@ana". A chat that has no mentions leaves it empty.
	Meant map[string]string
	// Lang is what the person reads, for suggestions; "" as the place is spoken to.
	Lang Lang
	// Talk says that Text was said to the bot and not typed as a command: nothing is
	// done, and the answer is what may be meant, to be tapped.
	Talk bool
	// Attached is a file that came with the command, if the chat can.
	Attached *File
}

// A Press is somebody's tap on a [Button].
type Press struct {
	At     Place
	User   string
	Button string    // its ID
	Made   time.Time // the platform's stamp; zero if it sends none
}

// A Submission is a filled-in [Form].
type Submission struct {
	At     Place
	User   string
	Form   string // its ID
	Values map[string]string
	Files  map[string]File // by field
}

// A File is what somebody uploaded.
type File struct {
	Name string
	Data []byte
}

// A Suggestion completes a command: Text replaces all that was typed.
type Suggestion struct {
	Text string // "start kestrel "
	Help Sentence
}

// A Reply goes to the asker alone. Platforms want a Form as the very first
// answer. The zero Reply says nothing.
type Reply struct {
	Post  Post
	Form  *Form                                                 // instead of Post
	Later func(ctx context.Context, say func(Post) error) error // reports on work that is durable by itself
}

// A Grouped chat knows groups of people, such as roles. In a [engine.Policy] they are
// written with an @: "discord:@1122334455".
type Grouped interface {
	// Groups returns the IDs of the groups that user is in. An error refuses.
	Groups(ctx context.Context, at Place, user string) ([]string, error)
}

// An Acquainted chat knows its people one by one.
type Acquainted interface {
	// Person says who somebody is. It answers within a second or so.
	Person(ctx context.Context, v Voter) (Person, error)
}

// A Person is what a chat says about somebody; empty fields it cannot tell.
type Person struct {
	Name string // for people
	Zone string // IANA name of the time zone they are in
}

// A Welcoming chat can say how one becomes an admin there.
type Welcoming interface {
	Admission() Sentence
}

// An Addressed chat is one whose messages have addresses.
type Addressed interface {
	// Address returns that of a message, for people who can see it.
	Address(ctx context.Context, ref Ref) (string, error)
}

// An Inviting chat lets people in one by one.
type Inviting interface {
	// InviteLinks returns a link for each of names, who are not there yet: it works
	// once, for whoever opens it. For "" they give their own name. A UserError: one of
	// the names is not free. With an error there are no links.
	InviteLinks(ctx context.Context, at Place, names []string) ([]string, error)
}

// A Directory is a chat that knows its people by name.
type Directory interface {
	// Invitees returns who is meant by each of named: what somebody typed, or a
	// mention, "<@U024BE7LH>". It answers within two seconds. A UserError says who
	// of them is nobody, could be several people, or could not vote.
	Invitees(ctx context.Context, at Place, named []string) ([]Invitee, error)
}

// An Invitee is somebody who was invited, or a group of people.
type Invitee struct {
	Name  string   // for people
	Users []string // IDs; several of a group
}

// A Sparing chat takes only so many edits in all.
type Sparing interface {
	// EditCount is Edit for a new count and nothing else: a WaitError while
	// other edits go first.
	EditCount(ctx context.Context, ref Ref, p Post) error
}

// A Sleeper is a chat whose threads go to sleep when nobody writes in them.
// What sleeps can be read, and nobody can vote there.
type Sleeper interface {
	// Sleeps says after how long without a message a place goes to sleep or,
	// if below, the thread of a message there; 0: never. ErrLost, ErrGone.
	Sleeps(ctx context.Context, at Place, below bool) (time.Duration, error)

	// Rouse wakes a place that sleeps and keeps it awake until a time, or for
	// as long as the chat allows. It returns when it must be called again;
	// zero: not before until. Nobody is notified, and nothing is said. Twice is
	// fine. ErrLost, ErrGone.
	Rouse(ctx context.Context, at Place, until time.Time) (again time.Time, err error)
}

// A Reader shows what stands in a place, and what has been revealed there. A chat
// without a memory of its own (the web page) is a view over it, and so survives
// restarts. [*engine.Bot] is one.
type Reader interface {
	// View returns what stands at a place, oldest first, as viewer may see it.
	View(ctx context.Context, at Place, viewer Voter) ([]Shown, error)

	// Results returns what has been revealed at a place, as far as f wants it. All of
	// it is summed up; of its tastings, newest first, it has a page from the skip-th on.
	Results(ctx context.Context, at Place, f Filter, skip int) (Results, error)

	// Result returns one tasting that has been revealed at a place, its answers in
	// full. ErrNotFound if none of that number has.
	Result(ctx context.Context, at Place, n uint64) (Result, error)
}

// A Shown is a post as it stands.
type Shown struct {
	Posted
	Post   Post
	Taps   []Tapped // who tapped what, on a reaction ballot; the order of Choices. Of nobody, while the viewer could vote and has not
	Barred Sentence // why a tap of the viewer would not count; nothing if it would
	Thread []Shown  // what stands below it
}

// A Tapped is one emoji under a reaction ballot, as a chat shows it.
type Tapped struct {
	Choice Choice
	Emoji  string
	Users  []string
	Mine   bool
}
