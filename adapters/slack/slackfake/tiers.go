package slackfake

import (
	"strings"
	"time"
)

// tiers are how often a workspace may call a method in a minute, by Slack's
// pages. The real one is sometimes kinder.
var tiers = map[string]int{
	"users.list": 20, "usergroups.list": 20, "usergroups.users.list": 20, "reactions.remove": 20,
	"chat.update": 50, "reactions.add": 50, "reactions.get": 50, "conversations.info": 50, "conversations.history": 50, "conversations.replies": 50, "users.conversations": 50,
	"users.info": 100, "chat.postEphemeral": 100, "views.open": 100, "views.update": 100,
	"chat.postMessage": 300,
}

// burst is how many messages a channel takes at once; after that it is one a
// second.
const burst = 10

// tooFast notes a call and returns 0, or returns after how long it may be made
// if that is one too many.
func (s *Slack) tooFast(method, token, channel string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.Tiers || tiers[method] == 0 {
		return 0
	}
	if s.calls == nil {
		s.calls = make(map[string][]time.Time)
	}
	limits := map[string]limit{method + " " + token: {tiers[method], time.Minute}}
	if method == "chat.postMessage" {
		limits[method+" "+token+" "+channel] = limit{burst, burst * time.Second}
	}
	now := time.Now()
	for what, l := range limits {
		made := s.calls[what]
		for len(made) > 0 && now.Sub(made[0]) >= l.span {
			made = made[1:]
		}
		if s.calls[what] = made; len(made) >= l.most {
			s.Refused = append(s.Refused, strings.Fields(what)[0])
			return made[0].Add(l.span).Sub(now)
		}
	}
	for what := range limits {
		s.calls[what] = append(s.calls[what], now)
	}
	return 0
}

// A limit is so many calls in any such span.
type limit struct {
	most int
	span time.Duration
}
