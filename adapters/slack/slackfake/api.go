package slackfake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
)

type object = map[string]any

// needs are the scopes that methods need; without history the bot must do.
var needs = map[string]string{
	"chat.postMessage": "chat:write", "chat.postEphemeral": "chat:write", "chat.update": "chat:write",
	"reactions.add": "reactions:write", "reactions.get": "reactions:read", "users.info": "users:read", "users.list": "users:read", "usergroups.list": "usergroups:read", "usergroups.users.list": "usergroups:read",
	"conversations.history": "channels:history", "conversations.replies": "channels:history",
	"conversations.info": "channels:read", "conversations.open": "im:write",
	"files.getUploadURLExternal": "files:write", "files.completeUploadExternal": "files:write",
}

// scopes are what an app has, less what its team lacks.
const scopes = "chat:write,commands,reactions:read,reactions:write,users:read,channels:read,groups:read,im:write,files:read,files:write,channels:history,groups:history,usergroups:read,app_mentions:read,im:history"

func granted(t *Team, scope string) bool {
	return scope != t.Lacks && slices.Contains(strings.Split(scopes, ","), scope)
}

// scope is the one that asking about a room needs.
func (r Room) scope() string {
	switch {
	case r.Group:
		return "mpim:read"
	case strings.HasPrefix(r.ID, "D"):
		return "im:read"
	}
	return "channels:read"
}

func (s *Slack) api(w http.ResponseWriter, r *http.Request) {
	args, token := arguments(r)
	name := method(r)
	if wait := s.tooFast(name, token, args.Get("channel")); wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(wait.Seconds())+1))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	if t := s.byToken(token); t != nil {
		has := slices.DeleteFunc(strings.Split(scopes, ","), func(x string) bool { return x == t.Lacks })
		w.Header().Set("X-OAuth-Scopes", strings.Join(has, ","))
	}
	json.NewEncoder(w).Encode(s.answer(name, token, args))
}

// arguments reads a form or JSON.
func arguments(r *http.Request) (url.Values, string) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		args := make(url.Values)
		var raw map[string]json.RawMessage
		json.NewDecoder(r.Body).Decode(&raw)
		for k, v := range raw {
			var str string
			if json.Unmarshal(v, &str) != nil {
				str = string(v)
			}
			args.Set(k, str)
		}
		return args, token
	}
	r.ParseForm()
	if t := r.Form.Get("token"); t != "" {
		token = t
	}
	return r.Form, token
}

func no(code string) object { return object{"ok": false, "error": code} }

// answer is the table of Slack's methods, one case each; what holds for all of
// them stands before it, in the order in which Slack checks it.
func (s *Slack) answer(name, token string, args url.Values) object {
	if name == "apps.connections.open" {
		return s.ticket(token)
	}
	team := s.byToken(token)
	switch {
	case team == nil:
		return no("invalid_auth")
	case team.Revoked:
		return no("token_revoked")
	case team.Lacks != "" && needs[name] == team.Lacks:
		return object{"ok": false, "error": "missing_scope", "needed": team.Lacks, "provided": "chat:write"}
	}
	channel, ts := args.Get("channel"), args.Get("ts")
	if ts == "" {
		ts = args.Get("timestamp")
	}
	if strings.HasPrefix(name, "chat.") || strings.HasPrefix(name, "reactions.") || strings.HasPrefix(name, "conversations.") && channel != "" {
		if code := s.entrance(team, channel, name); code != "" {
			return no(code)
		}
	}
	switch name {
	case "auth.test":
		return object{"ok": true, "team_id": team.ID, "enterprise_id": team.Org, "team": "Team " + team.ID, "user_id": team.Bot, "bot_id": "B" + team.ID, "url": "https://example.com/"}
	case "chat.postMessage":
		return s.post(team, args)
	case "chat.getPermalink":
		if _, ok := s.Message(channel, args.Get("message_ts")); !ok {
			return no("message_not_found")
		}
		return object{"ok": true, "channel": channel, "permalink": "https://team.slack.example/archives/" + channel + "/p" + strings.ReplaceAll(args.Get("message_ts"), ".", "")}
	case "chat.postEphemeral":
		return s.postAlone(team, args)
	case "chat.update":
		return s.update(team, channel, ts, args)
	case "conversations.history", "conversations.replies":
		return s.history(team, name, args)
	case "conversations.info":
		room := s.room(channel)
		if needed := room.scope(); !granted(team, needed) {
			return object{"ok": false, "error": "missing_scope", "needed": needed, "provided": scopes}
		}
		return object{"ok": true, "channel": object{"id": channel, "is_member": !room.Absent, "is_ext_shared": room.Shared, "is_im": strings.HasPrefix(channel, "D"), "is_mpim": room.Group}}
	case "conversations.open":
		user := args.Get("users")
		if u := s.user(user); u == nil || u.Team != team.ID {
			return no("user_not_found")
		}
		s.AddRoom(Room{ID: "D" + user, Team: team.ID})
		return object{"ok": true, "channel": object{"id": "D" + user}}
	case "users.conversations":
		return s.channels(team)
	case "users.info":
		u := s.user(args.Get("user"))
		if u == nil || u.Team != team.ID {
			return no("user_not_found")
		}
		return object{"ok": true, "user": u.object(team)}
	case "users.list":
		return s.list(team, args)
	case "usergroups.list":
		return s.groupList(team)
	case "usergroups.users.list":
		return s.groupMembers(team, args.Get("usergroup"))
	case "files.getUploadURLExternal":
		return s.uploadURL(team, args)
	case "files.completeUploadExternal":
		return s.uploaded(team, args)
	case "reactions.add":
		changed, found := s.React(s.home(channel, ts), ts, team.Bot, args.Get("name"), true)
		switch {
		case !found:
			return no("message_not_found")
		case !changed:
			return no("already_reacted")
		}
		s.event(team, object{"type": "reaction_added", "user": team.Bot, "reaction": args.Get("name"), "item": object{"type": "message", "channel": channel, "ts": ts}, "event_ts": s.newTS()}, false)
		return object{"ok": true}
	case "reactions.get":
		return s.reactions(channel, ts, args.Get("full") == "true")
	case "views.open", "views.update":
		if team.Lacks == "files:read" && strings.Contains(args.Get("view"), `"file_input"`) {
			return object{"ok": false, "error": "missing_scope", "needed": "files:read"}
		}
		return s.showView(team, name, args)
	}
	return no("unknown_method")
}

func (s *Slack) byToken(token string) *Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.teams {
		if t.BotToken == token {
			copied := *t
			return &copied
		}
	}
	return nil
}

func (s *Slack) room(id string) Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms[id]; r != nil {
		return *r
	}
	return Room{Absent: true}
}

func (s *Slack) channels(team *Team) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []object{}
	for _, r := range s.rooms {
		if r.Team == team.ID && !r.Absent && strings.HasPrefix(r.ID, "C") {
			all = append(all, object{"id": r.ID, "name": strings.ToLower(r.ID), "is_member": true})
		}
	}
	return object{"ok": true, "channels": all}
}

// entrance is the error with which a channel refuses a call; "" if it does not.
func (s *Slack) entrance(team *Team, channel, name string) string {
	r := s.room(channel)
	switch {
	case r.Team != team.ID:
		return "channel_not_found"
	case r.Broken != "" && name != "conversations.info":
		return r.Broken
	case r.Mute != "" && strings.HasPrefix(name, "chat."):
		return r.Mute
	case r.Absent && name != "conversations.info":
		return "not_in_channel"
	}
	return ""
}

// content checks what a message says.
func content(team *Team, args url.Values) (payload []byte, problem string) {
	var blocks []any
	if err := json.Unmarshal([]byte(args.Get("blocks")), &blocks); err != nil {
		return nil, "invalid_blocks_format"
	}
	if len(blocks) == 0 && args.Get("text") == "" {
		return nil, "no_text"
	}
	if p := check(blocks, OnMessage, cmp.Or(team.MostText, mostText)); p != "" && len(blocks) > 0 {
		return nil, p
	}
	if barred := fmt.Sprintf(`"type":%q`, team.Bars); team.Bars != "" && strings.Contains(args.Get("blocks"), barred) {
		return nil, "invalid_blocks: no " + team.Bars + " here"
	}
	if n := length(args.Get("text")); n > mostPosted {
		return nil, fmt.Sprintf("msg_too_long: %d characters", n)
	}
	var metadata any
	if m := args.Get("metadata"); m != "" {
		if err := json.Unmarshal([]byte(m), &metadata); err != nil {
			return nil, "invalid_metadata_format"
		}
		if strings.Contains(metadata.(object)["event_type"].(string), ".") {
			metadata = nil // Slack drops it, with a warning that nobody reads
		}
	}
	payload, _ = json.Marshal(object{
		"text": args.Get("text"), "blocks": json.RawMessage(args.Get("blocks")), "metadata": metadata,
		"mrkdwn": args.Get("mrkdwn"), "unfurl_links": args.Get("unfurl_links"), "unfurl_media": args.Get("unfurl_media"),
	})
	return payload, ""
}

func (s *Slack) post(team *Team, args url.Values) object {
	payload, problem := content(team, args)
	if problem != "" {
		return s.invalid(problem)
	}
	if refusal := s.shows(team, args.Get("blocks")); refusal != nil {
		return refusal
	}
	channel, thread, ts := args.Get("channel"), args.Get("thread_ts"), s.newTS()
	where := channel
	if thread != "" {
		if _, ok := s.Message(channel, thread); !ok {
			return no("thread_not_found")
		}
		where += "/" + thread
	}
	if first, answer := s.claim(team, channel, args.Get("client_msg_id"), ts); answer != nil {
		return answer
	} else if first != ts {
		return object{"ok": true, "channel": channel, "ts": first, "message": object{"ts": first}}
	}
	s.mu.Lock()
	s.homes[channel+"/"+ts] = where
	s.both[ts] = args.Get("reply_broadcast") == "true"
	s.mu.Unlock()
	s.Put(fakechat.Message{Channel: where, ID: ts, Author: team.Bot, Payload: payload})
	if user, ok := strings.CutPrefix(channel, "D"); ok {
		s.showed(user)
		s.tellOwn(team, channel, ts)
	}
	return object{"ok": true, "channel": channel, "ts": ts, "message": object{"ts": ts}}
}

// invalid refuses a message as Slack would. A test that did not mean that
// should hear of it.
func (s *Slack) invalid(problem string) object {
	s.mu.Lock()
	lenient := s.Lenient
	s.mu.Unlock()
	if !lenient {
		s.t.Errorf("Slack would refuse: %s", problem)
	}
	code, _, _ := strings.Cut(problem, ":")
	return object{"ok": false, "error": code, "response_metadata": object{"messages": []string{problem}}}
}

func (s *Slack) update(team *Team, channel, ts string, args url.Values) object {
	payload, problem := content(team, args)
	if problem != "" {
		return s.invalid(problem)
	}
	if refusal := s.shows(team, args.Get("blocks")); refusal != nil {
		return refusal
	}
	m, ok := s.Message(channel, ts)
	switch {
	case len(args.Get("text")) > mostUpdated:
		return s.invalid("msg_too_long: the text of an edit")
	case !ok:
		return no("message_not_found")
	case m.Author != team.Bot:
		return no("cant_update_message")
	}
	s.Edit(s.home(channel, ts), ts, payload)
	return object{"ok": true, "channel": channel, "ts": ts}
}

// history is newest first, as Slack's is; replies are oldest first, the
// parent before them.
func (s *Slack) history(team *Team, name string, args url.Values) object {
	channel, thread := args.Get("channel"), args.Get("ts")
	var found []fakechat.Message
	if name == "conversations.replies" {
		parent, ok := s.Message(channel, thread)
		if !ok {
			return no("thread_not_found")
		}
		found = append([]fakechat.Message{parent}, s.Messages(channel+"/"+thread)...)
	} else {
		found = s.Messages(channel)
		slices.Reverse(found)
	}
	limit := 2 // a page, small so that pages are turned
	begin := 0
	fmt.Sscan(args.Get("cursor"), &begin)
	all := []object{}
	for _, m := range found[min(begin, len(found)):min(begin+limit, len(found))] {
		if m.ID < args.Get("oldest") {
			continue
		}
		var p object
		json.Unmarshal(m.Payload, &p)
		x := object{"type": "message", "ts": m.ID, "user": m.Author, "text": p["text"], "blocks": p["blocks"]}
		if _, thread, replies := strings.Cut(s.home(channel, m.ID), "/"); replies {
			x["thread_ts"] = thread
		}
		if args.Get("include_all_metadata") != "" && p["metadata"] != nil {
			x["metadata"] = p["metadata"]
		}
		all = append(all, x)
	}
	more := begin+limit < len(found)
	next := ""
	if more {
		next = fmt.Sprint(begin + limit)
	}
	return object{"ok": true, "messages": all, "has_more": more, "response_metadata": object{"next_cursor": next}}
}

func (s *Slack) reactions(channel, ts string, full bool) object {
	m, ok := s.Message(channel, ts)
	if !ok {
		return no("message_not_found")
	}
	all := []object{}
	for _, e := range m.Emoji {
		users := e.Users
		if !full {
			users = users[:min(len(users), 1)]
		}
		all = append(all, object{"name": e.Name, "count": len(e.Users), "users": users})
	}
	return object{"ok": true, "type": "message", "channel": channel, "message": object{"ts": ts, "reactions": all}}
}

func (s *Slack) file(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data, ok := s.files[r.URL.Path]
	s.mu.Unlock()
	team := s.byToken(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if !ok || team == nil || team.Lacks == "files:read" {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	w.Write(data)
}
