package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/tastetest/tastetest/bot"
)

// deliver takes one delivery. A nil error acknowledges it, with answer; after,
// if any, is done then. An error leaves it to be delivered again. It is the
// table of what Slack delivers, and of what acknowledges it.
func (l *line) deliver(ctx context.Context, kind string, payload []byte) (answer any, after func(), err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, after, err = nil, nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	switch kind {
	case socketmode.RequestTypeEventsAPI:
		return nil, nil, l.event(ctx, payload)
	case socketmode.RequestTypeSlashCommands:
		var cmd api.SlashCommand
		if err := json.Unmarshal(payload, &cmd); err != nil {
			l.log.Warn("a command from Slack cannot be read", "err", err)
			return nil, nil, nil
		}
		t, known := l.of(cmd.TeamID)
		if t == nil {
			if err := l.notYet(known, cmd.TeamID); err != nil {
				return nil, nil, err
			}
			_, after := l.elsewhere("", cmd.ResponseURL)
			return nil, after, nil
		}
		return nil, l.command(t, cmd), nil
	case socketmode.RequestTypeInteractive:
		var cb api.InteractionCallback
		if err := json.Unmarshal(payload, &cb); err != nil {
			l.log.Warn("an interaction from Slack cannot be read", "err", err)
			return nil, nil, nil
		}
		teams := homes(payload)
		t, known := l.first(teams)
		if t == nil {
			if err := l.notYet(known, teams[0]); err != nil {
				return nil, nil, err
			}
			answer, after := l.elsewhere(cb.Type, cb.ResponseURL)
			return answer, after, nil
		}
		answer, after := l.interact(ctx, t, cb)
		return answer, after, nil
	}
	return nil, nil, nil
}

// mostInFlight is how many deliveries are worked on at once. More wait, and
// Slack sends again what waits too long.
const mostInFlight = 256

// mostEarly is how many deliveries are held that come too early. More come again.
const mostEarly = 256

// errLeaderless is of a delivery that could not be handed to the replica that leads, which has
// not seen it.
var errLeaderless = errors.New("no replica leads that can be reached")

// early reports whether a delivery that was not taken may be in a moment.
func early(err error) bool { return errors.Is(err, bot.ErrEarly) || errors.Is(err, errLeaderless) }

// hold delivers again what came too early, for as long as Slack waits for an
// acknowledgement, and then leaves it to come once more: at once, in a minute, in five.
// ending is done when the bot is told to stop, and posts nothing more. err is what was
// said at first.
func (c *Chat) hold(ctx, ending context.Context, err error, deliver func() (any, func(), error)) (answer any, after func(), _ error) {
	select {
	case c.early <- struct{}{}:
		defer func() { <-c.early }()
	default:
		return nil, nil, err
	}
	for end := time.Now().Add(heldFor); ; {
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-ending.Done():
			return nil, nil, err
		case <-time.After(heldFor / 5):
		}
		if answer, after, err = deliver(); !early(err) || !time.Now().Before(end) {
			return answer, after, err
		}
	}
}

// untaken logs that a delivery is not acknowledged.
func (c *Chat) untaken(kind string, attempt any, err error) {
	level := slog.LevelWarn
	if early(err) {
		level = slog.LevelDebug // as it should be
	}
	c.log.Log(context.Background(), level, "a delivery from Slack was not taken; it will come again", "type", kind, "attempt", attempt, "err", err)
}

// notYet is an error for a delivery to a workspace that is still being asked
// for; it is nil for one that is not configured, of which no event matters.
func (l *line) notYet(known bool, team string) error {
	if known {
		l.unconfigured(team)
		return nil
	}
	return fmt.Errorf("the workspace %s is not connected yet", team)
}

// A delivery is what stands around an event. Its fields are read here, and not
// by the library, which fails at events that it does not know.
type delivery struct {
	Type           string          `json:"type"`    // event_callback, app_rate_limited, url_verification
	Team           string          `json:"team_id"` // where it happened
	Challenge      string          `json:"challenge"`
	Event          json.RawMessage `json:"event"`
	Authorizations []struct {
		Team string `json:"team_id"`
	} `json:"authorizations"`
}

// team is the workspace in which the app hears of it. In a channel that is
// shared, what people of another organisation do happens in their workspace.
func (d delivery) team() string {
	if len(d.Authorizations) > 0 && d.Authorizations[0].Team != "" {
		return d.Authorizations[0].Team
	}
	return d.Team
}

// An event is something that happened. Not all fields are there in all types.
type event struct {
	Type     string          `json:"type"`
	User     string          `json:"user"`
	Reaction string          `json:"reaction"`
	Channel  json.RawMessage `json:"channel"`   // an ID, in the types that matter here
	ItemUser string          `json:"item_user"` // who wrote the message with the emoji
	Item     struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	} `json:"item"`
	// Of a message. Text is nowhere but in the answer: not stored, not logged.
	Subtype     string `json:"subtype"`
	ChannelType string `json:"channel_type"` // "im": a direct message
	Bot         string `json:"bot_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	Thread      string `json:"thread_ts"`

	Stamp  string `json:"event_ts"`
	OldID  string `json:"old_channel_id"`
	NewID  string `json:"new_channel_id"`
	Tokens struct {
		Bot []string `json:"bot"` // user IDs
	} `json:"tokens"`
}

// event takes an event. The way of a vote is short: no question to Slack stands
// on it. It is the table of events. An event that cannot be read is
// acknowledged, or Slack would send it for an hour.
func (l *line) event(ctx context.Context, payload []byte) error {
	var d delivery
	if err := json.Unmarshal(payload, &d); err != nil {
		l.log.Warn("an event from Slack cannot be read", "err", err)
		return nil
	}
	t, known := l.of(d.team())
	if t == nil {
		return l.notYet(known, d.team())
	}
	if d.Type == "app_rate_limited" {
		l.log.Warn("Slack leaves out events; open ballots are read again", "workspace", t.Name)
		l.resync(t)
		return nil
	}
	var e event
	if err := json.Unmarshal(d.Event, &e); err != nil {
		l.log.Warn("an event from Slack cannot be read", "workspace", t.Name, "err", err)
		return nil
	}
	switch e.Type {
	case "reaction_added", "reaction_removed":
		return l.react(ctx, t, e)
	case "app_mention", "message":
		if e.isTalk(t) {
			l.talked(t, e)
		}
	case "member_joined_channel":
		if at := e.at(t); e.User == t.bot && at.Channel != "" {
			l.beside("say hello in a channel", func() {
				if err := l.h.Joined(l.ctx, at); err != nil && l.ctx.Err() == nil {
					l.log.Warn("say hello in a channel", "workspace", t.Name, "err", err)
				}
			})
		}
	case "member_left_channel":
		if e.User == t.bot {
			return l.gone(ctx, t, e)
		}
	case "channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted":
		return l.gone(ctx, t, e)
	case "channel_id_changed": // a private channel that is shared with another organisation from now on
		if e.OldID == "" || e.NewID == "" {
			break
		}
		if err := l.h.Moved(ctx, bot.Place{Workspace: t.where, Channel: e.OldID}, bot.Place{Workspace: t.where, Channel: e.NewID}); err != nil {
			return fmt.Errorf("follow a channel that has another ID: %w", err)
		}
	case "tokens_revoked": // a new token may come
		if len(e.Tokens.Bot) == 0 {
			break // people's own, of which the bot has none
		}
		l.note("workspace "+t.Name, fmt.Errorf("%w: its token was revoked", bot.ErrLost))
		l.log.Error("a workspace's token was revoked", "workspace", t.Name)
	case "app_uninstalled":
		l.note("workspace "+t.Name, fmt.Errorf("%w: the app was removed", bot.ErrLost))
		if err := l.h.Left(ctx, t.where); err != nil {
			return fmt.Errorf("forget a workspace that the app was removed from: %w", err)
		}
	}
	return nil
}

// react passes on an emoji. nil: it is on disk, or none of our business. ErrEarly: its
// ballot is being posted.
func (l *line) react(ctx context.Context, t *team, e event) error {
	t = l.author(t, e.ItemUser)
	choice, ok := choiceOf(e.Reaction)
	if !ok || e.Item.Type != "message" || e.User == t.bot || !t.mayCount(e.User) {
		return nil
	}
	tap := bot.Tap{
		Ref: refOf(t, e.Item.Channel, e.Item.TS), User: e.User, Choice: choice,
		On: e.Type == "reaction_added", Again: e.ItemUser == t.bot, At: timeOf(e.Stamp),
		Said: t.clock.ours(timeOf(e.Item.TS)),
	}
	if err := l.h.React(ctx, tap); err != nil {
		return fmt.Errorf("keep an emoji: %w", err)
	}
	if tap.On && e.ItemUser == t.bot {
		t.doubt(tap)
	}
	return nil
}

// gone passes on that a channel is lost.
func (l *line) gone(ctx context.Context, t *team, e event) error {
	at := e.at(t)
	if at.Channel == "" {
		return nil
	}
	why := fmt.Errorf("%s: %w", e.Type, bot.ErrLost)
	if e.Type == "channel_deleted" || e.Type == "group_deleted" {
		why = fmt.Errorf("%w, %w", why, bot.ErrGone)
	}
	if err := l.h.Gone(ctx, at, why); err != nil {
		return fmt.Errorf("note that a channel is lost: %w", err)
	}
	return nil
}

// at is the channel that an event speaks of.
func (e event) at(t *team) bot.Place {
	var id string
	_ = json.Unmarshal(e.Channel, &id) // an object, in the types that do not matter here
	return bot.Place{Workspace: t.where, Channel: id}
}
