package slack

import (
	"encoding/json"

	api "github.com/slack-go/slack"

	"github.com/tastetest/tastetest/bot"
)

// A whereabouts is what an interaction says about where it belongs.
type whereabouts struct {
	Team *struct{ ID string } `json:"team"` // null where an app is installed for a whole organisation
	User struct {
		Team string `json:"team_id"` // of who acts
	} `json:"user"`
	View struct {
		Installed string `json:"app_installed_team_id"`
	} `json:"view"`
	Message struct {
		Team string `json:"team"` // of who wrote it: the app
	} `json:"message"`
}

// homes are the workspaces in which the app may have been meant, the surest
// first. Within a modal the payload's team is the one of who acts, which in a
// shared channel has another app or none: a modal says where its app lives, and
// so does the message on which a button stands.
func homes(payload []byte) []string {
	var at whereabouts
	_ = json.Unmarshal(payload, &at) // what cannot be read is nobody's
	switch {
	case at.View.Installed != "":
		return []string{at.View.Installed}
	case at.Team == nil && at.Message.Team == "":
		return []string{at.User.Team}
	case at.Team == nil:
		return []string{at.Message.Team}
	}
	return []string{at.Message.Team, at.Team.ID}
}

// first returns the first of teams that is on this line, as of does.
func (l *line) first(teams []string) (t *team, known bool) {
	for _, id := range teams {
		if t, known = l.of(id); t != nil {
			return t, true
		}
	}
	return nil, known
}

// author returns the team whose bot wrote the message with an emoji, if that is
// another one of this app's than the event names. Where both sides of a shared
// channel have the app, Slack tells one of them.
func (l *line) author(t *team, user string) *team {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, other := range l.teams {
		if other.bot == user && other.AppToken == t.AppToken && other.SigningSecret == t.SigningSecret {
			return other
		}
	}
	return t
}

// elsewhere answers what somebody did in a workspace that this bot is not
// connected to. Slack is told that it came, and so must they be.
func (l *line) elsewhere(kind api.InteractionType, url string) (answer any, after func()) {
	n := bot.Notice{Voice: l.h.Voice(l.ctx, bot.Place{}), Error: true, Text: bot.Say("Nothing was kept: the Tastetest that answers here is not connected to this workspace. Whoever runs it can add the workspace to its configuration.")}
	l.log.Warn("somebody acts in a Slack workspace that is not configured", "type", kind)
	if kind == api.InteractionTypeViewSubmission {
		w := tongueOf(n)
		v := w.modal(bot.Place{}, "Tastetest", w.noticeBlocks(n))
		return api.NewUpdateViewSubmissionResponse(&v), nil
	}
	if url == "" {
		return nil, nil // a tap in a modal: only who has the workspace's token could answer
	}
	return nil, func() {
		a := &asker{team: &team{client: l.client}, url: url}
		if err := a.respond(l.ctx, render(n), false); err != nil {
			l.log.Warn("tell somebody that their Slack workspace is not configured", "err", err)
		}
	}
}
