package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/slack-go/slack/socketmode"

	"github.com/tastetest/tastetest/bot"
)

// A Leader is how a replica that stands by asks the one that leads, which answers with
// [Chat.Handed]. A status of 503 is that nothing was done; after an error nobody knows.
type Leader func(ctx context.Context, method, uri string, body []byte) (status int, answer []byte, err error)

const (
	askEvery = time.Second
	askTime  = 2 * time.Second
	// voiceTime is what a look at how a place is spoken to may take: the database may be
	// what nobody leads for.
	voiceTime = 300 * time.Millisecond
	// goneFor is for how long a socket stays open whose deliveries nobody takes: longer than
	// it takes for another replica to lead. Slack has others by then.
	goneFor = 20 * time.Second
)

// StandBy opens a socket for each app token as soon as the replica that leads takes what
// comes over it, and hands that on, until ctx is done. Then Run goes on with the sockets,
// or Close ends them. voice is how a place is spoken to.
func (c *Chat) StandBy(ctx context.Context, leader Leader, voice func(context.Context, bot.Place) bot.Voice) {
	var all sync.WaitGroup
	for _, app := range c.apps() {
		if app[0].AppToken != "" {
			all.Go(func() { (&standBy{Chat: c, workspaces: app, leader: leader, voice: voice}).keep(ctx) })
		}
	}
	all.Wait()
}

// Close ends the sockets of a replica that stood by: what they delivered is finished. It is
// for a Chat that does not run.
func (c *Chat) Close() {
	c.mu.Lock()
	var open []*socket
	for _, s := range c.sockets {
		open = append(open, s)
	}
	c.mu.Unlock()
	var all sync.WaitGroup
	for _, s := range open {
		all.Go(s.close)
	}
	all.Wait()
	c.client.CloseIdleConnections()
}

// A standBy hands what comes over a socket to the replica that leads.
type standBy struct {
	*Chat
	workspaces []Workspace // with the same app
	leader     Leader
	voice      func(context.Context, bot.Place) bot.Voice
}

// keep has the socket open while the replica that leads takes what it delivers.
func (b *standBy) keep(ctx context.Context) {
	var open *socket
	warn := sync.OnceFunc(func() {
		b.log.Error("a replica that stands by has no socket", "workspace", b.workspaces[0].Name, "err", open.err)
	})
	var taken time.Time // when it did last
	for {
		switch {
		case b.asks(ctx):
			open, taken = b.opensFor(b, b.workspaces[0].AppToken, b.workspaces), time.Now()
		case ctx.Err() == nil && open != nil && time.Since(taken) > goneFor:
			b.log.Warn("the replica that leads is not reached, or takes nothing from here; Slack delivers to others until it does", "workspace", b.workspaces[0].Name)
			open.close()
			open = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(askEvery):
		}
		if open != nil && open.refused() {
			warn()
		}
	}
}

// asks reports whether the replica that leads takes what the socket delivers. One of an
// earlier version does not.
func (b *standBy) asks(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	status, _, err := b.leader(ctx, http.MethodGet, b.uri(""), nil)
	return err == nil && status == http.StatusOK
}

func (b *standBy) uri(kind string) string {
	v := url.Values{workspaceField: {b.workspaces[0].Name}}
	if kind != "" {
		v.Set(kindField, kind)
	}
	return "/?" + v.Encode()
}

// deliver hands a delivery on, and answers as the replica that leads does. What may have
// been done is handed on once more only if that does no harm.
func (b *standBy) deliver(ctx context.Context, kind string, payload []byte) (answer any, after func(), err error) {
	if kind == "" { // unknown; only Slack wants to be rid of it
		return nil, nil, nil
	}
	if kind == socketmode.RequestTypeSlashCommands {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, heldFor) // nobody waits for it any longer
		defer cancel()
	}
	status, said, err := b.leader(ctx, http.MethodPost, b.uri(kind), payload)
	switch {
	case err != nil && kind == socketmode.RequestTypeEventsAPI:
		return nil, nil, fmt.Errorf("%w: %w", errLeaderless, err)
	case err != nil:
		return nil, nil, err
	case status == http.StatusServiceUnavailable:
		return nil, nil, errLeaderless
	case status != http.StatusOK:
		return nil, nil, fmt.Errorf("%w: it says %d", errNotTaken, status)
	case len(said) > 0:
		answer = json.RawMessage(said)
	}
	return answer, nil, nil
}

// connected has the replica that leads read open ballots again: Slack may have sent here
// what nobody heard.
func (b *standBy) connected(again bool) {
	if !again {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), askTime)
		defer cancel()
		if status, _, err := b.leader(ctx, http.MethodPost, b.uri(kindConnected), nil); err != nil || status != http.StatusOK {
			// Whoever leads next reads them at its beginning.
			b.log.Debug("have ballots read again by the replica that leads", "status", status, "err", err)
		}
	}()
}

// beside has nothing to do: the replica that leads does what comes after a delivery.
func (b *standBy) beside(_ string, f func()) { f() }

// errNotTaken is of a delivery that the replica that leads has seen, and could not take.
var errNotTaken = errors.New("the replica that leads did not take it")

// missed tells whoever typed a command, or tapped on a button of a message, to do so once
// more: Slack sends neither again.
func (b *standBy) missed(ctx context.Context, kind string, payload []byte, err error) bool {
	var did struct {
		URL     string `json:"response_url"`
		Team    string `json:"team_id"`
		Channel string `json:"channel_id"`
		Tapped  struct {
			ID string `json:"id"`
		} `json:"channel"`
	}
	if kind == socketmode.RequestTypeEventsAPI || errors.Is(err, errNotTaken) || json.Unmarshal(payload, &did) != nil || did.URL == "" {
		return false
	}
	at := bot.Place{Workspace: bot.Workspace{Platform: b.Platform(), ID: did.Team}, Channel: did.Channel}
	say := bot.Say("Another machine is taking over the bot just now; please type that again in a moment.")
	if kind == socketmode.RequestTypeInteractive {
		at.Workspace.ID, at.Channel = cmp.Or(homes(payload)...), did.Tapped.ID
		say = bot.Say("Another machine is taking over the bot just now; please tap again in a moment.")
	}
	brief, cancel := context.WithTimeout(ctx, voiceTime)
	n := bot.Notice{Voice: b.voice(brief, at), Text: say, Error: true}
	cancel()
	a := &asker{team: &team{client: b.client}, url: did.URL}
	if err = a.respond(ctx, render(n), false); err != nil {
		b.log.Warn("tell somebody to ask again while another replica takes over", "err", bare(err))
	}
	return err == nil
}
