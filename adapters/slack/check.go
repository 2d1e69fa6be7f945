package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	api "github.com/slack-go/slack"
)

// A Checked is one thing that was looked at, for whoever sets the app up.
type Checked struct {
	What string
	OK   bool
	Say  string // what was found, or what to click
}

// Check looks at every workspace's tokens, scopes and channels, and at this
// machine's clock. idle: the bot does not run here. Only then is a socket opened:
// beside another one it might be sent what nobody then answers.
func (c *Chat) Check(ctx context.Context, idle bool) []Checked {
	var all []Checked
	for _, w := range c.opt.Workspaces {
		all = append(all, c.checkWorkspace(ctx, w, idle)...)
	}
	if off := clockOff(time.Duration(c.clock.skew.Load())); off != "" {
		all = append(all, Checked{"this machine’s clock", false, off + ". Have it set by the network (NTP): at five minutes Slack’s events over HTTP are refused."})
	}
	return all
}

func (c *Chat) checkWorkspace(ctx context.Context, w Workspace, idle bool) []Checked {
	client := c.dial(w.BotToken, api.OptionAppLevelToken(w.AppToken))
	var who *api.AuthTestResponse
	err := call(ctx, func() (err error) {
		who, err = client.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		return []Checked{c.finding(w, "bot token", err, "Copy the “Bot User OAuth Token” (xoxb-…) from “OAuth & Permissions”; if there is none, click “Install to Workspace” first.")}
	}
	if who.BotID == "" {
		return []Checked{{w.Name + ": bot token", false, "it is a person’s, so that Tastetest would speak as " + who.User + ". Copy the “Bot User OAuth Token” (xoxb-…) from “OAuth & Permissions”."}}
	}
	all := []Checked{
		{w.Name + ": bot token", true, fmt.Sprintf("it is %s in %s (%s)", who.User, who.Team, who.TeamID)},
		checkScopes(w, who.Header.Get("X-OAuth-Scopes")),
	}
	if w.AppToken != "" {
		var address string
		err := call(ctx, func() (err error) {
			_, address, err = client.StartSocketModeContext(ctx)
			return err
		})
		others := 0
		if err == nil && idle {
			others, err = greeting(ctx, address)
		}
		switch {
		case err != nil:
			all = append(all, c.finding(w, "app token", err, "Under “Basic Information”, “App-Level Tokens”, generate one with the scope connections:write (xapp-…), and switch “Socket Mode” on."))
		case others > 0:
			all = append(all, Checked{w.Name + ": app token", false, "Socket Mode opens, but " + sharedSocket(others)})
		default:
			all = append(all, Checked{w.Name + ": app token", true, "Socket Mode opens"})
		}
	} else {
		all = append(all, Checked{w.Name + ": events over HTTP", true,
			"this machine cannot see whether Slack reaches it; “Event Subscriptions” says Verified beside the Request URL if it does"})
	}
	return append(all, c.checkChannels(ctx, w, client))
}

// greeting opens a socket for as long as it takes Slack to say hello, and returns
// how many others are open with the same app token.
func greeting(ctx context.Context, address string) (others int, err error) {
	d := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: attemptTime}
	ws, _, err := d.DialContext(ctx, address, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		return 0, fmt.Errorf("open a socket: %w", bare(err))
	}
	defer ws.Close()
	if err := ws.SetReadDeadline(time.Now().Add(attemptTime)); err != nil {
		return 0, fmt.Errorf("open a socket: %w", err)
	}
	var hello struct {
		Connections int `json:"num_connections"`
	}
	if err := ws.ReadJSON(&hello); err != nil {
		return 0, fmt.Errorf("read a socket’s greeting: %w", err)
	}
	return max(hello.Connections-1, 0), nil
}

// finding is what Slack refused, and what to click; or that Slack did not answer.
func (c *Chat) finding(w Workspace, what string, err error, click string) Checked {
	f := Checked{What: w.Name + ": " + what}
	refusal, answered := errors.AsType[api.SlackErrorResponse](err)
	switch {
	case !answered:
		f.Say = fmt.Sprintf("Slack does not answer (%v). Look at this machine’s network and proxy, and at api_url if it is set.", bare(err))
	case refusal.Err == "missing_scope":
		f.Say = lacking(refusal.Needed).Error()
	default:
		f.Say = fmt.Sprintf("Slack refuses it (%s). %s", refusal.Err, click)
	}
	return f
}

func checkScopes(w Workspace, granted string) Checked {
	f := Checked{What: w.Name + ": scopes"}
	if granted == "" {
		f.OK, f.Say = true, "Slack did not say which the app has"
		return f
	}
	has := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	var needed, optional []string
	for _, s := range Scopes() {
		switch {
		case slices.Contains(has, s.Name):
		case s.Optional == "":
			needed = append(needed, s.Name)
		default:
			optional = append(optional, s.Name+" ("+s.Optional+")")
		}
	}
	switch {
	case len(needed) > 0:
		f.Say = fmt.Sprintf("these are missing: %s. Add them under “OAuth & Permissions”, “Bot Token Scopes”, then click “Reinstall to Workspace”.", strings.Join(needed, ", "))
	case len(optional) > 0:
		f.OK, f.Say = true, "all that is needed; without "+strings.Join(optional, ", ")
	default:
		f.OK, f.Say = true, "all there"
	}
	return f
}

func (c *Chat) checkChannels(ctx context.Context, w Workspace, client *api.Client) Checked {
	f := Checked{What: w.Name + ": channels"}
	var channels []api.Channel
	err := call(ctx, func() (err error) {
		channels, _, err = client.GetConversationsForUserContext(ctx, &api.GetConversationsForUserParameters{
			Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true, Limit: 200,
		})
		return err
	})
	switch {
	case err != nil:
		return c.finding(w, "channels", err, "Click “Reinstall to Workspace” under “OAuth & Permissions”.")
	case len(channels) == 0:
		f.Say = "the bot is in no channel yet. In the channel where you want to taste, type /invite @tastetest"
		return f
	}
	var names []string
	for _, ch := range channels[:min(len(channels), 5)] {
		names = append(names, "#"+ch.Name)
	}
	f.OK, f.Say = true, "in "+strings.Join(names, ", ")
	if len(channels) > 5 {
		f.Say += fmt.Sprintf(" and %d more", len(channels)-5)
	}
	return f
}
