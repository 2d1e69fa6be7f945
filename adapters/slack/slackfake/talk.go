package slackfake

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// Write writes a message, as people do, in a channel, in a thread of it if one is
// named, or in the direct messages with the bot: channel "D" + user. It delivers
// what the app hears of it, if it hears of it, and returns the message's ts. An
// error: it was not acknowledged.
func (s *Slack) Write(user, channel, thread, text string) (ts string, err error) {
	team := s.team(s.user(user).Team)
	direct := strings.HasPrefix(channel, "D")
	if direct {
		s.AddRoom(Room{ID: channel, Team: team.ID})
	}
	ts, where := s.newTS(), channel
	if thread != "" {
		where += "/" + thread
	}
	payload, _ := json.Marshal(object{"text": text})
	s.mu.Lock()
	s.homes[channel+"/"+ts] = where
	s.mu.Unlock()
	s.Put(fakechat.Message{Channel: where, ID: ts, Author: user, Payload: payload})
	e := object{"user": user, "text": text, "channel": channel, "ts": ts, "event_ts": ts}
	if thread != "" {
		e["thread_ts"] = thread
	}
	if u := s.user(user); u.Bot {
		e["bot_id"] = "B" + user
	}
	switch {
	case direct && granted(team, "im:history"):
		e["type"], e["channel_type"] = "message", "im"
	case !direct && strings.Contains(text, "<@"+team.Bot+">") && granted(team, "app_mentions:read") && !s.room(channel).Absent:
		e["type"] = "app_mention"
	default:
		return ts, nil
	}
	return ts, s.event(team, e, true)
}

// tellOwn tells the app of its own direct message: Slack makes no difference
// between who writes in them.
func (s *Slack) tellOwn(team *Team, channel, ts string) {
	if granted(team, "im:history") {
		s.event(team, object{"type": "message", "channel_type": "im", "user": team.Bot, "bot_id": "B" + team.ID, "text": "…", "channel": channel, "ts": ts, "event_ts": ts}, false)
	}
}

// postAlone shows a message to one person. It has no ts by which it could be
// edited, and is gone when they reload.
func (s *Slack) postAlone(team *Team, args url.Values) object {
	payload, problem := content(team, args)
	channel, thread, user := args.Get("channel"), args.Get("thread_ts"), s.user(args.Get("user"))
	switch {
	case problem != "":
		return s.invalid(problem)
	case strings.HasPrefix(channel, "D"):
		return no("channel_type_not_supported")
	case user == nil || user.Team != team.ID:
		return no("user_not_in_channel")
	}
	ts, where := s.newTS(), channel
	if thread != "" {
		where += "/" + thread
	}
	s.mu.Lock()
	s.homes[channel+"/"+ts] = where
	s.mu.Unlock()
	s.Put(fakechat.Message{Channel: where, ID: ts, Author: team.Bot, Only: user.ID, Payload: payload})
	return object{"ok": true, "message_ts": ts}
}
