package slackfake

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
)

// list is a page of a team's people: those of other organisations are not among
// them.
func (s *Slack) list(team *Team, args url.Values) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit, begin := 200, 0
	fmt.Sscan(args.Get("limit"), &limit)
	fmt.Sscan(args.Get("cursor"), &begin)
	all := []object{}
	for _, id := range slices.Sorted(maps.Keys(s.users)) {
		if u := s.users[id]; u.Team == team.ID && !u.Away {
			all = append(all, u.object(team))
		}
	}
	end, next := min(begin+limit, len(all)), ""
	if end < len(all) {
		next = fmt.Sprint(end)
	}
	return object{"ok": true, "members": all[min(begin, end):end], "response_metadata": object{"next_cursor": next}}
}

func (s *Slack) groupList(team *Team) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []object{}
	for _, g := range s.groups {
		if g.Team == team.ID {
			all = append(all, object{"id": g.ID, "team_id": g.Team, "handle": g.Handle, "name": g.Handle, "is_usergroup": true})
		}
	}
	return object{"ok": true, "usergroups": all}
}

func (s *Slack) groupMembers(team *Team, id string) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.groups {
		if g.Team == team.ID && g.ID == id {
			return object{"ok": true, "users": g.Users}
		}
	}
	return no("no_such_subteam")
}
