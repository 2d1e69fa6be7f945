package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/tastetest/tastetest/adapters/discord"
	"github.com/tastetest/tastetest/adapters/monitor"
	"github.com/tastetest/tastetest/adapters/slack"
	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/engine"
	"github.com/tastetest/tastetest/prompts"
	"github.com/tastetest/tastetest/store"
	"github.com/tastetest/tastetest/store/postgres"
)

type runCommand struct {
	fileFlags
	Listen string `placeholder:"ADDR" help:"Serve the page here, whatever the file says; 127.0.0.1:0 picks a free port."`
	Reach  string `placeholder:"URL" env:"TASTETEST_REACH" help:"Where other replicas on the same database reach the page of this one, as http://10.0.0.7:8080; they hand requests on to it while it is the one that acts."`
}

func (runCommand) Help() string {
	return `Serves the page where people taste, and keeps everything over restarts. Ctrl-C (or SIGTERM) finishes what is under way and stops; a second one stops at once.

    tastetest config --example > tastetest.yaml
    tastetest run`
}

// Run runs the bot until ctx is done. It is long because it is the one place
// that knows all parts: they are read, opened and plugged together in this
// order, so that nothing is opened that a mistake in the configuration would
// close again.
func (c runCommand) Run(ctx context.Context, std streams) (err error) {
	if c.Listen != "" && !isAddress(c.Listen) {
		return usageError(c.Listen + " is not an address; write one with a port: --listen 127.0.0.1:8080")
	}
	if c.Reach != "" && !isReach(c.Reach) {
		return usageError(c.Reach + " is not an address for other replicas; write one as --reach http://10.0.0.7:8080")
	}
	s, err := c.read()
	if err != nil {
		return err
	}
	log := s.logger(std.err)
	library, err := prompts.Open(s.Packs)
	if err != nil {
		return err
	}
	models := watchModels(log, c.fileFlags, s)
	keys, err := s.gateKeys()
	if err != nil {
		return err
	}
	s.Web.Listen, s.Web.Reach = cmp.Or(c.Listen, s.Web.Listen), cmp.Or(c.Reach, s.Web.Reach)
	if _, _, err := s.Web.keys(s.Web.Listen); err != nil {
		return err // before anything is opened
	}
	if err := s.Web.canReach(); err != nil {
		return err
	}
	robots, err := s.robots(log)
	if err != nil {
		return err
	}
	address, err := s.storeURL()
	if err != nil {
		return err
	}
	kept, err := store.Open(ctx, log, address)
	if err != nil {
		return unlessTold(ctx, err)
	}
	told := ctx
	defer func() { err = errors.Join(unlessTold(told, err), kept.Close()) }()
	watched := monitor.New()
	b := engine.New(log, kept, engine.Options{
		Models:       models.Models,
		Judges:       models.Judges,
		JudgeAll:     s.JudgeAll,
		Tried:        s.tried,
		Library:      library,
		Policy:       s.policy(),
		Limits:       s.limits(),
		Retention:    time.Duration(s.Retention),
		WaitForVotes: s.Wait,
		Language:     bot.Lang(s.Language),
		TimeZone:     s.zone,
		Digest:       s.weekly,
		NoPictures:   !bool(s.Charts),
		ResultsLink:  s.Web.resultsLink(kept),
		Stands:       tellRobots(robots),
		Restored:     kept.Restored(),
		Chores:       s.chores(log, kept),
		Healthy:      kept.Healthy,
		Step:         steps(watched.Step, failpoint(os.Getenv("TASTETEST_FAILPOINT"))),
	})
	ln, err := listen(s.Web.Listen)
	if err != nil {
		return err
	}
	defer ln.Close() // unless it was served
	doors := []door{{pageDoor, webPage, ln}}
	var events net.Listener
	if s.Slack.overHTTP() {
		if events, err = listen(s.Slack.Listen); err != nil {
			return err
		}
		defer events.Close()
		doors = append(doors, door{slackDoor, slackEvents, events})
	}
	var inSlack *slack.Chat
	if s.Slack.configured() {
		if inSlack, err = s.Slack.chat(log, acts(kept), postgres.Named(s.Store)); err != nil {
			return err
		}
	}
	var inDiscord *discord.Chat
	if s.Discord.configured() {
		if inDiscord, err = s.discordChat(log, kept, acts(kept)); err != nil {
			return err
		}
	}
	led, us, err := takeLead(ctx, log, kept, watched, s.Web.Reach, wiring{inSlack, inDiscord, b.Voice}, doors...)
	if ctx.Err() != nil { // told to stop while it stood by
		return nil
	}
	if err != nil {
		return err
	}
	ctx = led
	options, links, err := s.webOptions(ctx, kept, ln)
	if err != nil {
		return err
	}
	handed := make(map[string]http.Handler) // by other replicas, by the door it came to
	var remotes []remote
	var notices func() []slack.Checked
	var parts []func(context.Context) error
	if inSlack != nil {
		remotes, notices = append(remotes, inSlack), inSlack.Noticed
		handed[socketDoor] = inSlack.Handed()
		if events != nil {
			handed[slackDoor] = inSlack.Handler()
			parts = append(parts, func(ctx context.Context) error { return serve(ctx, log, slackEvents, events, handed[slackDoor]) })
		}
	}
	if inDiscord != nil {
		remotes = append(remotes, inDiscord)
		handed[gatewayDoor] = inDiscord.Handed()
	}
	for _, r := range remotes {
		b.Add(r)
		parts = append(parts, func(ctx context.Context) error { return r.Run(ctx, watched.Hears(r.Platform(), b)) })
	}
	chat, err := web.New(log, ln.Addr(), b, options)
	if err != nil {
		return err
	}
	b.Add(chat)
	sources := watch(b, kept, remotes, chat, s.Web.shared())
	page := besideThePage(log, b, keys, chat.Handler())
	handed[pageDoor] = page
	parts = append(parts,
		b.Run,
		models.Run,
		func(ctx context.Context) error { return chat.Run(ctx, watched.Hears(chat.Platform(), b)) },
		func(ctx context.Context) error { return untilFailed(ctx, kept) },
		func(ctx context.Context) error {
			return serve(ctx, log, webPage, ln, us.receive(watched.Handler(log, sources, page), handed))
		},
	)
	if robots != nil {
		parts = append(parts, robots.Run)
	}
	if postgres.Named(s.Store) {
		// Machine commands open the database beside the bot.
	} else if machine, err := listenSocket(log, kept, s.Store); err != nil {
		log.Warn("machine commands will have to wait until the bot stops", "err", err)
	} else {
		machine.noticed, machine.gate, machine.states = notices, gateHandler(log, b, keys), sources.States
		parts = append(parts, machine.Run)
	}
	fmt.Fprint(std.out, links)
	return errors.Join(together(ctx, parts...), deposed(ctx))
}

// A remote is a chat on somebody else's servers.
type remote interface {
	bot.Chat
	Ready() error // nil while it is connected
}

// besideThePage serves gates on the page's address, if there are any.
func besideThePage(log *slog.Logger, b *engine.Bot, keys []gateKey, page http.Handler) http.Handler {
	if len(keys) == 0 {
		return page
	}
	mux := http.NewServeMux()
	gates := gateHandler(log, b, keys)
	mux.Handle("/gate", gates)
	mux.Handle("/gate/", gates)
	mux.Handle("/", page)
	return mux
}

const webPage, slackEvents = "the web chat", "Slack's events" // in errors of their servers

// reached is where ln listens, in the words of the configuration: a socket that
// was asked for 0.0.0.0 says [::].
func (w webSettings) reached(ln net.Listener) (host, port string) {
	host, port, _ = net.SplitHostPort(ln.Addr().String())
	if asked, _, err := net.SplitHostPort(w.Listen); err == nil && asked != "" {
		host = asked
	}
	return host, port
}

// resultsLink makes links from other chats to the page; nil where it has no address.
func (w webSettings) resultsLink(kept bot.Store) func(context.Context, bot.Place) (string, error) {
	if w.URL == "" {
		return nil
	}
	return web.Linker{Base: w.URL, Key: func(ctx context.Context) ([]byte, error) { return kept.Secret(ctx, webSecret) }}.Results
}

// webSecret is the store's name for the key of the page's cookies and links.
const webSecret = "web"

// webOptions reads what the page needs, and says in links how to open it.
func (s settings) webOptions(ctx context.Context, kept store.Store, ln net.Listener) (o web.Options, links string, err error) {
	o = web.Options{Title: s.Web.Title, Channel: s.Web.Channel, Proxies: s.Web.TrustedProxies, Healthy: kept.Healthy, People: kept, LinkedOnly: s.Web.Voters == "links", Votes: seenVotes(kept)}
	if o.Secret, o.AdminKey, err = s.Web.keys(s.Web.Listen); err != nil {
		return o, "", err
	}
	if o.Key, err = kept.Secret(ctx, webSecret); err != nil {
		return o, "", fmt.Errorf("read the key of the page's cookies: %w", err)
	}
	host, port := s.Web.reached(ln)
	address := "http://" + net.JoinHostPort(host, port)
	links = fmt.Sprintf("Open %s\n", address)
	if o.Secret != "" {
		links = fmt.Sprintf("Open %s and enter the secret, or add it to the address: %s/?secret=…\n", address, address)
	}
	switch {
	case o.AdminKey != "":
		links += fmt.Sprintf("Admins open %s/?admin=… with the admin key, and need nothing else.\n", address)
	case loopback(ln.Addr().String()):
		// Whoever reads this output is on this machine, where the store is.
		key, err := kept.Secret(ctx, "admin")
		if err != nil {
			return o, "", fmt.Errorf("read the admin key: %w", err)
		}
		o.AdminKey = base64.RawURLEncoding.EncodeToString(key)
		links += fmt.Sprintf("Admins open %s/?admin=%s\n", address, o.AdminKey)
	case len(s.Admins) == 0 && !s.Starters.everyone:
		links += "Nobody is an admin, so nobody can start a taste test: set web.admin_key_env in the configuration.\n"
	}
	if net.ParseIP(host).IsUnspecified() {
		links += fmt.Sprintf("From other machines use this machine's name in place of %s.\n", host)
	}
	return o, links, nil
}

// failpoint returns what kills this process, as kill -9 would, between the step
// called name and the next: see engine.Options.Step. It is nil without a name, which
// is how everybody but the tests of crashes runs it.
func failpoint(name string) func(string) {
	if name == "" {
		return nil
	}
	return func(step string) {
		if step == name {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				self.Kill()
			}
			select {} // until it is dead
		}
	}
}
