package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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

// A keptSession is a session with what READY said.
type keptSession struct {
	Session string   `json:"session"`
	Address string   `json:"address"`
	Seq     int64    `json:"seq"`
	Self    string   `json:"self"`
	App     string   `json:"app"`
	Guilds  []string `json:"guilds"`

	// Whole: all that was said up to Seq was done, and nothing after it. Without,
	// its holder died, and may have done more.
	Whole bool `json:"whole,omitempty"`
}

// A keeper keeps a gateway's session now and then, if there is a place for it.
type keeper struct {
	*running

	mu   sync.Mutex
	now  session
	told session // what was kept
}

// note says how far the gateway is. It waits for nothing.
func (k *keeper) note(s session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s.tries = 0
	k.now = s
}

// adopt returns the session that another has left behind; whole, if all was done
// that was said in it. The zero session: none was.
func (k *keeper) adopt(ctx context.Context) (s session, whole bool) {
	if k.chat.opt.Sessions == nil {
		return session{}, true
	}
	var kept keptSession
	data, err := k.chat.opt.Sessions.Session(ctx, sessionName)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil {
		k.chat.log.Warn("read the session of before; another is begun", "err", err)
		return session{}, true
	}
	if kept.Session == "" || kept.Self == "" {
		return session{}, true
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
	s = session{id: kept.Session, address: kept.Address, seq: kept.Seq}
	k.note(s)
	return s, kept.Whole
}

// run keeps the session at most once in keepEvery, until ctx is done.
func (k *keeper) run() {
	for sleep(k.ctx, keepEvery) == nil {
		if err := k.keep(k.ctx, false); err != nil && k.ctx.Err() == nil {
			k.chat.log.Warn("keep the session for whoever takes over", "err", err)
		}
	}
}

// end keeps the session when all that was said is done.
func (k *keeper) end(ctx context.Context) {
	if k.chat.opt.Sessions == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	if err := k.keep(ctx, true); err != nil {
		k.chat.log.Warn("leave the session to whoever takes over", "err", err)
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
	kept := keptSession{Session: s.id, Address: s.address, Seq: s.seq, Self: self, App: k.app, Guilds: slices.Sorted(maps.Keys(k.guilds)), Whole: whole}
	k.running.mu.Unlock()
	data, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	if err := k.chat.opt.Sessions.KeepSession(ctx, sessionName, data); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told = s
	return nil
}
