//go:build unix

package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/discord/discordfake"
	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/store/postgres"
	"github.com/tastetest/tastetest/store/postgres/pgtest"
)

// A spread is a bot of several replicas on a Discord that wants several shards, with a server
// on each.
type spread struct {
	*testing.T
	discord *discordfake.Discord
	members []member
	shards  int
	ballots []bot.Ref // by shard
	voted   int       // on each
}

func (p *spread) guild(shard int) string   { return strconv.Itoa(shard<<22 + 200) }
func (p *spread) channel(shard int) string { return strconv.Itoa(shard<<22 + 300) }

func (p *spread) until(what string, ok func() bool) {
	p.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.Fatalf("waited in vain until %s", what)
		}
	}
}

// listens matches what a replica says of the shards that it has from now on.
var listens = regexp.MustCompile(`listens to some of Discord's shards" shards="?([\d, ]*)"? of=`)

// has are the shards that a member says it has.
func (p *spread) has(m member) (all []string) {
	said := listens.FindAllStringSubmatch(m.said(p.T), -1)
	if len(said) == 0 || said[len(said)-1][1] == "" {
		return nil
	}
	return strings.Split(said[len(said)-1][1], ", ")
}

// sharedOut waits until each shard is listened to, by one replica, and each replica has as many
// as the others, or one more.
func (p *spread) sharedOut() {
	p.Helper()
	p.until("all shards are shared out", func() bool {
		var all []string
		counts := []int{}
		for _, m := range p.members {
			all, counts = append(all, p.has(m)...), append(counts, len(p.has(m)))
		}
		slices.Sort(all)
		return len(slices.Compact(all)) == p.shards && len(all) == p.shards && slices.Max(counts)-slices.Min(counts) < 2 && len(p.discord.Listening()) == p.shards
	})
	for _, m := range p.members {
		m.becomes(p.T, "/readyz", http.StatusOK)
	}
}

// leads reports whether a member does.
func (p *spread) leads(m member) bool { return strings.Contains(m.said(p.T), "Open http") }

// end ends a member by a signal.
func (p *spread) end(s syscall.Signal, leads bool) {
	p.Helper()
	for i, m := range p.members {
		if p.leads(m) == leads {
			m.cmd.Process.Signal(s)
			m.cmd.Wait()
			p.members = slices.Delete(p.members, i, i+1)
			return
		}
	}
	p.Fatalf("there is no member of which it is %v that it leads", leads)
}

// start starts a test on the server of a shard, and notes its ballot when people can vote.
func (p *spread) start(shard int) {
	p.Helper()
	at, who := p.channel(shard), p.discord.Join("starter")
	name, options := discordfake.Typed(`start kestrel nova prompt="Hi" until=2h`)
	x := p.discord.Interact(p, at, who, 2, p.discord.SlashData(name, options), nil)
	yes := ""
	p.until("a start is to be confirmed", func() bool {
		m, _ := p.discord.Said.Message(at, x.Original)
		yes = regexp.MustCompile(`\b\w+/go\b`).FindString(string(m.Payload))
		return yes != ""
	})
	p.discord.Press(p, at, x.Original, who, yes)
	p.until("a ballot stands", func() bool {
		for _, m := range p.discord.Said.Messages(at) {
			if strings.Contains(string(m.Payload), "1.1/ballot") && len(m.Emoji) == len(bot.Choices) {
				p.ballots = append(p.ballots, bot.Ref{Place: bot.Place{Channel: at}, Message: m.ID})
				return true
			}
		}
		return false
	})
}

// vote has so many people vote on the servers of all shards, and types a command on each.
func (p *spread) vote(people int, typed bool) {
	p.Helper()
	for range people {
		p.voted++
		for _, ref := range p.ballots {
			who := p.discord.Join("voter")
			emoji := bot.Choices[p.voted%len(bot.Choices)].Emoji
			p.discord.Said.React(ref.Channel, ref.Message, who, emoji, true)
			p.discord.DispatchReaction(ref.Channel, ref.Message, who, emoji, true, false)
		}
		time.Sleep(20 * time.Millisecond)
	}
	for shard := range p.ballots {
		if !typed {
			break
		}
		name, options := discordfake.Typed("help")
		p.discord.Interact(p, p.channel(shard), p.discord.Join("asker"), 2, p.discord.SlashData(name, options), nil)
	}
}

// counted waits until all votes stand in the database.
func (p *spread) counted(url string) {
	p.Helper()
	s, err := postgres.Open(p.Context(), slog.New(slog.DiscardHandler), url)
	if err != nil {
		p.Fatal(err)
	}
	defer s.Close()
	for n := range p.shards {
		id := bot.TastingID{Workspace: bot.Workspace{Platform: "discord", ID: p.guild(n)}, N: 1}
		p.until(fmt.Sprintf("all %d votes on the server of shard %d stand", p.voted, n), func() bool {
			votes, err := s.Votes(p.Context(), id.Round(1))
			if err != nil || len(votes) > p.voted {
				p.Fatalf("%d votes stand where %d people voted, %v", len(votes), p.voted, err)
			}
			return len(votes) == p.voted
		})
	}
}

// Three replicas share four shards out. People vote on the servers of all of them all the while;
// of those that only listen one is killed, one sleeps for longer than its leases, and one is
// drained; one that leads is killed, and one drained. Each vote is counted once, and all
// sessions go on, none is begun anew.
func TestShardOnEachReplica(t *testing.T) {
	if testing.Short() {
		t.Skip("three replicas say nothing any more, and whoever takes over waits for their leases")
	}
	server := pgtest.Start(t)
	url, _ := server.Database(t, "shards")
	p := &spread{T: t, discord: discordfake.New(t, slog.New(slog.DiscardHandler)), shards: 4}
	p.discord.Mu.Lock()
	p.discord.Gateway.Shards, p.discord.Gateway.Needs, p.discord.Gateway.Left.At = p.shards, p.shards, p.shards
	p.discord.Mu.Unlock()
	for n := 1; n < p.shards; n++ {
		p.discord.Found(p.guild(n), p.channel(n))
	}
	t.Setenv("DISCORD_TOKEN", discordfake.Token)
	join := func() {
		dir := team(t)
		place(t, filepath.Join(dir, "tastetest.yaml"), fmt.Appendf(nil, `store: %s
time_zone: UTC
starters: everyone
charts: off
models:
  - {name: kestrel, file: answers.jsonl}
  - {name: nova, file: answers.jsonl}
discord: {token_env: DISCORD_TOKEN, api_url: '%s'}
`, url, p.discord.URL()))
		p.members = append(p.members, startMember(t, dir, true))
	}
	for range 3 {
		join()
	}
	p.sharedOut()
	for n := range p.shards {
		p.start(n)
	}
	p.vote(10, true)
	p.counted(url) // by what was heard: nothing is read again while all is well

	p.end(syscall.SIGKILL, false) // one that listens alone
	p.vote(10, false)
	p.sharedOut()
	p.vote(10, true)

	join()
	p.sharedOut()
	asleep := p.members[slices.IndexFunc(p.members, func(m member) bool { return !p.leads(m) })]
	asleep.cmd.Process.Signal(syscall.SIGSTOP)
	p.vote(10, false)
	p.until("others listen to the shards of one that sleeps", func() bool {
		n := 0
		for _, m := range others(p.members, asleep) {
			n += len(p.has(m))
		}
		return n == p.shards
	})
	asleep.cmd.Process.Signal(syscall.SIGCONT)
	p.sharedOut()
	p.end(syscall.SIGTERM, false)
	p.vote(10, false)
	p.sharedOut()
	p.vote(10, true)

	join()
	p.sharedOut()
	p.end(syscall.SIGKILL, true)
	p.vote(10, false)
	p.until("another leads", func() bool { return slices.ContainsFunc(p.members, p.leads) })
	p.sharedOut()
	p.vote(10, true)

	p.end(syscall.SIGTERM, true)
	p.vote(10, false)
	p.sharedOut()
	p.vote(10, true)

	p.counted(url)
	if n := p.discord.Asked(); n != p.shards {
		t.Errorf("%d sessions were begun, not one for each shard: %d were resumed", n, p.discord.Counted().Resumes)
	}
}
