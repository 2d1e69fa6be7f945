package bot

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"time"
)

// Options say how a [Bot] behaves. Functions are called when their answer is
// needed, so that what they return may change while the bot runs.
type Options struct {
	Models  func() []Model // the configured ones, in the order of the configuration
	Library Library
	Policy  Policy
	Limits  Limits

	TimeZone *time.Location // of places that say nothing else; nil: UTC
	Rand     io.Reader      // of sides and nonces; nil: crypto/rand
	Crowd    bool           // simulated people vote: posts say so

	// Step, if set, is called between any two durable steps with a name for
	// the one just taken: "sealed", "posted 7.3/ballot". Tests of crashes stop
	// the process there.
	Step func(name string)
}

// A Policy says who may start tastings. Users are written "slack:U024BE7LH".
type Policy struct {
	Everyone bool     // may start
	Starters []string // may start, besides admins
	Admins   []string // besides the platform's own
}

// Limits are spending limits a UTC day, in pico-USD; negative: none.
type Limits struct {
	Day     int64 // of the process
	Person  int64 // of one starter
	Unknown int64 // what one answer of a model without a price counts as
}

// A Bot runs tastings. Make one with [New], give it chats with Add, and Run it.
type Bot struct {
	log   *slog.Logger
	store Store
	opt   Options
	chats map[string]Chat
}

// New returns a Bot that logs to log and keeps all its state in store.
func New(log *slog.Logger, store Store, opt Options) *Bot {
	if opt.TimeZone == nil {
		opt.TimeZone = time.UTC
	}
	if opt.Rand == nil {
		opt.Rand = rand.Reader
	}
	if opt.Step == nil {
		opt.Step = func(string) {}
	}
	return &Bot{log: log, store: store, opt: opt, chats: make(map[string]Chat)}
}

// Add adds a chat. Call it before Run.
func (b *Bot) Add(c Chat) { b.chats[c.Platform()] = c }

// Run does what falls due, until ctx is done; then it finishes the step it is
// in and returns nil.
func (b *Bot) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}
