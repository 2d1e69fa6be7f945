package discordfake

import (
	"strconv"
	"strings"
	"time"
)

// A shard is a session's part of all servers: those of which
// (ID >> 22) % of is n. Of one shard that is every server.
// https://docs.discord.com/developers/events/gateway#sharding
type shard struct{ n, of int }

// shardOf is what IDENTIFY asks for; not ok: there is no such shard.
func shardOf(said []int) (_ shard, ok bool) {
	if said == nil {
		return shard{0, 1}, true
	}
	if len(said) != 2 || said[0] < 0 || said[0] >= said[1] {
		return shard{}, false
	}
	return shard{said[0], said[1]}, true
}

// hears reports whether an event of a server is said in a session of the shard.
// What is of no server, as a direct message, is said in the first shard's alone.
func (s shard) hears(guild string) bool {
	id, err := strconv.ParseUint(guild, 10, 64)
	if err != nil {
		return s.n == 0
	}
	return int(id>>22%uint64(s.of)) == s.n
}

// guildOf is the server that an event is of; "": none.
func guildOf(kind string, data any) string {
	e, _ := data.(map[string]any)
	key := "guild_id"
	if strings.HasPrefix(kind, "GUILD_") {
		key = "id"
	}
	guild, _ := e[key].(string)
	return guild
}

// asked notes that a session was asked for, and reports whether that was too
// soon: of the shards that are alike modulo max_concurrency one may do so in five
// seconds. The caller holds the lock.
func (g *Gateway) asked(s shard, said []int) (hasty bool) {
	key, now := s.n%max(1, g.Left.At), time.Now()
	hasty = g.Paced && now.Sub(g.began[key]) < 5*time.Second
	g.Began, g.began[key] = append(g.Began, now), now
	g.Parts = append(g.Parts, said)
	if g.Paced {
		g.left()
		g.Left.Remaining--
	}
	return hasty
}

// left is how many sessions may still be begun today. The caller holds the lock.
func (g *Gateway) left() SessionsLeft {
	now := time.Now()
	if g.day.IsZero() {
		g.day = now.Add(time.Duration(g.Left.ResetAfter) * time.Millisecond)
	}
	for !now.Before(g.day) {
		g.Left.Remaining, g.day = g.Left.Total, g.day.Add(24*time.Hour)
	}
	if g.Paced {
		g.Left.ResetAfter = g.day.Sub(now).Milliseconds()
	}
	return g.Left
}

// Listening are the shards of which somebody listens, each with how many there
// are, in no order.
func (f *Discord) Listening() (all [][2]int) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	for _, s := range f.Gateway.sessions {
		if s.line != nil {
			all = append(all, [2]int{s.shard.n, s.shard.of})
		}
	}
	return all
}

// heard reports whether somebody listens to every server: to all shards of one
// number of them.
func (f *Discord) heard() bool {
	parts := make(map[int]map[int]bool)
	for _, s := range f.Listening() {
		if parts[s[1]] == nil {
			parts[s[1]] = make(map[int]bool)
		}
		parts[s[1]][s[0]] = true
		if len(parts[s[1]]) == s[1] {
			return true
		}
	}
	return false
}

// Found makes a server with a channel, which no bot hears of before its next
// IDENTIFY.
func (f *Discord) Found(guild, channel string) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.Guilds[guild] = &Guild{Owner: "1", Roles: map[string]int64{guild: 0}, Member: map[string][]string{}}
	f.Channels[channel] = Channel{ID: channel, Guild: guild, Name: "taste"}
}
