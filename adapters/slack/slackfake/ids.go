package slackfake

import "regexp"

var wellFormed = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// claim is what Slack makes of the client_msg_id of a message that would stand at
// ts: the ts of the message that has it, or a refusal. What the real one does
// with it is not known; its page lists the refusal for a duplicate that is gone.
func (s *Slack) claim(team *Team, channel, id, ts string) (first string, refusal object) {
	if id != "" && !wellFormed.MatchString(id) {
		s.t.Errorf("the client_msg_id %q is no UUID", id)
	}
	switch {
	case id == "" || team.IDs == "":
		return ts, nil
	case team.IDs == "refused":
		return "", object{"ok": false, "error": "invalid_arguments", "response_metadata": object{"messages": []string{"[ERROR] unsupported argument: client_msg_id"}}}
	}
	s.mu.Lock()
	first, taken := s.ids[team.ID+id]
	if !taken {
		if s.ids == nil {
			s.ids = make(map[string]string)
		}
		s.ids[team.ID+id] = ts
	}
	s.mu.Unlock()
	if !taken {
		return ts, nil
	}
	if _, ok := s.Message(channel, first); !ok {
		return "", no("duplicate_message_not_found")
	}
	return first, nil
}
