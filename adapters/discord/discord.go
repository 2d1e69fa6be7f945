package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
)

// Options say how a [Chat] connects.
type Options struct {
	Token string // of the bot, without "Bot "

	// APIURL is where the REST API is, with its version; empty: Discord's own.
	// The gateway's address follows from it.
	APIURL string

	// Guilds are the servers that get the commands, at once; empty: all,
	// within an hour of the bot's first start.
	Guilds []string

	// AdminsOnly: nobody but the servers' own admins may start tastings, so
	// the commands for that are kept out of others' sight.
	AdminsOnly bool

	// Starts counts new sessions, of which Discord grants a thousand a day; nil:
	// until the process ends.
	Starts Ledger

	// Sessions let whoever takes over go on with the session of before; nil: each
	// begins its own.
	Sessions Sessions

	// Shares share the connections out among replicas, where Discord wants several;
	// nil: whoever runs has all.
	Shares Shares

	// Acts is an error from when on this replica may act no more; nil: it always may.
	Acts func() error
}

// token is the bare token.
func (o Options) token() string { return strings.TrimPrefix(o.Token, "Bot ") }

// A Chat is all servers that one bot is on. It runs once.
type Chat struct {
	log     *slog.Logger
	opt     Options
	session *discordgo.Session // for requests alone
	http    *transport
	dial    func(ctx context.Context, network, address string) (net.Conn, error) // to the gateway; nil: the usual
	places  places
	pause   time.Duration // before the second try of a request
	reread  time.Duration // before ballots are read a second time
	defers  time.Duration // how long a first answer may take
	waits   time.Duration // for it, by Discord
	lives   time.Duration // how long an interaction can be answered
	answers time.Duration // how long the gateway may take to answer

	mu     sync.Mutex
	self   string // the bot's user ID; "" not known yet
	ready  []bool // by shard; none: it has not connected yet
	shared *fleet // takes what other replicas hand on; nil: nothing is taken
}

var _ bot.Chat = (*Chat)(nil)

// New returns a Chat. It connects when it is run.
func New(log *slog.Logger, opt Options) (*Chat, error) {
	if opt.Token == "" {
		return nil, errors.New("connect to Discord: no token")
	}
	if opt.Starts == nil {
		opt.Starts = &tally{count: make(map[string]int64)}
	}
	base := strings.TrimSuffix(opt.APIURL, "/")
	if u, err := url.Parse(base); err != nil || base != "" && (u.Host == "" || !strings.HasPrefix(u.Scheme, "http")) {
		return nil, fmt.Errorf("connect to Discord: api_url %q is not a URL such as https://discord.com/api/v10", opt.APIURL)
	}
	s, err := discordgo.New("Bot " + opt.token())
	if err != nil {
		return nil, fmt.Errorf("connect to Discord: %w", err)
	}
	c := &Chat{log: log, opt: opt, session: s, pause: firstPause, reread: rereadPause, defers: deferAfter, waits: firstWithin, lives: tokenLives, answers: answerWithin, http: &transport{base: base, next: http.DefaultTransport.(*http.Transport).Clone()}}
	s.Client = &http.Client{Transport: c.http}
	s.LogLevel = -1                  // it would write to standard error
	s.ShouldRetryOnRateLimit = false // call does, and hears when to stop
	s.MaxRestRetries = 0
	return c, nil
}

// Platform is "discord".
func (c *Chat) Platform() string { return "discord" }

// Ready returns an error while the gateway is not connected, of which shards if it
// has several. They count from 0.
func (c *Chat) Ready() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var away []string
	for n, ready := range c.ready {
		if !ready {
			away = append(away, strconv.Itoa(n))
		}
	}
	switch {
	case len(away) == len(c.ready):
		return errors.New("the gateway of Discord is not connected")
	case len(away) > 0:
		return fmt.Errorf("of the %d shards of Discord's gateway these are not connected: %s (the first is 0)", len(c.ready), strings.Join(away, ", "))
	}
	return nil
}

// setShards says that there are so many, of which none is connected.
func (c *Chat) setShards(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ready = make([]bool, n)
}

func (c *Chat) setReady(of shard, ready bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ready[of.n] = ready
}

// CountEvery is a minute in a message's first hour. Older messages may be
// edited only so often, and the reveal must come through.
func (c *Chat) CountEvery(age time.Duration) time.Duration {
	if age > time.Hour {
		return 0
	}
	return time.Minute
}

// Address implements [bot.Addressed].
func (c *Chat) Address(_ context.Context, ref bot.Ref) (string, error) {
	return "https://discord.com/channels/" + ref.ID + "/" + apiChannel(ref.Channel) + "/" + ref.Message, nil
}

// Tell sends p as a direct message.
func (c *Chat) Tell(ctx context.Context, to bot.Voter, p bot.Post) error {
	var dm struct {
		ID string `json:"id"`
	}
	err := c.call(ctx, request{doing: "open a direct message", method: "POST", path: "users/@me/channels", once: true,
		body: struct {
			Recipient string `json:"recipient_id"`
		}{to.User}}, &dm)
	if err != nil {
		return err
	}
	said := c.render(p, "").Main
	fromServer(to.ID, said.Components)
	return c.call(ctx, request{doing: "send a direct message", method: "POST", path: "channels/" + dm.ID + "/messages", message: &said, once: true}, nil)
}

// Admin reports whether user owns the server, or has a role that may manage it.
func (c *Chat) Admin(ctx context.Context, at bot.Place, user string) (bool, error) {
	if !snowflake(user) || !snowflake(at.ID) {
		return false, nil
	}
	m, g, err := c.member(ctx, at.ID, user)
	if err != nil {
		return false, err
	}
	return g.Owner == user || g.permissions(m)&(administrator|manageServer) != 0, nil
}

// Person implements [bot.Acquainted]. Discord tells nobody's time zone.
func (c *Chat) Person(ctx context.Context, v bot.Voter) (bot.Person, error) {
	if !snowflake(v.User) || !snowflake(v.ID) {
		return bot.Person{}, nil
	}
	m, err := c.memberAlone(ctx, v.ID, v.User)
	return bot.Person{Name: cmp.Or(m.Nick, m.User.Global, m.User.Name)}, err
}

// Groups are the user's roles, by ID.
func (c *Chat) Groups(ctx context.Context, at bot.Place, user string) ([]string, error) {
	if !snowflake(user) || !snowflake(at.ID) {
		return nil, nil
	}
	m, _, err := c.member(ctx, at.ID, user)
	return m.Roles, err
}

// Elects reports whether user's vote counts under e: by their roles, the age
// of their account, which their ID tells, and when they joined the server.
func (c *Chat) Elects(ctx context.Context, at bot.Place, user string, e bot.Electorate, since time.Time) (bool, error) {
	if !snowflake(user) || !snowflake(at.ID) || e.Age > 0 && since.Sub(created(user)) < e.Age {
		return false, nil
	}
	if e.Group == "" && !e.Before {
		return true, nil
	}
	m, err := c.memberAlone(ctx, at.ID, user)
	switch {
	case hasCode(err, discordgo.ErrCodeUnknownMember), hasCode(err, discordgo.ErrCodeUnknownUser):
		return false, nil // not there any more
	case err != nil:
		return false, err
	case e.Group != "" && e.Group != at.ID && !slices.Contains(m.Roles, e.Group), // everybody has that with the server's ID
		e.Before && !m.Joined.Before(since):
		return false, nil
	}
	return true, nil
}

// snowflake reports whether s is one of Discord's IDs.
func snowflake(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

// me is the bot's user ID.
func (c *Chat) me(ctx context.Context) (string, error) {
	c.mu.Lock()
	self := c.self
	c.mu.Unlock()
	if self != "" {
		return self, nil
	}
	var user struct {
		ID string `json:"id"`
	}
	if err := c.call(ctx, request{doing: "ask who the bot is", method: "GET", path: "users/@me"}, &user); err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self = user.ID
	return user.ID, nil
}
