package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// A view is a modal that somebody has open.
type view struct {
	ID      string
	Team    string
	Payload []byte
}

// modal is what a person has open; the zero view: nothing.
func (s *Slack) modal(user string) view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.views[user]
}

func (s *Slack) viewObject(user string, v view) object {
	var o object
	json.Unmarshal(v.Payload, &o)
	return object{"id": v.ID, "team_id": s.from(user), "app_installed_team_id": v.Team, "type": "modal", "callback_id": o["callback_id"], "private_metadata": o["private_metadata"], "hash": "h"}
}

// A File is what somebody uploads.
type File struct {
	Name string
	Data []byte
}

// Submit fills in the modal that a person has open, and sends it off. It is
// long because Slack sends the value of each kind of field in a shape of its
// own.
func (s *Slack) Submit(user string, values map[string]string, files map[string]File) string {
	v := s.modal(user)
	if v.ID == "" {
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
		case "multi_users_select": // a list to choose from: nothing can be typed
			chosen := strings.Fields(given)
			for _, id := range chosen {
				if u := s.user(id); u == nil {
					s.t.Errorf("%q is nobody who could be chosen", id)
				}
			}
			in["selected_users"] = chosen
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
	o := s.viewObject(user, v)
	o["state"] = object{"values": state}
	return s.act(user, "interactive", object{
		"type": "view_submission", "team": object{"id": s.from(user)}, "user": s.actor(user), "trigger_id": s.trigger(user), "view": o,
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
	v := s.modal(user)
	if v.ID == "" {
		return nil
	}
	body, _ := json.Marshal(object{
		"type": "block_suggestion", "team": object{"id": s.from(user)}, "user": s.actor(user), "value": text,
		"action_id": "command", "block_id": "command", "view": s.viewObject(user, v),
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
				s.views[user] = v
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
	v := view{ID: fmt.Sprint("V", s.opened), Team: team.ID, Payload: raw}
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

// View is the modal that a person has open, as it was sent; nil: none.
func (s *Slack) View(user string) []byte {
	return s.modal(user).Payload
}
