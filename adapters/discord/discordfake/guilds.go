package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

func (f *Discord) channel(r *http.Request) (Channel, *refusal) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	c, ok := f.grown(r.PathValue("c"))
	if !ok {
		return c, &refusal{404, 10003, "Unknown Channel"}
	}
	if c.Refuses != 0 {
		return c, &refusal{403, c.Refuses, "Missing something"}
	}
	in := r.PathValue("m") != "" || r.Method == http.MethodPost // a message, not the thread itself
	if c.Archived && in && r.Method != http.MethodGet && (c.Locked || r.PathValue("m") != "") {
		return c, &refusal{400, 50083, "Thread is archived"}
	}
	return c, nil
}

func (f *Discord) openDM(r *http.Request) (any, *refusal) {
	var body struct {
		To string `json:"recipient_id"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return nil, &refusal{400, 50035, "Invalid Form Body"}
	}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	if _, ok := f.Users[body.To]; !ok {
		return nil, &refusal{400, 50033, "Invalid Recipient(s)"}
	}
	c := Channel{ID: "9" + body.To, Type: 1, To: body.To}
	f.Channels[c.ID] = c
	return c, nil
}

func (f *Discord) getGuild(r *http.Request) (any, *refusal) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	g, ok := f.Guilds[r.PathValue("g")]
	if !ok {
		return nil, &refusal{404, 10004, "Unknown Guild"}
	}
	var roles []map[string]string
	for id, p := range g.Roles {
		roles = append(roles, map[string]string{"id": id, "name": g.Called[id], "permissions": fmt.Sprint(p)})
	}
	return map[string]any{"id": r.PathValue("g"), "owner_id": g.Owner, "roles": roles}, nil
}

func (f *Discord) listGuilds(*http.Request) (any, *refusal) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	all := []map[string]string{}
	for id := range f.Guilds {
		all = append(all, map[string]string{"id": id, "name": "Acme"})
	}
	return all, nil
}

func (f *Discord) listChannels(r *http.Request) (any, *refusal) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	all := []Channel{}
	for _, c := range f.Channels {
		if c.Guild == r.PathValue("g") && c.Type == 0 {
			all = append(all, c)
		}
	}
	return all, nil
}

func (f *Discord) getMember(r *http.Request) (any, *refusal) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	g := f.Guilds[r.PathValue("g")]
	if g == nil {
		return nil, &refusal{404, 10004, "Unknown Guild"}
	}
	roles, ok := g.Member[r.PathValue("u")]
	if !ok {
		return nil, &refusal{404, 10007, "Unknown Member"}
	}
	joined, ok := g.Joined[r.PathValue("u")]
	if !ok {
		joined = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return map[string]any{"user": f.Users[r.PathValue("u")], "roles": append([]string{}, roles...), "joined_at": joined}, nil
}
