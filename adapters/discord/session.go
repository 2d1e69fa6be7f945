package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Sessions keep what whoever takes over needs to go on with a session, in place of
// beginning one: Discord then says what was said in between.
type Sessions interface {
	// Session is what KeepSession kept last under a name; nil: nothing was.
	Session(ctx context.Context, name string) ([]byte, error)
	KeepSession(ctx context.Context, name string, kept []byte) error
}

const (
	sessionName = "discord"
	keepEvery   = time.Second
	keepTime    = 2 * time.Second

	// left ends a connection and not its session, as 1000 and 1001 would.
	left = 4000
)

// A keptSession is a session with what READY said. That of one shard alone has the
// name "discord", that of one of several "discord/2"; then "discord" has no session,
// and says how many they are.
type keptSession struct {
	Session string   `json:"session"`
	Address string   `json:"address"`
	Seq     int64    `json:"seq"`
	Self    string   `json:"self"`
	App     string   `json:"app"`
	Guilds  []string `json:"guilds"`
	Shards  int      `json:"shards,omitempty"` // if several

	// Whole: all that was said up to Seq was done, and nothing after it. Without,
	// its holder died, and may have done more.
	Whole bool `json:"whole,omitempty"`
}

// A keeper knows how far a shard's session is, has what is said in it done, and keeps
// that now and then, if there is a place for it.
type keeper struct {
	*running
	shard shard
	began chan struct{} // a connection stands

	mu      sync.Mutex
	now     session
	told    session   // what was kept
	repeats bool      // events after now may have been done by whoever led before
	term    int64     // in which a replica has the shard, the highest that was heard of
	stood   bool      // a connection has, as this run knows
	spoke   time.Time // when another replica did that has the connection; zero: it is here
}

// What may not be done.
var (
	errAnother = errors.New("another replica has this shard by now, or may have")
	errStrange = errors.New("a session of which nobody has heard the beginning")
)

// take does what was said in a session of the shard, after all that was before it. What
// was done already is not done again. It waits for nothing.
func (k *keeper) take(term int64, s session, e event) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	begins := e.Kind == "READY"
	switch {
	case term < k.term:
		return errAnother
	case s.id != k.now.id && !begins:
		return errStrange // READY says which servers there are
	case s.id == k.now.id && e.Seq != 0 && e.Seq <= k.now.seq && e.Kind != "RESUMED":
		return nil
	}
	k.term = term
	if begins || e.Kind == "RESUMED" {
		k.stood = true
		select {
		case k.began <- struct{}{}:
		default:
		}
	}
	if !e.Again { // nor is anything that comes after it
		k.repeats = false
	}
	// What has waited for a lease to run out can be answered no more, and may have been.
	// Emoji are heard once more, and read.
	answered := e.Kind == "INTERACTION_CREATE" || e.Kind == "MESSAGE_CREATE"
	if !(k.repeats && e.Again && answered) {
		k.event(k.shard, e.Kind, e.Data)
	}
	if s.tries = 0; s.id == k.now.id {
		s.seq = max(s.seq, k.now.seq)
	}
	k.now = s
	return nil
}

// begins is where whoever has the shard in a term, in this process, goes on.
func (k *keeper) begins(term int64) session {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.term, k.spoke = max(k.term, term), time.Time{}
	return k.now
}

func (k *keeper) name() string {
	if k.shard.of == 1 {
		return sessionName
	}
	return fmt.Sprintf("%s/%d", sessionName, k.shard.n)
}

// adopt goes on with the session that another has left behind, if there is one, and
// one of as many shards.
func (k *keeper) adopt(ctx context.Context) {
	if k.chat.opt.Sessions == nil {
		return
	}
	kept, err := k.chat.keptSession(ctx, k.name())
	if err != nil {
		k.chat.log.Warn("read the session of before; another is begun", "err", err)
		return
	}
	if kept.Session == "" || kept.Self == "" || max(1, kept.Shards) != k.shard.of {
		return
	}
	k.chat.mu.Lock()
	k.chat.self = kept.Self
	k.chat.mu.Unlock()
	k.running.mu.Lock()
	k.app = kept.App
	for _, g := range kept.Guilds {
		k.guilds[g] = true
	}
	k.running.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = session{id: kept.Session, address: kept.Address, seq: kept.Seq}
	k.repeats = !kept.Whole
}

// keptSession is what was kept under a name. The zero value: nothing was.
func (c *Chat) keptSession(ctx context.Context, name string) (kept keptSession, err error) {
	data, err := c.opt.Sessions.Session(ctx, name)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &kept)
	}
	return kept, err
}

// kept is of how many shards sessions were kept; 0: of none.
func (f *fleet) kept(ctx context.Context) int {
	if f.chat.opt.Sessions == nil {
		return 0
	}
	kept, err := f.chat.keptSession(ctx, sessionName)
	switch {
	case err != nil: // adopt says so
		return 0
	case kept.Session != "":
		return 1
	}
	return kept.Shards
}

// keepShards says to whoever takes over that there are several.
func (f *fleet) keepShards(ctx context.Context, shards int) {
	if f.chat.opt.Sessions == nil {
		return
	}
	data, err := json.Marshal(keptSession{Shards: shards})
	if err == nil {
		err = f.chat.opt.Sessions.KeepSession(ctx, sessionName, data)
	}
	if err != nil && ctx.Err() == nil {
		f.chat.log.Warn("keep the number of shards for whoever takes over", "err", err)
	}
}

// run keeps the session when a connection stands, and then at most once in keepEvery, until
// ctx is done.
func (k *keeper) run(ctx context.Context) {
	defer k.recover("keep the session")
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.began: // what was done before is not to be said again as if nobody had
		case <-time.After(keepEvery):
		}
		if err := k.keep(ctx, false); err != nil && ctx.Err() == nil {
			k.chat.log.Warn("keep the session for whoever takes over", "err", err)
		}
	}
}

// end keeps the sessions when all that was said is done.
func (f *fleet) end(ctx context.Context) {
	if f.chat.opt.Sessions == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	for _, k := range f.keepers {
		if err := k.keep(ctx, true); err != nil {
			f.chat.log.Warn("leave the session to whoever takes over", "err", err)
			return
		}
	}
}

func (k *keeper) keep(ctx context.Context, whole bool) error {
	k.mu.Lock()
	s, same := k.now, k.now == k.told
	k.mu.Unlock()
	if same && !whole {
		return nil
	}
	k.chat.mu.Lock()
	self := k.chat.self
	k.chat.mu.Unlock()
	k.running.mu.Lock()
	kept := keptSession{Session: s.id, Address: s.address, Seq: s.seq, Self: self, App: k.app, Guilds: k.guildsOf(k.shard), Whole: whole}
	k.running.mu.Unlock()
	if k.shard.of > 1 {
		kept.Shards = k.shard.of
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	if err := k.chat.opt.Sessions.KeepSession(ctx, k.name(), data); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told = s
	return nil
}
