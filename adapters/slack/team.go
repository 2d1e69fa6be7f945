package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// A team is a workspace that Slack has told us about.
type team struct {
	Workspace
	api    *api.Client
	where  bot.Workspace
	org    string // the enterprise organisation that it belongs to; empty: none
	bot    string // the bot's own user ID
	scopes string // that the app has, with commas between; empty: Slack did not say
	client *http.Client
	clock  *clock
	acts   func() error // see [Options]

	posting string      // the address of chat.postMessage
	noIDs   atomic.Bool // Slack refuses client_msg_id
	people  cache[person]
	rooms   cache[room]
	roster  roster
	budget  *budgets
	talks   cache[struct{}] // by channel and ts: plain words that were answered
	unsure  chan bot.Tap    // of people of whom is not known yet whether their votes count

	rereading sync.Mutex  // held while open ballots are read again
	again     atomic.Bool // and once more after that
}

var errTwice = errors.New("two Slack workspaces of the configuration are the same one")

// may reports whether the app has a scope, as far as is known.
func (t *team) may(scope string) bool {
	return t.scopes == "" || slices.Contains(strings.FieldsFunc(t.scopes, func(r rune) bool { return r == ',' || r == ' ' }), scope)
}

// patience is how long a call waits for the workspaces to be known.
const patience = 30 * time.Second

// meet asks Slack which workspace a token belongs to.
func (c *Chat) meet(ctx context.Context, w Workspace) (*team, error) {
	t := &team{Workspace: w, api: c.dial(w.BotToken), client: c.client, clock: c.clock, acts: c.opt.Acts, posting: c.opt.APIURL + "chat.postMessage", budget: newBudgets(c.opt.Faster), unsure: make(chan bot.Tap, mostUnsure)}
	err := call(ctx, func() error {
		who, err := t.api.AuthTestContext(ctx)
		if err == nil {
			t.where = bot.Workspace{Platform: c.Platform(), ID: who.TeamID}
			t.org = who.EnterpriseID
			t.bot = who.UserID
			t.scopes = who.Header.Get("X-OAuth-Scopes")
		}
		return err
	})
	if err != nil {
		return nil, explain("ask Slack who the workspace "+w.Name+" is", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if other, ok := c.teams[t.where.ID]; ok {
		return nil, fmt.Errorf("%w: %q and %q", errTwice, other.Name, w.Name)
	}
	c.teams[t.where.ID] = t
	return t, nil
}

func (c *Chat) dial(token string, more ...api.Option) *api.Client {
	return api.New(token, append([]api.Option{api.OptionAPIURL(c.opt.APIURL), api.OptionHTTPClient(c.client)}, more...)...)
}

// team returns the team of a workspace. Before Run has met it, it waits.
func (c *Chat) team(ctx context.Context, w bot.Workspace) (*team, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-c.met:
	case <-ctx.Done():
		return nil, fmt.Errorf("the workspace %s is not connected to Slack yet: %w", w.ID, ctx.Err())
	}
	if t := c.known(w.ID); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("the workspace %s is not connected to Slack", w.ID)
}

// known returns a team that has been met, or nil.
func (c *Chat) known(id string) *team {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.teams[id]
}
