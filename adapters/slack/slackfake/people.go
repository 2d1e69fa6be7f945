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

// A view is a modal that somebody has open.
type view struct {
	ID      string
	Team    string
	Payload []byte
}

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

// Command types /tastetest and returns what the person is shown.
func (s *Slack) Command(user, channel, text string) string {
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
	for range 300 {
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
		for _, e := range a.Errors {
			shown += e + "\n"
		}
		return shown, true
	case "update":
		if p := checkView(a.View); p != "" {
			s.t.Errorf("Slack would refuse: %s", p)
		}
		s.mu.Lock()
		s.views[user].Payload = a.View
		s.mu.Unlock()
		return Show(a.View), true
	}
	return "", false
}

// newest is what somebody was shown last.
func (s *Slack) newest(user string) string {
	s.mu.Lock()
	v := s.views[user]
	s.mu.Unlock()
	if v != nil {
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
	s.mu.Lock()
	v := s.views[user]
	s.mu.Unlock()
	if v != nil {
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
	s.mu.Lock()
	v := s.views[user]
	s.mu.Unlock()
	base := object{"type": "block_actions", "team": object{"id": s.user(user).Team}, "user": object{"id": user}, "trigger_id": s.trigger(user)}
	if v != nil {
		if a, ok := find(v.Payload, id); ok {
			base["view"], base["container"], base["actions"] = s.viewObject(v), object{"type": "view", "view_id": v.ID}, []object{a}
			return s.act(user, "interactive", base)
		}
	}
	s.CloseModal(user)
	for _, m := range s.Memory.Private(user) {
		if a, ok := find(m.Payload, id); ok {
			base["container"] = object{"type": "message", "message_ts": m.ID, "channel_id": m.Channel, "is_ephemeral": true}
			base["channel"], base["actions"] = object{"id": m.Channel}, []object{a}
			base["response_url"] = s.responseURL(user, m.Channel, m.ID)
			return s.act(user, "interactive", base)
		}
	}
	a := object{"type": "button", "block_id": "b", "action_id": id, "value": id}
	if m, ok := s.Message(channel, ts); ok {
		if found, ok := find(m.Payload, id); ok {
			a = found
		}
	}
	base["container"] = object{"type": "message", "message_ts": ts, "channel_id": channel}
	base["channel"], base["actions"] = object{"id": channel}, []object{a}
	base["response_url"] = s.responseURL(user, channel, "")
	return s.act(user, "interactive", base)
}

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

func (s *Slack) viewObject(v *view) object {
	var o object
	json.Unmarshal(v.Payload, &o)
	return object{"id": v.ID, "team_id": v.Team, "type": "modal", "callback_id": o["callback_id"], "private_metadata": o["private_metadata"], "hash": "h"}
}

// A File is what somebody uploads.
type File struct {
	Name string
	Data []byte
}

// Submit fills in the modal that a person has open, and sends it off.
func (s *Slack) Submit(user string, values map[string]string, files map[string]File) string {
	s.mu.Lock()
	v := s.views[user]
	s.mu.Unlock()
	if v == nil {
		return "no modal is open"
	}
	var shown struct {
		Blocks []struct {
			ID      string `json:"block_id"`
			Type    string `json:"type"`
			Element struct {
				Type     string `json:"type"`
				ActionID string `json:"action_id"`
				Initial  object `json:"initial_option"`
				Value    string `json:"initial_value"`
			} `json:"element"`
		} `json:"blocks"`
	}
	json.Unmarshal(v.Payload, &shown)
	state := object{}
	for _, b := range shown.Blocks {
		if b.Type != "input" {
			continue
		}
		given, ok := values[b.ID]
		in := object{"type": b.Element.Type}
		switch b.Element.Type {
		case "plain_text_input":
			if !ok {
				given = b.Element.Value
			}
			in["value"] = given
		case "file_input":
			list := []object{}
			if f, ok := files[b.ID]; ok {
				list = append(list, s.upload(f))
			}
			in["files"] = list
		default:
			in["selected_option"] = b.Element.Initial
			if ok {
				in["selected_option"] = object{"value": given, "text": object{"type": "plain_text", "text": given}}
			}
		}
		state[b.ID] = object{b.Element.ActionID: in}
	}
	o := s.viewObject(v)
	o["state"] = object{"values": state}
	return s.act(user, "interactive", object{
		"type": "view_submission", "team": object{"id": v.Team}, "user": object{"id": user}, "trigger_id": s.trigger(user), "view": o,
	})
}

func (s *Slack) upload(f File) object {
	path := fmt.Sprintf("/files/F%d/%s", s.Next(), url.PathEscape(f.Name))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = f.Data
	return object{"id": "F1", "name": f.Name, "size": len(f.Data), "url_private_download": s.srv.URL + path}
}

// Suggest returns what the field of the modal that a person has open offers.
func (s *Slack) Suggest(user, text string) []string {
	s.mu.Lock()
	v := s.views[user]
	s.mu.Unlock()
	if v == nil {
		return nil
	}
	body, _ := json.Marshal(object{
		"type": "block_suggestion", "team": object{"id": v.Team}, "user": object{"id": user}, "value": text,
		"action_id": "command", "block_id": "command", "view": s.viewObject(v),
	})
	answer, err := s.send(&parcel{team: s.team(v.Team), kind: "interactive", payload: body, got: make(chan []byte, 1)})
	if err != nil {
		return nil
	}
	var a struct {
		Options []struct{ Value string }
	}
	json.NewDecoder(bytes.NewReader(answer)).Decode(&a)
	var all []string
	for _, o := range a.Options {
		all = append(all, o.Value)
	}
	return all
}

// showView opens or updates a modal.
func (s *Slack) showView(team *Team, name string, args url.Values) object {
	raw := []byte(args.Get("view"))
	if p := checkView(raw); p != "" {
		return s.invalid(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "views.update" {
		for user, v := range s.views {
			if v.ID == args.Get("view_id") && v.Team == team.ID {
				v.Payload = raw
				s.shown[user]++
				return object{"ok": true, "view": object{"id": v.ID}}
			}
		}
		return no("not_found")
	}
	user, stamp, _ := strings.Cut(args.Get("trigger_id"), ":")
	var at int64
	fmt.Sscan(stamp, &at)
	if s.users[user] == nil {
		return no("invalid_trigger_id")
	}
	if time.Since(time.Unix(0, at)) > triggerLife {
		return no("expired_trigger_id")
	}
	s.opened++
	v := &view{ID: fmt.Sprint("V", s.opened), Team: team.ID, Payload: raw}
	s.views[user] = v
	s.shown[user]++
	return object{"ok": true, "view": object{"id": v.ID}}
}

func checkView(raw []byte) string {
	var v object
	if json.Unmarshal(raw, &v) != nil {
		return "invalid_arguments: no view"
	}
	for k, most := range map[string]int{"title": 24, "submit": 24, "close": 24} {
		t, ok := v[k].(object)
		if s, _ := t["text"].(string); ok && (s == "" || length(s) > most) || k == "title" && !ok {
			return fmt.Sprintf("invalid_arguments: %s %q", k, s)
		}
	}
	if m, _ := v["private_metadata"].(string); length(m) > 3000 {
		return "invalid_arguments: private_metadata"
	}
	if len(raw) > mostView {
		return "view_too_large: it is"
	}
	blocks, _ := v["blocks"].([]any)
	return Check(blocks, OnModal)
}

// respond takes what is sent to a response URL.
func (s *Slack) respond(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/respond/"), "/")
	user, channel := parts[0], parts[1]
	original, _ := url.PathUnescape(parts[2])
	body, _ := io.ReadAll(r.Body)
	var m struct {
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
	if original == "-" {
		original = parts[3] // what this address says first
	}
	if !m.Replace || !s.Edit(channel, original, body) {
		if _, taken := s.Memory.Message(channel, original); taken {
			original += fmt.Sprint("-", s.Next())
		}
		s.Put(fakechat.Message{Channel: channel, ID: original, Only: user, Payload: body})
	}
	s.mu.Lock()
	s.said[r.URL.EscapedPath()] = body
	s.mu.Unlock()
	fmt.Fprint(w, "ok")
}

// View is the modal that a person has open, as it was sent; nil: none.
func (s *Slack) View(user string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.views[user]; v != nil {
		return v.Payload
	}
	return nil
}
