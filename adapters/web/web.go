// Package web is a chat in the browser: one channel on one page, for trying
// Tastetest out and for teams without Slack or Discord.
//
// It keeps no posts and no votes. The page is a view over a [bot.Reader], so
// a restart loses nothing but the private notices.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/tastetest/tastetest/bot"
)

// Options say how a [Chat] behaves.
type Options struct {
	Title     string // of the page; empty: "Tastetest"
	Workspace string // its ID; empty: "local"
	Channel   string // empty: "tasting"
	Secret    string // lets people in; required unless the page is served on loopback
	AdminKey  string // opening /?admin=KEY makes a browser an admin; empty: there are none
	Key       []byte // 32 bytes: signs cookies. The same key after a restart keeps people who they are

	// Proxies are the addresses of reverse proxies of ours. Only what they say
	// in X-Forwarded-For and X-Forwarded-Proto is believed.
	Proxies []netip.Prefix

	// People keeps a language and a time zone of each person. nil: nobody does, and a
	// language that was chosen lasts as long as the browser keeps its cookie.
	People bot.Profiles

	// LinkedOnly keeps the votes of those alone who came by a link that an admin
	// handed out. It needs People.
	LinkedOnly bool

	// Simulated reports whether a user is not a person. They are marked
	// wherever they are named. nil: everybody is a person.
	Simulated func(user string) bool

	// Votes are those behind a page of results, as a file; nil: there is none.
	Votes func(ctx context.Context, at bot.Place, f bot.Filter) (VoteFile, error)

	// Healthy returns what is wrong with the bot; /healthz says that something
	// is, and the log what. nil: nothing ever is.
	Healthy func() error
}

// A VoteFile writes votes, as a table or as JSON, a vote a line.
type VoteFile func(out io.Writer, jsonl bool) error

// A Chat is a [bot.Chat] on a page of its own.
type Chat struct {
	log    *slog.Logger
	reader bot.Reader
	opt    Options
	place  bot.Place
	signer signer
	local  bool // only this machine can reach the page

	live    live
	notices notices
	texts   texts
	pieces  pieces
	guesses guesses
	bodies  *semaphore.Weighted // what has come of forms, see mostForms
	forms   chan struct{}       // one for each form that is being taken in, see largeForms
	began   chan struct{}       // closed when Run has begun
	working sync.WaitGroup      // requests, and what replies do later

	mu      sync.Mutex
	handler bot.Handler     // nil before Run
	running context.Context // of Run
	ended   bool            // Run takes no more requests
	admins  map[string]bool // users whose browsers showed an admin's cookie
}

var (
	_ bot.Chat       = (*Chat)(nil)
	_ bot.Welcoming  = (*Chat)(nil)
	_ bot.Acquainted = (*Chat)(nil)
	_ bot.Inviting   = (*Chat)(nil)
)

// New returns a Chat whose page shows what reader says. at is where its Handler
// will be served; an address that others can reach is refused without a secret.
func New(log *slog.Logger, at net.Addr, reader bot.Reader, opt Options) (*Chat, error) {
	local := loopback(at)
	switch {
	case !local && opt.Secret == "":
		return nil, fmt.Errorf("others can reach a page on %s, so it needs a secret that lets people in: write secret_env: NAME_OF_A_VARIABLE below web in the configuration, or listen on 127.0.0.1", at)
	case len(opt.Key) != 32:
		return nil, fmt.Errorf("serve the web chat: the key that signs cookies has %d bytes, not 32", len(opt.Key))
	}
	if opt.Title == "" {
		opt.Title = "Tastetest"
	}
	if opt.Workspace == "" {
		opt.Workspace = "local"
	}
	if opt.Channel == "" {
		opt.Channel = "tasting"
	}
	if opt.Simulated == nil {
		opt.Simulated = func(string) bool { return false }
	}
	if opt.Healthy == nil {
		opt.Healthy = func() error { return nil }
	}
	c := &Chat{
		log: log, reader: reader, opt: opt, local: local,
		signer: signer{opt.Key}, began: make(chan struct{}), bodies: semaphore.NewWeighted(mostForms), forms: make(chan struct{}, largeForms), admins: make(map[string]bool),
	}
	c.place = bot.Place{Workspace: bot.Workspace{Platform: c.Platform(), ID: opt.Workspace}, Channel: opt.Channel}
	return c, nil
}

func loopback(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}

// Platform is "web".
func (c *Chat) Platform() string { return "web" }

// Place is the channel that the page shows.
func (c *Chat) Place() bot.Place { return c.place }

// Post makes open pages look again. What is posted is what the Reader says,
// so a post can neither be lost nor stand twice.
func (c *Chat) Post(_ context.Context, at bot.Place, key bot.PostKey, _ time.Time, _ bot.Post) (bot.Ref, error) {
	if at.Workspace != c.place.Workspace {
		return bot.Ref{}, fmt.Errorf("post %s in workspace %q: %w", key, at.ID, bot.ErrLost)
	}
	c.live.pokeSoon()
	return bot.Ref{Place: at, Message: key.String()}, nil
}

// Thread is the message's own place: "tasting/7/head".
func (c *Chat) Thread(_ context.Context, ref bot.Ref) (bot.Place, error) {
	return bot.Place{Workspace: ref.Workspace, Channel: ref.Channel + "/" + ref.Message}, nil
}

// Edit makes open pages look again.
func (c *Chat) Edit(_ context.Context, ref bot.Ref, _ bot.Post) error {
	if ref.Workspace != c.place.Workspace {
		return fmt.Errorf("edit %s in workspace %q: %w", ref.Message, ref.ID, bot.ErrLost)
	}
	c.live.pokeSoon()
	return nil
}

// CountEvery is a second at any age: an edit costs a look at the page.
func (c *Chat) CountEvery(time.Duration) time.Duration { return time.Second }

// Reactions always fails with [bot.ErrHeardOnly].
func (c *Chat) Reactions(context.Context, bot.Ref) ([]bot.Tap, error) {
	return nil, bot.ErrHeardOnly
}

// Address implements [bot.Addressed]: further up or down on the same page.
func (c *Chat) Address(_ context.Context, ref bot.Ref) (string, error) {
	return "/#" + anchor(ref.Message), nil
}

// Tell shows p on the person's pages, to them alone, until they dismiss it.
func (c *Chat) Tell(_ context.Context, to bot.Voter, p bot.Post) error {
	if to.Workspace != c.place.Workspace {
		return fmt.Errorf("tell somebody in workspace %q: %w", to.ID, bot.ErrLost)
	}
	c.notices.add(to.User, bot.Reply{Post: p})
	c.live.poke(to.User)
	return nil
}

// Admin reports whether user's browser has shown the admin key. It shows it
// anew with each request, so this holds over restarts.
func (c *Chat) Admin(_ context.Context, _ bot.Place, user string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.admins[user], nil
}

// Admission says where the address is that makes a browser an admin's.
func (c *Chat) Admission() bot.Sentence {
	switch {
	case c.opt.AdminKey == "":
		return bot.Say("Nobody is an admin of this page as it runs now; whoever runs it can name starters.")
	case c.local:
		return bot.Say("Is this machine yours? {command} prints the address that makes a browser an admin’s.", bot.Verbatim("tastetest run"))
	}
	return bot.Say("Whoever runs this page has the address that makes a browser an admin’s.")
}

// Tap is what a person's tap on the page does, also for people who are
// simulated in this process: what they tap stands alone, or nothing of theirs
// does. nil: the vote is on disk. A UserError says why it is not.
func (c *Chat) Tap(ctx context.Context, ref bot.Ref, user string, choice bot.Choice, on bool) error {
	h, _ := c.connected()
	if h == nil {
		return errors.New("tap: the web chat does not run")
	}
	if err := h.React(ctx, bot.Tap{Ref: ref, User: user, Choice: choice, On: on, Only: true}); err != nil {
		return err
	}
	c.live.poke("")
	return nil
}

func (c *Chat) connected() (bot.Handler, context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handler, c.running
}
