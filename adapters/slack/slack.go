// Package slack is a chat in Slack workspaces, over Socket Mode or over HTTP.
//
// Slack has no idempotency key for posts. A post carries its key in the
// message's metadata; after an unclear answer the channel's history is searched
// for it before anything is said again (read.go). A vote's event is acknowledged
// when the vote is on disk, and not before: Slack sends it again (events.go).
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"
	"golang.org/x/sync/semaphore"

	"github.com/tastetest/tastetest/bot"
)

// Options say how a [Chat] behaves.
type Options struct {
	Workspaces []Workspace

	Path string // at which Handler takes events over HTTP; empty: /slack/events

	APIURL    string        // empty: Slack's own
	SeedEvery time.Duration // between two emoji that the bot puts on a ballot, and before something is tried again; 0: a second
	PingEvery time.Duration // a socket that is silent for so long is dead; 0: 30 s
	Faster    int           // how many times Slack's own limits on calls are kept to; 0: once

	// Acts is asked right before a post is sent, after all waiting for its turn. An error,
	// with which the post fails then, is that this process slept, and another may have
	// posted meanwhile: nobody would look for what comes after that. nil: it always may.
	Acts func() error

	// Replicas says that other replicas may have sockets open with the same app tokens;
	// Slack spreads deliveries over all of them.
	Replicas bool
}

// A Workspace is one workspace into which the app is installed. It has either
// an app token, for Socket Mode, or a signing secret, for events over HTTP: then
// [Chat.Handler] is to be served.
type Workspace struct {
	Name          string // for logs
	BotToken      string // xoxb-…
	AppToken      string // xapp-…
	SigningSecret string

	Admins      []string // user IDs, besides Slack's own admins and owners
	AllowGuests bool     // guests may vote and, if they may start, start
	AllowShared bool     // in channels shared with other organisations too
}

// A Chat is a [bot.Chat] in Slack workspaces.
type Chat struct {
	log     *slog.Logger
	opt     Options
	client  *http.Client
	network func(ctx context.Context, network, address string) (net.Conn, error) // on which Slack is; nil: the usual
	clock   *clock
	edits   bot.KeyedMutex[string] // by message, or modal
	gate    gate                   // lets in what comes over HTTP
	slots   chan struct{}          // for what is worked on
	early   chan struct{}          // for what is held

	met chan struct{} // closed when Slack has been asked once who every workspace is

	mu      sync.Mutex
	teams   map[string]*team   // by ID
	sockets map[string]*socket // that are open, by app token
	handed  map[string]*line   // that take what other replicas hand on, by a workspace's name
	trouble map[string]error   // what keeps a workspace or a socket from working
	noticed map[string]string  // for whoever runs the bot, by what it is about
}

var _ bot.Chat = (*Chat)(nil)

// New returns a Chat in the workspaces of opt. It asks nothing of Slack yet.
func New(log *slog.Logger, opt Options) (*Chat, error) {
	if len(opt.Workspaces) == 0 {
		return nil, errors.New("no Slack workspace is configured")
	}
	for _, w := range opt.Workspaces {
		switch {
		case w.BotToken == "":
			return nil, fmt.Errorf("the Slack workspace %q has no bot token", w.Name)
		case (w.AppToken == "") == (w.SigningSecret == ""):
			return nil, fmt.Errorf("the Slack workspace %q needs either an app token, for Socket Mode, or a signing secret, for events over HTTP", w.Name)
		}
	}
	if opt.Path == "" {
		opt.Path = "/slack/events"
	}
	if opt.APIURL == "" {
		opt.APIURL = api.APIURL
	}
	if !strings.HasSuffix(opt.APIURL, "/") {
		opt.APIURL += "/"
	}
	if opt.SeedEvery == 0 {
		opt.SeedEvery = time.Second
	}
	if opt.PingEvery == 0 {
		opt.PingEvery = 30 * time.Second
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second} // or a connection from before an outage is used for ever
	opt.Faster = max(opt.Faster, 1)
	clock := &clock{next: transport, log: log}
	return &Chat{
		clock: clock,
		log:   log, opt: opt, client: &http.Client{Timeout: 30 * time.Second, Transport: clock},
		gate: gate{open: make(chan struct{}), bodies: semaphore.NewWeighted(mostBodies)}, met: make(chan struct{}), teams: make(map[string]*team), sockets: make(map[string]*socket), handed: make(map[string]*line),
		slots: make(chan struct{}, mostInFlight), early: make(chan struct{}, mostEarly),
		trouble: map[string]error{notRunning: errConnecting}, noticed: make(map[string]string),
	}, nil
}

// Platform is "slack".
func (c *Chat) Platform() string { return "slack" }

// CountEvery is ten seconds in the first hour, then a minute.
func (c *Chat) CountEvery(age time.Duration) time.Duration {
	if age < time.Hour {
		return 10 * time.Second
	}
	return time.Minute
}

// Thread is "C024BE91L/1700000000.000100": the channel, and the message that
// the thread hangs on.
func (c *Chat) Thread(_ context.Context, ref bot.Ref) (bot.Place, error) {
	channel, _ := split(ref.Place)
	return bot.Place{Workspace: ref.Workspace, Channel: channel + "/" + ref.Message}, nil
}

// split takes a place apart. thread is empty in the channel itself.
func split(at bot.Place) (channel, thread string) {
	channel, thread, _ = strings.Cut(at.Channel, "/")
	return channel, thread
}

// refOf is the reference of a message. Its place is the channel also for a
// message in a thread: that is all that Slack's events tell, and times are
// unique in a channel.
func refOf(t *team, channel, ts string) bot.Ref {
	return bot.Ref{Place: bot.Place{Workspace: t.where, Channel: channel}, Message: ts}
}
