package slackfake

import "strings"

// ChangeID gives a channel another ID, as Slack does when a private one is shared
// with another organisation, and tells the team. The old ID is nobody's then.
func (s *Slack) ChangeID(from, to string) error {
	s.mu.Lock()
	r := *s.rooms[from]
	r.ID = to
	s.rooms[to] = &r
	delete(s.rooms, from)
	for at, where := range s.homes {
		ts, ok := strings.CutPrefix(at, from+"/")
		if !ok {
			continue
		}
		delete(s.homes, at)
		s.homes[to+"/"+ts] = to + strings.TrimPrefix(where, from)
	}
	s.mu.Unlock()
	s.Memory.Rename(from, to)
	return s.Event(r.Team, object{"type": "channel_id_changed", "old_channel_id": from, "new_channel_id": to, "event_ts": s.newTS()})
}
