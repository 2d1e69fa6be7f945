package bot

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"
)

// A Store keeps tastings, texts, posts and votes.
//
// Every method is atomic, durable when it returns, and safe for concurrent
// use. Under a context of [For] every method that writes returns ErrTerm, and
// writes nothing, once the job is no longer the caller's. Package storetest says in tests what the comments here say in words.
type Store interface {
	// CreateTasting saves t and its rounds' texts under the next ID of
	// t.Place's workspace (from 1) and returns t with the ID set. Drafts are
	// counted apart. len(texts) == t.Numbered(): those of further prompts come last.
	CreateTasting(ctx context.Context, t Tasting, texts []Texts) (Tasting, error)

	// Start makes a tasting of a draft, in one transaction: it calls change on the
	// record, which must move it on from Draft, gives it the next number of its
	// workspace, and returns it. The draft's own ID is then unknown, as if deleted.
	// ErrMoved if it is no draft, ErrNotFound if there is none; an error of change
	// is returned, nothing is kept, and no number is used up. change may run more
	// than once and must not call the Store.
	Start(ctx context.Context, draft TastingID, change func(*Tasting) error) (Tasting, error)

	// Tasting returns a tasting, or ErrNotFound.
	Tasting(ctx context.Context, id TastingID) (Tasting, error)

	// Tastings returns a workspace's tastings, newest first, and drafts before all. Those
	// that are over share what their slices and maps hold with what other calls return:
	// nobody writes into it.
	Tastings(ctx context.Context, w Workspace, q Query) ([]Tasting, error)

	// Delete deletes a tasting and everything of it: texts, votes, posts and
	// whom it keeps out, in one transaction. ErrNotFound if there is none.
	// No later tasting gets its number.
	Delete(ctx context.Context, id TastingID) error

	// DeleteWorkspace deletes everything of a workspace, tasting by tasting.
	// Once begun it is carried on when the store is opened again. All that
	// stays is the number of its latest tasting, under a keyed hash, so that
	// no button of an old post ever means a new tasting.
	DeleteWorkspace(ctx context.Context, w Workspace) error

	// Workspaces returns every workspace that has a tasting.
	Workspaces(ctx context.Context) ([]Workspace, error)

	// Update changes a tasting that is in state s, in one transaction: it
	// calls change on the stored record and keeps the result. ErrMoved if the
	// state is another; an error of change is returned and nothing is kept.
	// change may run more than once, must not call the Store, and may move
	// the state only forward (a move back is an error).
	Update(ctx context.Context, id TastingID, s State, change func(*Tasting) error) error

	// Review is Update with all rows of the tasting, those without a pick too.
	// They are read in the same transaction, so that whoever has looked at votes
	// before can tell whether any came since.
	Review(ctx context.Context, id TastingID, s State, change func(t *Tasting, rows Rows) error) error

	// Sit returns a voter's seat in a tasting that takes votes, from 1: the one
	// they have, else the next free one, which the record then counts in
	// Deal.Seats. ErrClosed if the tasting takes no votes. From Seal on nobody
	// can tell who sat where. A voter who was forgotten in this tasting is given the
	// next seat too, and it stays free.
	Sit(ctx context.Context, id TastingID, v Voter) (int, error)

	// Texts returns a round's texts, or those of a further prompt by its number, or
	// ErrNotFound.
	Texts(ctx context.Context, id RoundID) (Texts, error)

	// SetTexts replaces texts that Texts returns. ErrNotFound if there are none.
	SetTexts(ctx context.Context, id RoundID, x Texts) error

	// ByRef returns the round whose ballot is ref, or ErrNotFound.
	ByRef(ctx context.Context, ref Ref) (RoundID, error)

	// Hear merges a mark into a vote's row, by [Vote.Hear]. ErrClosed if the
	// tasting takes no votes, ErrNotFound if there is no such round.
	// A voter who was forgotten in this tasting is passed over in silence.
	Hear(ctx context.Context, id RoundID, v Voter, p Pick, m Mark) error

	// Choose makes p the only pick of a vote's row, or takes all back if p is
	// None, by [Vote.Choose]: in one transaction, so that nobody ever reads a
	// change of mind by halves. Errors and forgotten voters are as with Hear.
	Choose(ctx context.Context, id RoundID, v Voter, p Pick, at time.Time) error

	// Votes returns a round's rows, ordered by user, those without a pick too.
	Votes(ctx context.Context, id RoundID) ([]Vote, error)

	// EachVote calls f on a round's rows in the order of Votes, which reads them all at
	// once, for whoever needs none of them for long; of Round 0, on those of all rounds,
	// one round after the other. They are read some thousand at a time: what changes
	// meanwhile may be seen or not. An error of f ends it.
	EachVote(ctx context.Context, id RoundID, f func(Vote) error) error

	// Vote returns one row; a zero row if there is none.
	Vote(ctx context.Context, id RoundID, v Voter) (Vote, error)

	// VotesBy returns a voter's rows in tastings, in the order of ids and by round.
	VotesBy(ctx context.Context, v Voter, ids []TastingID) ([]Vote, error)

	// Seal ends what can be voted in a tasting, in one transaction: it moves it from
	// Closing to Closed. ErrMoved in any other state.
	// Each of changed, less the forgotten voters', takes the place of its voter's row in
	// its round; all others stay as they were heard, but for rows without a pick, in
	// rounds that are not live, and of the record's Barred, which go. change is called on
	// the record with the rows that stay. Then those go too of the people who stand in
	// its Outside, and in rounds that are not live any more, and Outside is emptied.
	// Writes to other tastings do not wait for change, but for Forget, which may. change may run some
	// times, few however many are forgotten meanwhile, and must not call the Store.
	Seal(ctx context.Context, id TastingID, changed []Vote, change func(t *Tasting, kept Rows) error) error

	// Schedule lets a job fall due at a time, in place of the time at which it
	// would have, also while somebody has it. It makes the job if there is none.
	// A tasting's job cannot be scheduled: it follows the tasting's Wake.
	Schedule(ctx context.Context, key JobKey, due time.Time) error

	// Take gives the job that has been due longest at now and that nobody has,
	// to whoever asks, until now+lease; false if there is none. A lease that has
	// run out makes a job free again, and so does whatever ended its holder's
	// hold on the store: in a file, that it was opened anew. Times are those of
	// the caller's clock, which may be wrong: then a job is taken early or late,
	// or taken over, and never done by two, because every write under [For] is
	// refused with ErrTerm once somebody else has taken the job.
	Take(ctx context.Context, now time.Time, lease time.Duration) (Job, bool, error)

	// Renew lets a job's lease end at until. ErrTerm if somebody else has it.
	Renew(ctx context.Context, j Job, until time.Time) error

	// Finish gives a job back. It falls due again at next, and with past; if
	// next is zero the job is done for good and its row goes. If it was scheduled
	// anew meanwhile, that time stands. A tasting's job stays until the tasting
	// is settled, and is due at its Wake, but not before next; whoever opens the
	// store anew does not wait for next, for they may have mended what failed.
	// ErrTerm if somebody else has it.
	Finish(ctx context.Context, j Job, next time.Time, past Past) error

	// Cells returns the cells of a workspace's sealed tastings, by round and in
	// the order of their voters' numbers; of a tasting without a vote, none. Seal
	// makes them in its transaction. A voter who was forgotten since has a number
	// of their own in each tasting.
	Cells(ctx context.Context, w Workspace) (map[TastingID][][]Cell, error)

	// Judge keeps what a judge made of a round, or of a further prompt, in place of what
	// the same judge had made of it before. ErrNotFound if there is no such round, ErrMoved unless its
	// tasting is sealed: Closed or Revealed. It is kept as [Tasting.Dated] says, in the
	// same transaction: whoever has read JudgedAt finds all that is not too late.
	Judge(ctx context.Context, id RoundID, j Judgment) error

	// Judgments returns what judges made of a tasting's rounds, by the round's
	// number and in the order of judges' names. Of a tasting that nobody judged, or
	// that is not there, it returns none.
	Judgments(ctx context.Context, id TastingID) (map[int][]Judgment, error)

	// Intend records that a post with this key is about to be said at a place.
	// ErrNotFound, here and from Posted, if its tasting was deleted.
	// The first time since is zero. Later it is when the first attempt began,
	// and ref is where it landed, zero if that is not known.
	Intend(ctx context.Context, at Place, key PostKey) (since time.Time, ref Ref, err error)

	// Posted records where a post landed. For a key of What "ballot" ByRef
	// finds its round from then on. The last call wins.
	Posted(ctx context.Context, at Place, key PostKey, ref Ref) error

	// Relocate follows a channel whose name has changed: what of a tasting is said
	// to stand in it, or in a thread of it, stands in the new one from then on, in
	// one transaction. Number 0 is for posts of no tasting and for the channel's
	// settings. Twice is fine.
	Relocate(ctx context.Context, id TastingID, from, to Place) error

	// Posts returns a tasting's posts that landed, in the order of their intents.
	Posts(ctx context.Context, id TastingID) ([]Posted, error)

	// Settings returns what was set for a channel; nothing was: the zero Settings.
	Settings(ctx context.Context, channel Place) (Settings, error)

	// SetSettings calls change on what was set for a channel and keeps the result,
	// in one transaction. An error of change is returned and nothing is kept. change
	// may run more than once and must not call the Store.
	SetSettings(ctx context.Context, channel Place, change func(*Settings) error) error

	Profiles

	// Reserve adds cost (pico-USD, may be negative) to what is reserved under
	// key. If that would exceed limit, nothing is added and ErrLimit is
	// returned; a negative cost is always taken. limit < 0: none.
	Reserve(ctx context.Context, key string, cost, limit int64) error

	// Reserved returns what is reserved under key, in pico-USD.
	Reserved(ctx context.Context, key string) (int64, error)

	// Forget removes a voter. In tastings that take votes or are closing the
	// rows go, and a keyed hash keeps the voter out of Hear and Seal; in all
	// others a random pseudonym, new in each tasting, takes the voter's place,
	// also as starter and among the invited, and counts stay as they are. Settings
	// that the voter changed last were changed by nobody known, and a schedule that
	// they made is nobody's.
	// It returns the open rounds in which there was a vote.
	Forget(ctx context.Context, v Voter) ([]RoundID, error)

	// Secret returns 32 random bytes, the same ones for a name ever after.
	Secret(ctx context.Context, name string) ([]byte, error)

	// Snapshot writes a consistent copy to a new file at path, mode 0600.
	Snapshot(ctx context.Context, path string) error

	// Close waits for what was begun and closes the store. Later calls fail.
	Close() error
}

// Rows are rows of a tasting, ordered by round and user. They can be gone through
// more than once, and only while they are given: they are not held in memory.
type Rows = iter.Seq[Vote]

// Profiles keep people of the page.
type Profiles interface {
	// Profile returns what is kept of somebody; nothing is: the zero Profile.
	Profile(ctx context.Context, v Voter) (Profile, error)

	// SetProfile calls change on what is kept of somebody and keeps the result, in
	// one transaction. An error of change is returned and nothing is kept. change may
	// run more than once and must not call the Store. ErrTaken if the name is new and in
	// that workspace somebody else's, by [text.NameKey]: of two who take it at once one
	// has it.
	SetProfile(ctx context.Context, v Voter, change func(*Profile) error) error

	// Names returns the names of those of users of whom one is kept, by user.
	Names(ctx context.Context, w Workspace, users []string) (map[string]string, error)
}

// A Query narrows [Store.Tastings]. Zero fields do not.
type Query struct {
	Channel string   // in this channel, or in a thread of it
	Exactly []string // in one of these channels or threads
	States  []State  // in one of these
	Limit   int      // the newest so many
}

// At reports whether q wants what stands in a channel.
func (q Query) At(channel string) bool {
	return (q.Channel == "" || strings.HasPrefix(channel+"/", q.Channel+"/")) && (q.Exactly == nil || slices.Contains(q.Exactly, channel))
}

// A Posted is a post that landed.
type Posted struct {
	Key PostKey
	At  Place
	Ref Ref
	On  time.Time // of the first intent
}
