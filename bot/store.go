package bot

import (
	"context"
	"time"
)

// A Store keeps tastings, texts, posts and votes.
//
// Every method is atomic, durable when it returns, and safe for concurrent
// use. Package storetest says in tests what the comments here say in words.
type Store interface {
	// CreateTasting saves t and its rounds' texts under the next ID of
	// t.Place's workspace (from 1) and returns t with the ID set.
	// len(texts) == len(t.Rounds).
	CreateTasting(ctx context.Context, t Tasting, texts []Texts) (Tasting, error)

	// Tasting returns a tasting, or ErrNotFound.
	Tasting(ctx context.Context, id TastingID) (Tasting, error)

	// Tastings returns a workspace's tastings, newest first.
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

	// Texts returns a round's texts, or ErrNotFound.
	Texts(ctx context.Context, id RoundID) (Texts, error)

	// SetTexts replaces a round's texts. ErrNotFound if there is no such round.
	SetTexts(ctx context.Context, id RoundID, x Texts) error

	// ByRef returns the round whose ballot is ref, or ErrNotFound.
	ByRef(ctx context.Context, ref Ref) (RoundID, error)

	// Hear merges a mark into a vote's row, by [Vote.Hear]. ErrClosed if the
	// tasting takes no votes, ErrNotFound if there is no such round.
	// A voter who was forgotten in this tasting is passed over in silence.
	Hear(ctx context.Context, id RoundID, v Voter, p Pick, m Mark) error

	// Votes returns a round's rows, ordered by user, those without a pick too.
	Votes(ctx context.Context, id RoundID) ([]Vote, error)

	// Vote returns one row; a zero row if there is none.
	Vote(ctx context.Context, id RoundID, v Voter) (Vote, error)

	// Seal replaces all rows of the tasting by votes, less the forgotten
	// voters', calls change on the record and moves it from Closing to Closed,
	// in one transaction. kept are the rows that stay. ErrMoved in any other state.
	Seal(ctx context.Context, id TastingID, votes []Vote, change func(t *Tasting, kept []Vote) error) error

	// Due returns the tastings that are not [Tasting.Settled] and whose Wake is at or
	// before now, the longest waiting first. A zero Wake is due at once.
	Due(ctx context.Context, now time.Time) ([]TastingID, error)

	// Intend records that a post with this key is about to be said at a place.
	// ErrNotFound, here and from Posted, if its tasting was deleted.
	// The first time since is zero. Later it is when the first attempt began,
	// and ref is where it landed, zero if that is not known.
	Intend(ctx context.Context, at Place, key PostKey) (since time.Time, ref Ref, err error)

	// Posted records where a post landed. For a key of What "ballot" ByRef
	// finds its round from then on. The last call wins.
	Posted(ctx context.Context, at Place, key PostKey, ref Ref) error

	// Posts returns a tasting's posts that landed, in the order of their intents.
	Posts(ctx context.Context, id TastingID) ([]Posted, error)

	// Claim takes the job called key until the given time, or renews it if
	// this Store has it. False: it is done, or another Store has it.
	Claim(ctx context.Context, key string, until time.Time) (bool, error)

	// Done marks a job as done for good.
	Done(ctx context.Context, key string) error

	// Reserve adds cost (pico-USD, may be negative) to what is reserved under
	// key. If that would exceed limit, nothing is added and ErrLimit is
	// returned; a negative cost is always taken. limit < 0: none.
	Reserve(ctx context.Context, key string, cost, limit int64) error

	// Reserved returns what is reserved under key, in pico-USD.
	Reserved(ctx context.Context, key string) (int64, error)

	// Forget removes a voter. In tastings that take votes or are closing the
	// rows go, and a keyed hash keeps the voter out of Hear and Seal; in all
	// others a random pseudonym, new in each tasting, takes the voter's place,
	// also as starter and among the invited, and counts stay as they are.
	// It returns the open rounds in which there was a vote.
	Forget(ctx context.Context, v Voter) ([]RoundID, error)

	// Secret returns 32 random bytes, the same ones for a name ever after.
	Secret(ctx context.Context, name string) ([]byte, error)

	// Snapshot writes a consistent copy to a new file at path, mode 0600.
	Snapshot(ctx context.Context, path string) error

	// Close waits for what was begun and closes the store. Later calls fail.
	Close() error
}

// A Query narrows [Store.Tastings]. Zero fields do not.
type Query struct {
	Channel string  // in this channel, or in a thread of it
	States  []State // in one of these
	Limit   int     // the newest so many
}

// A Posted is a post that landed.
type Posted struct {
	Key PostKey
	At  Place
	Ref Ref
	On  time.Time // of the first intent
}
