package slack

import (
	"fmt"
	"maps"
	"slices"

	"github.com/slack-go/slack/socketmode"
)

// notice keeps for doctor what somebody should put right, and logs it once.
func (c *Chat) notice(what, say string) {
	c.mu.Lock()
	_, old := c.noticed[what]
	c.noticed[what] = say
	c.mu.Unlock()
	if !old {
		c.log.Warn(say, "about", what)
	}
}

// Noticed is what somebody should put right, as far as the chat has seen while it
// ran.
func (c *Chat) Noticed() (all []Checked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(c.noticed)) {
		all = append(all, Checked{What: what, Say: c.noticed[what]})
	}
	return all
}

// greeted reads how many sockets are open with our app token. Where one of ours
// has just ended Slack may still count it, so that more than one tells nothing;
// nor does it where other replicas have theirs.
func (s *socket) greeted(e socketmode.Event) {
	switch {
	case e.Request == nil:
	case e.Request.NumConnections <= 1:
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.noticed, s.name())
	case !s.again && !s.opt.Replicas:
		s.notice(s.name(), sharedSocket(e.Request.NumConnections-1))
	}
}

func sharedSocket(others int) string {
	found := "another connection to Slack is open with the same app token"
	if others > 1 {
		found = fmt.Sprintf("%d other connections to Slack are open with the same app token", others)
	}
	return found + ", and Slack sends each vote to only one of them. If another Tastetest runs with it, stop that, or give it an app of its own; if none does, it was one that had just ended."
}

// unconfigured notices that something came for a workspace that is not configured.
func (l *line) unconfigured(team string) {
	l.notice("workspace "+team, "what people do in this Slack workspace comes to this bot, and is not kept: the app is installed there, and no workspace of the configuration has its token. Add it to the configuration, or remove the app there.")
}
