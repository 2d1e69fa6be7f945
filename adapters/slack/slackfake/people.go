package slackfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

// triggers live for three seconds and open one modal. A trigger is
// "user:unix nanoseconds".
const triggerLife = 3 * time.Second

func (s *Slack) trigger(user string) string { return fmt.Sprintf("%s:%d", user, time.Now().UnixNano()) }

// Tap puts a person's emoji on a message or takes it away, and delivers the
// event. An error: it was not acknowledged.
func (s *Slack) Tap(user, channel, ts, emoji string, on bool) error {
	changed, found := s.React(s.home(channel, ts), ts, user, emoji, on)
	if !found {
		return errors.New("message_not_found")
	}
	kind := "reaction_removed"
	if on {
		kind = "reaction_added"
	}
	if !changed {
		return nil
	}
	team := s.team(s.user(user).Team)
	return s.event(team, object{
		"type": kind, "user": user, "reaction": emoji, "item_user": team.Bot,
		"item": object{"type": "message", "channel": channel, "ts": ts}, "event_ts": s.newTS(),
	}, true)
}

// Command types /tastetest and returns what the person is shown. text is as
// they type it.
func (s *Slack) Command(user, channel, text string) string {
	return s.Sent(user, channel, s.Escape(s.user(user).Team, text))
}

// Sent is Command with the text that Slack sends.
func (s *Slack) Sent(user, channel, text string) string {
	return s.act(user, "slash_commands", object{
		"team_id": s.user(user).Team, "channel_id": channel, "user_id": user, "command": "/tastetest", "text": text,
		"response_url": s.responseURL(user, channel, ""), "trigger_id": s.trigger(user),
	})
}

// responseURL is a new address that takes five messages for user. original is
// the ephemeral message that it may replace.
func (s *Slack) responseURL(user, channel, original string) string {
	if original == "" {
		original = "-" // nothing that could be replaced
	}
	return fmt.Sprintf("%s/respond/%s/%s/%s/%d", s.srv.URL, user, channel, url.PathEscape(original), s.Next())
}

// act delivers what somebody does and returns what they are shown of it.
func (s *Slack) act(user, kind string, payload object) string {
	body, _ := json.Marshal(payload)
	p := &parcel{team: s.team(s.user(user).Team), kind: kind, payload: body, got: make(chan []byte, 1)}
	address, _ := payload["response_url"].(string)
	s.mu.Lock()
	before := s.shown[user]
	s.mu.Unlock()
	answer, err := s.send(p)
	if err != nil {
		return "Slack says: the app did not respond (" + err.Error() + ")"
	}
	if shown, done := s.acted(user, answer); done {
		return shown
	}
	for range 1000 {
		s.mu.Lock()
		n, said := s.shown[user], s.said[strings.TrimPrefix(address, s.srv.URL)]
		s.mu.Unlock()
		switch {
		case said != nil:
			return Show(said)
		case n > before:
			return s.newest(user)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return ""
}

// acted does what an acknowledgement of a form asks for.
func (s *Slack) acted(user string, answer []byte) (shown string, done bool) {
	var a struct {
		Action  string            `json:"response_action"`
		Errors  map[string]string `json:"errors"`
		View    json.RawMessage   `json:"view"`
		Options []any             `json:"options"`
	}
	if len(answer) == 0 || json.Unmarshal(answer, &a) != nil {
		return "", false
	}
	switch a.Action {
	case "errors":
		for field, e := range a.Errors {
			if !strings.Contains(string(s.View(user)), `"block_id":"`+field+`"`) {
				s.t.Errorf("Slack would refuse: a mistake in %q, which is no field", field)
			}
			shown += field + ": " + e + "\n"
		}
		return shown, true
	case "update":
		if p := checkView(a.View); p != "" {
			s.t.Errorf("Slack would refuse: %s", p)
		}
		s.mu.Lock()
		v := s.views[user]
		v.Payload = a.View
		s.views[user] = v
		s.mu.Unlock()
		return Show(a.View), true
	}
	return "", false
}

// newest is what somebody was shown last.
func (s *Slack) newest(user string) string {
	v := s.modal(user)
	if v.ID != "" {
		return Show(v.Payload)
	}
	told := s.Messages("D" + user)
	if len(told) == 0 {
		return ""
	}
	return Show(told[len(told)-1].Payload)
}

func (s *Slack) private(user string) []fakechat.Message {
	return append(s.Memory.Private(user), s.Messages("D"+user)...)
}

// Private is all that a person alone sees.
func (s *Slack) Private(user string) string {
	var b strings.Builder
	for _, m := range s.private(user) {
		b.WriteString(Show(m.Payload))
	}
	v := s.modal(user)
	if v.ID != "" {
		b.WriteString(Show(v.Payload))
	}
	return b.String()
}

// CloseModal closes a person's modal.
func (s *Slack) CloseModal(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, user)
}

// Press taps a button or a line of a menu, wherever the person sees one with
// that ID: in their modal, in what they alone see, else on the message.
func (s *Slack) Press(user, channel, ts, id string) string {
	v := s.modal(user)
	base := object{"type": "block_actions", "user": s.actor(user), "trigger_id": s.trigger(user)}
	if v.ID != "" {
		if a, ok := find(v.Payload, id); ok {
			base["team"] = object{"id": s.from(user)}
			base["view"], base["container"], base["actions"] = s.viewObject(user, v), object{"type": "view", "view_id": v.ID}, []object{a}
			return s.act(user, "interactive", base)
		}
	}
	s.CloseModal(user)
	base["team"] = object{"id": s.user(user).Team}
	for _, m := range s.Memory.Private(user) {
		if a, ok := find(m.Payload, id); ok {
			channel, thread, _ := strings.Cut(m.Channel, "/")
			base["container"] = container(channel, thread, m.ID, true)
			base["channel"], base["actions"] = object{"id": channel}, []object{a}
			base["response_url"] = s.responseURL(user, channel, m.ID)
			return s.act(user, "interactive", base)
		}
	}
	a := object{"type": "button", "block_id": "b", "action_id": id, "value": id}
	if m, ok := s.Message(channel, ts); ok {
		if s.user(user).Sister { // not established: the unkind one of two possible answers
			base["team"] = object{"id": s.from(user)}
		}
		app := s.team(s.user(user).Team)
		base["message"] = object{"type": "message", "ts": ts, "team": app.ID, "user": app.Bot}
		if found, ok := find(m.Payload, id); ok {
			a = found
		}
	}
	_, thread, _ := strings.Cut(s.home(channel, ts), "/")
	base["container"] = container(channel, thread, ts, false)
	base["channel"], base["actions"] = object{"id": channel}, []object{a}
	base["response_url"] = s.responseURL(user, channel, "")
	return s.act(user, "interactive", base)
}

// container is where a button stands.
func container(channel, thread, ts string, ephemeral bool) object {
	c := object{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
	if thread != "" {
		c["thread_ts"] = thread
	}
	return c
}

// from is the workspace that a person is of. In what people do within a modal
// that is the payload's team, wherever the app lives.
func (s *Slack) from(user string) string {
	u := s.user(user)
	home, _ := u.home(s.team(u.Team))
	return home
}

func (s *Slack) actor(user string) object { return object{"id": user, "team_id": s.from(user)} }

// find returns the action that a tap on the button with an ID is.
func find(payload []byte, id string) (object, bool) {
	var v any
	json.Unmarshal(payload, &v)
	return findIn(v, id)
}

func findIn(v any, id string) (object, bool) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if a, ok := findIn(x, id); ok {
				return a, true
			}
		}
	case object:
		if v["type"] == "button" && v["value"] == id {
			return object{"type": "button", "block_id": "b", "action_id": v["action_id"], "value": id, "text": v["text"]}, true
		}
		if options, ok := v["options"].([]any); ok && v["type"] == "overflow" {
			for _, o := range options {
				value, _ := o.(object)["value"].(string)
				if value == id || strings.HasPrefix(value, id+"?") {
					return object{"type": "overflow", "block_id": "b", "action_id": v["action_id"], "selected_option": o}, true
				}
			}
		}
		for _, x := range v {
			if a, ok := findIn(x, id); ok {
				return a, true
			}
		}
	}
	return nil, false
}

// respond takes what is sent to a response URL. It is long because Slack
// refuses the sixth use of such a URL, and each kind of body in its own way.
func (s *Slack) respond(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/respond/"), "/")
	user, channel := parts[0], parts[1]
	original, _ := url.PathUnescape(parts[2])
	body, _ := io.ReadAll(r.Body)
	var m struct {
		Thread  string `json:"thread_ts"`
		Replace bool   `json:"replace_original"`
		Type    string `json:"response_type"`
		Blocks  []any  `json:"blocks"`
	}
	json.Unmarshal(body, &m)
	used := 0
	for _, c := range s.Journal("response_url") {
		if bytes.Equal([]byte(c.Path), []byte(r.URL.Path)) {
			used++
		}
	}
	problem := Check(m.Blocks, OnMessage)
	switch {
	case used > 5:
		http.Error(w, "used_url", http.StatusNotFound)
		return
	case problem != "" || m.Type != "ephemeral":
		s.t.Errorf("Slack would refuse: %s %s", m.Type, problem)
		http.Error(w, "invalid_blocks", http.StatusBadRequest)
		return
	}
	if original == "-" { // a command's: it replaces nothing, not even what it said itself
		original, m.Replace = parts[3], false
	}
	if !m.Replace || !s.Edit(s.home(channel, original), original, body) {
		if _, taken := s.Message(channel, original); taken {
			original += fmt.Sprint("-", s.Next())
		}
		where := channel // unless it says otherwise, wherever the button stands
		if m.Thread != "" {
			where += "/" + m.Thread
		}
		s.mu.Lock()
		s.homes[channel+"/"+original] = where
		s.mu.Unlock()
		s.Put(fakechat.Message{Channel: where, ID: original, Only: user, Payload: body})
	}
	s.mu.Lock()
	s.said[r.URL.EscapedPath()] = body
	s.mu.Unlock()
	fmt.Fprint(w, "ok")
}
