// Package engine is the [Bot]: it asks models, publishes ballots, hears votes,
// seals, reveals, and does what falls due. It is the only room that acts, and
// the only one that holds a Store and Chats; what it may be asked stands in
// bot.Handler and bot.Reader, and the tour through it in bot/doc.go.
//
// Its tests play whole tastings on a real store and a chat that remembers, in
// the time of testing/synctest (room_test.go); each story is played twice with
// the sides exchanged (blind_test.go).
package engine

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	"github.com/tastetest/tastetest/bot/compose"
)

// Options say how a [Bot] behaves. Functions are called when their answer is
// needed, so that what they return may change while the bot runs.
type Options struct {
	Models  func() []bot.Model // the configured ones, in the order of the configuration
	Library bot.Library

	// Judges are the configured models that read tastings beside the people; nil:
	// none. JudgeAll has them read every tasting that does not say otherwise.
	Judges   func() []bot.Judge
	JudgeAll bool

	// Tried are the newest answers to the doctor's question, of which models tells;
	// nil: nobody asked.
	Tried func() []Tried

	Policy Policy
	Limits Limits

	// Retention is how long a tasting is kept after it is over; then everything
	// of it is deleted, and standings no longer count it. 0: for ever.
	Retention time.Duration

	Language bot.Lang          // of places that say nothing else; empty: English
	TimeZone *time.Location    // of places that say nothing else; nil: UTC, and nobody knows where people are
	Digest   *command.WeekTime // when the week is summed up in places that say nothing else; nil: it is not
	Rand     io.Reader         // of sides and nonces; nil: crypto/rand
	Crowd    bool              // simulated people vote: posts say so

	// NoPictures keeps files out of chats: what a picture shows stands in the
	// post all the same.
	NoPictures bool

	// LostAfter is for how long a place must be lost, or refuse a tasting's first
	// posts, before that is believed, and a tasting that nobody has voted in
	// fails: tokens are changed and permissions taken away by mistake. 0: a
	// quarter of an hour.
	LostAfter time.Duration

	// Hold is from when on after the starter's yes ballots are posted: how long
	// asking took would tell who wrote what, to whoever knows how fast the models
	// are. Asking that takes longer ends after twice or four times as long, or a
	// multiple of that. 0: a minute; negative: ballots are posted at once.
	Hold time.Duration

	// WaitForVotes is for how long votes are waited for that stand on a ballot
	// and cannot be read when voting closes; then what was heard counts. A place
	// that is lost while people vote, or before they are told, is waited for as
	// long. 0: six hours.
	WaitForVotes time.Duration

	// Restored is when the copy was made that the store was brought back from; zero:
	// it never was. What was said since is looked for before it is said again.
	Restored time.Time

	// Chores are jobs of the program's own by their kinds, which are due when Run
	// begins. Each returns when it falls due again; zero: never.
	Chores map[string]func(context.Context) (next time.Time, err error)

	// Healthy, if set, returns why the store keeps nothing, for whoever asks for
	// something meanwhile.
	Healthy func() error

	// ResultsLink, if set, makes a link that opens the results of a place for whoever
	// has it, for a short while. nil: people read results in their chat alone.
	ResultsLink func(ctx context.Context, at bot.Place) (string, error)

	// Stands, if set, is told what opened a tasting (its head or only ballot), what
	// it announced, and of digests, as soon as that stands and is on record: once each, or not
	// at all if the process dies in between. It must return at once.
	Stands func(at bot.Place, p bot.Post)

	// Step, if set, is called between any two durable steps with a name for
	// the one just taken: "sealed", "posted 7.3/ballot". Tests of crashes stop
	// the process there.
	Step func(name string)
}

// A Policy says who may start tastings. Users are written "slack:U024BE7LH",
// groups "discord:@1122334455".
type Policy struct {
	Everyone bool     // may start
	Starters []string // may start, besides admins
	Admins   []string // besides the platform's own
}

// Limits are spending limits a UTC day, in pico-USD; negative: none.
type Limits struct {
	Day     int64 // of the process
	Person  int64 // of one starter
	Judges  int64 // of all judges together
	Unknown int64 // what one answer of a model without a price counts as
}

// A Bot runs tastings. Make one with [New], give it chats with Add, and Run it.
// It is a [bot.Handler] for its chats and a [bot.Reader] of what it posted.
type Bot struct {
	log   *slog.Logger
	store bot.Store
	opt   Options
	chats map[string]bot.Chat

	zoned bool                          // the zone of places that say nothing else is known
	began time.Time                     // when this process did
	wake  chan struct{}                 // something may be due now
	ahead atomic.Bool                   // lookAhead is done
	edit  bot.KeyedMutex[bot.TastingID] // serialises the edits of a tasting's posts
	gates bot.KeyedMutex[bot.Workspace] // one is opened at a time
	late  lateCounts                    // posts whose count is out of date

	sights sights // what stands at places that are being looked at

	outcomes outcomes[compose.Outcome] // of sealed tastings
	judged   outcomes[judgedReports]   // of revealed ones
	turnouts outcomes[compose.Turnout] // of sealed ones, and of those that ended without
	recounts recounts                  // of open ones
	arrived  arrivals                  // stamps of marks that came without one
	thrift   thrift                    // where there are very many votes
}

var (
	_ bot.Handler = (*Bot)(nil)
	_ bot.Reader  = (*Bot)(nil)
)

// New returns a Bot that logs to log and keeps all its state in store.
func New(log *slog.Logger, store bot.Store, opt Options) *Bot {
	zoned := opt.TimeZone != nil
	if !zoned {
		opt.TimeZone = time.UTC
	}
	if opt.LostAfter == 0 {
		opt.LostAfter = 15 * time.Minute
	}
	if opt.Hold == 0 {
		opt.Hold = time.Minute
	}
	if opt.WaitForVotes == 0 {
		opt.WaitForVotes = 6 * time.Hour
	}
	if opt.Rand == nil {
		opt.Rand = rand.Reader
	}
	if opt.Healthy == nil {
		opt.Healthy = func() error { return nil }
	}
	if opt.Step == nil {
		opt.Step = func(string) {}
	}
	if opt.Stands == nil {
		opt.Stands = func(bot.Place, bot.Post) {}
	}
	return &Bot{zoned: zoned, began: time.Now(), log: log, store: store, opt: opt, chats: make(map[string]bot.Chat), wake: make(chan struct{}, 1)}
}

// Add adds a chat. Call it before Run.
func (b *Bot) Add(c bot.Chat) { b.chats[c.Platform()] = c }

// chat returns the chat of a workspace.
func (b *Bot) chat(w bot.Workspace) (bot.Chat, error) {
	c, ok := b.chats[w.Platform]
	if !ok {
		return nil, fmt.Errorf("no chat for platform %q", w.Platform)
	}
	return c, nil
}
